package org.conurb.outbound;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.conurb.kernel.BadRequest;

/**
 * Where this program may call. Public addresses always; loopback, link-local, private and all other special ranges only
 * where a rule ({@code --allow-outbound}) names the host or the range. Immutable.
 */
public final class OutboundPolicy {
    private static final Pattern HOST_NAME =
            Pattern.compile("(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\\.[a-z0-9_]([a-z0-9_-]{0,62}))*");

    /** A host whose last label is a number is an address to somebody, in one spelling or another. */
    private static final Pattern LITERAL = Pattern.compile("(?i).*:.*|(.*\\.)?([0-9]+|0x[0-9a-f]*)\\.?");

    private final List<Rule> rules;

    private OutboundPolicy(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** Public addresses, nothing else. */
    public static OutboundPolicy publicOnly() {
        return new OutboundPolicy(List.of());
    }

    /**
     * Reads rules of the form {@code HOST-OR-CIDR[:PORTS]}: {@code feeds.city.local:8080}, {@code 10.1.0.0/16:80,443},
     * {@code 127.0.0.1:8000-8100}, {@code [fd00::]/8:443}, {@code fd00::/8}. A host rule allows whatever address that
     * name has.
     *
     * @throws BadRequest naming the rule that cannot be read
     */
    public static OutboundPolicy parse(List<String> rules) {
        return new OutboundPolicy(rules.stream().map(OutboundPolicy::rule).toList());
    }

    /** Whether a rule names it; that an address is public is not enough here. */
    public boolean names(String host, InetAddress address, int port) {
        return rules.stream().anyMatch(rule -> rule.allows(host, address, port));
    }

    boolean allows(String host, InetAddress address, int port) {
        return AddressRange.isPublic(address) || names(host, address, port);
    }

    /**
     * Refuses a host that is written as an address and may not be called, without using the network; a name passes.
     *
     * @param host as {@code URI.getHost} gives it
     */
    void demandLiteral(String host, int port) {
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        if (!LITERAL.matcher(bare).matches()) {
            return;
        }
        InetAddress address;
        try {
            address = InetAddress.ofLiteral(bare);
        } catch (IllegalArgumentException anOddSpelling) {
            throw OutboundRefused.form(bare, "its host is a number that is no usual address");
        }
        if (bare.indexOf(':') < 0 && !bare.equals(address.getHostAddress())) {
            throw OutboundRefused.form(
                    bare, "its host is an address in an unusual spelling, which others read otherwise");
        }
        if (!allows(bare, address, port)) {
            throw OutboundRefused.place(bare, port);
        }
    }

    private static Rule rule(String text) {
        String place = text.strip().toLowerCase(Locale.ROOT);
        String ports = "";
        int colon = place.lastIndexOf(':');
        boolean bareV6 = place.indexOf(':') != colon && !place.startsWith("[");
        if (colon > place.indexOf(']') && !bareV6) {
            ports = place.substring(colon + 1);
            place = place.substring(0, colon);
            if (ports.isEmpty()) {
                throw unreadable(text);
            }
        }
        String bare = place.startsWith("[") ? place.substring(1).replaceFirst("]", "") : place;
        Optional<AddressRange> range = AddressRange.parse(bare);
        boolean looksLikeAddress = bare.indexOf('/') >= 0 || bare.matches("[0-9.]+|.*:.*|0x.*");
        if (range.isEmpty() && (looksLikeAddress || !HOST_NAME.matcher(bare).matches())) {
            throw unreadable(text);
        }
        return new Rule(range.isPresent() ? "" : bare, range, ports(ports, text));
    }

    private static List<PortSpan> ports(String text, String rule) {
        List<PortSpan> spans = new ArrayList<>();
        for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            String[] ends = part.split("-", -1);
            try {
                int from = Integer.parseInt(ends[0]);
                int to = Integer.parseInt(ends[ends.length - 1]);
                if (ends.length > 2 || from < 1 || to > 65535 || from > to) {
                    throw unreadable(rule);
                }
                spans.add(new PortSpan(from, to));
            } catch (NumberFormatException notAPort) {
                throw unreadable(rule);
            }
        }
        return List.copyOf(spans);
    }

    private static BadRequest unreadable(String rule) {
        return new BadRequest(
                "outbound-rule",
                "The rule %s of --allow-outbound cannot be read.".formatted(rule),
                "Write HOST-OR-CIDR[:PORTS], as feeds.city.local:8080, 10.1.0.0/16:80,443 or [fd00::]/8:8000-8100.");
    }

    /**
     * @param host in lower case; empty for a range
     * @param ports empty for all
     */
    private record Rule(String host, Optional<AddressRange> range, List<PortSpan> ports) {
        boolean allows(String askedHost, InetAddress address, int port) {
            boolean place = range.map(r -> r.contains(address)).orElseGet(() -> host.equals(bare(askedHost)));
            return place && (ports.isEmpty() || ports.stream().anyMatch(span -> span.from <= port && port <= span.to));
        }

        private static String bare(String asked) {
            String lower = asked.toLowerCase(Locale.ROOT);
            return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
        }
    }

    private record PortSpan(int from, int to) {}

    @Override
    public String toString() {
        return Arrays.toString(rules.toArray());
    }
}

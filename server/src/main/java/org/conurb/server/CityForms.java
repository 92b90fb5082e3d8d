package org.conurb.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Forms of single values in a city folder. */
final class CityForms {
    private static final Duration LONGEST = Duration.ofDays(36_525);
    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,6})\\s?([smhdwy])");
    private static final Set<String> LANGUAGES = Set.of(Locale.getISOLanguages());

    private CityForms() {}

    /** {@code 30d}, or ISO 8601 as {@code PT60S}; 1 s to 100 years, a year being 365 days. */
    static Optional<Duration> duration(String text) {
        Matcher matcher = SHORT_DURATION.matcher(text);
        Optional<Duration> duration;
        if (matcher.matches()) {
            long count = Long.parseLong(matcher.group(1));
            duration = Optional.of(
                    switch (matcher.group(2)) {
                        case "s" -> Duration.ofSeconds(count);
                        case "m" -> Duration.ofMinutes(count);
                        case "h" -> Duration.ofHours(count);
                        case "d" -> Duration.ofDays(count);
                        case "w" -> Duration.ofDays(7 * count);
                        default -> Duration.ofDays(365 * count);
                    });
        } else {
            duration = iso(text);
        }
        return duration.filter(d -> d.compareTo(Duration.ofSeconds(1)) >= 0 && d.compareTo(LONGEST) <= 0);
    }

    private static Optional<Duration> iso(String text) {
        try {
            return text.length() <= 40 ? Optional.of(Duration.parse(text)) : Optional.empty();
        } catch (DateTimeParseException | ArithmeticException notADuration) {
            return Optional.empty();
        }
    }

    /** A BCP 47 tag whose language is a known one. */
    static Optional<Locale> language(String tag) {
        try {
            Locale locale = new Locale.Builder().setLanguageTag(tag).build();
            return Optional.of(locale)
                    .filter(l -> l.toLanguageTag().equalsIgnoreCase(tag))
                    .filter(l -> LANGUAGES.contains(l.getLanguage())
                            || l.getLanguage().length() == 3);
        } catch (IllformedLocaleException notATag) {
            return Optional.empty();
        }
    }

    /**
     * The address range as its network address and length, for IPv4 and IPv6: {@code 10.20.0.7/16} gives {@code
     * 10.20.0.0/16}. Never asks a name server.
     */
    static Optional<String> network(String cidr) {
        int slash = cidr.indexOf('/');
        if (slash < 1 || !cidr.substring(slash + 1).matches("\\d{1,3}")) {
            return Optional.empty();
        }
        try {
            byte[] address = InetAddress.ofLiteral(cidr.substring(0, slash)).getAddress();
            int length = Integer.parseInt(cidr.substring(slash + 1));
            if (length > address.length * 8) {
                return Optional.empty();
            }
            byte[] network = Arrays.copyOf(address, address.length);
            for (int bit = length; bit < address.length * 8; bit++) {
                network[bit / 8] &= (byte) ~(0x80 >> bit % 8);
            }
            return Optional.of(
                    Arrays.equals(network, address)
                            ? cidr
                            : InetAddress.getByAddress(network).getHostAddress() + "/" + length);
        } catch (IllegalArgumentException | UnknownHostException notAnAddress) {
            return Optional.empty();
        }
    }
}

package org.conurb.talk;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A {@code sip:} or {@code sips:} URI (RFC 3261 19.1). A password in it is dropped, headers after {@code ?} too.
 *
 * @param user decoded; empty where there is none
 * @param host name or address in lower case; IPv6 in brackets
 * @param parameters names in lower case; those without a value are empty
 */
record SipUri(boolean secure, String user, String host, OptionalInt port, Map<String, String> parameters) {
    private static final int MOST_PARAMETERS = 16;

    SipUri {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    static SipUri of(String user, String host) {
        return new SipUri(false, user, host, OptionalInt.empty(), Map.of());
    }

    /** @throws SipFailure 416 for another scheme, 400 for what is none */
    static SipUri read(String text) throws SipFailure {
        int colon = text.indexOf(':');
        String scheme = colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT);
        if (!scheme.equals("sip") && !scheme.equals("sips")) {
            throw new SipFailure(416, "Unsupported URI Scheme");
        }
        String rest = text.substring(colon + 1);
        int headers = rest.indexOf('?', Math.max(0, rest.indexOf('@')));
        rest = headers < 0 ? rest : rest.substring(0, headers);
        int at = rest.lastIndexOf('@');
        String user = at < 0 ? "" : rest.substring(0, at);
        int password = user.indexOf(':');
        String[] parts = rest.substring(at + 1).split(";", -1);
        String hostPort = parts[0];
        int bracket = hostPort.lastIndexOf(']');
        int portColon = hostPort.indexOf(':', Math.max(0, bracket));
        String host = (portColon < 0 ? hostPort : hostPort.substring(0, portColon)).toLowerCase(Locale.ROOT);
        if (!isHost(host) || parts.length > MOST_PARAMETERS) {
            throw bad();
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            String name = equals < 0 ? parts[i] : parts[i].substring(0, equals);
            // One that comes twice counts once: some phones add their transport to what was dialled with it.
            parameters.putIfAbsent(name.toLowerCase(Locale.ROOT), equals < 0 ? "" : parts[i].substring(equals + 1));
        }
        return new SipUri(
                scheme.equals("sips"),
                decoded(password < 0 ? user : user.substring(0, password)),
                host,
                portColon < 0 ? OptionalInt.empty() : OptionalInt.of(port(hostPort.substring(portColon + 1))),
                parameters);
    }

    private static boolean isHost(String host) {
        boolean six = host.startsWith("[") && host.endsWith("]") && host.length() > 3;
        return !host.isEmpty()
                && host.length() <= 253
                && (six
                        ? host.substring(1, host.length() - 1).chars().allMatch(c -> isHex(c) || c == ':' || c == '.')
                        : host.chars()
                                .allMatch(c -> isHex(c) || (c >= 'g' && c <= 'z') || c == '-' || c == '.' || c == '_'));
    }

    private static boolean isHex(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }

    static int port(String digits) throws SipFailure {
        int port = SipMessage.number(digits, 65_535);
        if (port == 0) {
            throw bad();
        }
        return port;
    }

    private static String decoded(String user) throws SipFailure {
        try {
            return user.indexOf('%') < 0 ? user : URLDecoder.decode(user.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            throw bad();
        }
    }

    private static SipFailure bad() {
        return new SipFailure(400, "Bad URI");
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /** As in a start line. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(secure ? "sips:" : "sip:");
        if (!user.isEmpty()) {
            escape(user, text);
            text.append('@');
        }
        text.append(host);
        port.ifPresent(number -> text.append(':').append(number));
        parameters.forEach((name, value) -> {
            text.append(';').append(name);
            if (!value.isEmpty()) {
                text.append('=').append(value);
            }
        });
        return text.toString();
    }

    private static void escape(String user, StringBuilder into) {
        for (byte octet : user.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xFF);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || "-_.!~*'()&=+$,;?/".indexOf(c) >= 0)) {
                into.append(c);
            } else {
                into.append('%').append("%02X".formatted((int) c));
            }
        }
    }
}

package org.conurb.talk;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The value of From, To, Contact, Route: a URI, maybe with a name before and parameters behind (RFC 3261 20.10).
 *
 * @param parameters of the header, names in lower case
 */
record SipAddress(SipUri uri, Map<String, String> parameters) {
    SipAddress {
        parameters = Map.copyOf(parameters);
    }

    static SipAddress read(String value) throws SipFailure {
        int open = unquoted(value, '<');
        if (open < 0) {
            int semicolon = value.indexOf(';');
            String uri = semicolon < 0 ? value : value.substring(0, semicolon);
            return new SipAddress(
                    SipUri.read(uri.strip()), parameters(semicolon < 0 ? "" : value.substring(semicolon)));
        }
        int close = value.indexOf('>', open);
        if (close < 0) {
            throw new SipFailure(400, "Bad Address");
        }
        return new SipAddress(
                SipUri.read(value.substring(open + 1, close).strip()), parameters(value.substring(close + 1)));
    }

    /** First place of a character outside of quotes; -1 where there is none. */
    private static int unquoted(String value, char wanted) {
        boolean quoted = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == wanted && !quoted) {
                return i;
            }
        }
        return -1;
    }

    /** Of {@code ;name=value;name="value"}; the first of a name counts. */
    static Map<String, String> parameters(String text) {
        Map<String, String> found = new TreeMap<>();
        String rest = text.strip();
        while (rest.startsWith(";")) {
            rest = rest.substring(1);
            int end = unquoted(rest, ';');
            String one = end < 0 ? rest : rest.substring(0, end);
            rest = end < 0 ? "" : rest.substring(end);
            int equals = one.indexOf('=');
            String name = (equals < 0 ? one : one.substring(0, equals)).strip().toLowerCase(Locale.ROOT);
            found.putIfAbsent(
                    name, equals < 0 ? "" : unquote(one.substring(equals + 1).strip()));
        }
        return found;
    }

    static String unquote(String value) {
        if (value.length() < 2 || value.charAt(0) != '"' || !value.endsWith("\"")) {
            return value;
        }
        StringBuilder plain = new StringBuilder();
        for (int i = 1; i < value.length() - 1; i++) {
            if (value.charAt(i) == '\\' && i + 1 < value.length() - 1) {
                i++;
            }
            plain.append(value.charAt(i));
        }
        return plain.toString();
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }
}

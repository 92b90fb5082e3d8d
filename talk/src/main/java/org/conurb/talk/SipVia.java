package org.conurb.talk;

import java.net.InetSocketAddress;
import java.util.Map;

/**
 * A Via (RFC 3261 20.42): where a response goes back to.
 *
 * @param sentBy host and maybe port, as the sender sees itself
 */
record SipVia(String protocol, String sentBy, Map<String, String> parameters) {
    static SipVia read(String value) throws SipFailure {
        int semicolon = value.indexOf(';');
        String[] parts =
                (semicolon < 0 ? value : value.substring(0, semicolon)).strip().split("[ \t]+", 2);
        if (parts.length != 2 || !parts[0].startsWith("SIP/2.0/") || parts[1].isBlank() || parts[1].length() > 260) {
            throw new SipFailure(400, "Bad Via");
        }
        Map<String, String> parameters = SipAddress.parameters(semicolon < 0 ? "" : value.substring(semicolon));
        if (parameters.getOrDefault("branch", "").length() > 256) {
            throw new SipFailure(400, "Bad Via");
        }
        return new SipVia(parts[0], parts[1], parameters);
    }

    String branch() {
        return parameters.getOrDefault("branch", "");
    }

    /** The value with where it came from (RFC 3581 4). */
    static String received(String value, InetSocketAddress from) {
        String[] parts = value.split(";", -1);
        StringBuilder marked = new StringBuilder(parts[0]);
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i].strip();
            if (!part.equals("rport") && !part.startsWith("rport=") && !part.startsWith("received=")) {
                marked.append(';').append(part);
            }
        }
        return marked.append(";received=")
                .append(from.getAddress().getHostAddress())
                .append(";rport=")
                .append(from.getPort())
                .toString();
    }
}

package org.conurb.outbound;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What to ask of another server.
 *
 * @param headers one value each; {@code Host}, {@code Content-Length}, {@code Transfer-Encoding} and {@code Connection}
 *     belong to the client and are refused
 * @param body empty for none
 * @param timeout for everything together: name, connection, request and the whole answer
 * @param maxBytes of the answer's body; a longer one is a failure
 */
public record OutboundRequest(
        String method, URI uri, Map<String, String> headers, byte[] body, Duration timeout, int maxBytes) {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
    private static final int DEFAULT_MAX_BYTES = 1_000_000;

    public OutboundRequest {
        headers = Map.copyOf(headers);
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException("A timeout is over zero and up to 5 minutes, not " + timeout);
        }
        if (maxBytes < 0) {
            throw new IllegalArgumentException("maxBytes is 0 or more, not " + maxBytes);
        }
    }

    public static OutboundRequest get(URI uri) {
        return new OutboundRequest("GET", uri, Map.of(), new byte[0], DEFAULT_TIMEOUT, DEFAULT_MAX_BYTES);
    }

    public static OutboundRequest post(URI uri, String contentType, byte[] body) {
        return new OutboundRequest(
                "POST", uri, Map.of("Content-Type", contentType), body, DEFAULT_TIMEOUT, DEFAULT_MAX_BYTES);
    }

    public OutboundRequest with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new OutboundRequest(method, uri, more, body, timeout, maxBytes);
    }

    public OutboundRequest within(Duration other) {
        return new OutboundRequest(method, uri, headers, body, other, maxBytes);
    }

    public OutboundRequest atMost(int bytes) {
        return new OutboundRequest(method, uri, headers, body, timeout, bytes);
    }

    OutboundRequest to(URI other) {
        return new OutboundRequest(method, other, headers, body, timeout, maxBytes);
    }
}

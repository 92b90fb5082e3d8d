package org.conurb.store;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.conurb.kernel.Json;

/**
 * The answer to a change, ready to be sent and to be kept for a retry.
 *
 * @param status HTTP status, 200..299
 * @param headers as {@code Location}; at most 2 KB in all
 * @param body as sent; empty for none
 */
public record Answer(int status, Map<String, String> headers, byte[] body) {
    public static Answer ok(Object body) {
        return new Answer(200, json(), Json.mapper().writeValueAsBytes(body));
    }

    public static Answer created(URI location, Object body) {
        return ok(body).status(201).with("Location", location.toString());
    }

    public static Answer noContent() {
        return new Answer(204, Map.of(), new byte[0]);
    }

    public Answer status(int other) {
        return new Answer(other, headers, body);
    }

    public Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, more, body);
    }

    /** @param entry of the audit log, which tells of the change */
    public Answer audited(UUID entry) {
        return with("Conurb-Audit", entry.toString());
    }

    private static Map<String, String> json() {
        return Map.of("Content-Type", "application/json");
    }
}

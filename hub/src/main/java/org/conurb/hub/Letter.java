package org.conurb.hub;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.conurb.kernel.Json;
import org.conurb.outbound.MqttVersion;
import tools.jackson.databind.node.ObjectNode;

/**
 * A notification on its way.
 *
 * @param did its number; numbers of one subscription rise in the order in which it is told
 * @param body as it is sent
 */
record Letter(long did, long sid, String endpoint, String body, Manner manner, Instant at) {
    /**
     * How it is sent.
     *
     * @param headers of HTTP; over MQTT they are in the body
     * @param timeoutMs 0 for the usual one
     * @param cooldownMs to leave the receiver alone after a failure, at least
     */
    record Manner(Map<String, String> headers, long timeoutMs, long cooldownMs, MqttVersion version, int qos) {
        static Manner of(Subscription subscription, String tenant) {
            Endpoint endpoint = subscription.endpoint();
            Map<String, String> headers = new LinkedHashMap<>(endpoint.headers());
            headers.put("Content-Type", endpoint.accept().mediaType());
            if (endpoint.accept() != AnswerType.LINKED) {
                headers.put("Link", subscription.form().context().link());
            }
            if (!tenant.isEmpty()) {
                headers.put("NGSILD-Tenant", tenant);
            }
            return new Manner(
                    headers,
                    endpoint.timeout().map(Duration::toMillis).orElse(0L),
                    endpoint.cooldown().toMillis(),
                    endpoint.version(),
                    endpoint.qos());
        }

        static Manner read(String json) {
            return Json.mapper().readValue(json, Manner.class);
        }

        String json() {
            return Json.mapper().writeValueAsString(this);
        }

        Duration timeout(Duration usual) {
            return timeoutMs == 0 ? usual : Duration.ofMillis(timeoutMs);
        }

        /** What goes over MQTT, which has no headers: both in one (clause 7.2). */
        String enveloped(ObjectNode notification) {
            ObjectNode envelope = Json.mapper().createObjectNode();
            headers.forEach(envelope.putObject("metadata")::put);
            envelope.set("body", notification);
            return envelope.toString();
        }
    }
}

package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.conurb.hub.QueryDoors.Reply;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A car that drove: its history, and what tests ask of it. */
final class Drive {
    static final String CAR = "urn:ngsi-ld:Vehicle:1";
    static final String BODY = """
            {"id":"urn:ngsi-ld:Vehicle:1","type":"Vehicle",
             "speed":[{"type":"Property","value":120,"observedAt":"2026-03-01T12:03:00Z"},
                      {"type":"Property","value":80,"observedAt":"2026-03-01T12:05:00Z"},
                      {"type":"Property","value":100,"observedAt":"2026-03-01T12:07:00Z"}],
             "fuel":[{"type":"Property","value":67,"observedAt":"2026-03-01T12:03:00Z"},
                     {"type":"Property","value":53,"observedAt":"2026-03-01T13:05:00Z"},
                     {"type":"Property","value":40,"observedAt":"2026-03-01T14:07:00Z"}]}""";

    private final QueryDoors doors;

    Drive(QueryDoors doors) {
        this.doors = doors;
    }

    void drive() {
        Reply reply = post(BODY);
        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
    }

    Reply post(String body) {
        return doors.call("POST", "temporal/entities", body);
    }

    Reply read(String parameters) {
        return doors.get("temporal/entities/" + CAR + (parameters.isEmpty() ? "" : "?" + parameters));
    }

    /** Asks for what was on the day of the drive. */
    Reply query(String parameters) {
        return doors.get("temporal/entities?timerel=between&timeAt=2026-03-01T00:00:00Z&endTimeAt=2026-03-02T00:00:00Z&"
                + parameters);
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Without instanceId, which the hub chooses. */
    static JsonNode bare(JsonNode entity) {
        JsonNode copy = entity.deepCopy();
        copy.forEach(attribute -> attribute.forEach(instance -> {
            if (instance instanceof ObjectNode node) {
                node.remove("instanceId");
            }
        }));
        return copy;
    }

    static List<String> values(JsonNode attribute) {
        List<String> values = new ArrayList<>();
        attribute.forEach(instance -> values.add(instance.get("value").asString()));
        return values;
    }

    static void refused(Reply reply, int status) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(status);
        assertThat(reply.raw().getContentType()).isEqualTo("application/problem+json");
        assertThat(reply.json().get("type").stringValue()).startsWith(NgsiLdFault.TYPES);
        assertThat(reply.json().get("detail").stringValue()).isNotBlank();
        assertThat(reply.json().get("remedy").stringValue()).isNotBlank();
    }
}

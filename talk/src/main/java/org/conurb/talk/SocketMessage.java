package org.conurb.talk;

import java.util.Map;
import java.util.Optional;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Epsg4326Point;
import org.conurb.kernel.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One message of a socket, whose members are asked for by name and form. */
record SocketMessage(ObjectNode node) {
    private static final int LONGEST_NAME = 400;

    /** @throws BadRequest where it is no JSON object with a type */
    static SocketMessage of(String text) {
        try {
            if (Json.mapper().readTree(text) instanceof ObjectNode object
                    && object.path("type").isString()) {
                return new SocketMessage(object);
            }
        } catch (JacksonException notJson) {
            throw fault("It is no JSON: " + notJson.getOriginalMessage());
        }
        throw fault("It is no JSON object with a type.");
    }

    static BadRequest fault(String what) {
        return new BadRequest("talk-message", what, "Send messages as docs/asyncapi/talk.yaml describes them.");
    }

    /** @throws BadRequest where there is no such type */
    SocketInput type() {
        String type = node.path("type").stringValue();
        return SocketInput.of(type).orElseThrow(() -> fault("There is no message %s.".formatted(type)));
    }

    /** @throws BadRequest where it is missing, longer than 400 characters, or no text */
    String text(String name) {
        return optional(name).orElseThrow(() -> fault("%s is missing.".formatted(name)));
    }

    Optional<String> optional(String name) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        String text = value.isString() ? value.stringValue() : "";
        if (text.isEmpty() || text.length() > LONGEST_NAME) {
            throw fault("%s is no text of 1 to %d characters.".formatted(name, LONGEST_NAME));
        }
        return Optional.of(text);
    }

    /** SDP and the like, as long as the message may be. */
    String body(String name) {
        JsonNode value = node.path(name);
        if (!value.isString() || value.stringValue().isEmpty()) {
            throw fault("%s is missing.".formatted(name));
        }
        return value.stringValue();
    }

    int number(String name, int least, int most, int without) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return without;
        }
        if (!value.isInt() || value.intValue() < least || value.intValue() > most) {
            throw fault("%s is no whole number from %d to %d.".formatted(name, least, most));
        }
        return value.intValue();
    }

    boolean flag(String name) {
        JsonNode value = node.path(name);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw fault("%s is neither true nor false.".formatted(name));
        }
        return value.isBoolean() && value.booleanValue();
    }

    Urgency urgency() {
        String code = optional("urgency").orElse("routine");
        for (Urgency urgency : Urgency.values()) {
            if (NoticeTexts.code(urgency).equals(code)) {
                return urgency;
            }
        }
        throw fault("There is no urgency %s: routine, imminent-peril, emergency.".formatted(code));
    }

    /** A GeoJSON Point in WGS 84. */
    Optional<Map<String, Object>> place() {
        JsonNode value = node.path("place");
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!(value instanceof ObjectNode object)) {
            throw fault("place is no GeoJSON Point.");
        }
        @SuppressWarnings("unchecked")
        Map<String, Object> members = Json.mapper().convertValue(object, Map.class);
        return Optional.of(Epsg4326Point.fromGeoJson(members).toGeoJson());
    }
}

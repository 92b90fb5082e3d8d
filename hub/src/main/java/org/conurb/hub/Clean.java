package org.conurb.hub;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Values that PostgreSQL and JSON both can hold. */
final class Clean {
    private Clean() {}

    /** Refuses U+0000, half of a surrogate pair, and infinite numbers; returns the value. */
    static JsonNode demand(String place, JsonNode value) {
        if (value.isString()) {
            demandText(place, value.stringValue());
        } else if (value.isNumber() && !Double.isFinite(value.asDouble())) {
            throw EntityReader.shape(place, "a number is within ±1.7e308");
        } else if (value.isObject()) {
            for (Map.Entry<String, JsonNode> member : value.properties()) {
                demandText(place, member.getKey());
                demand(place, member.getValue());
            }
        } else if (value.isArray()) {
            value.forEach(one -> demand(place, one));
        }
        return value;
    }

    private static void demandText(String place, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean half = Character.isSurrogate(c)
                    && !(Character.isHighSurrogate(c)
                            && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(++i)));
            if (c == 0 || half) {
                throw EntityReader.shape(place, "text has no U+0000 and no half of a surrogate pair");
            }
        }
    }
}

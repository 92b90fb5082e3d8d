package org.conurb.hub;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Values that PostgreSQL and JSON both can hold, and texts in the order of both. */
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

    /** By code points, as the database orders texts, and not by UTF-16 as Java does. */
    static int compare(String a, String b) {
        int shared = Math.min(a.length(), b.length());
        for (int i = 0; i < shared; i++) {
            char left = a.charAt(i);
            char right = b.charAt(i);
            if (left != right) {
                boolean beyond = Character.isSurrogate(left) != Character.isSurrogate(right);
                return beyond ? Character.isSurrogate(left) ? 1 : -1 : left - right;
            }
        }
        return a.length() - b.length();
    }

    /** The first text in that order behind all that begin with this one. */
    static String behind(String prefix) {
        int last = prefix.codePointBefore(prefix.length());
        String rest = prefix.substring(0, prefix.length() - Character.charCount(last));
        if (last == Character.MAX_CODE_POINT) {
            return behind(rest);
        }
        int next = last + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : last + 1;
        return rest + Character.toString(next);
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

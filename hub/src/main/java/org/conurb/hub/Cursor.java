package org.conurb.hub;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * The mark between two pages, opaque to clients: the entity on one side of it, and which side is asked.
 *
 * @param back whether the page before it is asked
 * @param iid number of the entity beside it
 * @param keys by which that entity is ordered; empty for the order of numbers
 */
record Cursor(boolean back, long iid, List<OrderKey> keys) {
    static final Cursor START = new Cursor(false, 0, List.of());

    private static final int MAX_LENGTH = 4_000;

    static Cursor after(long iid) {
        return new Cursor(false, iid, List.of());
    }

    static Cursor before(long iid) {
        return new Cursor(true, iid, List.of());
    }

    String write() {
        ArrayNode mark = Json.mapper().createArrayNode().add(back ? 1 : 0).add(iid);
        keys.forEach(key -> mark.add(key.toJson()));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(mark.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** @param ordering under which it must have been written */
    static Cursor read(@Nullable String cursor, Ordering ordering) {
        if (cursor == null) {
            return START;
        }
        try {
            if (cursor.length() <= MAX_LENGTH) {
                JsonNode mark = Json.mapper().readTree(Base64.getUrlDecoder().decode(cursor));
                if (mark.isArray()
                        && mark.size() == 2 + ordering.by().size()
                        && mark.get(0).isInt()
                        && mark.get(1).isIntegralNumber()
                        && mark.get(1).canConvertToLong()) {
                    List<OrderKey> keys = new ArrayList<>();
                    for (int i = 2; i < mark.size(); i++) {
                        keys.add(OrderKey.of(mark.get(i)));
                    }
                    return new Cursor(mark.get(0).intValue() == 1, mark.get(1).longValue(), List.copyOf(keys));
                }
            }
        } catch (IllegalArgumentException | JacksonException notOurs) {
            // told below
        }
        throw NgsiLdFault.badData(
                "cursor is none of ours for this query.", "Take it from Link rel=next or rel=prev of a page of it.");
    }
}

package org.conurb.hub;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.conurb.kernel.ConurbException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One entity of a batch, read or found wrong: a wrong one does not keep the others from being done.
 *
 * @param id as it was sent; where none was, its place in the list
 * @param document null where it is wrong, or where only the id came
 * @param fault what is wrong with it
 */
record BatchItem(
        String id, @Nullable ObjectNode document, @Nullable ConurbException fault) {
    private static final int MOST = 1_000;

    /** Reads each with the context that it stands under. */
    static List<BatchItem> of(LdBody body, Function<JsonNode, LdContext> contextOf, boolean whole, Nulls nulls) {
        List<BatchItem> items = new ArrayList<>();
        Map<JsonNode, Object> contexts = new HashMap<>();
        for (JsonNode one : elements(body)) {
            if (!(one instanceof ObjectNode entity)) {
                throw NgsiLdFault.badData("An item of the batch is no object.", "Send a list of entities.");
            }
            items.add(read(entity, whole, nulls, contextOf(contexts, one, contextOf), items.size()));
        }
        return items;
    }

    /** A context that cannot be had is asked for once, however many name it. */
    private static Object contextOf(
            Map<JsonNode, Object> contexts, JsonNode one, Function<JsonNode, LdContext> contextOf) {
        return contexts.computeIfAbsent(one.path("@context"), key -> {
            try {
                return contextOf.apply(one);
            } catch (ConurbException fault) {
                return fault;
            }
        });
    }

    private static BatchItem read(ObjectNode entity, boolean whole, Nulls nulls, Object context, int place) {
        JsonNode told = EntityReader.idOf(entity);
        String shown = told != null && told.isString() ? told.stringValue() : "urn:conurb:batch:item:" + place;
        if (context instanceof ConurbException fault) {
            return new BatchItem(shown, null, fault);
        }
        try {
            String id = EntityReader.id("Item %d of the batch".formatted(place), told);
            EntityReader reader = new EntityReader((LdContext) context);
            return new BatchItem(id, whole ? reader.entity(entity) : reader.fragment(entity, nulls), null);
        } catch (NgsiLdFault fault) {
            return new BatchItem(shown, null, fault);
        }
    }

    /** Ids alone. */
    static List<BatchItem> ids(LdBody body) {
        List<BatchItem> items = new ArrayList<>();
        for (JsonNode one : elements(body)) {
            if (!one.isString()) {
                throw NgsiLdFault.badData("An item of the batch is no id.", "Send a list of URIs.");
            }
            try {
                items.add(new BatchItem(EntityReader.id("An item of the batch", one), null, null));
            } catch (NgsiLdFault fault) {
                items.add(new BatchItem(one.stringValue(), null, fault));
            }
        }
        return items;
    }

    private static JsonNode elements(LdBody body) {
        JsonNode all = body.json();
        if (!all.isArray() || all.isEmpty() || all.size() > MOST) {
            throw NgsiLdFault.badData(
                    "The body is no list of 1 to %d items.".formatted(MOST),
                    "Send a list; what is more in several requests.");
        }
        return all;
    }

    ObjectNode read() {
        if (document == null) {
            throw new IllegalStateException("Nothing was read of " + id);
        }
        return document;
    }
}

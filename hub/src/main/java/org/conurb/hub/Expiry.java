package org.conurb.hub;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code expiresAt} of attributes and sub-attributes in a kept document (GS CIM 009 clause 4.22). */
final class Expiry {
    private Expiry() {}

    /** When the first of them is gone; null for never. */
    static @Nullable Instant first(ObjectNode document) {
        Instant first = null;
        for (Map.Entry<String, JsonNode> member : document.properties()) {
            if (Stored.isAttribute(member.getKey())) {
                for (JsonNode instance : AttributeReader.instances(member.getValue())) {
                    first = earlier(first, ofInstance(instance));
                }
            }
        }
        return first;
    }

    private static @Nullable Instant ofInstance(JsonNode instance) {
        JsonNode own = instance.get("expiresAt");
        Instant first = own == null ? null : EntityReader.momentIn(own.stringValue());
        for (Map.Entry<String, JsonNode> member : instance.properties()) {
            if (holdsSubAttribute(instance, member)) {
                for (JsonNode sub : AttributeReader.instances(member.getValue())) {
                    first = earlier(first, ofInstance(sub));
                }
            }
        }
        return first;
    }

    private static @Nullable Instant earlier(@Nullable Instant a, @Nullable Instant b) {
        return a == null || (b != null && b.isBefore(a)) ? b : a;
    }

    private static boolean holdsSubAttribute(JsonNode instance, Map.Entry<String, JsonNode> member) {
        JsonNode value = member.getValue();
        return value.isContainer()
                && !value.isEmpty()
                && !member.getKey().equals(AttributeKind.of(instance).member())
                && AttributeReader.instances(value).iterator().next().isObject();
    }

    /** Takes away what has expired. */
    static void strip(ObjectNode document, Instant now) {
        Predicate<JsonNode> lives = instance -> {
            JsonNode at = instance.get("expiresAt");
            Instant end = at == null ? null : EntityReader.momentIn(at.stringValue());
            return end == null || end.isAfter(now);
        };
        replaceAll(document, without(document, Stored::isAttribute, lives));
    }

    private static Map<String, @Nullable JsonNode> without(
            ObjectNode holder, Predicate<String> isAttribute, Predicate<JsonNode> lives) {
        Map<String, @Nullable JsonNode> changed = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : holder.properties()) {
            if (isAttribute.test(member.getKey())) {
                List<JsonNode> kept = new ArrayList<>();
                int all = 0;
                for (JsonNode instance : AttributeReader.instances(member.getValue())) {
                    all++;
                    if (lives.test(instance)) {
                        ObjectNode one = (ObjectNode) instance;
                        replaceAll(one, without(one, name -> isSub(one, name), lives));
                        kept.add(one);
                    }
                }
                if (kept.size() < all) {
                    changed.put(member.getKey(), oneOrAll(kept));
                }
            }
        }
        return changed;
    }

    private static boolean isSub(ObjectNode instance, String name) {
        return holdsSubAttribute(instance, Map.entry(name, instance.path(name)));
    }

    private static @Nullable JsonNode oneOrAll(List<JsonNode> instances) {
        if (instances.size() < 2) {
            return instances.isEmpty() ? null : instances.getFirst();
        }
        ArrayNode all = Json.mapper().createArrayNode();
        instances.forEach(all::add);
        return all;
    }

    private static void replaceAll(ObjectNode holder, Map<String, @Nullable JsonNode> changed) {
        changed.forEach((name, value) -> {
            if (value == null) {
                holder.remove(name);
            } else {
                holder.set(name, value);
            }
        });
    }
}

package org.conurb.hub;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.conurb.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How parts that come change what is kept; every method returns a new document (GS CIM 009 clauses 5.6.2 to 5.6.17). */
final class EntityMerge {
    private EntityMerge() {}

    /** Merge patch of a whole entity: members that come are merged, {@code urn:ngsi-ld:null} takes away. */
    static ObjectNode merge(ObjectNode kept, ObjectNode fragment) {
        ObjectNode merged = kept.deepCopy();
        for (Map.Entry<String, JsonNode> member : fragment.properties()) {
            String name = member.getKey();
            if (!Stored.isAttribute(name)) {
                merged.set(name, member.getValue());
            } else {
                put(merged, name, instances(merged.get(name), member.getValue(), true));
            }
        }
        return merged;
    }

    /** Appends or overwrites attributes; instances of other datasets stay. */
    static ObjectNode append(ObjectNode kept, ObjectNode fragment, List<String> names) {
        ObjectNode merged = kept.deepCopy();
        for (String name : names) {
            put(merged, name, instances(merged.get(name), fragment.path(name), false));
        }
        JsonNode scope = fragment.get("scope");
        if (scope != null) {
            merged.set("scope", scope);
        }
        JsonNode type = fragment.get("type");
        if (type != null) {
            merged.set("type", union(Stored.types(kept), Stored.types(fragment)));
        }
        return merged;
    }

    private static JsonNode union(List<String> kept, List<String> more) {
        List<String> all = new ArrayList<>(kept);
        more.stream().filter(type -> !all.contains(type)).forEach(all::add);
        return all.size() == 1
                ? Json.mapper().getNodeFactory().stringNode(all.getFirst())
                : Json.mapper().valueToTree(all.stream().sorted().toList());
    }

    /** Changes members of one attribute that is there. */
    static ObjectNode partial(ObjectNode kept, String name, JsonNode fragment) {
        ObjectNode merged = kept.deepCopy();
        put(merged, name, instances(merged.get(name), fragment, true));
        return merged;
    }

    /**
     * Takes away one instance, or all.
     *
     * @param dataset empty for the default instance
     */
    static Optional<ObjectNode> remove(ObjectNode kept, String name, String dataset, boolean all) {
        JsonNode attribute = kept.get(name);
        if (attribute == null || !Stored.isAttribute(name)) {
            return Optional.empty();
        }
        Map<String, JsonNode> instances = byDataset(attribute);
        if (!all && instances.remove(dataset) == null) {
            return Optional.empty();
        }
        ObjectNode merged = kept.deepCopy();
        put(merged, name, all ? List.of() : List.copyOf(instances.values()));
        return Optional.of(merged);
    }

    private static void put(ObjectNode document, String name, List<JsonNode> instances) {
        if (instances.isEmpty()) {
            document.remove(name);
        } else if (instances.size() == 1) {
            document.set(name, instances.getFirst());
        } else {
            ArrayNode many = Json.mapper().createArrayNode();
            instances.forEach(many::add);
            document.set(name, many);
        }
    }

    private static Map<String, JsonNode> byDataset(@org.jspecify.annotations.Nullable JsonNode attribute) {
        Map<String, JsonNode> instances = new LinkedHashMap<>();
        if (attribute != null) {
            for (JsonNode one : attribute.isArray() ? attribute : List.of(attribute)) {
                instances.put(EntityReader.dataset(one), one);
            }
        }
        return instances;
    }

    private static List<JsonNode> instances(
            @org.jspecify.annotations.Nullable JsonNode kept, JsonNode coming, boolean merge) {
        Map<String, JsonNode> instances = byDataset(kept);
        for (JsonNode one : coming.isArray() ? coming : List.of(coming)) {
            String dataset = EntityReader.dataset(one);
            JsonNode before = instances.get(dataset);
            if (takenAway(one)) {
                instances.remove(dataset);
            } else if (merge && before != null) {
                instances.put(dataset, instance((ObjectNode) before, (ObjectNode) one));
            } else {
                instances.put(dataset, withoutMarks((ObjectNode) one));
            }
        }
        return List.copyOf(instances.values());
    }

    private static boolean takenAway(JsonNode node) {
        JsonNode value = node.isObject() && AttributeKind.ofType(node.get("type")) != null
                ? node.path(AttributeKind.of(node).member())
                : node;
        return value.isString() && EntityReader.NULL.equals(value.stringValue());
    }

    private static ObjectNode instance(ObjectNode before, ObjectNode coming) {
        AttributeKind kind = AttributeKind.of(coming);
        if (kind != AttributeKind.of(before)) {
            return withoutMarks(coming);
        }
        ObjectNode merged = before.deepCopy();
        for (Map.Entry<String, JsonNode> member : coming.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            JsonNode old = merged.get(name);
            if (takenAway(value)) {
                merged.remove(name);
            } else if (name.equals(kind.member())) {
                boolean deep =
                        kind == AttributeKind.LANGUAGE || kind == AttributeKind.JSON || kind == AttributeKind.PROPERTY;
                merged.set(name, deep && old != null ? patch(old, value) : value);
            } else if (old instanceof ObjectNode sub && value instanceof ObjectNode more) {
                merged.set(name, instance(sub, more));
            } else {
                merged.set(name, value);
            }
        }
        return merged;
    }

    /** RFC 7396, with NGSI-LD's mark in the place of null. */
    private static JsonNode patch(JsonNode old, JsonNode value) {
        if (!(old instanceof ObjectNode before) || !(value instanceof ObjectNode coming)) {
            return value;
        }
        ObjectNode merged = before.deepCopy();
        for (Map.Entry<String, JsonNode> member : coming.properties()) {
            JsonNode part = merged.get(member.getKey());
            if (member.getValue().isNull() || takenAway(member.getValue())) {
                merged.remove(member.getKey());
            } else {
                merged.set(member.getKey(), part == null ? member.getValue() : patch(part, member.getValue()));
            }
        }
        return merged;
    }

    private static ObjectNode withoutMarks(ObjectNode instance) {
        ObjectNode clean = instance.deepCopy();
        List<String> marks = new ArrayList<>();
        clean.properties().forEach(member -> {
            if (takenAway(member.getValue())) {
                marks.add(member.getKey());
            }
        });
        clean.remove(marks);
        return clean;
    }
}

package org.conurb.hub;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How parts that come change what is kept. A document is never changed: each method returns another, which shares the
 * attributes that stay as they are (GS CIM 009 clauses 5.5.8, 5.5.12, 5.6.2 to 5.6.5, 5.6.17 to 5.6.19).
 */
final class EntityMerge {
    private static final JsonNode NOTHING = Json.mapper().getNodeFactory().missingNode();

    private EntityMerge() {}

    /**
     * @param updated kept names of attributes taken
     * @param refused reasons by kept name
     */
    record Result(ObjectNode document, List<String> updated, Map<String, String> refused) {}

    /** Another entity in the place of one, under its id; its types only where it tells none (clause 5.6.18). */
    static ObjectNode whole(ObjectNode kept, ObjectNode coming) {
        ObjectNode whole = Json.mapper().createObjectNode();
        whole.set("id", kept.path("id"));
        whole.set("type", coming.has("type") ? coming.path("type") : kept.path("type"));
        whole.setAll(coming);
        return whole;
    }

    /** Merge patch of a whole entity (clause 5.6.17). */
    static ObjectNode merge(ObjectNode kept, ObjectNode fragment) {
        ObjectNode merged = copy(kept);
        for (Map.Entry<String, JsonNode> member : fragment.properties()) {
            String name = member.getKey();
            if (Stored.isAttribute(name)) {
                Map<String, JsonNode> instances = byDataset(kept.get(name));
                for (JsonNode coming : AttributeReader.instances(member.getValue())) {
                    mergeInto(instances, (ObjectNode) coming);
                }
                put(merged, name, instances);
            } else {
                setMember(merged, name, member.getValue());
            }
        }
        return merged;
    }

    private static void mergeInto(Map<String, JsonNode> instances, ObjectNode coming) {
        String dataset = EntityReader.dataset(coming);
        JsonNode before = instances.get(dataset);
        if (takenAway(coming)) {
            instances.remove(dataset);
        } else if (before == null) {
            instances.put(dataset, withoutMarks(coming));
        } else {
            instances.put(dataset, merged((ObjectNode) before, coming));
        }
    }

    private static ObjectNode merged(ObjectNode before, ObjectNode coming) {
        AttributeKind kind = AttributeKind.of(coming);
        if (kind != AttributeKind.of(before)) {
            return withoutMarks(coming);
        }
        ObjectNode merged = copy(before);
        for (Map.Entry<String, JsonNode> member : coming.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            JsonNode old = before.get(name);
            if (name.equals(kind.member())) {
                merged.set(name, goesDeep(kind) && old != null ? patch(old, value) : value);
            } else if (takenAway(value)) {
                merged.remove(name);
            } else if (old instanceof ObjectNode sub && value instanceof ObjectNode more) {
                merged.set(name, merged(sub, more));
            } else {
                merged.set(name, cleaned(value));
            }
        }
        return merged;
    }

    private static boolean goesDeep(AttributeKind kind) {
        return kind == AttributeKind.LANGUAGE || kind == AttributeKind.JSON || kind == AttributeKind.PROPERTY;
    }

    /** RFC 7396, with NGSI-LD's mark beside null. */
    private static JsonNode patch(JsonNode old, JsonNode value) {
        if (!(value instanceof ObjectNode coming)) {
            return value;
        }
        ObjectNode merged =
                old instanceof ObjectNode before ? copy(before) : Json.mapper().createObjectNode();
        for (Map.Entry<String, JsonNode> member : coming.properties()) {
            if (member.getValue().isNull() || Nulls.is(member.getValue())) {
                merged.remove(member.getKey());
            } else {
                merged.set(member.getKey(), patch(merged.path(member.getKey()), member.getValue()));
            }
        }
        return merged;
    }

    /** Appends attributes, or overwrites them where that is allowed (clause 5.6.3); types are only added. */
    static Result append(ObjectNode kept, ObjectNode fragment, boolean overwrite) {
        ObjectNode merged = copy(kept);
        List<String> updated = new ArrayList<>();
        Map<String, String> refused = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : fragment.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (name.equals("scope") && !overwrite && kept.has("scope")) {
                merged.set(name, union(kept.path(name), value));
            } else if (!Stored.isAttribute(name)) {
                if (overwrite || !kept.has(name) || name.equals("type")) {
                    setMember(merged, name, value);
                }
            } else {
                Map<String, JsonNode> instances = byDataset(kept.get(name));
                boolean all = true;
                for (JsonNode coming : AttributeReader.instances(value)) {
                    if (overwrite || !instances.containsKey(EntityReader.dataset(coming))) {
                        instances.put(EntityReader.dataset(coming), coming);
                    } else {
                        all = false;
                        refused.put(name, "It is there already, and noOverwrite was asked.");
                    }
                }
                put(merged, name, instances);
                if (all) {
                    updated.add(name);
                }
            }
        }
        return new Result(merged, updated, refused);
    }

    /** Overwrites attributes, appends those that are new, and takes away (clause 5.6.2); a scope only where there is one. */
    static Result update(ObjectNode kept, ObjectNode fragment) {
        ObjectNode merged = copy(kept);
        List<String> updated = new ArrayList<>();
        Map<String, String> refused = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : fragment.properties()) {
            String name = member.getKey();
            if (Stored.isAttribute(name)) {
                Map<String, JsonNode> instances = byDataset(kept.get(name));
                for (JsonNode coming : AttributeReader.instances(member.getValue())) {
                    String dataset = EntityReader.dataset(coming);
                    if (!takenAway(coming)) {
                        instances.put(dataset, withoutMarks((ObjectNode) coming));
                    } else if (instances.remove(dataset) == null) {
                        refused.put(name, "There is no such attribute to take away.");
                    }
                }
                put(merged, name, instances);
                if (!refused.containsKey(name)) {
                    updated.add(name);
                }
            } else if (!name.equals("scope") || kept.has("scope")) {
                setMember(merged, name, member.getValue());
            }
        }
        return new Result(merged, updated, refused);
    }

    /**
     * Overwrites members of one instance that is there, leaving the others (clauses 5.6.4, 5.5.8).
     *
     * @return null where there is no such instance
     */
    static @Nullable ObjectNode partial(ObjectNode kept, String name, ObjectNode coming) {
        Map<String, JsonNode> instances = byDataset(kept.get(name));
        String dataset = EntityReader.dataset(coming);
        if (!(instances.get(dataset) instanceof ObjectNode before)) {
            return null;
        }
        if (takenAway(coming)) {
            instances.remove(dataset);
        } else {
            ObjectNode changed = copy(before);
            for (Map.Entry<String, JsonNode> member : coming.properties()) {
                if (!member.getKey().equals(AttributeKind.of(coming).member()) && takenAway(member.getValue())) {
                    changed.remove(member.getKey());
                } else {
                    changed.set(member.getKey(), cleaned(member.getValue()));
                }
            }
            instances.put(dataset, changed);
        }
        return with(kept, name, instances);
    }

    /** Another instance in the place of one (clause 5.6.19); null where there is none. */
    static @Nullable ObjectNode replace(ObjectNode kept, String name, JsonNode coming) {
        Map<String, JsonNode> instances = byDataset(kept.get(name));
        for (JsonNode one : AttributeReader.instances(coming)) {
            if (instances.put(EntityReader.dataset(one), one) == null) {
                return null;
            }
        }
        return with(kept, name, instances);
    }

    /**
     * Takes away one instance or all of them (clause 5.6.5); a scope as well.
     *
     * @param dataset empty for the default instance
     * @return null where there is none
     */
    static @Nullable ObjectNode remove(ObjectNode kept, String name, String dataset, boolean all) {
        Map<String, JsonNode> instances = byDataset(kept.get(name));
        if (all || name.equals("scope")) {
            instances.clear();
        } else if (instances.remove(dataset) == null) {
            return null;
        }
        return kept.has(name) ? with(kept, name, instances) : null;
    }

    private static ObjectNode with(ObjectNode kept, String name, Map<String, JsonNode> instances) {
        ObjectNode changed = copy(kept);
        put(changed, name, instances);
        return changed;
    }

    private static ObjectNode copy(ObjectNode document) {
        ObjectNode copy = Json.mapper().createObjectNode();
        copy.setAll(document);
        return copy;
    }

    /** A member of the entity that is no attribute. */
    private static void setMember(ObjectNode merged, String name, JsonNode value) {
        if (Nulls.is(value)) {
            merged.remove(name);
        } else if (name.equals("type")) {
            Set<String> types = new TreeSet<>(Stored.types(merged));
            value.forEach(type -> types.add(type.stringValue()));
            if (value.isString()) {
                types.add(value.stringValue());
            }
            merged.set("type", EntityReader.oneOrAll(types));
        } else {
            merged.set(name, value);
        }
    }

    private static JsonNode union(JsonNode kept, JsonNode more) {
        Set<String> all = new LinkedHashSet<>();
        AttributeReader.instances(kept).forEach(one -> all.add(one.stringValue()));
        AttributeReader.instances(more).forEach(one -> all.add(one.stringValue()));
        return EntityReader.oneOrAll(all);
    }

    private static void put(ObjectNode document, String name, Map<String, JsonNode> instances) {
        if (instances.isEmpty()) {
            document.remove(name);
        } else if (instances.size() == 1) {
            document.set(name, instances.values().iterator().next());
        } else {
            ArrayNode many = Json.mapper().createArrayNode();
            instances.values().forEach(many::add);
            document.set(name, many);
        }
    }

    private static Map<String, JsonNode> byDataset(@Nullable JsonNode attribute) {
        Map<String, JsonNode> instances = new LinkedHashMap<>();
        if (attribute != null && attribute.isContainer()) {
            for (JsonNode one : AttributeReader.instances(attribute)) {
                instances.put(EntityReader.dataset(one), one);
            }
        }
        return instances;
    }

    /** The instance of that dataset, if there is one. */
    static @Nullable JsonNode instance(@Nullable JsonNode attribute, String dataset) {
        if (attribute != null) {
            for (JsonNode one : AttributeReader.instances(attribute)) {
                if (EntityReader.dataset(one).equals(dataset)) {
                    return one;
                }
            }
        }
        return null;
    }

    /** Whether it is the mark, or an attribute that has it in the place of its value. */
    private static boolean takenAway(JsonNode node) {
        AttributeKind kind = node.isObject() ? AttributeKind.ofType(node.get("type")) : null;
        return Nulls.is(kind == null ? node : node.path(kind.member()));
    }

    private static ObjectNode withoutMarks(ObjectNode instance) {
        AttributeKind kind = AttributeKind.of(instance);
        ObjectNode clean = Json.mapper().createObjectNode();
        for (Map.Entry<String, JsonNode> member : instance.properties()) {
            if (member.getKey().equals(kind.member())) {
                JsonNode value = member.getValue();
                clean.set(member.getKey(), goesDeep(kind) && Nulls.inside(value) ? patch(NOTHING, value) : value);
            } else if (!takenAway(member.getValue())) {
                clean.set(member.getKey(), cleaned(member.getValue()));
            }
        }
        return clean;
    }

    /** A member as it is kept: sub-attributes without marks. */
    private static JsonNode cleaned(JsonNode value) {
        if (value instanceof ObjectNode sub && AttributeKind.ofType(sub.get("type")) != null) {
            return withoutMarks(sub);
        }
        return value;
    }
}

package org.conurb.hub;

import static org.conurb.hub.EntityReader.shape;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads attributes as clients send them, normalized or concise, into their kept form: normalized, names as {@link Names}
 * has them (GS CIM 009 clauses 4.5.2, 4.5.3, 4.5.5, 4.5.18 and 4.5.20 to 4.5.24). Where {@link Nulls} may stand, the kept
 * form has the mark itself in place of a value.
 */
final class AttributeReader {
    private static final int MAX_INSTANCES = 100;
    private static final int MAX_MEMBERS = 100;
    private static final int MAX_SUB_DEPTH = 5;

    private static final String PROOF = "ngsildproof";
    private static final Set<String> PLACES = Set.of("location", "observationSpace", "operationSpace");
    private static final Set<String> GEOMETRIES =
            Set.of("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon");

    /** What we alone say; whoever sends it is not heard (clause 5.2.5). */
    private static final Set<String> OURS = Set.of("createdAt", "modifiedAt", "deletedAt", "instanceId");

    private final LdContext context;
    private final AttributeValues values;
    private final Nulls nulls;

    AttributeReader(LdContext context, Nulls nulls) {
        this.context = context;
        this.values = new AttributeValues(context, nulls);
        this.nulls = nulls;
    }

    /**
     * One attribute, or its instances by datasetId.
     *
     * @param place where it stands, for messages
     * @param name its kept name
     */
    JsonNode read(String place, String name, JsonNode node) {
        return read(place, name, node, 0);
    }

    private JsonNode read(String place, String name, JsonNode node, int depth) {
        if (!(node instanceof ArrayNode many) || !holdsInstances(many)) {
            return instance(place, name, node, depth);
        }
        if (many.size() > MAX_INSTANCES) {
            throw NgsiLdFault.badData("%s has more than %d instances.".formatted(place, MAX_INSTANCES), "Send fewer.");
        }
        Set<String> datasets = new HashSet<>();
        ArrayNode instances = Json.mapper().createArrayNode();
        for (JsonNode one : many) {
            ObjectNode instance = instance(place, name, one, depth);
            if (!datasets.add(EntityReader.dataset(instance))) {
                throw NgsiLdFault.badData(
                        "%s has two instances of the same datasetId.".formatted(place),
                        "Give each instance a datasetId of its own; one may be without.");
            }
            instances.add(instance);
        }
        return instances.size() == 1 ? instances.get(0) : instances;
    }

    /**
     * Members of one instance that is there: type and value may be left out, and the type stays what it is (clause 5.6.4).
     *
     * @param kept the attribute
     * @return null where the attribute has no such instance
     */
    @Nullable
    ObjectNode members(String place, String name, ObjectNode coming, @Nullable JsonNode kept) {
        JsonNode dataset = coming.path("datasetId");
        String wanted = dataset.isString() && !dataset.stringValue().equals("@none") ? dataset.stringValue() : "";
        JsonNode instance = EntityMerge.instance(kept, wanted);
        if (instance == null) {
            return null;
        }
        AttributeKind kind = AttributeKind.of(instance);
        JsonNode type = type(coming);
        if (type != null && kind != AttributeKind.ofType(type)) {
            throw NgsiLdFault.badData(
                    "%s is a %s, and a partial update keeps what it is.".formatted(place, kind.type()),
                    "Leave type out, or replace the attribute by PUT.");
        }
        ObjectNode whole = Json.mapper().createObjectNode();
        whole.setAll(coming);
        whole.remove("@type");
        whole.put("type", kind.type());
        if (!coming.has(kind.member())) {
            whole.set(kind.member(), instance.path(kind.member()));
        }
        ObjectNode read = instance(place, name, whole, 0);
        if (!coming.has(kind.member())) {
            read.remove(kind.member());
        }
        return read;
    }

    private static boolean holdsInstances(ArrayNode many) {
        if (many.isEmpty()) {
            return false;
        }
        for (JsonNode one : many) {
            if (!one.isObject() || AttributeKind.ofType(type(one)) == null && inferred(one) == null) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable JsonNode type(JsonNode node) {
        JsonNode type = node.get("type");
        return type == null ? node.get("@type") : type;
    }

    /** One instance, whatever its dataset. */
    ObjectNode instance(String place, String name, JsonNode node) {
        return instance(place, name, node, 0);
    }

    private ObjectNode instance(String place, String name, JsonNode node, int depth) {
        if (depth > MAX_SUB_DEPTH) {
            throw NgsiLdFault.badData(
                    "%s is nested too deep.".formatted(place),
                    "Keep sub-attributes to %d levels.".formatted(MAX_SUB_DEPTH));
        }
        ObjectNode instance = Json.mapper().createObjectNode();
        AttributeKind kind = kind(place, node);
        demandPlace(place, name, kind, node);
        instance.put("type", kind.type());
        boolean whole = !node.isObject() || kind == AttributeKind.GEO && isGeometry(node);
        instance.set(kind.member(), values.read(place, kind, whole ? node : node.get(kind.member())));
        if (!whole) {
            members(place, kind, (ObjectNode) node, instance, name, depth);
        }
        if (name.equals(PROOF) && !instance.path("value").isObject()) {
            throw shape(place, "the value of ngsildproof is an object with the proof");
        }
        return instance;
    }

    private static AttributeKind kind(String place, JsonNode node) {
        if (!node.isObject()) {
            return AttributeKind.PROPERTY;
        }
        JsonNode type = type(node);
        AttributeKind kind = type == null ? inferred(node) : AttributeKind.ofType(type);
        if (kind == null && isGeometry(node)) {
            return AttributeKind.GEO;
        }
        if (kind == null) {
            throw NgsiLdFault.badData(
                    "%s is no attribute: its type is none that NGSI-LD knows.".formatted(place),
                    "Send {\"type\":\"Property\",\"value\":…} or another of Relationship, GeoProperty, LanguageProperty, VocabProperty, JsonProperty, ListProperty, ListRelationship.");
        }
        return kind;
    }

    private static @Nullable AttributeKind inferred(JsonNode node) {
        for (AttributeKind kind : AttributeKind.values()) {
            if (node.has(kind.member())) {
                return kind == AttributeKind.PROPERTY && isGeometry(node.get("value")) ? AttributeKind.GEO : kind;
            }
        }
        return null;
    }

    static boolean isGeometry(JsonNode node) {
        return node.isObject()
                && node.path("type").isString()
                && GEOMETRIES.contains(node.path("type").stringValue())
                && node.has("coordinates");
    }

    /** Published models tell some places as properties whose value is a geometry; they stay what they were sent as. */
    private void demandPlace(String place, String name, AttributeKind kind, JsonNode node) {
        boolean told = kind == AttributeKind.PROPERTY && isGeometry(node.path("value"));
        if (PLACES.contains(name)
                && kind != AttributeKind.GEO
                && !told
                && (nulls == Nulls.REFUSED || !Nulls.is(node))) {
            throw NgsiLdFault.badData(
                    "%s is no GeoProperty.".formatted(place),
                    "Under this name there is a place: send {\"type\":\"GeoProperty\",\"value\":{\"type\":\"Point\",\"coordinates\":[7.42,43.73]}}.");
        }
    }

    private void members(
            String place, AttributeKind kind, ObjectNode node, ObjectNode instance, String name, int depth) {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String key = member.getKey();
            JsonNode value = member.getValue();
            if (key.equals("type") || key.equals("@type") || key.equals(kind.member()) || ignored(kind, key)) {
                continue;
            }
            switch (key) {
                case "observedAt", "expiresAt" ->
                    instance.set(key, mayGo(value) ? value : values.moment(place + '.' + key, value));
                case "datasetId" -> {
                    if (!value.isString() || !value.stringValue().equals("@none")) {
                        instance.put(key, EntityReader.id(place + ".datasetId", value));
                    }
                }
                case "unitCode" -> instance.set(key, mayGo(value) ? value : unitCode(place, kind, value));
                case "objectType" -> instance.set(key, mayGo(value) ? value : objectType(place, kind, value));
                case "valueType" -> instance.set(key, mayGo(value) ? value : values.valueType(place, kind, value));
                case "entityIdSealed", "entityTypeSealed" -> instance.set(key, sealed(place, name, key, value));
                case "@context" -> throw shape(place, "@context stands beside the attributes, not in one");
                default -> {
                    if (instance.size() > MAX_MEMBERS) {
                        throw shape(place, "there are at most %d sub-attributes".formatted(MAX_MEMBERS));
                    }
                    String kept = EntityReader.attributeName(context, key);
                    if (AttributeKind.isMember(kept)) {
                        throw shape(place, "a %s has no %s".formatted(kind.type(), key));
                    }
                    if (instance.has(kept)) {
                        throw shape(place, "%s comes once, under one name".formatted(key));
                    }
                    instance.set(kept, read(place + '.' + key, kept, value, depth + 1));
                }
            }
        }
    }

    /** What a notification, a language filter or a join adds to this kind, and we do. */
    private static boolean ignored(AttributeKind kind, String key) {
        return OURS.contains(key)
                || key.equals(kind.previous())
                || (key.equals("lang") && kind == AttributeKind.PROPERTY)
                || (key.equals("entity") && kind == AttributeKind.RELATIONSHIP)
                || (key.equals("entityList") && kind == AttributeKind.LIST_RELATIONSHIP);
    }

    private boolean mayGo(JsonNode value) {
        return nulls != Nulls.REFUSED && Nulls.is(value);
    }

    private static JsonNode unitCode(String place, AttributeKind kind, JsonNode value) {
        if (!value.isString() || value.stringValue().isEmpty() || !kind.hasUnit()) {
            throw shape(place, kind.hasUnit() ? "unitCode is text" : "a %s has no unitCode".formatted(kind.type()));
        }
        return Clean.demand(place, value);
    }

    private JsonNode objectType(String place, AttributeKind kind, JsonNode value) {
        if (kind != AttributeKind.RELATIONSHIP && kind != AttributeKind.LIST_RELATIONSHIP) {
            throw shape(place, "a %s has no objectType".formatted(kind.type()));
        }
        return EntityReader.types(context, place + ".objectType", value);
    }

    private JsonNode sealed(String place, String name, String key, JsonNode value) {
        if (!name.equals(PROOF) || !value.isString()) {
            throw shape(place, key + " is text and stands in ngsildproof alone");
        }
        return key.equals("entityTypeSealed") ? EntityReader.types(context, place, value) : Clean.demand(place, value);
    }

    /** The instances of an attribute, or the parts of any such member, whether there is one or a list. */
    static Iterable<JsonNode> instances(JsonNode attribute) {
        return attribute.isArray() ? attribute : List.of(attribute);
    }
}

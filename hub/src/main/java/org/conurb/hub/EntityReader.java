package org.conurb.hub;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
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
 * Reads entities and attributes as clients send them, normalized or concise, into the form in which they are kept:
 * normalized, names as {@link Names} has them. Refuses with the place of the fault what NGSI-LD does not allow.
 */
final class EntityReader {
    /** As a value it means: take this away (GS CIM 009 clause 4.5.0). */
    static final String NULL = "urn:ngsi-ld:null";

    private static final int MAX_ATTRIBUTES = 1_000;
    private static final int MAX_INSTANCES = 100;
    private static final int MAX_SUB_DEPTH = 5;
    private static final Set<String> GEOMETRIES =
            Set.of("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon");
    private static final Set<String> OURS_TO_SET =
            Set.of("createdAt", "modifiedAt", "deletedAt", "instanceId", "previousValue", "previousObject");

    private final LdContext context;

    EntityReader(LdContext context) {
        this.context = context;
    }

    /** A whole entity: {@code id}, {@code type} and attributes. */
    ObjectNode entity(ObjectNode body) {
        ObjectNode entity = Json.mapper().createObjectNode();
        entity.put("id", id("The entity", body.get("id") == null ? body.get("@id") : body.get("id")));
        entity.set("type", type(body.get("type") == null ? body.get("@type") : body.get("type")));
        attributes(body, entity, false);
        return entity;
    }

    /** Attributes without the entity; {@code id}, {@code type} and {@code scope} only where given. */
    ObjectNode fragment(ObjectNode body, boolean mayTakeAway) {
        ObjectNode fragment = Json.mapper().createObjectNode();
        JsonNode type = body.get("type") == null ? body.get("@type") : body.get("type");
        if (type != null) {
            fragment.set("type", type(type));
        }
        attributes(body, fragment, mayTakeAway);
        return fragment;
    }

    private void attributes(ObjectNode body, ObjectNode into, boolean mayTakeAway) {
        if (body.size() > MAX_ATTRIBUTES) {
            throw NgsiLdFault.badData(
                    "The entity has more than %d attributes.".formatted(MAX_ATTRIBUTES), "Make it several entities.");
        }
        for (Map.Entry<String, JsonNode> member : body.properties()) {
            String name = member.getKey();
            switch (name) {
                case "id", "@id", "type", "@type", "@context" -> {}
                case "createdAt", "modifiedAt", "deletedAt" -> {}
                case "scope" -> into.set("scope", scope(member.getValue()));
                default -> {
                    String kept = Names.demand("an attribute", context.expand(name));
                    if (into.has(kept)) {
                        throw NgsiLdFault.badData(
                                "%s comes twice, under two names.".formatted(name), "Send each attribute once.");
                    }
                    into.set(kept, attribute(name, member.getValue(), mayTakeAway));
                }
            }
        }
    }

    /**
     * One attribute, or its instances by datasetId.
     *
     * @param place where it stands, for messages
     */
    JsonNode attribute(String place, JsonNode node, boolean mayTakeAway) {
        if (!(node instanceof ArrayNode many) || !holdsInstances(many)) {
            return instance(place, node, mayTakeAway, 0);
        }
        if (many.size() > MAX_INSTANCES) {
            throw NgsiLdFault.badData("%s has more than %d instances.".formatted(place, MAX_INSTANCES), "Send fewer.");
        }
        Set<String> datasets = new TreeSet<>();
        ArrayNode instances = Json.mapper().createArrayNode();
        for (JsonNode one : many) {
            ObjectNode instance = instance(place, one, mayTakeAway, 0);
            if (!datasets.add(dataset(instance))) {
                throw NgsiLdFault.badData(
                        "%s has two instances of the same datasetId.".formatted(place),
                        "Give each instance a datasetId of its own; one may be without.");
            }
            instances.add(instance);
        }
        return instances.size() == 1 ? instances.get(0) : instances;
    }

    static String dataset(JsonNode instance) {
        JsonNode dataset = instance.get("datasetId");
        return dataset == null ? "" : dataset.stringValue();
    }

    private static boolean holdsInstances(ArrayNode many) {
        if (many.isEmpty()) {
            return false;
        }
        for (JsonNode one : many) {
            if (!one.isObject() || AttributeKind.ofType(one.get("type")) == null && inferred(one) == null) {
                return false;
            }
        }
        return true;
    }

    /** One instance, whatever its dataset. */
    ObjectNode instance(String place, JsonNode node, boolean mayTakeAway) {
        return instance(place, node, mayTakeAway, 0);
    }

    private ObjectNode instance(String place, JsonNode node, boolean mayTakeAway, int depth) {
        if (depth > MAX_SUB_DEPTH) {
            throw NgsiLdFault.badData("%s is nested too deep.".formatted(place), "Keep sub-attributes to 5 levels.");
        }
        ObjectNode instance = Json.mapper().createObjectNode();
        if (!node.isObject()) {
            boolean takenAway = node.isNull() || node.isString() && NULL.equals(node.stringValue());
            if (takenAway && !mayTakeAway) {
                throw nothing(place);
            }
            instance.put("type", AttributeKind.PROPERTY.type());
            instance.set(
                    "value", takenAway ? node.asString().equals(NULL) ? node : nullMark() : Clean.demand(place, node));
            return instance;
        }
        JsonNode type = node.get("type") == null ? node.get("@type") : node.get("type");
        AttributeKind kind = AttributeKind.ofType(type);
        if (kind == null && type != null && type.isString() && GEOMETRIES.contains(type.stringValue())) {
            instance.put("type", AttributeKind.GEO.type());
            instance.set("value", geometry(place, node));
            return instance;
        }
        if (kind == null && type == null) {
            kind = inferred(node);
        }
        if (kind == null) {
            throw NgsiLdFault.badData(
                    "%s is no attribute: its type is none that NGSI-LD knows.".formatted(place),
                    "Send {\"type\":\"Property\",\"value\":…} or another of Relationship, GeoProperty,"
                            + " LanguageProperty, VocabProperty, JsonProperty, ListProperty, ListRelationship.");
        }
        instance.put("type", kind.type());
        instance.set(kind.member(), value(place, kind, node.get(kind.member()), mayTakeAway));
        members(place, kind, (ObjectNode) node, instance, mayTakeAway, depth);
        return instance;
    }

    private static JsonNode nullMark() {
        return Json.mapper().getNodeFactory().stringNode(NULL);
    }

    private static @Nullable AttributeKind inferred(JsonNode node) {
        for (AttributeKind kind : AttributeKind.values()) {
            if (node.has(kind.member())) {
                JsonNode value = node.get("value");
                boolean geo = kind == AttributeKind.PROPERTY
                        && value != null
                        && value.isObject()
                        && value.path("type").isString()
                        && GEOMETRIES.contains(value.path("type").stringValue());
                return geo ? AttributeKind.GEO : kind;
            }
        }
        return null;
    }

    private JsonNode value(String place, AttributeKind kind, @Nullable JsonNode value, boolean mayTakeAway) {
        if (value == null) {
            throw NgsiLdFault.badData(
                    "%s has no %s.".formatted(place, kind.member()),
                    "A %s holds its value in %s.".formatted(kind.type(), kind.member()));
        }
        if (value.isNull() && kind != AttributeKind.JSON) {
            if (mayTakeAway) {
                return nullMark();
            }
            throw nothing(place);
        }
        if (value.isString() && NULL.equals(value.stringValue())) {
            if (mayTakeAway) {
                return value;
            }
            throw nothing(place);
        }
        return switch (kind) {
            case PROPERTY, JSON -> Clean.demand(place, value);
            case GEO -> geometry(place, value);
            case RELATIONSHIP -> uris(place, value, false);
            case LIST_RELATIONSHIP -> uris(place, value, true);
            case LIST -> {
                if (!value.isArray()) {
                    throw shape(place, "valueList is a list");
                }
                yield Clean.demand(place, value);
            }
            case LANGUAGE -> languages(place, value);
            case VOCAB -> vocabulary(place, value);
        };
    }

    private void members(
            String place, AttributeKind kind, ObjectNode node, ObjectNode instance, boolean mayTakeAway, int depth) {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (name.equals("type")
                    || name.equals("@type")
                    || name.equals(kind.member())
                    || OURS_TO_SET.contains(name)) {
                continue;
            }
            switch (name) {
                case "observedAt" ->
                    instance.put(
                            "observedAt", moment(place + ".observedAt", value).toString());
                case "datasetId" -> instance.put("datasetId", id(place + ".datasetId", value));
                case "unitCode" -> {
                    if (!value.isString()) {
                        throw shape(place, "unitCode is text");
                    }
                    instance.set("unitCode", Clean.demand(place, value));
                }
                case "objectType" -> instance.set("objectType", type(value));
                case "@context" -> throw shape(place, "@context stands beside the attributes, not in one");
                default -> {
                    if (instance.size() > MAX_INSTANCES) {
                        throw shape(place, "there are at most 100 sub-attributes");
                    }
                    String kept = Names.demand("a sub-attribute", context.expand(name));
                    instance.set(kept, instance(place + "." + name, value, mayTakeAway, depth + 1));
                }
            }
        }
    }

    static String id(String place, @Nullable JsonNode id) {
        if (id == null || !id.isString()) {
            throw NgsiLdFault.badData("%s has no id.".formatted(place), "Send an id, which is a URI, as text.");
        }
        String text = id.stringValue();
        if (!Names.isIri(text) || text.getBytes(StandardCharsets.UTF_8).length > 1000) {
            throw NgsiLdFault.badData(
                    "%s has an id that is no URI.".formatted(place),
                    "An id is a URI of at most 1000 bytes, as urn:ngsi-ld:Sensor:17.");
        }
        return text;
    }

    JsonNode type(@Nullable JsonNode type) {
        if (type == null || !(type.isString() || type.isArray() && !type.isEmpty() && type.size() <= 20)) {
            throw NgsiLdFault.badData("The entity has no type.", "Send type as a name, or a list of up to 20 names.");
        }
        if (type.isString()) {
            return Json.mapper()
                    .getNodeFactory()
                    .stringNode(Names.demand("a type", context.expand(type.stringValue())));
        }
        Set<String> kinds = new TreeSet<>();
        for (JsonNode one : type) {
            if (!one.isString()) {
                throw NgsiLdFault.badData("A type is not text.", "Send type as a name, or a list of names.");
            }
            kinds.add(Names.demand("a type", context.expand(one.stringValue())));
        }
        if (kinds.size() == 1) {
            return Json.mapper().getNodeFactory().stringNode(kinds.iterator().next());
        }
        ArrayNode all = Json.mapper().createArrayNode();
        kinds.forEach(all::add);
        return all;
    }

    static JsonNode scope(JsonNode scope) {
        for (JsonNode one : scope.isArray() ? scope : List.of(scope)) {
            if (!one.isString()
                    || !one.stringValue().matches("/?[\\p{L}][\\p{L}\\p{N}_-]*(/[\\p{L}][\\p{L}\\p{N}_-]*){0,20}")
                    || scope.size() > 20) {
                throw NgsiLdFault.badData("A scope is no path.", "Send it as /Alder/North, or up to 20 of them.");
            }
        }
        return scope;
    }

    static Instant moment(String place, JsonNode value) {
        Instant moment = value.isString() ? momentIn(value.stringValue()) : null;
        if (moment == null) {
            throw NgsiLdFault.badData(
                    "%s is no moment.".formatted(place), "Send ISO 8601 in UTC, as 2026-03-01T08:00:00Z.");
        }
        return moment;
    }

    /** The moment that a text is, if it is one in the years 1 to 9999. */
    static @Nullable Instant momentIn(String text) {
        if (text.length() < 17 || text.length() > 40 || text.charAt(4) != '-' || text.charAt(10) != 'T') {
            return null;
        }
        try {
            OffsetDateTime moment = OffsetDateTime.parse(text);
            return moment.getYear() >= 1 && moment.getYear() <= 9999 ? moment.toInstant() : null;
        } catch (DateTimeException notAMoment) {
            return null;
        }
    }

    private static JsonNode geometry(String place, JsonNode value) {
        Geometries.read(place, value);
        return value;
    }

    private JsonNode uris(String place, JsonNode value, boolean list) {
        if (list && !value.isArray()) {
            throw shape(place, "objectList is a list");
        }
        if (value.isArray() && value.size() > 1_000) {
            throw shape(place, "at most 1000 relationships fit in one attribute");
        }
        ArrayNode plain = Json.mapper().createArrayNode();
        for (JsonNode one : value.isArray() ? value : List.of(value)) {
            JsonNode uri = one.isObject() ? one.get("object") : one;
            plain.add(id(place, uri));
        }
        return value.isArray() ? plain : plain.get(0);
    }

    private static JsonNode languages(String place, JsonNode value) {
        if (!value.isObject() || value.isEmpty() || value.size() > 200) {
            throw shape(place, "languageMap is an object of texts by language");
        }
        for (Map.Entry<String, JsonNode> word : value.properties()) {
            if (!word.getKey().matches("[A-Za-z0-9-]{1,35}|@none")
                    || !(word.getValue().isString() || word.getValue().isArray())) {
                throw shape(place, "languageMap is an object of texts by language");
            }
        }
        return Clean.demand(place, value);
    }

    private JsonNode vocabulary(String place, JsonNode value) {
        ArrayNode words = Json.mapper().createArrayNode();
        for (JsonNode one : value.isArray() ? value : List.of(value)) {
            if (!one.isString()) {
                throw shape(place, "vocab is a term or a list of terms");
            }
            words.add(Names.demand("a term", context.expand(one.stringValue())));
        }
        if (words.isEmpty()) {
            throw shape(place, "vocab is a term or a list of terms");
        }
        return value.isArray() ? words : words.get(0);
    }

    static NgsiLdFault shape(String place, String rule) {
        return NgsiLdFault.badData("%s breaks a rule: %s.".formatted(place, rule), "Send it in that form.");
    }

    private static NgsiLdFault nothing(String place) {
        return NgsiLdFault.badData(
                "%s is null, which says nothing.".formatted(place),
                "Leave it out; to take it away, send %s in a merge patch.".formatted(NULL));
    }
}

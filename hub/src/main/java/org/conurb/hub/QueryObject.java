package org.conurb.hub;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A query in a body (GS CIM 009 clause 5.2.23): the same as its parameters, and several selectors of entities.
 *
 * @param given as parameters
 */
record QueryObject(List<EntitySelector> selectors, Map<String, String> given) {
    private static final int MOST = 100;
    private static final Set<String> TEXTS =
            Set.of("q", "scopeQ", "csf", "lang", "join", "geometryProperty", "timeproperty");
    private static final Set<String> LISTS =
            Set.of("attrs", "pick", "omit", "datasetId", "containedBy", "expandValues", "jsonKeys");
    private static final Map<String, String> GEO = Map.of(
            "georel", "georel", "geometry", "geometry", "coordinates", "coordinates", "geoproperty", "geoproperty");
    private static final Map<String, String> ORDERING = Map.of(
            "orderBy", "orderBy", "collation", "collation", "geometry", "orderGeometry", "coordinates", "orderFrom");

    /**
     * @param more members of parts that others read, as {@code temporalQ}
     */
    static QueryObject read(ObjectNode body, LdContext context, Set<String> more) {
        if (!"Query".equals(body.path("type").asString(""))) {
            throw NgsiLdFault.badData("The type is not Query.", "Send \"type\":\"Query\".");
        }
        Map<String, String> given = new HashMap<>();
        List<EntitySelector> selectors = List.of(EntitySelector.EVERY);
        for (Map.Entry<String, JsonNode> member : body.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (name.equals("type") || name.equals("@context") || more.contains(name)) {
                continue;
            }
            if (TEXTS.contains(name)) {
                given.put(name, text(name, value));
            } else if (LISTS.contains(name)) {
                given.put(name, list(name, value));
            } else {
                switch (name) {
                    case "entities" -> selectors = selectors(value, context);
                    case "joinLevel" -> given.put(name, number(name, value));
                    case "geoQ" -> put(name, value, GEO, given);
                    case "ordering" -> put(name, value, ORDERING, given);
                    default ->
                        throw NgsiLdFault.badData(
                                "A query has no member %s here."
                                        .formatted(name.length() > 60 ? name.substring(0, 60) + "…" : name),
                                "Leave it out.");
                }
            }
        }
        return new QueryObject(selectors, given);
    }

    private static String text(String name, JsonNode value) {
        if (!value.isString()) {
            throw NgsiLdFault.badData("%s is not text.".formatted(name), "Send it as text.");
        }
        return value.stringValue();
    }

    private static String number(String name, JsonNode value) {
        if (!value.isIntegralNumber()) {
            throw NgsiLdFault.badData("%s is no whole number.".formatted(name), "Send it as a number.");
        }
        return value.toString();
    }

    /** A list of texts, or one; joined as a parameter joins them. */
    private static String list(String name, JsonNode value) {
        if (value.isString()) {
            return value.stringValue();
        }
        if (!value.isArray() || value.isEmpty()) {
            throw NgsiLdFault.badData("%s is no list of names.".formatted(name), "Leave it out, or name something.");
        }
        List<String> all = new ArrayList<>();
        value.forEach(one -> all.add(text(name, one)));
        return String.join(",", all);
    }

    /** Members of a part as parameters of these names; coordinates as JSON. */
    private static void put(String part, JsonNode node, Map<String, String> names, Map<String, String> given) {
        if (!node.isObject()) {
            throw NgsiLdFault.badData("%s is no object.".formatted(part), "Send an object.");
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String name = member.getKey();
            String parameter = names.get(name);
            if (parameter == null) {
                throw NgsiLdFault.badData(
                        "%s has no member %s.".formatted(part, name.length() > 60 ? name.substring(0, 60) + "…" : name),
                        "Known are %s.".formatted(String.join(", ", names.keySet())));
            }
            JsonNode value = member.getValue();
            given.put(
                    parameter,
                    switch (name) {
                        case "coordinates" -> {
                            if (!value.isArray() && !value.isString()) {
                                throw NgsiLdFault.badData(
                                        "%s.coordinates is no list.".formatted(part), "Send [7.42,43.73].");
                            }
                            yield value.isArray() ? value.toString() : value.stringValue();
                        }
                        case "orderBy" -> list(name, value);
                        default -> text(part + "." + name, value);
                    });
        }
    }

    static List<EntitySelector> selectors(JsonNode entities, LdContext context) {
        if (!entities.isArray() || entities.isEmpty() || entities.size() > MOST) {
            throw NgsiLdFault.badData(
                    "entities is no list of 1 to %d.".formatted(MOST), "Send [{\"type\":\"Sensor\"}].");
        }
        List<EntitySelector> all = new ArrayList<>();
        entities.forEach(one -> all.add(selector(one, context)));
        return List.copyOf(all);
    }

    private static EntitySelector selector(JsonNode node, LdContext context) {
        if (!node.isObject()) {
            throw NgsiLdFault.badData("entities has something that is no object.", "Send [{\"type\":\"Sensor\"}].");
        }
        node.propertyNames().stream()
                .filter(name -> !Set.of("id", "idPattern", "type").contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw NgsiLdFault.badData(
                            "A selector of entities has no member %s."
                                    .formatted(name.length() > 60 ? name.substring(0, 60) + "…" : name),
                            "Known are id, idPattern and type.");
                });
        JsonNode type = node.get("type");
        if (type == null || !type.isString()) {
            throw NgsiLdFault.badData(
                    "A selector of entities has no type.", "Send its type, or * for entities of any type.");
        }
        List<String> ids = new ArrayList<>();
        JsonNode id = node.get("id");
        if (id != null) {
            (id.isArray() ? id : List.of(id)).forEach(one -> ids.add(EntityReader.id("A selector of entities", one)));
        }
        return new EntitySelector(
                List.copyOf(ids),
                Optional.ofNullable(node.get("idPattern"))
                        .map(pattern -> BoundedPattern.of("idPattern", text("idPattern", pattern))),
                TypeSelection.read("type", type.stringValue(), context));
    }
}

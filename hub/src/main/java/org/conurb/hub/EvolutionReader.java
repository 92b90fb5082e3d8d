package org.conurb.hub;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads what clients add to histories (GS CIM 009 clauses 4.5.6 to 4.5.8): of each attribute any number of instances, which
 * differ in time. An instance whose value is NGSI-LD's null tells that the attribute was taken away. {@code createdAt},
 * {@code modifiedAt} and {@code instanceId} are the hub's to set and passed over.
 */
final class EvolutionReader {
    private static final int MAX_INSTANCES = 20_000;

    private final LdContext context;
    private final AttributeReader reader;
    private final AttributeReader marks;

    EvolutionReader(LdContext context) {
        this.context = context;
        this.reader = new AttributeReader(context, Nulls.REFUSED);
        this.marks = new AttributeReader(context, Nulls.EVERYWHERE);
    }

    /** @param types empty where none were sent */
    record Fragment(List<String> types, Set<String> names, HistoryRows rows) {}

    /** Types and instances; the id is the caller's to read. */
    Fragment fragment(ObjectNode body) {
        HistoryRows rows = new HistoryRows();
        Set<String> names = new LinkedHashSet<>();
        for (Map.Entry<String, JsonNode> member : body.properties()) {
            String name = member.getKey();
            switch (name) {
                case "id", "@id", "type", "@type", "@context", "createdAt", "modifiedAt", "deletedAt" -> {}
                case "expiresAt" ->
                    throw NgsiLdFault.badData(
                            "expiresAt is no attribute, and a history does not expire by itself.", "Leave it out.");
                default -> {
                    String kept =
                            HistoryRows.SCOPE.equals(name) ? name : Names.demand("an attribute", context.expand(name));
                    if (!names.add(kept)) {
                        throw NgsiLdFault.badData(
                                "%s comes twice, under two names.".formatted(name), "Send each attribute once.");
                    }
                    instances(name, member.getValue()).forEach(one -> add(rows, name, kept, one));
                    if (rows.size() > MAX_INSTANCES) {
                        throw NgsiLdFault.badData(
                                "There are more than %d instances.".formatted(MAX_INSTANCES),
                                "Add them in several requests.");
                    }
                }
            }
        }
        if (rows.size() == 0) {
            throw NgsiLdFault.badData(
                    "There is no instance of any attribute.",
                    "Send attributes as lists of instances, as"
                            + " \"speed\":[{\"type\":\"Property\",\"value\":5,\"observedAt\":\"2026-03-01T08:00:00Z\"}].");
        }
        JsonNode type = body.get("type") == null ? body.get("@type") : body.get("type");
        ObjectNode typed = Json.mapper().createObjectNode();
        if (type != null) {
            typed.set("type", EntityReader.types(context, "The entity", type));
        }
        return new Fragment(Stored.types(typed), names, rows);
    }

    /** The one instance that takes the place of another, bare or under its attribute's name. */
    HistoryRows instance(String name, String kept, ObjectNode body) {
        @Nullable JsonNode named = body.get(name) == null ? body.get(kept) : body.get(name);
        List<JsonNode> instances = named == null ? List.of(body) : instances(name, named);
        if (instances.size() != 1) {
            throw NgsiLdFault.badData(
                    "There are %d instances to take the place of one.".formatted(instances.size()), "Send one.");
        }
        HistoryRows rows = new HistoryRows();
        add(rows, name, kept, instances.getFirst());
        return rows;
    }

    private static List<JsonNode> instances(String name, JsonNode node) {
        if (HistoryRows.SCOPE.equals(name)
                && (!node.isArray() || node.isEmpty() || !node.get(0).isObject())) {
            return List.of(node);
        }
        List<JsonNode> all = new ArrayList<>();
        (node.isArray() ? node : List.of(node)).forEach(all::add);
        return all;
    }

    private void add(HistoryRows rows, String name, String kept, JsonNode node) {
        if (HistoryRows.SCOPE.equals(kept)) {
            scope(rows, node);
            return;
        }
        if (!isMark(node)) {
            rows.add(kept, reader.instance(name, kept, node));
            return;
        }
        ObjectNode read = marks.instance(name, kept, node);
        AttributeKind kind = AttributeKind.of(read);
        ObjectNode mark = Json.mapper().createObjectNode();
        mark.put("type", kind.type());
        mark.set(kind.member(), kind.nothing());
        for (String member : List.of("datasetId", "observedAt")) {
            if (read.has(member)) {
                mark.set(member, read.get(member));
            }
        }
        rows.mark(kept, mark, deletedAt(name, node));
    }

    /** Whether the value itself is NGSI-LD's null. */
    private static boolean isMark(JsonNode node) {
        if (!node.isObject()) {
            return false;
        }
        for (AttributeKind kind : AttributeKind.values()) {
            JsonNode value = node.path(kind.member());
            if (value.equals(kind.nothing()) || Nulls.is(value)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String deletedAt(String name, JsonNode node) {
        JsonNode at = node.get("deletedAt");
        return at == null ? null : EntityReader.moment(name + ".deletedAt", at).toString();
    }

    /** As a property with times and nothing else (clause 4.5.6), or plain, as entities have it. */
    private static void scope(HistoryRows rows, JsonNode node) {
        ObjectNode property = Json.mapper().createObjectNode();
        property.put("type", AttributeKind.PROPERTY.type());
        if (!node.isObject()) {
            property.set("value", EntityReader.scope(node));
            rows.add(HistoryRows.SCOPE, property);
            return;
        }
        node.properties().forEach(member -> {
            if (!Set.of("type", "value", "observedAt", "createdAt", "modifiedAt", "deletedAt", "instanceId")
                    .contains(member.getKey())) {
                throw EntityReader.shape("scope", "it has a value and times, and nothing else");
            }
        });
        if (node.has("observedAt")) {
            property.put(
                    "observedAt",
                    EntityReader.moment("scope.observedAt", node.get("observedAt"))
                            .toString());
        }
        if (isMark(node)) {
            property.set("value", AttributeKind.PROPERTY.nothing());
            rows.mark(HistoryRows.SCOPE, property, deletedAt("scope", node));
            return;
        }
        if (!node.has("value")) {
            throw EntityReader.shape("scope", "it holds its value in value");
        }
        property.set("value", EntityReader.scope(node.get("value")));
        rows.add(HistoryRows.SCOPE, property);
    }
}

package org.conurb.hub;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.conurb.hub.History.Instance;
import org.conurb.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a client wants histories: arrays of instances, normalized or concise, or pairs of value and moment (GS CIM 009
 * clauses 4.5.6 to 4.5.9). What is kept in the form that is wanted goes out as it is, without being read.
 *
 * @param form names, members and format; simplified means pairs
 * @param property whose moment stands in pairs, and in each instance where it was asked for
 */
record TemporalForm(Representation form, TemporalQuery.Property property) {
    private static final String INSTANCE = "urn:ngsi-ld:Instance:";

    /** @param hidden attributes that the caller is not shown */
    String of(History history, Set<String> hidden) {
        StringBuilder json = head(history.evolution());
        history.series().forEach((name, instances) -> {
            if (!hidden.contains(name) && form.projection().keeps(name)) {
                member(json, form.context().compact(name));
                if (form.format() == Representation.Format.SIMPLIFIED) {
                    json.append(pairs(instances));
                } else {
                    all(json, instances);
                }
            }
        });
        return json.append('}').toString();
    }

    /** The entity itself, as an object that is not closed. */
    StringBuilder head(Evolution evolution) {
        StringBuilder json = new StringBuilder(1_000).append('{');
        if (form.projection().keeps("id")) {
            member(json, "id");
            json.append('"').append(evolution.id()).append('"');
        }
        if (form.projection().keeps("type")) {
            member(json, "type");
            List<String> types = evolution.types().stream()
                    .map(form.context()::compact)
                    .map(TemporalForm::quoted)
                    .toList();
            json.append(types.size() == 1 ? types.getFirst() : types.toString());
        }
        if (form.withTimes()) {
            member(json, "createdAt");
            json.append('"').append(evolution.createdAt()).append('"');
            member(json, "modifiedAt");
            json.append('"').append(evolution.modifiedAt()).append('"');
        }
        return json;
    }

    static void member(StringBuilder json, String name) {
        if (json.length() > 1) {
            json.append(',');
        }
        json.append(quoted(name)).append(':');
    }

    private static String quoted(String text) {
        return Json.mapper().getNodeFactory().stringNode(text).toString();
    }

    private void all(StringBuilder json, List<Instance> instances) {
        boolean asKept = form.context() == LdContext.CORE
                && form.format() == Representation.Format.NORMALIZED
                && form.language().equals(LanguageFilter.NONE);
        json.append('[');
        for (Instance instance : instances) {
            if (json.charAt(json.length() - 1) != '[') {
                json.append(',');
            }
            int start = json.length();
            json.append(asKept && !instance.value().contains("\"expiresAt\":") ? instance.value() : read(instance));
            json.setLength(json.length() - 1);
            if (json.length() > start + 1) {
                json.append(',');
            }
            json.append("\"instanceId\":\"")
                    .append(INSTANCE)
                    .append(instance.hid())
                    .append('"');
            times(json, instance);
            json.append('}');
        }
        json.append(']');
    }

    private String read(Instance instance) {
        ObjectNode node = (ObjectNode) Json.mapper().readTree(instance.value());
        node.put("instanceId", ""); // so that concise keeps it an object
        ObjectNode formed = (ObjectNode) form.attribute(node);
        formed.remove("instanceId");
        return formed.toString();
    }

    /** An instance tells when it was: observed, else modified, and what was asked for. */
    private void times(StringBuilder json, Instance instance) {
        if (instance.mark()) {
            time(json, "deletedAt", instance.createdAt());
            return;
        }
        boolean every = form.withTimes();
        if (every || property == TemporalQuery.Property.CREATED) {
            time(json, "createdAt", instance.createdAt());
        }
        if (every || property == TemporalQuery.Property.MODIFIED || !instance.observed()) {
            Instant modifiedAt = instance.modifiedAt();
            time(json, "modifiedAt", modifiedAt == null ? instance.createdAt() : modifiedAt);
        }
    }

    private static void time(StringBuilder json, String name, Instant at) {
        json.append(",\"").append(name).append("\":\"").append(at).append('"');
    }

    /** One object for each dataset, and kind where that changed. */
    private JsonNode pairs(List<Instance> instances) {
        Map<String, ObjectNode> byDataset = new LinkedHashMap<>();
        Representation normalized = new Representation(
                form.context(),
                Representation.Format.NORMALIZED,
                Projection.ALL,
                Set.of(),
                form.language(),
                false,
                Join.NONE);
        for (Instance instance : instances) {
            JsonNode read = normalized.attribute(Json.mapper().readTree(instance.value()));
            AttributeKind kind = AttributeKind.of(read);
            ObjectNode series =
                    byDataset.computeIfAbsent(instance.dataset() + ' ' + kind, key -> series(kind, instance.dataset()));
            ((ArrayNode) series.path(plural(kind)))
                    .add(Json.mapper()
                            .createArrayNode()
                            .add(value(kind, read))
                            .add(instance.moment().toString()));
        }
        if (byDataset.isEmpty()) {
            return Json.mapper().createArrayNode();
        }
        return oneOrMany(byDataset.values());
    }

    static JsonNode oneOrMany(java.util.Collection<ObjectNode> nodes) {
        if (nodes.size() == 1) {
            return nodes.iterator().next();
        }
        ArrayNode many = Json.mapper().createArrayNode();
        nodes.forEach(many::add);
        return many;
    }

    private static ObjectNode series(AttributeKind kind, String dataset) {
        ObjectNode series = Json.mapper().createObjectNode();
        series.put("type", kind.type());
        if (!dataset.isEmpty()) {
            series.put("datasetId", dataset);
        }
        series.set(plural(kind), Json.mapper().createArrayNode());
        return series;
    }

    private static JsonNode value(AttributeKind kind, JsonNode instance) {
        JsonNode value = instance.path(kind.member());
        return switch (kind) {
            case PROPERTY, GEO, RELATIONSHIP, LIST -> value;
            case LIST_RELATIONSHIP -> QueryMatch.uris(value);
            case LANGUAGE, VOCAB, JSON -> Json.mapper().createObjectNode().set(kind.member(), value);
        };
    }

    private static String plural(AttributeKind kind) {
        return kind.member() + "s";
    }
}

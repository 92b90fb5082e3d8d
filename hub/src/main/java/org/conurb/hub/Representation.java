package org.conurb.hub;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a client wants entities: names by its context, and normalized, concise or simplified (GS CIM 009 clause 4.5).
 *
 * @param attributes kept names to show; empty for all
 * @param withTimes whether entities tell when they were created and modified
 */
record Representation(LdContext context, Format format, Set<String> attributes, boolean withTimes) {
    enum Format {
        NORMALIZED,
        CONCISE,
        SIMPLIFIED
    }

    static final Representation KEPT = new Representation(LdContext.CORE, Format.NORMALIZED, Set.of(), false);
    static final Representation SIMPLE = new Representation(LdContext.CORE, Format.SIMPLIFIED, Set.of(), false);

    static Format format(@Nullable String format, List<String> options) {
        if (format == null) {
            return options.contains("keyValues") || options.contains("simplified")
                    ? Format.SIMPLIFIED
                    : options.contains("concise") ? Format.CONCISE : Format.NORMALIZED;
        }
        return switch (format) {
            case "keyValues", "simplified" -> Format.SIMPLIFIED;
            case "concise" -> Format.CONCISE;
            case "normalized" -> Format.NORMALIZED;
            default ->
                throw NgsiLdFault.badData(
                        "There is no such format.", "Send format=normalized, concise, simplified or keyValues.");
        };
    }

    /** Whether a kept document is already what the client wants. */
    boolean isKept() {
        return context == LdContext.CORE && format == Format.NORMALIZED && attributes.isEmpty() && !withTimes;
    }

    ObjectNode of(Found found) {
        ObjectNode entity = of(found.document());
        if (withTimes) {
            times(entity, found.stored().createdAt(), found.stored().at());
        }
        return entity;
    }

    private static void times(ObjectNode entity, Instant createdAt, Instant modifiedAt) {
        entity.put("createdAt", createdAt.toString());
        entity.put("modifiedAt", modifiedAt.toString());
    }

    /** Of a document from which what is hidden has been taken. */
    ObjectNode of(ObjectNode document) {
        if (isKept()) {
            return document;
        }
        ObjectNode entity = Json.mapper().createObjectNode();
        for (Map.Entry<String, JsonNode> member : document.properties()) {
            String name = member.getKey();
            switch (name) {
                case "id", "scope" -> entity.set(name, member.getValue());
                case "type" -> entity.set("type", names(member.getValue()));
                default -> {
                    if (attributes.isEmpty() || attributes.contains(name)) {
                        entity.set(context.compact(name), attribute(member.getValue()));
                    }
                }
            }
        }
        return entity;
    }

    JsonNode attribute(JsonNode attribute) {
        if (!(attribute instanceof ArrayNode many)) {
            return instance((ObjectNode) attribute);
        }
        if (format == Format.SIMPLIFIED) {
            ObjectNode byDataset = Json.mapper().createObjectNode();
            for (JsonNode one : many) {
                String dataset = EntityReader.dataset(one);
                byDataset.set(dataset.isEmpty() ? "@none" : dataset, instance((ObjectNode) one));
            }
            return Json.mapper().createObjectNode().set("dataset", byDataset);
        }
        ArrayNode all = Json.mapper().createArrayNode();
        many.forEach(one -> all.add(instance((ObjectNode) one)));
        return all;
    }

    private JsonNode instance(ObjectNode instance) {
        AttributeKind kind = AttributeKind.of(instance);
        JsonNode value =
                kind == AttributeKind.VOCAB ? names(instance.path(kind.member())) : instance.path(kind.member());
        return switch (format) {
            case SIMPLIFIED -> simple(kind, value);
            case CONCISE -> concise(kind, value, instance);
            case NORMALIZED -> members(kind, value, instance, true);
        };
    }

    private static JsonNode simple(AttributeKind kind, JsonNode value) {
        return switch (kind) {
            case PROPERTY, GEO, RELATIONSHIP -> value;
            case LANGUAGE, VOCAB, JSON, LIST, LIST_RELATIONSHIP ->
                Json.mapper().createObjectNode().set(kind.member(), value);
        };
    }

    private JsonNode concise(AttributeKind kind, JsonNode value, ObjectNode instance) {
        boolean bare = instance.size() == 2;
        if (bare && (kind == AttributeKind.GEO || kind == AttributeKind.PROPERTY && !value.isContainer())) {
            return value;
        }
        return members(kind, value, instance, false);
    }

    private ObjectNode members(AttributeKind kind, JsonNode value, ObjectNode instance, boolean typed) {
        ObjectNode node = Json.mapper().createObjectNode();
        for (Map.Entry<String, JsonNode> member : instance.properties()) {
            String name = member.getKey();
            if (name.equals("type")) {
                if (typed) {
                    node.set("type", member.getValue());
                }
            } else if (name.equals(kind.member())) {
                node.set(name, value);
            } else if (name.equals("objectType")) {
                node.set(name, names(member.getValue()));
            } else if (member.getValue().isObject()) {
                node.set(context.compact(name), instance((ObjectNode) member.getValue()));
            } else {
                node.set(name, member.getValue());
            }
        }
        return node;
    }

    private JsonNode names(JsonNode kept) {
        if (context == LdContext.CORE) {
            return kept;
        }
        if (kept.isString()) {
            return Json.mapper().getNodeFactory().stringNode(context.compact(kept.stringValue()));
        }
        List<String> all = new ArrayList<>();
        kept.forEach(one -> all.add(context.compact(one.stringValue())));
        return Json.mapper().valueToTree(all);
    }
}

package org.conurb.hub;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A merge patch of an entity as it came (GS CIM 009 clauses 5.6.17, 6.5.3.4). What a simplified value or a word in a
 * common language means depends on the attribute that it changes, so such a patch is read when that is known.
 *
 * @param body as sent
 * @param simplified whether attributes are bare values, and keep their kind
 * @param language tag of words that come bare
 * @param observedAt for attributes that had one and come without
 */
record MergePatch(
        LdContext context,
        ObjectNode body,
        boolean simplified,
        Optional<String> language,
        Optional<String> observedAt) {
    static final Set<String> PARAMETERS = Set.of("format", "options", "lang", "observedAt", "type");

    private static final Set<String> MEMBERS = Set.of(
            "id", "@id", "type", "@type", "@context", "scope", "expiresAt", "createdAt", "modifiedAt", "deletedAt");

    static MergePatch of(Map<String, String> given, LdContext context, ObjectNode body) {
        boolean simplified = simplified(given);
        Optional<String> language = Optional.ofNullable(given.get("lang"));
        if (language.isPresent() && !AttributeValues.isLanguage(language.get())) {
            throw NgsiLdFault.badData("lang is no language tag.", "Send one, as lang=en.");
        }
        Optional<String> observedAt = Optional.ofNullable(given.get("observedAt"))
                .map(text -> {
                    EntityReader.moment(
                            "The parameter observedAt",
                            Json.mapper().getNodeFactory().stringNode(text));
                    return text;
                });
        return new MergePatch(context, body, simplified, language, observedAt);
    }

    private static boolean simplified(Map<String, String> given) {
        String format = given.get("format");
        for (String option : EntityQuery.list("options", given.get("options"), 10)) {
            format = format == null ? option : format;
            demandFormat("options", option);
        }
        if (format != null) {
            demandFormat("format", format);
        }
        return format != null;
    }

    private static void demandFormat(String name, String value) {
        if (!value.equals("simplified") && !value.equals("keyValues")) {
            throw NgsiLdFault.badData(
                    "A merge patch knows no %s %s."
                            .formatted(name, value.length() > 60 ? value.substring(0, 60) + "…" : value),
                    "Send simplified, its synonym keyValues, or leave it out: concise attributes are read as they are.");
        }
    }

    /** What becomes of the entity. */
    ObjectNode on(ObjectNode kept) {
        ObjectNode typed = simplified || language.isPresent() ? typed(kept) : body;
        ObjectNode fragment = new EntityReader(context).fragment(typed, Nulls.EVERYWHERE);
        observedAt.ifPresent(moment -> observe(kept, fragment, moment));
        return EntityMerge.merge(kept, fragment);
    }

    private static void observe(ObjectNode kept, ObjectNode fragment, String moment) {
        fragment.properties().forEach(member -> {
            if (Stored.isAttribute(member.getKey()) && kept.has(member.getKey())) {
                for (JsonNode coming : AttributeReader.instances(member.getValue())) {
                    JsonNode before = EntityMerge.instance(kept.get(member.getKey()), EntityReader.dataset(coming));
                    if (before != null && before.has("observedAt") && !coming.has("observedAt")) {
                        ((ObjectNode) coming).put("observedAt", moment);
                    }
                }
            }
        });
    }

    private ObjectNode typed(ObjectNode kept) {
        ObjectNode typed = Json.mapper().createObjectNode();
        for (Map.Entry<String, JsonNode> member : body.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            JsonNode attribute = MEMBERS.contains(name) ? null : kept.get(context.expand(name));
            if (attribute != null && !attribute.isContainer()) {
                attribute = null;
            }
            if (MEMBERS.contains(name)) {
                typed.set(name, value);
            } else if (simplified && value.size() == 1 && value.path("dataset").isObject()) {
                typed.set(name, instances(attribute, value.path("dataset")));
            } else {
                AttributeKind kind = attribute == null ? guessed(value) : kind(attribute, "");
                boolean whole = simplified
                        ? attribute == null && Nulls.is(value)
                        : attribute == null || !isBareWord(kind, value);
                typed.set(name, whole ? value : instance(kind, value));
            }
        }
        return typed;
    }

    /** The kind of that instance; of a new one, that of the others. */
    private static AttributeKind kind(JsonNode attribute, String dataset) {
        JsonNode same = EntityMerge.instance(attribute, dataset);
        return AttributeKind.of(
                same == null ? AttributeReader.instances(attribute).iterator().next() : same);
    }

    private static boolean isBareWord(AttributeKind kind, JsonNode value) {
        return kind == AttributeKind.LANGUAGE && !Nulls.is(value) && (value.isString() || value.isArray());
    }

    private ArrayNode instances(@Nullable JsonNode attribute, JsonNode byDataset) {
        ArrayNode all = Json.mapper().createArrayNode();
        for (Map.Entry<String, JsonNode> one : byDataset.properties()) {
            String dataset = one.getKey().equals("@none") ? "" : one.getKey();
            AttributeKind kind = attribute == null ? null : kind(attribute, dataset);
            ObjectNode instance = instance(kind == null ? guessed(one.getValue()) : kind, one.getValue());
            all.add(instance.put("datasetId", one.getKey()));
        }
        return all;
    }

    private ObjectNode instance(AttributeKind kind, JsonNode value) {
        boolean wrapped = kind != AttributeKind.PROPERTY && value.size() == 1 && value.has(kind.member());
        JsonNode bare = wrapped ? value.get(kind.member()) : value;
        ObjectNode instance = Json.mapper().createObjectNode();
        instance.put("type", kind.type());
        instance.set(kind.member(), isBareWord(kind, bare) ? inLanguage(bare) : bare);
        return instance;
    }

    private JsonNode inLanguage(JsonNode words) {
        return Json.mapper().createObjectNode().set(language.orElse("@none"), words);
    }

    private static AttributeKind guessed(JsonNode value) {
        if (AttributeReader.isGeometry(value)) {
            return AttributeKind.GEO;
        }
        for (AttributeKind kind : AttributeKind.values()) {
            if (!kind.member().equals("value") && value.size() == 1 && value.has(kind.member())) {
                return kind;
            }
        }
        return AttributeKind.PROPERTY;
    }
}

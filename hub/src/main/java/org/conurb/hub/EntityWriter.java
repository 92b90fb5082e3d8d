package org.conurb.hub;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes kept entities as a client wants them (GS CIM 009 clause 4.5), for one answer: the counterpart of
 * {@link EntityReader}.
 */
final class EntityWriter {
    /** Entities written within others in one answer. */
    private static final int MOST_WITHIN = 10_000;

    /** Members of attributes that hold names. */
    private static final Set<String> NAMES = Set.of("objectType", "valueType", "entityTypeSealed");

    private final Representation form;
    private final Map<String, Found> linked;
    private final Deque<String> around = new ArrayDeque<>();
    private int within;

    /** @param linked entities that may be written within those that name them, by id */
    EntityWriter(Representation form, Map<String, Found> linked) {
        this.form = form;
        this.linked = linked;
    }

    /** For the entities of a page, any of which may be written within another. */
    EntityWriter(Representation form, Found.Page page) {
        this(form, new HashMap<>());
        if (form.join().mode() == Join.Mode.INLINE) {
            page.coming().forEach((id, one) -> linked.put(id, one.found()));
            page.entities().forEach(found -> linked.put(found.stored().id(), found));
        }
    }

    /** Whether the kept text is what would be written, so that it need not be read. */
    static boolean isKept(Representation form, String text) {
        return form.isKept() && !text.contains("\"expiresAt\":");
    }

    ObjectNode entity(Found found, Projection projection) {
        if (form.withTimes()) {
            ObjectNode document = found.document().deepCopy();
            found.stored().putTimes(document);
            return entity(document, projection);
        }
        return entity(found.document(), projection);
    }

    ObjectNode entity(ObjectNode document, Projection projection) {
        ObjectNode entity = Json.mapper().createObjectNode();
        around.push(document.path("id").stringValue(""));
        for (Map.Entry<String, JsonNode> member : document.properties()) {
            String name = member.getKey();
            if (!projection.keeps(name)) {
                continue;
            }
            switch (name) {
                case "id", "scope" -> entity.set(name, member.getValue());
                case "type" -> entity.set("type", names(member.getValue()));
                case "createdAt", "modifiedAt", "expiresAt", "deletedAt" -> {
                    if (form.withTimes()) {
                        entity.set(name, member.getValue());
                    }
                }
                default -> {
                    JsonNode told = attribute(member.getValue(), projection.within(name), true);
                    if (told != null) {
                        entity.set(form.context().compact(name), told);
                    }
                }
            }
        }
        around.pop();
        return entity;
    }

    JsonNode attribute(JsonNode attribute) {
        JsonNode told = attribute(attribute, Projection.ALL, false);
        return told == null ? Json.mapper().createArrayNode() : told;
    }

    /** @return null where no instance is of a dataset that is told */
    private @Nullable JsonNode attribute(JsonNode attribute, Projection projection, boolean joins) {
        if (!(attribute instanceof ArrayNode many)) {
            return told(attribute) ? instance((ObjectNode) attribute, projection, joins) : null;
        }
        List<JsonNode> instances = new ArrayList<>();
        many.forEach(one -> {
            if (told(one)) {
                instances.add(one);
            }
        });
        if (instances.isEmpty()) {
            return null;
        }
        if (instances.size() == 1) {
            return instance((ObjectNode) instances.getFirst(), projection, joins);
        }
        if (form.format() == Representation.Format.SIMPLIFIED) {
            ObjectNode byDataset = Json.mapper().createObjectNode();
            for (JsonNode one : instances) {
                String dataset = EntityReader.dataset(one);
                byDataset.set(dataset.isEmpty() ? "@none" : dataset, instance((ObjectNode) one, projection, joins));
            }
            return Json.mapper().createObjectNode().set("dataset", byDataset);
        }
        ArrayNode all = Json.mapper().createArrayNode();
        instances.forEach(one -> all.add(instance((ObjectNode) one, projection, joins)));
        return all;
    }

    private boolean told(JsonNode instance) {
        return form.datasets().isEmpty() || form.datasets().contains(EntityReader.dataset(instance));
    }

    private JsonNode instance(ObjectNode kept, Projection projection, boolean joins) {
        AttributeKind kind = AttributeKind.of(kept);
        ObjectNode instance = kept;
        if (kind == AttributeKind.LANGUAGE && !form.language().equals(LanguageFilter.NONE)) {
            instance = inOneLanguage(kept);
            kind = AttributeKind.PROPERTY;
        }
        JsonNode value =
                kind == AttributeKind.VOCAB ? names(instance.path(kind.member())) : instance.path(kind.member());
        JsonNode entities = joins ? entities(kind, value, projection) : null;
        return switch (form.format()) {
            case SIMPLIFIED -> entities == null ? simple(kind, value) : entities;
            case CONCISE -> concise(kind, value, instance, entities);
            case NORMALIZED -> members(kind, value, instance, true, entities);
        };
    }

    /** A property in the language that is wanted (GS CIM 009 clause 4.15). */
    private ObjectNode inOneLanguage(ObjectNode kept) {
        JsonNode words = kept.path(AttributeKind.LANGUAGE.member());
        if (!words.isObject() || words.isEmpty()) {
            return kept.deepCopy().put("type", AttributeKind.PROPERTY.type()).set("value", words);
        }
        String tag = form.language().choose(words);
        ObjectNode property = Json.mapper().createObjectNode();
        kept.properties().forEach(member -> {
            switch (member.getKey()) {
                case "type" -> property.put("type", AttributeKind.PROPERTY.type());
                case "languageMap" -> property.set("value", words.path(tag));
                default -> property.set(member.getKey(), member.getValue());
            }
        });
        return property.put("lang", tag);
    }

    /** Entities that a relationship names, to stand in it; simplified with the ids of others between them; null for none. */
    private @Nullable JsonNode entities(AttributeKind kind, JsonNode value, Projection projection) {
        boolean relationship = kind == AttributeKind.RELATIONSHIP || kind == AttributeKind.LIST_RELATIONSHIP;
        if (!relationship
                || form.join().mode() != Join.Mode.INLINE
                || around.size() > form.join().level()) {
            return null;
        }
        ArrayNode all = Json.mapper().createArrayNode();
        int written = 0;
        for (JsonNode link : value.isArray() ? value : List.of(value)) {
            String id = QueryMatch.uri(link).stringValue();
            Found found = linked.get(id);
            if (found != null
                    && !around.contains(id)
                    && !form.join().containedBy().contains(id)) {
                if (++within > MOST_WITHIN) {
                    throw NgsiLdFault.tooManyResults(
                            "More than %d entities would be written within others.".formatted(MOST_WITHIN),
                            "Ask for fewer entities, for a smaller joinLevel, or join=flat.");
                }
                all.add(entity(found, projection));
                written++;
            } else if (form.format() == Representation.Format.SIMPLIFIED) {
                all.add(QueryMatch.uri(link));
            }
        }
        return written == 0 ? null : value.isArray() ? all : all.get(0);
    }

    private static JsonNode simple(AttributeKind kind, JsonNode value) {
        return switch (kind) {
            case PROPERTY, GEO, RELATIONSHIP, LIST -> value;
            case LIST_RELATIONSHIP -> QueryMatch.uris(value);
            case LANGUAGE, VOCAB, JSON -> Json.mapper().createObjectNode().set(kind.member(), value);
        };
    }

    private JsonNode concise(AttributeKind kind, JsonNode value, ObjectNode instance, @Nullable JsonNode entities) {
        boolean bare = instance.size() == 2;
        if (bare && (kind == AttributeKind.GEO || kind == AttributeKind.PROPERTY && !value.isContainer())) {
            return value;
        }
        boolean takenForPlace = kind == AttributeKind.PROPERTY && AttributeReader.isGeometry(value);
        return members(kind, value, instance, takenForPlace, entities);
    }

    private ObjectNode members(
            AttributeKind kind, JsonNode value, ObjectNode instance, boolean typed, @Nullable JsonNode entities) {
        ObjectNode node = Json.mapper().createObjectNode();
        for (Map.Entry<String, JsonNode> member : instance.properties()) {
            String name = member.getKey();
            if (name.equals("type")) {
                if (typed) {
                    node.set("type", member.getValue());
                }
            } else if (name.equals(kind.member())) {
                node.set(name, value);
                if (entities != null) {
                    node.set(kind == AttributeKind.LIST_RELATIONSHIP ? "entityList" : "entity", entities);
                }
            } else if (NAMES.contains(name)) {
                node.set(name, names(member.getValue()));
            } else if (AttributeKind.isPrevious(name)) {
                node.set(name, kind == AttributeKind.VOCAB ? names(member.getValue()) : member.getValue());
            } else if (member.getValue().isContainer()) {
                node.set(form.context().compact(name), sub(member.getValue()));
            } else if (form.withTimes() || !name.equals("expiresAt")) {
                node.set(name, member.getValue());
            }
        }
        return node;
    }

    /** A sub-attribute, all of its instances. */
    private JsonNode sub(JsonNode kept) {
        if (kept instanceof ObjectNode one) {
            return instance(one, Projection.ALL, false);
        }
        ArrayNode all = Json.mapper().createArrayNode();
        kept.forEach(one -> all.add(instance((ObjectNode) one, Projection.ALL, false)));
        return all;
    }

    private JsonNode names(JsonNode kept) {
        LdContext context = form.context();
        if (context == LdContext.CORE) {
            return kept;
        }
        if (kept.isString()) {
            return Documents.text(context.compact(kept.stringValue()));
        }
        ArrayNode all = Json.mapper().createArrayNode();
        kept.forEach(one -> all.add(one.isString() ? Documents.text(context.compact(one.stringValue())) : one));
        return all;
    }
}

package org.conurb.hub;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.conurb.kernel.Json;
import org.conurb.kernel.OrganisationId;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Entities of rooms as kept documents, and back. */
final class Documents {
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private Documents() {}

    static ObjectNode none() {
        return Json.mapper().createObjectNode();
    }

    static JsonNode text(String value) {
        return Json.mapper().getNodeFactory().stringNode(value);
    }

    /** Whether both would be written alike: members in the same order, 1 apart from 1.0. */
    static boolean same(@Nullable JsonNode a, @Nullable JsonNode b) {
        if (a == b || a == null || b == null) {
            return a == b;
        }
        if (a.getNodeType() != b.getNodeType() || a.size() != b.size()) {
            return false;
        }
        if (!a.isContainer()) {
            return a.isString()
                    ? a.stringValue().equals(b.stringValue())
                    : a.toString().equals(b.toString());
        }
        Iterator<String> namesOfA = a.propertyNames().iterator();
        Iterator<String> namesOfB = b.propertyNames().iterator();
        while (namesOfA.hasNext()) {
            if (!namesOfA.next().equals(namesOfB.next())) {
                return false;
            }
        }
        Iterator<JsonNode> valuesOfB = b.iterator();
        for (JsonNode value : a) {
            if (!same(value, valuesOfB.next())) {
                return false;
            }
        }
        return true;
    }

    /** Passes the same reader as what comes over HTTP, so a room cannot write what a client could not. */
    static ObjectNode of(Entity entity) {
        ObjectNode body = none();
        body.put("id", entity.id());
        body.put("type", entity.type());
        entity.attributes().forEach((name, attribute) -> body.set(name, node(attribute)));
        return new EntityReader(LdContext.CORE).entity(body);
    }

    private static ObjectNode node(Attribute attribute) {
        ObjectNode node = none();
        AttributeKind kind = switch (attribute) {
            case Attribute.Property property -> set(node, AttributeKind.PROPERTY, property.value());
            case Attribute.Relationship links ->
                set(
                        node,
                        AttributeKind.RELATIONSHIP,
                        links.many() ? links.ids() : links.ids().getFirst());
            case Attribute.GeoProperty geo -> set(node, AttributeKind.GEO, geo.geoJson());
            case Attribute.LanguageProperty words -> set(node, AttributeKind.LANGUAGE, words.words());
        };
        node.put("type", kind.type());
        attribute.observedAt().ifPresent(at -> node.put("observedAt", at.toString()));
        return node;
    }

    private static AttributeKind set(ObjectNode node, AttributeKind kind, Object value) {
        node.set(kind.member(), json(value));
        return kind;
    }

    private static JsonNode json(Object value) {
        return switch (value) {
            case String text -> Json.mapper().getNodeFactory().stringNode(text);
            case Integer number -> Json.mapper().getNodeFactory().numberNode(number);
            case Double number -> Json.mapper().getNodeFactory().numberNode(number);
            default -> Json.mapper().valueToTree(value);
        };
    }

    /** What a room can read of a document: attributes of other kinds and second instances are left out. */
    static Entity entity(ObjectNode document, OrganisationId owner) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : document.properties()) {
            if (Stored.isAttribute(member.getKey())) {
                Attribute attribute = attribute(firstInstance(member.getValue()));
                if (attribute != null) {
                    attributes.put(member.getKey(), attribute);
                }
            }
        }
        return new Entity(
                document.path("id").stringValue(), Stored.types(document).getFirst(), owner, attributes);
    }

    private static JsonNode firstInstance(JsonNode attribute) {
        return attribute instanceof ArrayNode many ? many.get(0) : attribute;
    }

    private static @Nullable Attribute attribute(JsonNode node) {
        Optional<Instant> observedAt =
                Optional.ofNullable(node.get("observedAt")).map(at -> Instant.parse(at.stringValue()));
        AttributeKind kind = AttributeKind.of(node);
        JsonNode value = node.path(kind.member());
        return switch (kind) {
            case PROPERTY -> new Attribute.Property(Json.mapper().treeToValue(value, Object.class), observedAt);
            case RELATIONSHIP -> {
                List<String> ids = new ArrayList<>();
                (value.isArray() ? value : List.of(value)).forEach(id -> ids.add(id.stringValue()));
                yield new Attribute.Relationship(ids, value.isArray(), observedAt);
            }
            case GEO -> new Attribute.GeoProperty(Json.mapper().treeToValue(value, OBJECT), observedAt);
            case LANGUAGE -> {
                Map<String, String> words = new LinkedHashMap<>();
                value.properties()
                        .forEach(
                                word -> words.put(word.getKey(), word.getValue().asString()));
                yield new Attribute.LanguageProperty(words, observedAt);
            }
            case VOCAB, JSON, LIST, LIST_RELATIONSHIP -> null;
        };
    }
}

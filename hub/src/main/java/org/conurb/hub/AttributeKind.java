package org.conurb.hub;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The kinds of attribute that NGSI-LD knows, and the member that holds the value of each (GS CIM 009 clause 4.5). */
enum AttributeKind {
    PROPERTY("Property", "value"),
    RELATIONSHIP("Relationship", "object"),
    GEO("GeoProperty", "value"),
    LANGUAGE("LanguageProperty", "languageMap"),
    VOCAB("VocabProperty", "vocab"),
    JSON("JsonProperty", "json"),
    LIST("ListProperty", "valueList"),
    LIST_RELATIONSHIP("ListRelationship", "objectList");

    /** Names that mean something in an entity or an attribute and so can name no attribute (clauses 4.5.1, 4.5.2.2). */
    private static final Set<String> RESERVED = reserved();

    private static final Set<String> MEMBERS =
            Stream.of(values()).map(AttributeKind::member).collect(Collectors.toUnmodifiableSet());

    private static final Set<String> PREVIOUS =
            Stream.of(values()).map(AttributeKind::previous).collect(Collectors.toUnmodifiableSet());

    private final String type;
    private final String member;
    private final String previous;

    AttributeKind(String type, String member) {
        this.type = type;
        this.member = member;
        this.previous = "previous" + member.substring(0, 1).toUpperCase(Locale.ROOT) + member.substring(1);
    }

    private static Set<String> reserved() {
        Set<String> names = new HashSet<>(Set.of(
                "id",
                "type",
                "scope",
                "createdAt",
                "modifiedAt",
                "deletedAt",
                "expiresAt",
                "datasetId",
                "instanceId",
                "observedAt",
                "unitCode",
                "lang",
                "objectType",
                "valueType",
                "entity",
                "entityList",
                "entityIdSealed",
                "entityTypeSealed"));
        for (AttributeKind kind : values()) {
            names.add(kind.previous);
        }
        return Set.copyOf(names);
    }

    static boolean isReserved(String name) {
        return RESERVED.contains(name);
    }

    /** Whether it names what holds a value: of an attribute; an entity may have an attribute of that name. */
    static boolean isMember(String name) {
        return MEMBERS.contains(name);
    }

    String type() {
        return type;
    }

    /** Name of the member that holds the value. */
    String member() {
        return member;
    }

    /** Name of the member that holds the value before a change, in notifications (clause 5.8.6). */
    String previous() {
        return previous;
    }

    /** Whether a member of an instance tells a value of before. */
    static boolean isPrevious(String name) {
        return PREVIOUS.contains(name);
    }

    /** The value of an instance that was taken away (GS CIM 009 clause 4.5.7). */
    JsonNode nothing() {
        JsonNode nothing = Json.mapper().getNodeFactory().stringNode(Nulls.NULL);
        return this == LANGUAGE ? Json.mapper().createObjectNode().set("@none", nothing) : nothing;
    }

    boolean hasUnit() {
        return this == PROPERTY || this == LIST || this == GEO;
    }

    static @Nullable AttributeKind ofType(@Nullable JsonNode type) {
        if (type != null && type.isString()) {
            for (AttributeKind kind : values()) {
                if (kind.type.equals(type.stringValue())) {
                    return kind;
                }
            }
        }
        return null;
    }

    /** The kind of a kept attribute, which always names it. */
    static AttributeKind of(JsonNode attribute) {
        AttributeKind kind = ofType(attribute.get("type"));
        if (kind == null) {
            throw new IllegalStateException("A kept attribute has no type");
        }
        return kind;
    }
}

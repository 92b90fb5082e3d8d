package org.conurb.hub;

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

    private static final String PREVIOUS = "previous";

    private final String type;
    private final String member;

    AttributeKind(String type, String member) {
        this.type = type;
        this.member = member;
    }

    String type() {
        return type;
    }

    /** Name of the member that holds the value. */
    String member() {
        return member;
    }

    /** The member that tells what the value was before (clause 5.8.6). */
    String previous() {
        return PREVIOUS + Character.toUpperCase(member.charAt(0)) + member.substring(1);
    }

    /** Whether a member of an instance tells a value of before. */
    static boolean isPrevious(String name) {
        if (name.startsWith(PREVIOUS)) {
            for (AttributeKind kind : values()) {
                if (kind.previous().equals(name)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The value of an instance that was taken away (GS CIM 009 clause 4.5.7). */
    JsonNode nothing() {
        JsonNode nothing = Json.mapper().getNodeFactory().stringNode(EntityReader.NULL);
        return this == LANGUAGE ? Json.mapper().createObjectNode().set("@none", nothing) : nothing;
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

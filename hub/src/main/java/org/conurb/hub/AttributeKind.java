package org.conurb.hub;

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

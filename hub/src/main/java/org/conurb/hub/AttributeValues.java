package org.conurb.hub;

import static org.conurb.hub.EntityReader.shape;

import java.util.Map;
import java.util.regex.Pattern;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads what the kinds of attribute hold (GS CIM 009 clauses 4.6 and 4.7), each into its kept form. */
final class AttributeValues {
    private static final int MAX_LINKS = 1_000;
    private static final int MAX_LANGUAGES = 200;
    private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,6}|@none");

    private final LdContext context;
    private final Nulls nulls;

    AttributeValues(LdContext context, Nulls nulls) {
        this.context = context;
        this.nulls = nulls;
    }

    /**
     * @param value null where there is no such member
     * @return the value, or {@link Nulls#NULL} where it is to be taken away
     */
    JsonNode read(String place, AttributeKind kind, @Nullable JsonNode value) {
        if (value == null) {
            throw NgsiLdFault.badData(
                    "%s has no %s.".formatted(place, kind.member()),
                    "A %s holds its value in %s.".formatted(kind.type(), kind.member()));
        }
        if (nothing(kind, value)) {
            if (nulls == Nulls.REFUSED) {
                throw NgsiLdFault.badData(
                        "%s is null, which says nothing.".formatted(place),
                        "Leave it out; to take it away, send %s in a merge patch.".formatted(Nulls.NULL));
            }
            return text(Nulls.NULL);
        }
        return switch (kind) {
            case PROPERTY -> property(place, value);
            case JSON -> json(place, value);
            case GEO -> geometry(place, value);
            case RELATIONSHIP -> links(place, value);
            case LIST_RELATIONSHIP -> linkList(place, value);
            case LIST -> list(place, value);
            case LANGUAGE -> languages(place, value);
            case VOCAB -> vocabulary(place, value);
        };
    }

    /** Every form of NGSI-LD Null (clause 4.5.0), and the null of JSON that a merge patch may have. */
    private static boolean nothing(AttributeKind kind, JsonNode value) {
        return value.isNull()
                || Nulls.is(value)
                || (kind == AttributeKind.LIST || kind == AttributeKind.LIST_RELATIONSHIP)
                        && value.isArray()
                        && value.size() == 1
                        && Nulls.is(value.get(0))
                || kind == AttributeKind.LANGUAGE && value.size() == 1 && Nulls.is(value.path("@none"));
    }

    private static JsonNode text(String text) {
        return Json.mapper().getNodeFactory().stringNode(text);
    }

    private JsonNode property(String place, JsonNode value) {
        if (nulls != Nulls.EVERYWHERE && Nulls.inside(value)) {
            throw shape(place, "only a merge patch takes members of a value away by " + Nulls.NULL);
        }
        return Clean.demand(place, value);
    }

    private static JsonNode json(String place, JsonNode value) {
        boolean objects = value.isObject();
        if (value.isArray()) {
            objects = true;
            for (JsonNode one : value) {
                objects &= one.isObject();
            }
        }
        if (!objects) {
            throw shape(place, "json is an object, or a list of objects");
        }
        return Clean.demand(place, value);
    }

    /** As an object, or as text that holds one (clause 4.7.2). */
    private static JsonNode geometry(String place, JsonNode value) {
        JsonNode geometry = value;
        if (value.isString()) {
            try {
                geometry = Json.mapper().readTree(value.stringValue());
            } catch (JacksonException e) {
                throw shape(place, "text in place of a geometry holds GeoJSON");
            }
        }
        Geometries.read(place, geometry);
        return Clean.demand(place, geometry);
    }

    private static JsonNode links(String place, JsonNode value) {
        if (!value.isArray()) {
            return text(EntityReader.id(place, value));
        }
        demandFew(place, value);
        ArrayNode links = Json.mapper().createArrayNode();
        value.forEach(one -> links.add(EntityReader.id(place, one)));
        return links;
    }

    /** Each entry an object with {@code object}, as it is normalized; a bare URI means the same. */
    private static JsonNode linkList(String place, JsonNode value) {
        if (!value.isArray()) {
            throw shape(place, "objectList is a list");
        }
        demandFew(place, value);
        ArrayNode links = Json.mapper().createArrayNode();
        for (JsonNode one : value) {
            if (one.isObject() && one.size() != 1) {
                throw shape(place, "an entry of objectList has one member, object");
            }
            links.addObject().put("object", EntityReader.id(place, one.isObject() ? one.get("object") : one));
        }
        return links;
    }

    private static void demandFew(String place, JsonNode links) {
        if (links.size() > MAX_LINKS) {
            throw shape(place, "at most %d relationships fit in one attribute".formatted(MAX_LINKS));
        }
    }

    private static JsonNode list(String place, JsonNode value) {
        if (!value.isArray()) {
            throw shape(place, "valueList is a list");
        }
        return Clean.demand(place, value);
    }

    private JsonNode languages(String place, JsonNode value) {
        if (!(value instanceof ObjectNode map) || map.isEmpty() || map.size() > MAX_LANGUAGES) {
            throw shape(place, "languageMap is an object of 1 to %d texts by language".formatted(MAX_LANGUAGES));
        }
        for (Map.Entry<String, JsonNode> word : map.properties()) {
            if (!isLanguage(word.getKey()) || !isWords(word.getValue())) {
                throw shape(place, "languageMap has a text, or a list of texts, for each language tag or @none");
            }
            if (Nulls.is(word.getValue()) && nulls != Nulls.EVERYWHERE) {
                throw shape(place, "only a merge patch takes one language away by " + Nulls.NULL);
            }
        }
        return Clean.demand(place, value);
    }

    static boolean isLanguage(String tag) {
        return LANGUAGE.matcher(tag).matches();
    }

    private static boolean isWords(JsonNode value) {
        boolean words = value.isString() || value.isArray() && !value.isEmpty();
        if (value.isArray()) {
            for (JsonNode one : value) {
                words &= one.isString();
            }
        }
        return words;
    }

    private JsonNode vocabulary(String place, JsonNode value) {
        ArrayNode terms = Json.mapper().createArrayNode();
        for (JsonNode one : AttributeReader.instances(value)) {
            if (!one.isString()) {
                throw shape(place, "vocab is a term or a list of terms");
            }
            terms.add(Names.demand("a term", context.expand(one.stringValue())));
        }
        if (terms.isEmpty()) {
            throw shape(place, "vocab is a term or a list of terms");
        }
        return value.isArray() ? terms : terms.get(0);
    }

    /** A moment as it was sent, but for a comma before the fraction, which old clients send. */
    JsonNode moment(String place, JsonNode value) {
        JsonNode dotted = value.isString() ? text(value.stringValue().replace(',', '.')) : value;
        EntityReader.moment(place, dotted);
        return dotted;
    }

    /** The datatype of a Property's value (clause 4.5.2). */
    JsonNode valueType(String place, AttributeKind kind, JsonNode value) {
        boolean words = kind == AttributeKind.LANGUAGE;
        if (!value.isString() || words && !value.stringValue().equals("langString")) {
            throw shape(place, words ? "valueType of a LanguageProperty is langString" : "valueType is a name");
        }
        if (kind == AttributeKind.RELATIONSHIP || kind == AttributeKind.LIST_RELATIONSHIP) {
            throw shape(place, "a %s has no valueType".formatted(kind.type()));
        }
        return text(Names.demand("a datatype", context.expand(value.stringValue())));
    }
}

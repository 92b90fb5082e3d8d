package org.conurb.hub;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads entities as clients send them, normalized or concise, into the form in which they are kept: normalized, names as
 * {@link Names} has them. Refuses with the place of the fault what NGSI-LD does not allow (GS CIM 009 clauses 4.5.1, 5.4,
 * 5.5.4). {@code expiresAt} of the entity is in what is read, and in no kept document.
 */
final class EntityReader {
    private static final int MAX_ATTRIBUTES = 1_000;
    private static final int MAX_TYPES = 20;
    private static final int MAX_SCOPES = 20;
    private static final int MAX_ID_BYTES = 1_000;
    private static final int MAX_LENGTH = 1 << 20;
    private static final int SHORTEST_MOMENT = "2026-03-01T08:00:00Z".length();
    private static final Pattern SCOPE = Pattern.compile("/?\\p{L}[\\p{L}\\p{N}_]*(/\\p{L}[\\p{L}\\p{N}_]*){0,20}");

    private final LdContext context;

    EntityReader(LdContext context) {
        this.context = context;
    }

    /** A whole entity: {@code id}, {@code type} and attributes. */
    ObjectNode entity(ObjectNode body) {
        ObjectNode entity = Json.mapper().createObjectNode();
        entity.put("id", id("The entity", idOf(body)));
        entity.set("type", types(context, "The entity", typeOf(body)));
        attributes(body, entity, Nulls.REFUSED);
        return entity;
    }

    /** Attributes without the id; {@code type}, {@code scope} and {@code expiresAt} only where given. */
    ObjectNode fragment(ObjectNode body, Nulls nulls) {
        ObjectNode fragment = Json.mapper().createObjectNode();
        JsonNode type = typeOf(body);
        if (type != null) {
            fragment.set("type", types(context, "The entity", type));
        }
        attributes(body, fragment, nulls);
        return fragment;
    }

    /** Refuses what has grown beyond what one entity may be, piece by piece. */
    static void demandBounds(ObjectNode entity) {
        if (entity.size() > MAX_ATTRIBUTES
                || entity.path("type").size() > MAX_TYPES
                || entity.path("scope").size() > MAX_SCOPES
                || length(entity) > MAX_LENGTH) {
            throw NgsiLdFault.badData(
                    "The entity would become too large.",
                    "An entity has at most %d attributes, %d types, %d scopes and %d characters; make it several."
                            .formatted(MAX_ATTRIBUTES, MAX_TYPES, MAX_SCOPES, MAX_LENGTH));
        }
    }

    /** About so many characters as text. */
    private static long length(JsonNode node) {
        if (!node.isContainer()) {
            return node.isString() ? node.stringValue().length() + 3L : 8;
        }
        long length = 2;
        for (JsonNode part : node) {
            length += length(part);
        }
        for (String name : node.propertyNames()) {
            length += name.length() + 3L;
        }
        return length;
    }

    /** The id that a body tells, as it was sent. */
    static @Nullable JsonNode idOf(JsonNode body) {
        JsonNode id = body.get("id");
        return id == null ? body.get("@id") : id;
    }

    private static @Nullable JsonNode typeOf(JsonNode body) {
        JsonNode type = body.get("type");
        return type == null ? body.get("@type") : type;
    }

    private void attributes(ObjectNode body, ObjectNode into, Nulls nulls) {
        if (body.size() > MAX_ATTRIBUTES) {
            throw NgsiLdFault.badData(
                    "The entity has more than %d attributes.".formatted(MAX_ATTRIBUTES), "Make it several entities.");
        }
        AttributeReader reader = new AttributeReader(context, nulls);
        for (Map.Entry<String, JsonNode> member : body.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            switch (name) {
                case "id", "@id", "type", "@type", "@context" -> {}
                case "createdAt", "modifiedAt", "deletedAt" -> {}
                case "scope" -> into.set("scope", mayGo(value, nulls) ? value : scope(value));
                case "expiresAt" ->
                    into.set(
                            "expiresAt",
                            mayGo(value, nulls)
                                    ? value
                                    : new AttributeValues(context, nulls).moment("expiresAt", value));
                default -> {
                    String kept = attributeName(context, name);
                    if (into.has(kept)) {
                        throw NgsiLdFault.badData(
                                "%s comes twice, under two names.".formatted(name), "Send each attribute once.");
                    }
                    into.set(kept, reader.read(name, kept, value));
                }
            }
        }
    }

    private static boolean mayGo(JsonNode value, Nulls nulls) {
        return nulls != Nulls.REFUSED && Nulls.is(value);
    }

    /** The kept name of an attribute or sub-attribute; refuses what NGSI-LD has another meaning for. */
    static String attributeName(LdContext context, String name) {
        String kept = Names.demand("an attribute", context.expand(name));
        if (AttributeKind.isReserved(kept)) {
            throw NgsiLdFault.badData(
                    "%s cannot name an attribute: NGSI-LD has another meaning for it.".formatted(name),
                    "Choose another name.");
        }
        return kept;
    }

    /** The datasetId of a kept instance; empty for the default one. */
    static String dataset(JsonNode instance) {
        JsonNode dataset = instance.get("datasetId");
        return dataset == null ? "" : dataset.stringValue();
    }

    static String id(String place, @Nullable JsonNode id) {
        if (id == null || !id.isString()) {
            throw NgsiLdFault.badData("%s has no id.".formatted(place), "Send an id, which is a URI, as text.");
        }
        String text = id.stringValue();
        if (!Names.isIri(text)
                || Nulls.NULL.equals(text)
                || (text.length() > MAX_ID_BYTES / 4 && text.getBytes(StandardCharsets.UTF_8).length > MAX_ID_BYTES)) {
            throw NgsiLdFault.badData(
                    "%s has an id that is no URI.".formatted(place),
                    "An id is a URI of at most %d bytes, as urn:ngsi-ld:Sensor:17.".formatted(MAX_ID_BYTES));
        }
        return text;
    }

    /** One name, or a list of them without repeats and in order; never empty. */
    static JsonNode types(LdContext context, String place, @Nullable JsonNode type) {
        if (type == null || !(type.isString() || type.isArray() && !type.isEmpty() && type.size() <= MAX_TYPES)) {
            throw NgsiLdFault.badData(
                    "%s has no type.".formatted(place),
                    "Send type as a name, or a list of up to %d names.".formatted(MAX_TYPES));
        }
        if (type.isString()) {
            return text(type(context, type));
        }
        Set<String> kinds = new TreeSet<>();
        for (JsonNode one : type) {
            kinds.add(type(context, one));
        }
        return oneOrAll(kinds);
    }

    private static String type(LdContext context, JsonNode type) {
        if (!type.isString() || Nulls.is(type)) {
            throw NgsiLdFault.badData("A type is no name.", "Send type as a name, or a list of names.");
        }
        return Names.demand("a type", context.expand(type.stringValue()));
    }

    /** Text where there is one, else a list: how NGSI-LD writes types and scopes. */
    static JsonNode oneOrAll(Set<String> names) {
        if (names.size() == 1) {
            return text(names.iterator().next());
        }
        ArrayNode all = Json.mapper().createArrayNode();
        names.forEach(all::add);
        return all;
    }

    static JsonNode scope(JsonNode scope) {
        Set<String> scopes = new LinkedHashSet<>();
        for (JsonNode one : AttributeReader.instances(scope)) {
            if (!one.isString() || !SCOPE.matcher(one.stringValue()).matches() || scope.size() > MAX_SCOPES) {
                throw noScope();
            }
            scopes.add(one.stringValue());
        }
        if (scopes.isEmpty()) {
            throw noScope();
        }
        return oneOrAll(scopes);
    }

    private static NgsiLdFault noScope() {
        return NgsiLdFault.badData(
                "A scope is no path.",
                "Send it as /Alder/North, or up to %d of them; each level starts with a letter and has letters, digits and _."
                        .formatted(MAX_SCOPES));
    }

    private static JsonNode text(String text) {
        return Json.mapper().getNodeFactory().stringNode(text);
    }

    /** A moment as NGSI-LD writes it (clause 4.6.3): in UTC, with Z. */
    static Instant moment(String place, JsonNode value) {
        String text = value.isString() ? value.stringValue() : "";
        Instant moment = text.length() >= SHORTEST_MOMENT && text.endsWith("Z") ? momentIn(text) : null;
        if (moment == null) {
            throw NgsiLdFault.badData(
                    "%s is no moment.".formatted(place), "Send ISO 8601 in UTC, as 2026-03-01T08:00:00Z.");
        }
        return moment;
    }

    /** The moment that a text is, if it is one in the years 1 to 9999. */
    static @Nullable Instant momentIn(String text) {
        if (text.length() < 17 || text.length() > 40 || text.charAt(4) != '-' || text.charAt(10) != 'T') {
            return null;
        }
        try {
            OffsetDateTime moment = OffsetDateTime.parse(text);
            return moment.getYear() >= 1 && moment.getYear() <= 9999 ? moment.toInstant() : null;
        } catch (DateTimeException notAMoment) {
            return null;
        }
    }

    static NgsiLdFault shape(String place, String rule) {
        return NgsiLdFault.badData("%s breaks a rule: %s.".formatted(place, rule), "Send it in that form.");
    }
}

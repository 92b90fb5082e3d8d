package org.conurb.hub;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Geometry;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is asked of {@code GET /entities}; empty lists ask for nothing.
 *
 * @param after the entity's number that the page begins behind
 */
record EntityQuery(
        List<String> ids,
        Optional<BoundedPattern> idPattern,
        List<String> types,
        List<String> attributes,
        Optional<Query> q,
        Optional<GeoQuery> geo,
        int limit,
        long after,
        boolean count) {
    static final int DEFAULT_LIMIT = 20;
    static final int MAX_LIMIT = 1_000;

    private static final int MAX_NAMES = 200;

    /** Reads parameters by name; unknown ones are the caller's to refuse. */
    static EntityQuery of(Map<String, String> given, LdContext context) {
        List<String> ids = list("id", given.get("id"), MAX_LIMIT);
        ids.forEach(id -> EntityReader.id(
                "The parameter id", Json.mapper().getNodeFactory().stringNode(id)));
        List<String> types = types(given.get("type"), context);
        List<String> attributes = list("attrs", given.get("attrs"), MAX_NAMES).stream()
                .map(name -> Names.demand("an attribute of attrs", context.expand(name)))
                .toList();
        Optional<Query> q = Optional.ofNullable(given.get("q")).map(text -> QueryReader.read(text, context));
        return new EntityQuery(
                ids,
                Optional.ofNullable(given.get("idPattern")).map(text -> BoundedPattern.of("idPattern", text)),
                types,
                attributes,
                q,
                geo(given, context),
                limit(given.get("limit")),
                Cursor.read(given.get("cursor")),
                truth("count", given.get("count")));
    }

    /** Refuses to list everything (GS CIM 009 clause 5.7.2.4). */
    EntityQuery demandSelective() {
        if (ids.isEmpty() && types.isEmpty() && attributes.isEmpty() && q.isEmpty() && geo.isEmpty()) {
            throw NgsiLdFault.badData(
                    "The query asks for everything.", "Give at least one of type, id, attrs, q and georel.");
        }
        return this;
    }

    private static List<String> types(@Nullable String text, LdContext context) {
        if (text != null && (text.indexOf(';') >= 0 || text.indexOf('(') >= 0)) {
            throw NgsiLdFault.unsupported(
                    "type joins names by ; or parentheses, which this hub does not read yet.",
                    "Join them by , or |, which mean: any of these.");
        }
        return list("type", text == null ? null : text.replace('|', ','), MAX_NAMES).stream()
                .map(name -> Names.demand("a type", context.expand(name)))
                .distinct()
                .toList();
    }

    static List<String> list(String name, @Nullable String text, int most) {
        if (text == null) {
            return List.of();
        }
        String[] parts = text.split(",", most + 2);
        if (parts.length > most) {
            throw NgsiLdFault.badData("%s has more than %d values.".formatted(name, most), "Ask in several queries.");
        }
        Set<String> all = new LinkedHashSet<>();
        for (String part : parts) {
            if (part.isBlank()) {
                throw NgsiLdFault.badData("%s has an empty value.".formatted(name), "Leave it out, or name something.");
            }
            all.add(part.strip());
        }
        return List.copyOf(all);
    }

    private static int limit(@Nullable String text) {
        if (text == null) {
            return DEFAULT_LIMIT;
        }
        int limit = text.matches("\\d{1,6}") ? Integer.parseInt(text) : -1;
        if (limit < 0 || limit > MAX_LIMIT) {
            throw NgsiLdFault.badData(
                    "limit is a number from 0 to %d.".formatted(MAX_LIMIT), "Follow Link rel=next for more.");
        }
        return limit;
    }

    static boolean truth(String name, @Nullable String text) {
        if (text == null || text.equals("false")) {
            return false;
        }
        if (text.equals("true")) {
            return true;
        }
        throw NgsiLdFault.badData(
                "%s is true or false.".formatted(name), "Send %s=true or leave it out.".formatted(name));
    }

    /** This query with pages of at most so many. */
    EntityQuery atMost(int most) {
        return new EntityQuery(ids, idPattern, types, attributes, q, geo, Math.min(limit, most), after, count);
    }

    /** Whether the query looks at one of these attributes. */
    boolean looksAt(Set<String> names) {
        return attributes.stream().anyMatch(names::contains)
                || geo.map(g -> names.contains(g.property())).orElse(false)
                || q.map(query -> looksAt(query, names)).orElse(false);
    }

    static boolean looksAt(Query query, Set<String> names) {
        return switch (query) {
            case Query.And and -> and.parts().stream().anyMatch(part -> looksAt(part, names));
            case Query.Or or -> or.parts().stream().anyMatch(part -> looksAt(part, names));
            case Query.Term term -> names.contains(term.path().attribute());
        };
    }

    /** Decides on a kept document; types are the finder's to see to. */
    boolean matches(ObjectNode document) {
        return idPattern
                        .map(pattern -> pattern.matches(document.path("id").stringValue()))
                        .orElse(true)
                && (attributes.isEmpty()
                        || attributes.stream().anyMatch(name -> Stored.isAttribute(name) && document.has(name)))
                && q.map(query -> QueryMatch.matches(query, document)).orElse(true)
                && geo.map(query -> query.matches(document)).orElse(true);
    }

    private static Optional<GeoQuery> geo(Map<String, String> given, LdContext context) {
        String georel = given.get("georel");
        String geometry = given.get("geometry");
        String coordinates = given.get("coordinates");
        if (georel == null && geometry == null && coordinates == null) {
            return Optional.empty();
        }
        if (georel == null || geometry == null || coordinates == null) {
            throw NgsiLdFault.badData(
                    "A geo-query lacks georel, geometry or coordinates.",
                    "Send all three, as georel=near;maxDistance==2000&geometry=Point&coordinates=[7.42,43.73].");
        }
        String[] parts = georel.split(";", 5);
        GeoQuery.Relation relation = relation(parts[0]);
        double min = 0;
        double max = Double.POSITIVE_INFINITY;
        for (String part : Arrays.asList(parts).subList(1, parts.length)) {
            if (relation != GeoQuery.Relation.NEAR || !part.matches("(min|max)Distance==\\d{1,9}(\\.\\d{1,9})?")) {
                throw georel();
            }
            double metres = Double.parseDouble(part.substring(13));
            if (part.startsWith("min")) {
                min = metres;
            } else {
                max = metres;
            }
        }
        if (relation == GeoQuery.Relation.NEAR && parts.length == 1) {
            throw georel();
        }
        String property = given.getOrDefault("geoproperty", "location");
        return Optional.of(new GeoQuery(
                relation,
                geometry(geometry, coordinates),
                Names.demand("a geoproperty", context.expand(property)),
                min,
                max));
    }

    private static Geometry geometry(String type, String coordinates) {
        ObjectNode geoJson = Json.mapper().createObjectNode();
        geoJson.put("type", type);
        try {
            JsonNode read = Json.mapper().readTree(coordinates);
            geoJson.set("coordinates", read);
        } catch (JacksonException e) {
            throw NgsiLdFault.badData(
                    "coordinates is no JSON.", "Send a list, as coordinates=[7.42,43.73], longitude first.");
        }
        return Geometries.readValid("The geo-query", geoJson);
    }

    private static GeoQuery.Relation relation(String text) {
        for (GeoQuery.Relation relation : GeoQuery.Relation.values()) {
            if (relation.name().toLowerCase(Locale.ROOT).equals(text)) {
                return relation;
            }
        }
        throw georel();
    }

    private static NgsiLdFault georel() {
        return NgsiLdFault.badData(
                "georel cannot be read.",
                "Send near;maxDistance==METRES (or minDistance), within, contains, intersects, equals, disjoint or overlaps.");
    }
}

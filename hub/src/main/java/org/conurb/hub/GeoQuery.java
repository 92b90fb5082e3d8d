package org.conurb.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.conurb.kernel.Cell;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Geometry;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A geo-query (GS CIM 009 clause 4.10).
 *
 * @param property geoproperty asked, as kept
 * @param minMetres for {@code near}; 0 where not given
 * @param maxMetres for {@code near}; infinite where not given
 */
record GeoQuery(Relation relation, Geometry geometry, String property, double minMetres, double maxMetres) {
    private static final int MOST_CELLS = 40;
    private static final double HALF_THE_EARTH = 20_100_000;
    private static final Pattern DISTANCE = Pattern.compile("\\d{1,12}(\\.\\d{1,12})?([eE]\\+?\\d{1,2})?");

    enum Relation {
        NEAR,
        WITHIN,
        CONTAINS,
        INTERSECTS,
        EQUALS,
        DISJOINT,
        OVERLAPS
    }

    /** Reads {@code georel}, {@code geometry}, {@code coordinates} and {@code geoproperty}; empty where none is given. */
    static Optional<GeoQuery> of(Map<String, String> given, LdContext context) {
        String georel = given.get("georel");
        String geometry = given.get("geometry");
        String coordinates = given.get("coordinates");
        String property = given.get("geoproperty");
        if (georel == null && geometry == null && coordinates == null && property == null) {
            return Optional.empty();
        }
        if (georel == null || geometry == null || coordinates == null) {
            throw NgsiLdFault.badData(
                    "A geo-query lacks %s."
                            .formatted(georel == null ? "georel" : geometry == null ? "geometry" : "coordinates"),
                    "Send all three, as georel=near;maxDistance==2000&geometry=Point&coordinates=[7.42,43.73].");
        }
        QueryText text = new QueryText("georel", georel, "near;maxDistance==2000 or within");
        Relation relation = relation(text);
        double min = 0;
        double max = Double.POSITIVE_INFINITY;
        if (relation == Relation.NEAR) {
            text.demand(";");
            boolean most = text.take("maxDistance==");
            if (!most) {
                text.demand("minDistance==");
            }
            double metres = metres(text);
            min = most ? 0 : metres;
            max = most ? metres : max;
        }
        text.demandEnd("");
        return Optional.of(new GeoQuery(
                relation,
                geometry("coordinates", geometry, coordinates),
                Names.demand("a geoproperty", context.expand(property == null ? "location" : property)),
                min,
                max));
    }

    private static Relation relation(QueryText text) {
        String word = text.until(";");
        for (Relation relation : Relation.values()) {
            if (relation.name().toLowerCase(Locale.ROOT).equals(word)) {
                return relation;
            }
        }
        text.back(word.length());
        throw text.fault("near, within, contains, intersects, equals, disjoint or overlaps");
    }

    private static double metres(QueryText text) {
        String word = text.until(";");
        double metres = DISTANCE.matcher(word).matches() ? Double.parseDouble(word) : 0;
        if (!(metres > 0)) {
            text.back(word.length());
            throw text.fault("a number of metres above 0");
        }
        return metres;
    }

    /**
     * Reads a geometry to be asked with.
     *
     * @param parameter that holds the coordinates, for messages
     */
    static Geometry geometry(String parameter, @Nullable String type, String coordinates) {
        var geoJson = Json.mapper().createObjectNode();
        geoJson.put("type", type == null ? "Point" : type);
        try {
            geoJson.set("coordinates", Json.mapper().readTree(coordinates));
        } catch (JacksonException e) {
            throw NgsiLdFault.badData(
                    "%s is no JSON, at character %d."
                            .formatted(
                                    parameter,
                                    e.getLocation() == null
                                            ? 1
                                            : e.getLocation().getColumnNr()),
                    "Send a list, as %s=[7.42,43.73], longitude first.".formatted(parameter));
        }
        return Geometries.readAsked(parameter, geoJson);
    }

    /** Decides on a kept document. */
    boolean matches(JsonNode document) {
        JsonNode attribute = Stored.isAttribute(property) ? document.get(property) : null;
        if (attribute == null) {
            return false;
        }
        for (JsonNode instance : attribute.isArray() ? attribute : List.of(attribute)) {
            if (AttributeKind.of(instance) == AttributeKind.GEO
                    && holds(Geometries.sound(Geometries.read(property, instance.path("value"))))) {
                return true;
            }
        }
        return false;
    }

    private boolean holds(Geometry target) {
        return switch (relation) {
            case NEAR -> {
                double metres = Geometries.metres(target, geometry);
                yield metres >= minMetres && metres <= maxMetres;
            }
            case WITHIN -> target.within(geometry);
            case CONTAINS -> target.contains(geometry);
            case INTERSECTS -> target.intersects(geometry);
            case EQUALS -> target.equalsTopo(geometry);
            case DISJOINT -> target.disjoint(geometry);
            case OVERLAPS -> target.overlaps(geometry);
        };
    }

    /** Whether cells can narrow it down. */
    boolean narrow() {
        return relation != Relation.DISJOINT && (relation != Relation.NEAR || maxMetres < HALF_THE_EARTH);
    }

    /**
     * Spans of cell ids, as pairs, one of which every matching geometry touches: the cells that cover the place asked,
     * with all within them, and the single cells around them.
     */
    List<long[]> spans() {
        List<Long> cells = relation == Relation.NEAR
                ? Geometries.coverAround(geometry.getEnvelopeInternal(), maxMetres, MOST_CELLS)
                : Geometries.coverClosely(geometry, MOST_CELLS);
        TreeMap<Long, Long> spans = new TreeMap<>();
        for (Long id : new TreeSet<>(cells)) {
            Cell cell = new Cell(id);
            Map.Entry<Long, Long> before = spans.lastEntry();
            // Between neighbours lies one id, of a cell around them.
            if (before != null && before.getValue() + 2 >= cell.min()) {
                spans.put(before.getKey(), cell.max());
            } else {
                spans.put(cell.min(), cell.max());
            }
        }
        TreeSet<Long> around = new TreeSet<>();
        for (Long id : cells) {
            Cell cell = new Cell(id);
            for (int level = 0; level < cell.level(); level += 2) {
                around.add(cell.ancestor(level).id());
            }
        }
        List<long[]> all = new ArrayList<>();
        spans.forEach((from, to) -> all.add(new long[] {from, to}));
        around.stream().filter(id -> !within(spans, id)).forEach(id -> all.add(new long[] {id, id}));
        return all;
    }

    private static boolean within(TreeMap<Long, Long> spans, Long id) {
        Map.Entry<Long, Long> span = spans.floorEntry(id);
        return span != null && span.getValue() >= id;
    }
}

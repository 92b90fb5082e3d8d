package org.conurb.hub;

import java.util.Locale;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.MultiLineString;
import org.locationtech.jts.geom.MultiPoint;
import org.locationtech.jts.geom.MultiPolygon;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKTReader;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Well-known text (OGC 06-103r4 clause 7), longitude first, as GeoJSON. */
final class Wkt {
    private static final String SRID = "SRID=4326;";

    private Wkt() {}

    /** Null where the text is none of the six geometries that GeoJSON has coordinates for. */
    static @Nullable ObjectNode read(String text) {
        String bare = text.regionMatches(true, 0, SRID, 0, SRID.length()) ? text.substring(SRID.length()) : text;
        // Collections may hold one another without end, and no attribute may be one.
        if (bare.toUpperCase(Locale.ROOT).contains("COLLECTION")) {
            return null;
        }
        try {
            Geometry geometry = new WKTReader(Geometries.FACTORY).read(bare);
            return geometry.isEmpty() ? null : write(geometry);
        } catch (ParseException | IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable ObjectNode write(Geometry geometry) {
        ArrayNode coordinates = switch (geometry) {
            case Point point -> position(point.getCoordinate());
            case LineString line -> line(line);
            case Polygon polygon -> rings(polygon);
            case MultiPoint points -> each(points);
            case MultiLineString lines -> each(lines);
            case MultiPolygon polygons -> each(polygons);
            default -> null;
        };
        if (coordinates == null) {
            return null;
        }
        ObjectNode written = Json.mapper().createObjectNode();
        written.put("type", geometry instanceof LineString ? "LineString" : geometry.getGeometryType());
        written.set("coordinates", coordinates);
        return written;
    }

    private static ArrayNode each(Geometry many) {
        ArrayNode all = Json.mapper().createArrayNode();
        for (int i = 0; i < many.getNumGeometries(); i++) {
            ObjectNode one = write(many.getGeometryN(i));
            if (one != null) {
                all.add(one.get("coordinates"));
            }
        }
        return all;
    }

    private static ArrayNode position(Coordinate at) {
        return Json.mapper().createArrayNode().add(at.x).add(at.y);
    }

    private static ArrayNode line(LineString line) {
        ArrayNode all = Json.mapper().createArrayNode();
        for (Coordinate at : line.getCoordinates()) {
            all.add(position(at));
        }
        return all;
    }

    private static ArrayNode rings(Polygon polygon) {
        ArrayNode all = Json.mapper().createArrayNode().add(line(polygon.getExteriorRing()));
        for (int i = 0; i < polygon.getNumInteriorRing(); i++) {
            all.add(line(polygon.getInteriorRingN(i)));
        }
        return all;
    }
}

package org.conurb.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.conurb.kernel.Cell;
import org.conurb.kernel.Epsg4326Point;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.prep.PreparedGeometry;
import org.locationtech.jts.geom.prep.PreparedGeometryFactory;
import org.locationtech.jts.geom.util.AffineTransformation;
import org.locationtech.jts.geom.util.GeometryFixer;
import org.locationtech.jts.operation.distance.DistanceOp;
import org.locationtech.jts.operation.valid.IsValidOp;
import tools.jackson.databind.JsonNode;

/** GeoJSON geometries, the cells that cover them, and distances on the earth. x is longitude, y latitude, in degrees. */
final class Geometries {
    static final GeometryFactory FACTORY = new GeometryFactory();

    private static final int MAX_VERTICES = 10_000;
    private static final int MAX_ASKED = 2_000;
    private static final double METRES_PER_DEGREE = 111_194.93;

    private Geometries() {}

    /**
     * Reads a GeoJSON geometry (RFC 7946 §3.1).
     *
     * @param place where it stands, for messages
     */
    static Geometry read(String place, JsonNode geoJson) {
        return read(place, geoJson, MAX_VERTICES);
    }

    private static Geometry read(String place, JsonNode geoJson, int most) {
        if (!geoJson.isObject() || !geoJson.path("type").isString()) {
            throw form(place, "it is an object with type and coordinates");
        }
        Reading reading = new Reading(place, most);
        JsonNode coordinates = geoJson.path("coordinates");
        return switch (geoJson.path("type").stringValue()) {
            case "Point" -> FACTORY.createPoint(reading.position(coordinates));
            case "MultiPoint" -> FACTORY.createMultiPointFromCoords(reading.positions(coordinates, 1));
            case "LineString" -> FACTORY.createLineString(reading.positions(coordinates, 2));
            case "MultiLineString" ->
                FACTORY.createMultiLineString(reading.each(coordinates).stream()
                        .map(line -> FACTORY.createLineString(reading.positions(line, 2)))
                        .toArray(LineString[]::new));
            case "Polygon" -> reading.polygon(coordinates);
            case "MultiPolygon" ->
                FACTORY.createMultiPolygon(
                        reading.each(coordinates).stream().map(reading::polygon).toArray(Polygon[]::new));
            default ->
                throw form(
                        place, "its type is Point, MultiPoint, LineString, MultiLineString, Polygon or MultiPolygon");
        };
    }

    /**
     * Reads one to be asked with: it must be valid, for a crooked question has no answer, and small, since every candidate
     * is compared with it.
     */
    static Geometry readAsked(String place, JsonNode geoJson) {
        Geometry geometry = read(place, geoJson, MAX_ASKED);
        IsValidOp check = new IsValidOp(geometry);
        if (!check.isValid()) {
            Coordinate where = check.getValidationError().getCoordinate();
            throw form(
                    place,
                    "%s at [%s,%s]".formatted(check.getValidationError().getMessage(), where.getX(), where.getY()));
        }
        return geometry;
    }

    /** All between these, in degrees; where west is greater than east, over the antimeridian. */
    static Geometry box(double west, double south, double east, double north) {
        if (west <= east) {
            return FACTORY.toGeometry(new Envelope(west, east, south, north));
        }
        return FACTORY.buildGeometry(List.of(box(west, south, 180, north), box(-180, south, east, north)));
    }

    /** A geometry that JTS can compute with: what crosses itself is mended. */
    static Geometry sound(Geometry geometry) {
        return geometry instanceof Point || geometry.isValid() ? geometry : GeometryFixer.fix(geometry);
    }

    private static NgsiLdFault form(String place, String rule) {
        return NgsiLdFault.badData(
                "%s is no geometry on the earth: %s.".formatted(place, rule),
                "Send GeoJSON, longitude first: {\"type\":\"Point\",\"coordinates\":[7.42,43.73]}.");
    }

    /** Counts vertices over a whole geometry. */
    private static final class Reading {
        private final String place;
        private final int most;
        private int vertices;

        Reading(String place, int most) {
            this.place = place;
            this.most = most;
        }

        Coordinate position(JsonNode node) {
            if (!node.isArray()
                    || node.size() < 2
                    || node.size() > 4
                    || !node.get(0).isNumber()
                    || !node.get(1).isNumber()) {
                throw form(place, "a position is [longitude, latitude]");
            }
            if (++vertices > most) {
                throw tooMany();
            }
            double x = node.get(0).asDouble();
            double y = node.get(1).asDouble();
            if (!(Math.abs(x) <= 180 && Math.abs(y) <= 90)) {
                throw form(place, "longitude is within ±180 and latitude within ±90");
            }
            return new Coordinate(x, y);
        }

        private NgsiLdFault tooMany() {
            return form(place, "it has at most %d positions".formatted(most));
        }

        List<JsonNode> each(JsonNode node) {
            if (!node.isArray() || node.isEmpty()) {
                throw form(place, "its coordinates are a list of lists");
            }
            if (node.size() > most) {
                throw tooMany();
            }
            List<JsonNode> all = new ArrayList<>();
            node.forEach(all::add);
            return all;
        }

        Coordinate[] positions(JsonNode node, int least) {
            Coordinate[] all = each(node).stream().map(this::position).toArray(Coordinate[]::new);
            if (all.length < least) {
                throw form(place, "a line has two positions or more");
            }
            return all;
        }

        LinearRing ring(JsonNode node) {
            Coordinate[] all = positions(node, 1);
            if (all.length < 4 || !all[0].equals2D(all[all.length - 1])) {
                throw form(place, "a ring has four positions or more and ends where it starts");
            }
            return FACTORY.createLinearRing(all);
        }

        Polygon polygon(JsonNode node) {
            List<LinearRing> rings = each(node).stream().map(this::ring).toList();
            return FACTORY.createPolygon(
                    rings.getFirst(), rings.stream().skip(1).toArray(LinearRing[]::new));
        }
    }

    /** Ids of cells of one even level that together cover a geometry, at most {@code most}; for a point its own cell. */
    static List<Long> cover(Geometry geometry, int most) {
        if (geometry instanceof Point point) {
            return List.of(
                    Cell.of(new Epsg4326Point(point.getY(), point.getX())).id());
        }
        return cover(geometry.getEnvelopeInternal(), touching(geometry), most, 2);
    }

    /** The same of cells of any one level, so that they reach less far beyond it. */
    static List<Long> coverClosely(Geometry geometry, int most) {
        return geometry instanceof Point
                ? cover(geometry, most)
                : cover(geometry.getEnvelopeInternal(), touching(geometry), most, 1);
    }

    /** Ids of cells of any one level that together cover all within {@code metres} of a box. */
    static List<Long> coverAround(Envelope box, double metres, int most) {
        List<Envelope> boxes = around(box, metres);
        return boxes.stream()
                .flatMap(part -> cover(part, cell -> mayReach(box, cell, metres), most / boxes.size(), 1).stream())
                .toList();
    }

    private static Predicate<Envelope> touching(Geometry geometry) {
        PreparedGeometry prepared = PreparedGeometryFactory.prepare(sound(geometry));
        return cell -> prepared.intersects(FACTORY.toGeometry(cell));
    }

    /** Whether some point of one box may be within {@code metres} of the other; never false where one is. */
    private static boolean mayReach(Envelope box, Envelope cell, double metres) {
        double degrees = degrees(metres);
        if (degrees > 10) {
            return true;
        }
        double farthest = Math.max(
                Math.max(Math.abs(box.getMinY()), Math.abs(box.getMaxY())),
                Math.max(Math.abs(cell.getMinY()), Math.abs(cell.getMaxY())));
        double aside = Math.max(box.getMinX(), cell.getMinX()) - Math.min(box.getMaxX(), cell.getMaxX());
        double way =
                Math.max(0, Math.min(aside, 360 - Math.abs(aside))) * Math.cos(Math.toRadians(Math.min(90, farthest)));
        double up = Math.max(0, Math.max(box.getMinY(), cell.getMinY()) - Math.min(box.getMaxY(), cell.getMaxY()));
        return Math.hypot(way, up) <= degrees;
    }

    private static List<Long> cover(Envelope box, Predicate<Envelope> touched, int most, int levels) {
        for (int level = Cell.MAX_LEVEL; level > 0; level -= levels) {
            long side = 1L << level;
            long south = row(box.getMinY(), side);
            long north = row(box.getMaxY(), side);
            long west = column(box.getMinX(), side);
            long east = column(box.getMaxX(), side);
            long rows = north - south + 1;
            long columns = east - west + 1;
            if (rows > most * 4L || columns > most * 4L || rows * columns > most * 4L) {
                continue;
            }
            TreeSet<Long> cells = new TreeSet<>();
            for (long row = south; row <= north; row++) {
                for (long column = west; column <= east; column++) {
                    if (touched.test(bounds(row, column, side))) {
                        cells.add(Cell.of(
                                        new Epsg4326Point(
                                                (row + 0.5) / side * 180 - 90, (column + 0.5) / side * 360 - 180),
                                        level)
                                .id());
                    }
                }
            }
            if (!cells.isEmpty() && cells.size() <= most) {
                return List.copyOf(cells);
            }
        }
        return List.of(Cell.of(new Epsg4326Point(0, 0), 0).id());
    }

    /** A hair wider than the cell, since a vertex on the edge may be counted to either side. */
    private static Envelope bounds(long row, long column, long side) {
        double hair = 1e-9;
        return new Envelope(
                (double) column / side * 360 - 180 - hair,
                (double) (column + 1) / side * 360 - 180 + hair,
                (double) row / side * 180 - 90 - hair,
                (double) (row + 1) / side * 180 - 90 + hair);
    }

    private static long row(double latitude, long side) {
        return Math.min(side - 1, (long) ((latitude + 90) / 180 * side));
    }

    private static long column(double longitude, long side) {
        return Math.min(side - 1, (long) ((longitude + 180) / 360 * side));
    }

    /** Degrees of latitude that are not less than so many metres. */
    private static double degrees(double metres) {
        return metres / METRES_PER_DEGREE * 1.01 + 1e-6;
    }

    /** Boxes that hold all within {@code metres} of a box; two where it reaches over the antimeridian. */
    private static List<Envelope> around(Envelope box, double metres) {
        double degrees = degrees(metres);
        double south = Math.max(-90, box.getMinY() - degrees);
        double north = Math.min(90, box.getMaxY() + degrees);
        double farthest = Math.max(Math.abs(south), Math.abs(north));
        double wide = degrees >= 90 || farthest > 89.5 ? 360 : degrees / Math.cos(Math.toRadians(farthest)) * 1.01;
        double west = box.getMinX() - wide;
        double east = box.getMaxX() + wide;
        if (east - west >= 360) {
            return List.of(new Envelope(-180, 180, south, north));
        }
        if (west < -180) {
            return List.of(new Envelope(west + 360, 180, south, north), new Envelope(-180, east, south, north));
        }
        if (east > 180) {
            return List.of(new Envelope(west, 180, south, north), new Envelope(-180, east - 360, south, north));
        }
        return List.of(new Envelope(west, east, south, north));
    }

    /** Metres between two geometries: exact between points, else between the points that are nearest on a local plane. */
    static double metres(Geometry a, Geometry b) {
        if (a instanceof Point p && b instanceof Point q) {
            return at(p.getCoordinate()).metresTo(at(q.getCoordinate()));
        }
        double shrink =
                Math.max(0.01, Math.cos(Math.toRadians(a.getEnvelopeInternal().centre().y)));
        AffineTransformation plane = AffineTransformation.scaleInstance(shrink, 1);
        Coordinate[] nearest = DistanceOp.nearestPoints(plane.transform(sound(a)), plane.transform(sound(b)));
        return at(new Coordinate(nearest[0].x / shrink, nearest[0].y))
                .metresTo(at(new Coordinate(nearest[1].x / shrink, nearest[1].y)));
    }

    private static Epsg4326Point at(Coordinate c) {
        return new Epsg4326Point(Math.clamp(c.y, -90, 90), Math.clamp(c.x, -180, 180));
    }
}

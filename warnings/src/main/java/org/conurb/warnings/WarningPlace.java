package org.conurb.warnings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.conurb.kernel.Cell;
import org.conurb.kernel.Epsg4326Point;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.operation.union.UnaryUnionOp;

/**
 * Where a warning holds, as one valid geometry that others can reckon with. What cannot be reckoned with is widened and
 * never narrowed: a ring that crosses itself becomes its convex hull.
 */
final class WarningPlace {
    /** Uniting costs up to the square of this. */
    private static final int MOST_POINTS_UNITED = 2_000;

    /** More than this nobody needs to reckon with; the areas themselves keep all their points. */
    private static final int MOST_POINTS = 5_000;

    private static final GeometryFactory GEOMETRIES = new GeometryFactory();

    private final Geometry geometry;

    private WarningPlace(Geometry geometry) {
        this.geometry = geometry;
    }

    /** Empty where all areas are only named. */
    static Optional<WarningPlace> of(CapAlert alert) {
        List<Polygon> polygons = new ArrayList<>();
        for (CapAlert.Area area : alert.areas()) {
            if (area.polygon() != null) {
                rings(area.polygon()).forEach(ring -> polygons.addAll(polygons(valid(ring))));
            }
        }
        if (polygons.isEmpty()) {
            return Optional.empty();
        }
        Geometry all = polygons.size() == 1
                ? polygons.getFirst()
                : GEOMETRIES.createMultiPolygon(polygons.toArray(Polygon[]::new));
        Geometry sound = all.isValid() ? all : united(all);
        return Optional.of(new WarningPlace(sound.getNumPoints() > MOST_POINTS ? sound.convexHull() : sound));
    }

    Map<String, Object> geoJson() {
        List<List<List<List<Double>>>> polygons = new ArrayList<>();
        for (Polygon polygon : polygons(geometry)) {
            List<List<List<Double>>> rings = new ArrayList<>();
            rings.add(coordinates(polygon.getExteriorRing().getCoordinates()));
            for (int hole = 0; hole < polygon.getNumInteriorRing(); hole++) {
                rings.add(coordinates(polygon.getInteriorRingN(hole).getCoordinates()));
            }
            polygons.add(rings);
        }
        return polygons.size() == 1
                ? Map.of("type", "Polygon", "coordinates", polygons.getFirst())
                : Map.of("type", "MultiPolygon", "coordinates", polygons);
    }

    /** The smallest cell around it. */
    Cell cell() {
        Envelope box = geometry.getEnvelopeInternal();
        Epsg4326Point southWest = new Epsg4326Point(box.getMinY(), box.getMinX());
        Epsg4326Point northEast = new Epsg4326Point(box.getMaxY(), box.getMaxX());
        for (int level = Cell.MAX_LEVEL; level > 0; level--) {
            Cell cell = Cell.of(southWest, level);
            if (cell.equals(Cell.of(northEast, level))) {
                return cell;
            }
        }
        return Cell.of(southWest, 0);
    }

    private static Geometry valid(List<Coordinate> ring) {
        Polygon polygon = GEOMETRIES.createPolygon(ring.toArray(Coordinate[]::new));
        return polygon.isValid() ? polygon : polygon.convexHull();
    }

    private static Geometry united(Geometry overlapping) {
        return overlapping.getNumPoints() > MOST_POINTS_UNITED
                ? overlapping.convexHull()
                : UnaryUnionOp.union(overlapping);
    }

    /** The polygons in a geometry; the hull of points on one line has none. */
    private static List<Polygon> polygons(Geometry geometry) {
        List<Polygon> polygons = new ArrayList<>();
        for (int i = 0; i < geometry.getNumGeometries(); i++) {
            if (geometry.getGeometryN(i) instanceof Polygon polygon && !polygon.isEmpty()) {
                polygons.add(polygon);
            }
        }
        return polygons;
    }

    /** Outer rings of a GeoJSON Polygon or MultiPolygon of ours; it has no others. */
    private static List<List<Coordinate>> rings(Map<String, Object> geoJson) {
        List<?> coordinates = (List<?>) geoJson.getOrDefault("coordinates", List.of());
        List<List<Coordinate>> rings = new ArrayList<>();
        for (Object part : "Polygon".equals(geoJson.get("type")) ? List.of(coordinates) : coordinates) {
            List<Coordinate> ring = new ArrayList<>();
            for (Object point : (List<?>) ((List<?>) part).getFirst()) {
                List<?> pair = (List<?>) point;
                ring.add(new Coordinate(((Number) pair.get(0)).doubleValue(), ((Number) pair.get(1)).doubleValue()));
            }
            rings.add(ring);
        }
        return rings;
    }

    private static List<List<Double>> coordinates(Coordinate[] points) {
        List<List<Double>> list = new ArrayList<>(points.length);
        for (Coordinate point : points) {
            list.add(List.of(point.x, point.y));
        }
        return list;
    }
}

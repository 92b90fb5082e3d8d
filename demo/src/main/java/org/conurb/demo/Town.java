package org.conurb.demo;

import java.util.List;
import java.util.Map;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Polygon;

/**
 * An invented town. Places are metres east and north of the corner {@link #WEST}, {@link #SOUTH}.
 *
 * @param land all that is not sea
 * @param coast with the land on its left
 */
record Town(
        Geometry land,
        List<Coordinate> coast,
        List<Street> streets,
        List<Area> areas,
        List<House> houses,
        List<Line> lines,
        List<Spot> spots) {
    static final double WEST = 7.392;
    static final double SOUTH = 43.718;
    static final double WIDE = 4_660;
    private static final double METRES_A_DEGREE = 111_200;
    private static final double METRES_A_DEGREE_EAST = METRES_A_DEGREE * StrictMath.cos(Math.toRadians(43.739));

    /** A point where streets may meet. */
    record Node(long id, double x, double y) {
        Coordinate place() {
            return new Coordinate(x, y);
        }
    }

    record Street(String name, String highway, int limitKmh, boolean oneWay, List<Node> nodes) {}

    record Area(Polygon shape, Map<String, String> tags) {}

    record House(Polygon shape, String street, int number, int floors, Map<String, String> tags) {}

    record Line(List<Coordinate> points, Map<String, String> tags) {}

    record Spot(Coordinate place, Map<String, String> tags) {}

    static double longitude(double x) {
        return WEST + x / METRES_A_DEGREE_EAST;
    }

    static double latitude(double y) {
        return SOUTH + y / METRES_A_DEGREE;
    }

    static Coordinate metres(double longitude, double latitude) {
        return new Coordinate((longitude - WEST) * METRES_A_DEGREE_EAST, (latitude - SOUTH) * METRES_A_DEGREE);
    }

    /** The centre of the first thing with this tag and value. */
    Coordinate site(String key, String value) {
        return areas.stream()
                .filter(area -> value.equals(area.tags().get(key)))
                .map(area -> area.shape().getInteriorPoint().getCoordinate())
                .findFirst()
                .orElseThrow();
    }
}

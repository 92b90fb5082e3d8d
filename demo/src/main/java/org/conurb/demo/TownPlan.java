package org.conurb.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.util.PolygonExtracter;
import org.locationtech.jts.operation.buffer.OffsetCurve;
import org.locationtech.jts.operation.overlayng.OverlayNG;
import org.locationtech.jts.operation.overlayng.OverlayNGRobust;

/** What of Alder is drawn by hand: coast, river, railway, main roads, parks, harbour, and where public houses stand. */
final class TownPlan {
    static final GeometryFactory SHAPES = new GeometryFactory();
    static final Coordinate CENTRE = new Coordinate(1_950, 1_620);

    final List<Coordinate> coast = smooth(
            1300, -40, 1420, 300, 1650, 620, 1980, 830, 2180, 1080, 2420, 1240, 2560, 1420, 2440, 1600, 2380, 1760,
            2480, 1900, 2700, 1960, 2900, 1930, 3080, 2060, 3240, 2340, 3480, 2620, 3820, 2860, 4200, 3020, 4460, 3230,
            4720, 3380);
    final List<Coordinate> river = smooth(
            250, 4740, 480, 4150, 860, 3620, 1010, 3150, 1400, 2760, 1720, 2380, 2060, 2080, 2300, 1900, 2460, 1740);
    final List<Coordinate> rail =
            smooth(-40, 2200, 620, 2230, 1150, 2420, 1700, 2640, 2300, 2740, 2900, 3060, 3600, 3560, 4720, 4080);
    final List<Coordinate> bypass =
            smooth(-40, 3120, 560, 3260, 1200, 3560, 1900, 3700, 2700, 3860, 3400, 4260, 3900, 4740);
    final Geometry land;
    final Geometry riverBed;
    final List<Geometry> parks;

    record Road(String name, String highway, int limitKmh, List<Coordinate> line) {}

    /** A public house: its block is the nearest fitting one to the place. */
    record Wanted(String name, double x, double y, double leastArea, Map<String, String> area, int floors) {}

    TownPlan() {
        List<Coordinate> ring = new ArrayList<>(coast);
        ring.add(new Coordinate(4_720, 4_740));
        ring.add(new Coordinate(-40, 4_740));
        ring.add(new Coordinate(-40, -40));
        ring.add(ring.getFirst());
        this.land = SHAPES.createPolygon(ring.toArray(Coordinate[]::new)).buffer(0);
        this.riverBed = both(line(river).buffer(17), land);
        this.parks = List.of(
                blob(1_330, 2_080, 190, 1),
                blob(2_650, 2_290, 120, 2),
                blob(1_730, 1_030, 110, 3),
                blob(640, 2_720, 230, 4),
                blob(3_420, 3_150, 150, 5));
    }

    List<Road> roads() {
        Geometry promenade = OffsetCurve.getCurve(line(coast), 42);
        return List.of(
                new Road("Ring Road", "trunk", 80, bypass),
                new Road("Coast Road", "primary", 50, List.of(promenade.getCoordinates())),
                new Road(
                        "Western Avenue",
                        "primary",
                        50,
                        smooth(2_330, 1_560, 1_950, 1_600, 1_400, 1_520, 700, 1_600, -40, 1_560)),
                new Road(
                        "North Road",
                        "primary",
                        50,
                        smooth(1_950, 1_600, 1_880, 1_950, 1_960, 2_450, 2_120, 3_050, 2_240, 3_500, 2_260, 3_770)),
                new Road(
                        "Eastern Avenue",
                        "primary",
                        50,
                        smooth(1_890, 2_010, 2_300, 2_250, 2_800, 2_560, 3_350, 3_000, 4_000, 3_420, 4_720, 3_800)),
                new Road(
                        "Station Road",
                        "secondary",
                        50,
                        smooth(700, 1_600, 900, 2_000, 1_020, 2_500, 900, 2_950, 820, 3_370)),
                new Road("Hill Road", "secondary", 50, smooth(2_800, 2_560, 2_780, 3_050, 2_960, 3_500, 2_900, 3_960)),
                new Road(
                        "Fort Road",
                        "secondary",
                        50,
                        smooth(1_950, 1_600, 1_780, 1_250, 1_480, 950, 1_150, 600, 700, 350, -40, 250)));
    }

    static List<Wanted> wanted() {
        return List.of(
                new Wanted("Saint Clare Hospital", 900, 1_330, 12_000, Map.of("amenity", "hospital"), 6),
                new Wanted("Harbour School", 2_180, 1_290, 6_000, Map.of("amenity", "school"), 3),
                new Wanted("Hill School", 2_520, 3_060, 6_000, Map.of("amenity", "school"), 2),
                new Wanted("Gardens School", 560, 2_480, 6_000, Map.of("amenity", "school"), 2),
                new Wanted("Alder Central Fire Station", 1_630, 1_700, 4_000, Map.of("amenity", "fire_station"), 2),
                new Wanted("Strand Fire Station", 3_450, 2_850, 4_000, Map.of("amenity", "fire_station"), 2),
                new Wanted("Alder Police Headquarters", 2_080, 1_760, 3_000, Map.of("amenity", "police"), 4),
                new Wanted("Strand Police Station", 3_060, 2_560, 3_000, Map.of("amenity", "police"), 2),
                new Wanted("Western Police Station", 620, 1_720, 3_000, Map.of("amenity", "police"), 2),
                new Wanted("Ambulance Station North", 2_360, 2_560, 3_000, Map.of("emergency", "ambulance_station"), 2),
                new Wanted("Ambulance Station West", 1_000, 1_820, 3_000, Map.of("emergency", "ambulance_station"), 2),
                new Wanted("Town Hall", 2_060, 1_480, 3_500, Map.of("amenity", "townhall"), 4),
                new Wanted("Alder Museum", 1_800, 1_460, 3_000, Map.of("tourism", "museum"), 3),
                new Wanted("Market Hall", 2_230, 1_480, 2_500, Map.of("shop", "supermarket"), 1),
                new Wanted("Public Works Depot", 1_240, 2_300, 5_000, Map.of("landuse", "industrial"), 1),
                new Wanted("Alder College", 1_420, 1_330, 9_000, Map.of("amenity", "college"), 4),
                new Wanted("Old Cemetery", 1_240, 1_000, 8_000, Map.of("landuse", "cemetery"), 0),
                new Wanted("Harbour Library", 2_330, 2_060, 2_500, Map.of("amenity", "library"), 2));
    }

    /** Where people live; streets end here. */
    boolean town(double x, double y) {
        double wave = 150 * StrictMath.sin(x / 310) + 130 * StrictMath.cos(y / 270);
        return y < 3_640 + wave * 0.6 + (x - 1_900) * 0.22
                && StrictMath.hypot((x - 1_950) / 1.25, y - 1_900) < 1_950 + wave;
    }

    static Geometry both(Geometry a, Geometry b) {
        return surfaces(OverlayNGRobust.overlay(a, b, OverlayNG.INTERSECTION));
    }

    static Geometry without(Geometry a, Geometry b) {
        return surfaces(OverlayNGRobust.overlay(a, b, OverlayNG.DIFFERENCE));
    }

    private static Geometry surfaces(Geometry mixed) {
        return SHAPES.buildGeometry(PolygonExtracter.getPolygons(mixed))
                .norm(); // the order of points would vary by machine
    }

    static Geometry line(List<Coordinate> points) {
        return SHAPES.createLineString(points.toArray(Coordinate[]::new));
    }

    /** A closed shape that nobody drew with a compass. */
    static Geometry blob(double x, double y, double radius, int form) {
        Coordinate[] ring = new Coordinate[37];
        for (int i = 0; i < 36; i++) {
            double angle = i * Math.PI / 18;
            double r = radius
                    * (1 + 0.16 * StrictMath.sin(2 * angle + form) + 0.09 * StrictMath.cos(3 * angle + 2 * form));
            ring[i] = new Coordinate(x + r * StrictMath.cos(angle), y + r * StrictMath.sin(angle));
        }
        ring[36] = ring[0];
        return SHAPES.createPolygon(ring);
    }

    static Polygon box(double x0, double y0, double x1, double y1) {
        return (Polygon) SHAPES.toGeometry(new org.locationtech.jts.geom.Envelope(x0, x1, y0, y1));
    }

    /** A curve through x, y, x, y (Catmull-Rom). */
    static List<Coordinate> smooth(double... xy) {
        List<Coordinate> knots = new ArrayList<>();
        for (int i = 0; i < xy.length; i += 2) {
            knots.add(new Coordinate(xy[i], xy[i + 1]));
        }
        List<Coordinate> curve = new ArrayList<>();
        for (int i = 0; i + 1 < knots.size(); i++) {
            Coordinate a = knots.get(Math.max(0, i - 1));
            Coordinate b = knots.get(i);
            Coordinate c = knots.get(i + 1);
            Coordinate d = knots.get(Math.min(knots.size() - 1, i + 2));
            int steps = (int) Math.max(3, b.distance(c) / 35);
            for (int step = 0; step < steps; step++) {
                double t = step / (double) steps;
                curve.add(new Coordinate(spline(a.x, b.x, c.x, d.x, t), spline(a.y, b.y, c.y, d.y, t)));
            }
        }
        curve.add(knots.getLast());
        return curve;
    }

    private static double spline(double a, double b, double c, double d, double t) {
        return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t);
    }
}

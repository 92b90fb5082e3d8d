package org.conurb.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.locationtech.jts.algorithm.locate.IndexedPointInAreaLocator;
import org.locationtech.jts.algorithm.locate.PointOnGeometryLocator;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.Location;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.operation.overlayng.OverlayNGRobust;
import org.locationtech.jts.operation.polygonize.Polygonizer;

/** Builds Alder: streets along a field, blocks between them, houses in the blocks. The same seed makes the same town. */
final class TownBuilder {
    private final TownPlan plan = new TownPlan();
    private final Random random;
    private final StreetNames names;
    private final List<Town.Area> areas = new ArrayList<>();
    private final List<Town.House> houses = new ArrayList<>();
    private final List<Town.Spot> spots = new ArrayList<>();

    private TownBuilder(long seed) {
        this.random = new Random(seed);
        this.names = new StreetNames(random);
    }

    static Town build(long seed) {
        return new TownBuilder(seed).build();
    }

    private Town build() {
        List<Town.Street> streets = streets();
        List<Polygon> blocks = blocks(streets);
        Set<Polygon> taken = publicHouses(blocks);
        new Houses(random, streets, houses)
                .fill(blocks.stream().filter(block -> !taken.contains(block)).toList());
        greens(blocks, taken);
        places();
        return new Town(
                plan.land, plan.coast, streets, List.copyOf(areas), List.copyOf(houses), lines(), List.copyOf(spots));
    }

    // --- streets ---

    private List<Town.Street> streets() {
        Field field = new Field()
                .rings(TownPlan.CENTRE.x, TownPlan.CENTRE.y, 420, 1.6)
                .along(plan.coast, 330, 1)
                .along(plan.river, 260, 0.7)
                .along(plan.rail, 240, 0.8)
                .along(plan.bypass, 300, 0.6)
                .grid(700, 1_700, 0.08, 700, 0.9)
                .grid(2_500, 3_100, 0.62, 700, 0.9)
                .grid(1_300, 800, 0.95, 600, 0.7)
                .grid(700, 2_800, 0.35, 600, 0.7);
        StreetTracer tracer = new StreetTracer(field, random, Town.WIDE + 40);
        List<StreetNet.Drawn> drawn = new ArrayList<>();
        for (TownPlan.Road road : plan.roads()) {
            drawn.add(new StreetNet.Drawn(road.name(), road.highway(), road.limitKmh(), false, road.line()));
            tracer.keepAway(road.line(), true);
            tracer.keepAway(road.line(), false);
        }
        PointOnGeometryLocator dry = new IndexedPointInAreaLocator(plan.land.buffer(-34));
        PointOnGeometryLocator open =
                new IndexedPointInAreaLocator(TownPlan.without(plan.land.buffer(-34), barred(16, 22)));
        BiPredicate<Double, Double> large =
                (x, y) -> plan.town(x, y) && dry.locate(new Coordinate(x, y)) != Location.EXTERIOR && !inPark(x, y);
        BiPredicate<Double, Double> small =
                (x, y) -> plan.town(x, y) && open.locate(new Coordinate(x, y)) != Location.EXTERIOR;
        tracer.fill(330, 2_500, 260, large).forEach(line -> drawn.add(street("tertiary", 50, line)));
        tracer.fill(78, 26_000, 70, small).forEach(line -> drawn.add(street("residential", 30, line)));
        return new StreetNet().join(drawn);
    }

    private Geometry barred(double atRiver, double atRail) {
        List<Geometry> bars = new ArrayList<>(plan.parks);
        bars.add(plan.riverBed.buffer(atRiver));
        bars.add(TownPlan.line(plan.rail).buffer(atRail));
        return OverlayNGRobust.union(bars);
    }

    private boolean inPark(double x, double y) {
        var point = TownPlan.SHAPES.createPoint(new Coordinate(x, y));
        return plan.parks.stream().anyMatch(park -> park.contains(point));
    }

    private StreetNet.Drawn street(String highway, int limit, List<Coordinate> line) {
        boolean oneWay = highway.equals("residential") && random.nextInt(6) == 0;
        boolean calm = highway.equals("residential")
                && line.getFirst().distance(TownPlan.CENTRE) < 330
                && random.nextInt(3) == 0;
        return new StreetNet.Drawn(
                names.next(!highway.equals("residential")),
                calm ? "living_street" : highway,
                calm ? 20 : limit,
                oneWay,
                line);
    }

    private List<Polygon> blocks(List<Town.Street> streets) {
        List<Geometry> lines = new ArrayList<>();
        for (Town.Street street : streets) {
            lines.add(TownPlan.SHAPES.createLineString(
                    street.nodes().stream().map(Town.Node::place).toArray(Coordinate[]::new)));
        }
        Polygonizer polygonizer = new Polygonizer();
        polygonizer.add(OverlayNGRobust.union(lines));
        List<Polygon> blocks = new ArrayList<>();
        for (Object face : polygonizer.getPolygons()) {
            blocks.add((Polygon) ((Polygon) face).norm());
        }
        blocks.sort(Comparator.comparingDouble(
                        (Polygon block) -> block.getCentroid().getX())
                .thenComparingDouble(block -> block.getCentroid().getY()));
        return clear(blocks);
    }

    /** Blocks without what the streets, water, rails and parks take of them. */
    private List<Polygon> clear(List<Polygon> faces) {
        Geometry barred = barred(8, 12);
        Geometry inland = plan.land.buffer(-30);
        List<Polygon> blocks = new ArrayList<>();
        for (Polygon face : faces) {
            Geometry inner = TownPlan.both(face.buffer(-6), inland);
            Geometry free = inner.intersects(barred) ? TownPlan.without(inner, barred) : inner;
            for (int i = 0; i < free.getNumGeometries(); i++) {
                if (free.getGeometryN(i) instanceof Polygon part && part.getArea() > 350) {
                    blocks.add(part);
                }
            }
        }
        return blocks;
    }

    // --- what is public ---

    private Set<Polygon> publicHouses(List<Polygon> blocks) {
        Set<Polygon> taken = new HashSet<>();
        for (TownPlan.Wanted wanted : TownPlan.wanted()) {
            Coordinate place = new Coordinate(wanted.x(), wanted.y());
            Polygon block = blocks.stream()
                    .filter(b -> !taken.contains(b) && b.getArea() > wanted.leastArea() && b.getArea() < 60_000)
                    .min(Comparator.comparingDouble(
                            b -> b.getCentroid().getCoordinate().distance(place)))
                    .orElseThrow();
            taken.add(block);
            Map<String, String> tags = new TreeMap<>(wanted.area());
            tags.put("name", wanted.name());
            areas.add(new Town.Area(block, tags));
            if (wanted.floors() > 0) {
                Houses.campus(block, wanted.name(), wanted.floors(), houses);
            }
        }
        return taken;
    }

    private void greens(List<Polygon> blocks, Set<Polygon> taken) {
        String[] parks = {"Alder Park", "Ferry Gardens", "Fort Park", "West Common", "Strand Park"};
        for (int i = 0; i < parks.length; i++) {
            add(TownPlan.without(plan.parks.get(i), plan.riverBed), Map.of("leisure", "park", "name", parks[i]));
        }
        for (Polygon block : blocks) {
            if (!taken.contains(block) && block.getArea() > 45_000) {
                add(block, Map.of("landuse", block.getCentroid().getY() > 2_900 ? "forest" : "meadow"));
            }
        }
        add(plan.riverBed, Map.of("natural", "water", "water", "river", "name", "River Alder"));
        Geometry hill = TownPlan.without(
                TownPlan.without(
                        TownPlan.box(-40, 3_300, 4_720, 4_740),
                        TownPlan.line(plan.bypass).buffer(30)),
                plan.riverBed.buffer(25));
        for (double[] wood : new double[][] {
            {1_500, 4_350, 520}, {2_600, 4_430, 380}, {150, 3_800, 420}, {4_200, 4_450, 330}, {3_900, 3_800, 260}
        }) {
            Geometry shape = TownPlan.blob(wood[0], wood[1], wood[2], (int) wood[2]);
            add(TownPlan.both(shape, wood[0] > 3_000 ? plan.land : hill), Map.of("natural", "wood"));
        }
        Geometry strip = TownPlan.both(TownPlan.line(plan.coast).buffer(24), plan.land);
        add(
                TownPlan.both(strip, TownPlan.box(3_300, 2_300, 4_700, 3_600)),
                Map.of("natural", "beach", "name", "The Strand"));
        add(TownPlan.both(strip, TownPlan.box(1_300, 0, 2_000, 850)), Map.of("natural", "beach", "name", "Fort Beach"));
        add(TownPlan.line(plan.rail).buffer(11), Map.of("landuse", "railway"));
    }

    private void add(Geometry shape, Map<String, String> tags) {
        for (int i = 0; i < shape.getNumGeometries(); i++) {
            if (shape.getGeometryN(i) instanceof Polygon part && part.getArea() > 200) {
                areas.add(new Town.Area(TownPlan.SHAPES.createPolygon(part.getExteriorRing()), tags));
            }
        }
    }

    private void places() {
        spot(TownPlan.CENTRE.x, TownPlan.CENTRE.y + 60, "place", "town", "name", "Alder", "population", "40200");
        spot(700, 1_980, "place", "suburb", "name", "Gardens");
        spot(1_560, 900, "place", "suburb", "name", "The Rock");
        spot(2_150, 1_700, "place", "suburb", "name", "Harbour");
        spot(2_350, 3_050, "place", "suburb", "name", "The Hill");
        spot(3_150, 2_640, "place", "suburb", "name", "The Strand");
        spot(2_250, 2_745, "railway", "station", "name", "Alder Station");
        spot(700, 2_245, "railway", "halt", "name", "Gardens Halt");
        spot(2_640, 1_700, "natural", "bay", "name", "Alder Bay");
        spot(2_520, 1_640, "leisure", "marina", "name", "Old Harbour");
        spot(2_390, 1_500, "amenity", "ferry_terminal", "name", "Ferry Terminal");
    }

    private void spot(double x, double y, String... tags) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < tags.length; i += 2) {
            all.put(tags[i], tags[i + 1]);
        }
        spots.add(new Town.Spot(new Coordinate(x, y), new TreeMap<>(all)));
    }

    private List<Town.Line> lines() {
        List<Town.Line> lines = new ArrayList<>();
        lines.add(new Town.Line(plan.coast, Map.of("natural", "coastline")));
        lines.add(new Town.Line(plan.rail, Map.of("railway", "rail", "name", "Coast Line")));
        lines.add(new Town.Line(plan.river, Map.of("waterway", "river", "name", "River Alder")));
        pier(lines, 2_560, 1_420, 2_900, 1_500, 3_010, 1_700);
        pier(lines, 2_900, 1_930, 2_960, 1_790);
        for (int i = 0; i < 4; i++) {
            pier(lines, 2_395 + i * 6, 1_640 + i * 46, 2_500 + i * 8, 1_622 + i * 46);
        }
        lines.add(new Town.Line(
                TownPlan.smooth(2_400, 1_500, 2_800, 1_640, 3_300, 1_500, 4_720, 900),
                Map.of("route", "ferry", "name", "Island Ferry")));
        return lines;
    }

    private static void pier(List<Town.Line> lines, double... xy) {
        List<Coordinate> points = new ArrayList<>();
        for (int i = 0; i < xy.length; i += 2) {
            points.add(new Coordinate(xy[i], xy[i + 1]));
        }
        lines.add(new Town.Line(points, Map.of("man_made", "pier")));
    }

    static LineString line(Town.Street street) {
        return TownPlan.SHAPES.createLineString(
                street.nodes().stream().map(Town.Node::place).toArray(Coordinate[]::new));
    }
}

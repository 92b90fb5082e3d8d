package org.conurb.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.locationtech.jts.algorithm.MinimumAreaRectangle;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.LineSegment;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.index.strtree.STRtree;
import org.locationtech.jts.operation.buffer.BufferParameters;
import org.locationtech.jts.operation.overlayng.OverlayNGRobust;
import org.locationtech.jts.simplify.DouglasPeuckerSimplifier;

/** Cuts blocks into lots across their longer side and puts a house on each that lies at a street: rows in the middle of town, single houses outside. */
final class Houses {
    private record Kerb(Town.Street street, LineSegment segment, double before) {}

    private final Random random;
    private final List<Town.House> houses;
    private final STRtree kerbs = new STRtree();

    Houses(Random random, List<Town.Street> streets, List<Town.House> houses) {
        this.random = random;
        this.houses = houses;
        for (Town.Street street : streets) {
            double before = 0;
            for (int i = 1; i < street.nodes().size(); i++) {
                LineSegment segment = new LineSegment(
                        street.nodes().get(i - 1).place(), street.nodes().get(i).place());
                Envelope near = new Envelope(segment.p0, segment.p1);
                near.expandBy(45);
                kerbs.insert(near, new Kerb(street, segment, before));
                before += segment.getLength();
            }
        }
        kerbs.build();
    }

    void fill(List<Polygon> blocks) {
        for (Polygon block : blocks) {
            if (block.getArea() > 45_000) {
                continue;
            }
            double out = block.getCentroid().getCoordinate().distance(TownPlan.CENTRE);
            boolean dense = out < 900;
            Geometry yard = dense ? block.buffer(-15) : block.buffer(-27);
            split(block, out < 500 ? 330 : dense ? 480 : 620, lot -> {
                if (dense) {
                    row(lot, yard, out);
                } else {
                    single(lot, yard);
                }
            });
        }
    }

    private void split(Polygon lot, double most, java.util.function.Consumer<Polygon> done) {
        if (lot.getArea() < most * 1.6) {
            if (lot.getArea() > 110) {
                done.accept(lot);
            }
            return;
        }
        Coordinate[] box = rectangle(lot);
        boolean first = box[0].distance(box[1]) > box[1].distance(box[2]);
        double part = 0.42 + 0.16 * random.nextDouble();
        Coordinate a = first ? between(box[0], box[1], part) : between(box[1], box[2], part);
        Coordinate b = first ? between(box[3], box[2], part) : between(box[0], box[3], part);
        Coordinate[] half = first
                ? new Coordinate[] {box[0], a, b, box[3], box[0]}
                : new Coordinate[] {box[0], box[1], a, b, box[0]};
        Geometry one = TownPlan.both(lot, TownPlan.SHAPES.createPolygon(half));
        Geometry other = TownPlan.without(lot, one);
        for (Geometry side : List.of(one, other)) {
            for (int i = 0; i < side.getNumGeometries(); i++) {
                if (side.getGeometryN(i) instanceof Polygon polygon && polygon.getArea() < lot.getArea() * 0.97) {
                    split(polygon, most, done);
                }
            }
        }
    }

    private static Coordinate[] rectangle(Geometry shape) {
        return MinimumAreaRectangle.getMinimumRectangle(shape).getCoordinates();
    }

    private static Coordinate between(Coordinate a, Coordinate b, double part) {
        return new Coordinate(a.x + (b.x - a.x) * part, a.y + (b.y - a.y) * part);
    }

    private void row(Polygon lot, Geometry yard, double out) {
        Geometry house = TownPlan.without(lot.buffer(out < 420 ? -0.6 : -1.6, 1, BufferParameters.CAP_FLAT), yard);
        put(DouglasPeuckerSimplifier.simplify(house, 0.7), (out < 450 ? 3 : 2) + random.nextInt(3));
    }

    private void single(Polygon lot, Geometry yard) {
        if (yard.contains(lot.getCentroid())) {
            return;
        }
        Coordinate[] box = rectangle(lot);
        double wide = box[0].distance(box[1]);
        double deep = box[1].distance(box[2]);
        Coordinate c = lot.getCentroid().getCoordinate();
        double angle = StrictMath.atan2(box[1].y - box[0].y, box[1].x - box[0].x);
        double w = Math.min(wide * 0.7, 9 + random.nextDouble() * 6);
        double d = Math.min(deep * 0.62, 8 + random.nextDouble() * 4);
        int floors = 1 + random.nextInt(2);
        for (double scale = 1; scale > 0.6; scale -= 0.18) {
            Polygon house = turned(c, w * scale, d * scale, angle);
            if (lot.covers(house)) {
                put(house, floors);
                return;
            }
        }
    }

    static Polygon turned(Coordinate c, double length, double breadth, double angle) {
        double[] corners = Stage.corners(c.x, c.y, length, breadth, angle);
        Coordinate[] ring = new Coordinate[5];
        for (int i = 0; i < 5; i++) {
            ring[i] = new Coordinate(corners[i % 4 * 2], corners[i % 4 * 2 + 1]);
        }
        return TownPlan.SHAPES.createPolygon(ring);
    }

    private void put(Geometry shape, int floors) {
        if (!(shape instanceof Polygon house) || house.getArea() < 35 || house.getNumInteriorRing() > 0) {
            return;
        }
        Coordinate centre = house.getCentroid().getCoordinate();
        Kerb best = null;
        double nearest = 42;
        for (Object found : kerbs.query(new Envelope(centre))) {
            Kerb kerb = (Kerb) found;
            double distance = kerb.segment().distance(centre);
            if (distance < nearest) {
                nearest = distance;
                best = kerb;
            }
        }
        if (best != null) {
            double along = best.before()
                    + best.segment().projectionFactor(centre) * best.segment().getLength();
            int number = 2 * (int) Math.max(1, along / 11) + (best.segment().orientationIndex(centre) > 0 ? 1 : 0);
            houses.add(new Town.House(house, best.street().name(), number, floors, Map.of()));
        }
    }

    /** A large house with two wings in the middle of its block. */
    static void campus(Polygon block, String name, int floors, List<Town.House> houses) {
        Coordinate[] box = rectangle(block);
        boolean first = box[0].distance(box[1]) > box[1].distance(box[2]);
        double angle = first
                ? StrictMath.atan2(box[1].y - box[0].y, box[1].x - box[0].x)
                : StrictMath.atan2(box[2].y - box[1].y, box[2].x - box[1].x);
        double length = Math.max(box[0].distance(box[1]), box[1].distance(box[2]));
        double breadth = Math.min(box[0].distance(box[1]), box[1].distance(box[2]));
        Coordinate c = block.getCentroid().getCoordinate();
        double ox = -StrictMath.sin(angle);
        double oy = StrictMath.cos(angle);
        Geometry whole = turned(c, length * 0.58, Math.max(11, breadth * 0.16), angle);
        for (double side : new double[] {-0.24, 0.24}) {
            Coordinate wing = new Coordinate(
                    c.x + StrictMath.cos(angle) * length * side + ox * breadth * 0.14,
                    c.y + StrictMath.sin(angle) * length * side + oy * breadth * 0.14);
            whole = OverlayNGRobust.union(
                    List.of(whole, turned(wing, Math.max(10, length * 0.12), breadth * 0.42, angle)));
        }
        Geometry house = TownPlan.both(whole, block.buffer(-4));
        List<Geometry> parts = new ArrayList<>();
        for (int i = 0; i < house.getNumGeometries(); i++) {
            parts.add(house.getGeometryN(i));
        }
        for (Geometry part : parts) {
            if (part instanceof Polygon polygon && polygon.getArea() > 40) {
                houses.add(new Town.House(polygon, "", 0, floors, Map.of("name", name)));
            }
        }
    }
}

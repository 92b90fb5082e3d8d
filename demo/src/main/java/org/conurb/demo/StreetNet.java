package org.conurb.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.locationtech.jts.algorithm.RobustLineIntersector;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.LineSegment;
import org.locationtech.jts.index.strtree.STRtree;
import org.locationtech.jts.simplify.DouglasPeuckerSimplifier;

/** Lets lines meet: draws loose ends on to the next line, and gives lines that cross a shared node. */
final class StreetNet {
    private static final double ON = 95;
    /** Crossings nearer than this are one. */
    private static final double SAME = 9;

    record Drawn(String name, String highway, int limitKmh, boolean oneWay, List<Coordinate> line) {}

    private record Piece(int street, int index, LineSegment segment) {}

    private record Crossing(double along, Town.Node node) {}

    private final List<Town.Node> nodes = new ArrayList<>();
    private long nextId = 1;

    List<Town.Street> join(List<Drawn> drawn) {
        List<Drawn> extended = new ArrayList<>();
        STRtree before = index(drawn);
        for (int i = 0; i < drawn.size(); i++) {
            extended.add(extended(drawn.get(i), i, before));
        }
        STRtree tree = index(extended);
        List<TreeMap<Double, Town.Node>> crossings = new ArrayList<>();
        extended.forEach(street -> crossings.add(new TreeMap<>()));
        for (int i = 0; i < extended.size(); i++) {
            cross(extended, i, tree, crossings);
        }
        List<Town.Street> streets = new ArrayList<>();
        for (int i = 0; i < extended.size(); i++) {
            street(extended.get(i), crossings.get(i), streets);
        }
        return streets;
    }

    private static STRtree index(List<Drawn> streets) {
        STRtree tree = new STRtree();
        for (int i = 0; i < streets.size(); i++) {
            List<Coordinate> line = streets.get(i).line();
            for (int p = 1; p < line.size(); p++) {
                LineSegment segment = new LineSegment(line.get(p - 1), line.get(p));
                tree.insert(new Envelope(segment.p0, segment.p1), new Piece(i, p, segment));
            }
        }
        tree.build();
        return tree;
    }

    private static Drawn extended(Drawn street, int number, STRtree tree) {
        List<Coordinate> line = new ArrayList<>(street.line());
        Coordinate end = hit(line.get(line.size() - 2), line.getLast(), number, tree);
        Coordinate start = hit(line.get(1), line.getFirst(), number, tree);
        if (end != null) {
            line.add(end);
        }
        if (start != null) {
            line.addFirst(start);
        }
        return new Drawn(street.name(), street.highway(), street.limitKmh(), street.oneWay(), line);
    }

    /** Where the line, drawn on, meets another; a hand's breadth behind it, so that they cross. */
    private static @org.jspecify.annotations.Nullable Coordinate hit(
            Coordinate before, Coordinate end, int street, STRtree tree) {
        double length = before.distance(end);
        double dx = (end.x - before.x) / length;
        double dy = (end.y - before.y) / length;
        Coordinate far = new Coordinate(end.x + dx * ON, end.y + dy * ON);
        LineSegment ray = new LineSegment(end, far);
        Coordinate best = null;
        for (Object found : tree.query(new Envelope(end, far))) {
            Piece piece = (Piece) found;
            Coordinate meeting = piece.street() == street ? null : ray.intersection(piece.segment());
            if (meeting != null && (best == null || meeting.distance(end) < best.distance(end))) {
                best = meeting;
            }
        }
        return best == null ? null : new Coordinate(best.x + dx * 0.4, best.y + dy * 0.4);
    }

    private void cross(List<Drawn> streets, int i, STRtree tree, List<TreeMap<Double, Town.Node>> crossings) {
        RobustLineIntersector meet = new RobustLineIntersector();
        List<Coordinate> line = streets.get(i).line();
        for (int p = 1; p < line.size(); p++) {
            Coordinate a = line.get(p - 1);
            Coordinate b = line.get(p);
            List<Piece> near = new ArrayList<>();
            for (Object found : tree.query(new Envelope(a, b))) {
                near.add((Piece) found);
            }
            near.sort(Comparator.comparingInt(Piece::street).thenComparingInt(Piece::index));
            for (Piece piece : near) {
                if (piece.street() <= i) {
                    continue;
                }
                meet.computeIntersection(a, b, piece.segment().p0, piece.segment().p1);
                if (meet.hasIntersection()) {
                    Coordinate at = meet.getIntersection(0);
                    Town.Node node = node(at);
                    crossings.get(i).put(p - 1 + part(a, b, at), node);
                    crossings
                            .get(piece.street())
                            .put(piece.index() - 1 + part(piece.segment().p0, piece.segment().p1, at), node);
                }
            }
        }
    }

    private static double part(Coordinate a, Coordinate b, Coordinate at) {
        return Math.clamp(a.distance(at) / Math.max(1e-9, a.distance(b)), 0, 0.999999);
    }

    private Town.Node node(Coordinate at) {
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Town.Node known = nodes.get(i);
            if (Math.abs(known.x() - at.x) < SAME && StrictMath.hypot(known.x() - at.x, known.y() - at.y) < SAME) {
                return known;
            }
        }
        Town.Node node = new Town.Node(nextId++, at.x, at.y);
        nodes.add(node);
        return node;
    }

    private void street(Drawn drawn, TreeMap<Double, Town.Node> crossings, List<Town.Street> streets) {
        List<Crossing> at = new ArrayList<>();
        crossings.forEach((along, node) -> at.add(new Crossing(along, node)));
        boolean edge = drawn.highway().equals("trunk") || drawn.highway().equals("primary");
        if (at.isEmpty() || at.size() == 1 && !edge) {
            return; // it leads nowhere
        }
        List<Town.Node> path = new ArrayList<>();
        double first = at.getFirst().along();
        double last = at.getLast().along();
        double tail = edge ? 1e9 : 4;
        if (first < tail && first > 0.5 || edge) {
            between(drawn.line(), -1, first, path);
        }
        for (int i = 0; i < at.size(); i++) {
            if (path.isEmpty() || !path.getLast().equals(at.get(i).node())) {
                path.add(at.get(i).node());
            }
            if (i + 1 < at.size()) {
                between(drawn.line(), at.get(i).along(), at.get(i + 1).along(), path);
            }
        }
        if (edge) {
            between(drawn.line(), last, drawn.line().size(), path);
        }
        dedupe(path);
        if (path.size() > 1) {
            streets.add(new Town.Street(
                    drawn.name(), drawn.highway(), drawn.limitKmh(), drawn.oneWay(), List.copyOf(path)));
        }
    }

    /** A node twice in a path is a loop of a few metres; the later one stays away. */
    private static void dedupe(List<Town.Node> path) {
        for (int i = path.size() - 1; i > 0; i--) {
            if (path.get(i).equals(path.get(i - 1)) || i > 1 && path.get(i).equals(path.get(i - 2))) {
                path.remove(i);
            }
        }
    }

    /** The points that give a street its shape between two crossings, as few as show it. */
    private void between(List<Coordinate> line, double from, double to, List<Town.Node> path) {
        int begin = (int) Math.floor(from) + 1;
        int end = (int) Math.min(line.size() - 1, Math.ceil(to) - 1);
        if (end - begin < 1) {
            return;
        }
        Coordinate[] points = line.subList(begin, end + 1).toArray(Coordinate[]::new);
        Coordinate[] few = DouglasPeuckerSimplifier.simplify(TownPlan.SHAPES.createLineString(points), 1.6)
                .getCoordinates();
        for (int i = 0; i < few.length; i++) {
            boolean loose = from < 0 && i == 0 || to >= line.size() && i == few.length - 1;
            boolean far = path.isEmpty() || path.getLast().place().distance(few[i]) > SAME;
            if (loose || far && i > 0 && i < few.length - 1) {
                path.add(new Town.Node(nextId++, few[i].x, few[i].y));
            }
        }
    }
}

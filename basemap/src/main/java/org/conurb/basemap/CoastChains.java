package org.conurb.basemap;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;

/** Cuts directed lines at a box and joins what follows on to chains, keeping the direction. */
final class CoastChains {
    private CoastChains() {}

    /** Chains inside the box; each cut end lies exactly on an edge, a closed chain starts where it ends. */
    static List<List<Coordinate>> within(Envelope box, Collection<Coordinate[]> ways) {
        List<List<Coordinate>> pieces = new ArrayList<>();
        ways.forEach(way -> cut(box, way, pieces));
        return join(pieces);
    }

    private static void cut(Envelope box, Coordinate[] way, List<List<Coordinate>> pieces) {
        List<Coordinate> piece = new ArrayList<>();
        for (int i = 1; i < way.length; i++) {
            Coordinate[] inside = clip(box, way[i - 1], way[i]);
            if (inside.length == 0 || (!piece.isEmpty() && !piece.getLast().equals2D(inside[0]))) {
                keep(piece, pieces);
                piece = new ArrayList<>();
            }
            for (Coordinate point : inside) {
                if (piece.isEmpty() || !piece.getLast().equals2D(point)) {
                    piece.add(point);
                }
            }
        }
        keep(piece, pieces);
    }

    private static void keep(List<Coordinate> piece, List<List<Coordinate>> pieces) {
        if (piece.size() > 1) {
            pieces.add(piece);
        }
    }

    /** Liang and Barsky's clipping of one segment: its two ends inside the box, or none. */
    private static Coordinate[] clip(Envelope box, Coordinate from, Coordinate to) {
        double dx = to.x - from.x;
        double dy = to.y - from.y;
        double[] p = {-dx, dx, -dy, dy};
        double[] q = {from.x - box.getMinX(), box.getMaxX() - from.x, from.y - box.getMinY(), box.getMaxY() - from.y};
        double enter = 0;
        double leave = 1;
        int enterEdge = -1;
        int leaveEdge = -1;
        for (int edge = 0; edge < 4; edge++) {
            if (p[edge] == 0 && q[edge] < 0) {
                return new Coordinate[0];
            }
            double t = q[edge] / p[edge];
            if (p[edge] < 0 && t > enter) {
                enter = t;
                enterEdge = edge;
            } else if (p[edge] > 0 && t < leave) {
                leave = t;
                leaveEdge = edge;
            }
        }
        if (enter >= leave) {
            return new Coordinate[0];
        }
        return new Coordinate[] {
            at(box, from, dx, dy, enter, enterEdge, from), at(box, from, dx, dy, leave, leaveEdge, to)
        };
    }

    private static Coordinate at(
            Envelope box, Coordinate from, double dx, double dy, double t, int edge, Coordinate uncut) {
        return switch (edge) {
            case 0 -> new Coordinate(box.getMinX(), from.y + dy * t);
            case 1 -> new Coordinate(box.getMaxX(), from.y + dy * t);
            case 2 -> new Coordinate(from.x + dx * t, box.getMinY());
            case 3 -> new Coordinate(from.x + dx * t, box.getMaxY());
            default -> new Coordinate(uncut.x, uncut.y);
        };
    }

    private static List<List<Coordinate>> join(List<List<Coordinate>> pieces) {
        Map<Coordinate, Deque<List<Coordinate>>> byStart = new HashMap<>();
        Map<Coordinate, Integer> ends = new HashMap<>();
        for (List<Coordinate> piece : pieces) {
            byStart.computeIfAbsent(piece.getFirst(), start -> new ArrayDeque<>())
                    .add(piece);
            ends.merge(piece.getLast(), 1, Integer::sum);
        }
        List<List<Coordinate>> chains = new ArrayList<>();
        for (List<Coordinate> piece : pieces) { // first those that nothing leads to, then the rings that are left
            if (!ends.containsKey(piece.getFirst())) {
                follow(piece.getFirst(), byStart, chains);
            }
        }
        for (List<Coordinate> piece : pieces) {
            follow(piece.getFirst(), byStart, chains);
        }
        return chains;
    }

    private static void follow(
            Coordinate start, Map<Coordinate, Deque<List<Coordinate>>> byStart, List<List<Coordinate>> chains) {
        List<Coordinate> chain = new ArrayList<>();
        Deque<List<Coordinate>> next = byStart.get(start);
        while (next != null && !next.isEmpty()) {
            List<Coordinate> piece = next.poll();
            chain.addAll(chain.isEmpty() ? piece : piece.subList(1, piece.size()));
            if (chain.getLast().equals2D(chain.getFirst())) {
                break;
            }
            next = byStart.get(chain.getLast());
        }
        if (!chain.isEmpty()) {
            chains.add(chain);
        }
    }
}

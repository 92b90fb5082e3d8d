package org.conurb.basemap;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.locationtech.jts.algorithm.Orientation;
import org.locationtech.jts.algorithm.locate.IndexedPointInAreaLocator;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Location;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.operation.overlayng.OverlayNGRobust;
import org.locationtech.jts.operation.polygonize.Polygonizer;

/**
 * Makes the sea of a box from the coastline in it. OpenStreetMap draws a coastline with the land on its left, and an
 * extract holds only pieces. Idea: cut the pieces at the box, join them to chains, draw each chain that ends inside the box
 * on to its edge, split the box along the chains, and let the pieces beside each part say whether it is land or sea.
 *
 * <p>Drawing on is a guess, made first in the direction the coast had, then to the nearest edge. It is taken only when the
 * new pieces are short, cross nothing, all parts agree with their coasts, and hardly any building lies in the sea; else the
 * sea is {@link Sea.Unknown}. A wrong sea over a street would mislead; sea shown as land misleads less. Cost: n log n in
 * points of the coastline.
 */
final class Coastline {
    /** Longest piece drawn on, and stretch of coast whose direction counts, as parts of the box's diagonal. */
    private static final double LONGEST = 0.3;

    private static final double TREND = 0.06;
    /** Part of a face's coast that may contradict the rest, and part of the buildings that may lie in the sea. */
    private static final double DOUBT = 0.02;

    private static final GeometryFactory GEOMETRIES = new GeometryFactory();

    private final Envelope box;
    private final List<List<Coordinate>> chains;
    private final Collection<Coordinate> onLand;

    private Coastline(Envelope box, List<List<Coordinate>> chains, Collection<Coordinate> onLand) {
        this.box = box;
        this.chains = chains;
        this.onLand = onLand;
    }

    /**
     * @param ways the coastline in its direction, in degrees, longitude first
     * @param onLand places known to be on land, such as buildings
     */
    static Sea sea(Envelope box, Collection<Coordinate[]> ways, Collection<Coordinate> onLand) {
        var chains = CoastChains.within(box, ways);
        if (chains.isEmpty()) {
            return new Sea.Unknown("the extract has no coastline in the box");
        }
        Coastline coastline = new Coastline(box, chains, onLand);
        Sea first = coastline.closedBy(coastline::alongTrend);
        if (first instanceof Sea.Known) {
            return first;
        }
        return coastline.closedBy(coastline::toNearestEdge) instanceof Sea.Known known ? known : first;
    }

    /** Where the coast before {@code end} meets the edge; {@code before} lies on the chain a stretch earlier. */
    @FunctionalInterface
    private interface Continuation {
        Coordinate target(Coordinate before, Coordinate end);
    }

    private Sea closedBy(Continuation continuation) {
        List<LineString> coasts = new ArrayList<>();
        chains.forEach(chain -> coasts.add(line(chain)));
        List<LineString> added = new ArrayList<>();
        for (List<Coordinate> chain : chains) {
            if (chain.getFirst().equals2D(chain.getLast())) {
                continue;
            }
            if (!onEdge(chain.getLast())) {
                added.add(line(List.of(chain.getLast(), continuation.target(earlier(chain), chain.getLast()))));
            }
            if (!onEdge(chain.getFirst())) {
                added.add(line(
                        List.of(continuation.target(earlier(chain.reversed()), chain.getFirst()), chain.getFirst())));
            }
        }
        for (LineString piece : added) {
            if (piece.getLength() > LONGEST * box.getDiameter()) {
                return new Sea.Unknown("the coastline ends far from the box's edge");
            }
            if (crosses(piece, coasts) || crosses(piece, added)) {
                return new Sea.Unknown("the coastline cannot be drawn on to the box without crossing itself");
            }
        }
        coasts.addAll(added);
        return split(coasts, added.size());
    }

    private Sea split(List<LineString> coasts, int closedEnds) {
        Set<Step> steps = new HashSet<>();
        List<Geometry> lines = new ArrayList<>(coasts);
        for (LineString coast : coasts) {
            Coordinate[] points = coast.getCoordinates();
            for (int i = 1; i < points.length; i++) {
                steps.add(new Step(points[i - 1], points[i]));
            }
        }
        lines.add(((Polygon) GEOMETRIES.toGeometry(box)).getExteriorRing());
        Polygonizer polygonizer = new Polygonizer();
        polygonizer.add(OverlayNGRobust.union(GEOMETRIES.buildGeometry(lines)));
        List<Geometry> wet = new ArrayList<>();
        for (Object part : polygonizer.getPolygons()) {
            Polygon face = (Polygon) part;
            Votes votes = votes(face, steps);
            double all = votes.land() + votes.sea();
            if (all == 0 && face.getArea() > DOUBT * box.getArea()
                    || Math.min(votes.land(), votes.sea()) > DOUBT * all) {
                return new Sea.Unknown("the coastline contradicts itself: land and sea on the same side");
            }
            if (votes.sea() > votes.land()) {
                wet.add(face);
            }
        }
        if (wet.isEmpty()) {
            return new Sea.Unknown("the coastline leaves no sea in the box");
        }
        Geometry sea = OverlayNGRobust.union(wet);
        var locator = new IndexedPointInAreaLocator(sea);
        long drowned = onLand.stream()
                .filter(place -> locator.locate(place) == Location.INTERIOR)
                .count();
        if (drowned > 2 && drowned > DOUBT * onLand.size()) {
            return new Sea.Unknown("%d of %d buildings would lie in the sea".formatted(drowned, onLand.size()));
        }
        return new Sea.Known(sea, closedEnds);
    }

    private record Step(Coordinate from, Coordinate to) {}

    /** Lengths of coast round a face, by the side on which the coast sees the face. */
    private record Votes(double land, double sea) {}

    private static Votes votes(Polygon face, Set<Step> steps) {
        double land = 0;
        double sea = 0;
        for (int ring = -1; ring < face.getNumInteriorRing(); ring++) {
            LinearRing line = ring < 0 ? face.getExteriorRing() : face.getInteriorRingN(ring);
            Coordinate[] points = line.getCoordinates();
            // walked so that the face lies on the left: the shell against the clock, holes with it
            boolean forward = Orientation.isCCW(points) == ring < 0;
            for (int i = 1; i < points.length; i++) {
                Coordinate from = forward ? points[i - 1] : points[i];
                Coordinate to = forward ? points[i] : points[i - 1];
                if (steps.contains(new Step(from, to))) {
                    land += from.distance(to);
                }
                if (steps.contains(new Step(to, from))) {
                    sea += from.distance(to);
                }
            }
        }
        return new Votes(land, sea);
    }

    private static boolean crosses(LineString piece, List<LineString> others) {
        for (LineString other : others) {
            if (other != piece && piece.intersects(other)) {
                Geometry shared = piece.intersection(other);
                boolean onlyAtItsEnd = shared.getNumPoints() == 1
                        && (shared.getCoordinate().equals2D(piece.getCoordinateN(0))
                                || shared.getCoordinate().equals2D(piece.getCoordinateN(1)));
                if (!onlyAtItsEnd) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A point of the chain a stretch before its end. */
    private Coordinate earlier(List<Coordinate> chain) {
        double wanted = TREND * box.getDiameter();
        int i = chain.size() - 1;
        while (i > 0 && chain.get(i).distance(chain.getLast()) < wanted) {
            i--;
        }
        return chain.get(i);
    }

    private Coordinate alongTrend(Coordinate before, Coordinate end) {
        double dx = end.x - before.x;
        double dy = end.y - before.y;
        double x = dx > 0 ? (box.getMaxX() - end.x) / dx : dx < 0 ? (box.getMinX() - end.x) / dx : Double.MAX_VALUE;
        double y = dy > 0 ? (box.getMaxY() - end.y) / dy : dy < 0 ? (box.getMinY() - end.y) / dy : Double.MAX_VALUE;
        // the edge's own value, not a computed one, so that the point lies on it exactly
        return x < y
                ? new Coordinate(dx > 0 ? box.getMaxX() : box.getMinX(), end.y + dy * x)
                : new Coordinate(end.x + dx * y, dy > 0 ? box.getMaxY() : box.getMinY());
    }

    private Coordinate toNearestEdge(Coordinate before, Coordinate end) {
        double west = end.x - box.getMinX();
        double east = box.getMaxX() - end.x;
        double south = end.y - box.getMinY();
        double north = box.getMaxY() - end.y;
        double least = Math.min(Math.min(west, east), Math.min(south, north));
        if (least == west || least == east) {
            return new Coordinate(least == west ? box.getMinX() : box.getMaxX(), end.y);
        }
        return new Coordinate(end.x, least == south ? box.getMinY() : box.getMaxY());
    }

    private boolean onEdge(Coordinate point) {
        return point.x == box.getMinX()
                || point.x == box.getMaxX()
                || point.y == box.getMinY()
                || point.y == box.getMaxY();
    }

    private static LineString line(List<Coordinate> points) {
        return GEOMETRIES.createLineString(points.toArray(Coordinate[]::new));
    }
}

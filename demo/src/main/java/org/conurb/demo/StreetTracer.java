package org.conurb.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiPredicate;
import org.locationtech.jts.geom.Coordinate;

/** Follows a {@link Field} and keeps lines of like direction apart. Cost: steps times points near. */
final class StreetTracer {
    private static final double STEP = 8;
    private static final double CELL = 60;

    private record Point(double x, double y, boolean first) {}

    private final Field field;
    private final Random random;
    private final double size;
    private final Map<Long, List<Point>> near = new HashMap<>();

    StreetTracer(Field field, Random random, double size) {
        this.field = field;
        this.random = random;
        this.size = size;
    }

    /** Makes a line known, so that others keep away from it. */
    void keepAway(List<Coordinate> line, boolean first) {
        for (int i = 1; i < line.size(); i++) {
            Coordinate a = line.get(i - 1);
            Coordinate b = line.get(i);
            int pieces = (int) Math.ceil(a.distance(b) / STEP);
            for (int p = 0; p <= pieces; p++) {
                double part = p / (double) Math.max(1, pieces);
                remember(a.x + (b.x - a.x) * part, a.y + (b.y - a.y) * part, first);
            }
        }
    }

    private void remember(double x, double y, boolean first) {
        near.computeIfAbsent(cell(x, y), key -> new ArrayList<>()).add(new Point(x, y, first));
    }

    private static long cell(double x, double y) {
        return Math.floorDiv((long) x, (long) CELL) * 100_000L + Math.floorDiv((long) y, (long) CELL);
    }

    private boolean free(double x, double y, boolean first, double distance) {
        int reach = (int) Math.ceil(distance / CELL);
        for (int i = -reach; i <= reach; i++) {
            for (int j = -reach; j <= reach; j++) {
                for (Point point : near.getOrDefault(cell(x + i * CELL, y + j * CELL), List.of())) {
                    if (point.first() == first && StrictMath.hypot(point.x() - x, point.y() - y) < distance) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    /**
     * Lines that fill the area.
     *
     * @param apart metres between lines of like direction where they begin; they end at 60 % of it
     */
    List<List<Coordinate>> fill(double apart, int tries, double shortest, BiPredicate<Double, Double> allowed) {
        List<List<Coordinate>> lines = new ArrayList<>();
        for (int i = 0; i < tries; i++) {
            double x = random.nextDouble() * size;
            double y = random.nextDouble() * size;
            boolean first = i % 2 == 0;
            if (!allowed.test(x, y) || !free(x, y, first, apart)) {
                continue;
            }
            List<Coordinate> line = follow(x, y, first, 1, apart * 0.6, allowed);
            Collections.reverse(line);
            List<Coordinate> other = follow(x, y, first, -1, apart * 0.6, allowed);
            line.addAll(other.subList(1, other.size()));
            if ((line.size() - 1) * STEP >= shortest) {
                line.forEach(point -> remember(point.x, point.y, first));
                lines.add(line);
            }
        }
        return lines;
    }

    private List<Coordinate> follow(
            double x0, double y0, boolean first, int sign, double distance, BiPredicate<Double, Double> allowed) {
        List<Coordinate> line = new ArrayList<>(List.of(new Coordinate(x0, y0)));
        double x = x0;
        double y = y0;
        double heading = angle(x, y, first) + (sign > 0 ? 0 : Math.PI);
        for (int i = 0; i < 900; i++) {
            double next = toward(angle(x, y, first), heading);
            double middle = toward(
                    angle(x + StrictMath.cos(next) * STEP / 2, y + StrictMath.sin(next) * STEP / 2, first), next);
            x += StrictMath.cos(middle) * STEP;
            y += StrictMath.sin(middle) * STEP;
            heading = middle;
            boolean round = i > 20 && StrictMath.hypot(x - x0, y - y0) < STEP;
            if (round || !allowed.test(x, y) || !free(x, y, first, distance)) {
                break;
            }
            line.add(new Coordinate(x, y));
        }
        return line;
    }

    private double angle(double x, double y, boolean first) {
        return field.angle(x, y) + (first ? 0 : Math.PI / 2);
    }

    /** The angle or its opposite, whichever is nearer to the heading. */
    private static double toward(double angle, double heading) {
        return StrictMath.cos(angle - heading) >= 0 ? angle : angle + Math.PI;
    }
}

package org.conurb.demo;

import java.util.ArrayList;
import java.util.List;
import org.locationtech.jts.geom.Coordinate;

/**
 * Which way streets run at a place: a sum of fading directions, each counted by twice its angle so that opposite ways are
 * the same (Chen et al., Interactive Procedural Street Modeling, SIGGRAPH 2008).
 */
final class Field {
    private record Element(double x, double y, double angle, boolean radial, double size, double weight) {}

    private final List<Element> elements = new ArrayList<>();

    /** Streets parallel to {@code angle} (radians from east) round a place, fading over {@code size} metres. */
    Field grid(double x, double y, double angle, double size, double weight) {
        elements.add(new Element(x, y, angle, false, size, weight));
        return this;
    }

    /** Rings round a place. */
    Field rings(double x, double y, double size, double weight) {
        elements.add(new Element(x, y, 0, true, size, weight));
        return this;
    }

    /** Along a line. */
    Field along(List<Coordinate> line, double size, double weight) {
        for (int i = 1; i < line.size(); i++) {
            Coordinate a = line.get(i - 1);
            Coordinate b = line.get(i);
            grid((a.x + b.x) / 2, (a.y + b.y) / 2, StrictMath.atan2(b.y - a.y, b.x - a.x), size, weight);
        }
        return this;
    }

    /** The angle of the first direction; the second is across. */
    double angle(double x, double y) {
        double c = 0;
        double s = 0;
        for (Element element : elements) {
            double dx = x - element.x();
            double dy = y - element.y();
            double fade = element.weight() * StrictMath.exp(-(dx * dx + dy * dy) / (element.size() * element.size()));
            double angle = element.radial() ? StrictMath.atan2(dy, dx) + Math.PI / 2 : element.angle();
            c += fade * StrictMath.cos(2 * angle);
            s += fade * StrictMath.sin(2 * angle);
        }
        return StrictMath.atan2(s, c) / 2;
    }
}

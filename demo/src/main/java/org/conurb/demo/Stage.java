package org.conurb.demo;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A small stage of boxes and figures, seen by a camera on a mast: painter's algorithm over whole objects, one light. Metres;
 * x to the right, y away from the camera, z up. Ground is drawn at once, in order; what stands is drawn last, far first.
 */
final class Stage {
    private record Standing(double distance, Runnable draw) {}

    /** A place on the picture; {@code scale} is pixels a metre there. */
    record Spot(double x, double y, double scale) {}

    private static final double NEAR = 0.5;

    final Graphics2D pen;
    private final int width;
    private final int height;
    private final double cameraY;
    private final double cameraZ;
    private final double focal;
    private final double tilt;
    private final List<Standing> standing = new ArrayList<>();

    /** @param tilt of the camera, radians below the horizon */
    Stage(BufferedImage picture, double cameraY, double cameraZ, double tilt, double focal) {
        this.pen = picture.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        this.width = picture.getWidth();
        this.height = picture.getHeight();
        this.cameraY = cameraY;
        this.cameraZ = cameraZ;
        this.tilt = tilt;
        this.focal = focal;
    }

    Spot spot(double x, double y, double z) {
        double forward = y - cameraY;
        double up = z - cameraZ;
        double depth = Math.max(NEAR, forward * Math.cos(tilt) - up * Math.sin(tilt));
        double rise = forward * Math.sin(tilt) + up * Math.cos(tilt);
        double scale = focal / depth;
        return new Spot(width / 2.0 + x * scale, height / 2.0 - rise * scale, scale);
    }

    void sky(Color top, Color bottom, double horizonY) {
        double y = spot(0, horizonY, 0).y();
        pen.setPaint(new java.awt.GradientPaint(0, 0, top, 0, (float) y, bottom));
        pen.fill(new java.awt.geom.Rectangle2D.Double(0, 0, width, y + 1));
    }

    /** Flat on the ground at height z; points are x, y, x, y. */
    void ground(Color color, double z, double... points) {
        pen.setColor(color);
        pen.fill(path(z, points));
    }

    void rectangle(Color color, double x0, double y0, double x1, double y1) {
        ground(color, 0, x0, y0, x1, y0, x1, y1, x0, y1);
    }

    private Path2D path(double z, double... points) {
        Path2D path = new Path2D.Double();
        for (int i = 0; i < points.length; i += 2) {
            Spot spot = spot(points[i], points[i + 1], z);
            if (i == 0) {
                path.moveTo(spot.x(), spot.y());
            } else {
                path.lineTo(spot.x(), spot.y());
            }
        }
        path.closePath();
        return path;
    }

    void stand(double x, double y, Runnable draw) {
        standing.add(new Standing(Math.hypot(x, y - cameraY), draw));
    }

    /** Draws all that stands, far first. */
    void raise() {
        standing.sort(Comparator.comparingDouble(Standing::distance).reversed());
        standing.forEach(each -> each.draw().run());
        pen.dispose();
    }

    /** A box round x, y, turned by {@code heading} radians; its length lies along the heading. */
    void box(double x, double y, double z, double length, double breadth, double tall, double heading, Color color) {
        stand(x, y, () -> drawBox(x, y, z, length, breadth, tall, heading, color));
    }

    void drawBox(
            double x, double y, double z, double length, double breadth, double tall, double heading, Color color) {
        double[] corners = corners(x, y, length, breadth, heading);
        record Face(double distance, double light, Path2D shape) {}
        List<Face> faces = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int j = (i + 1) % 4;
            double ax = corners[2 * i];
            double ay = corners[2 * i + 1];
            double bx = corners[2 * j];
            double by = corners[2 * j + 1];
            double nx = by - ay;
            double ny = ax - bx;
            if (nx * (0 - ax) + ny * (cameraY - ay) <= 0) {
                continue;
            }
            Path2D face = new Path2D.Double();
            move(face, spot(ax, ay, z));
            line(face, spot(bx, by, z));
            line(face, spot(bx, by, z + tall));
            line(face, spot(ax, ay, z + tall));
            face.closePath();
            double length2 = Math.hypot(nx, ny);
            double light = 0.66 + 0.22 * (nx * 0.8 - ny * 0.6) / length2;
            faces.add(new Face(Math.hypot((ax + bx) / 2, (ay + by) / 2 - cameraY), light, face));
        }
        faces.sort(Comparator.comparingDouble(Face::distance).reversed());
        for (Face face : faces) {
            pen.setColor(shade(color, face.light()));
            pen.fill(face.shape());
        }
        if (cameraZ > z + tall) {
            pen.setColor(shade(color, 1.05));
            pen.fill(path(z + tall, corners));
        }
    }

    static double[] corners(double x, double y, double length, double breadth, double heading) {
        double c = Math.cos(heading) / 2;
        double s = Math.sin(heading) / 2;
        double lx = c * length;
        double ly = s * length;
        double bx = -s * breadth;
        double by = c * breadth;
        return new double[] {
            x - lx - bx, y - ly - by, x + lx - bx, y + ly - by, x + lx + bx, y + ly + by, x - lx + bx, y - ly + by
        };
    }

    void shadow(double x, double y, double length, double breadth, double tall, double heading) {
        ground(
                new Color(0, 0, 0, 60),
                0,
                corners(x - tall * 0.35, y + tall * 0.2, length + tall * 0.2, breadth, heading));
    }

    private static void move(Path2D path, Spot spot) {
        path.moveTo(spot.x(), spot.y());
    }

    private static void line(Path2D path, Spot spot) {
        path.lineTo(spot.x(), spot.y());
    }

    static Color shade(Color color, double light) {
        return new Color(
                (int) Math.clamp(color.getRed() * light, 0, 255),
                (int) Math.clamp(color.getGreen() * light, 0, 255),
                (int) Math.clamp(color.getBlue() * light, 0, 255),
                color.getAlpha());
    }

    /** A house whose front (towards the camera) shows rows of windows. */
    void house(double x, double y, double wide, double deep, double tall, Color wall, int seed) {
        stand(x, y, () -> {
            drawBox(x, y, 0, wide, deep, tall, 0, wall);
            drawBox(x, y, tall, wide + 0.6, deep + 0.6, 0.5, 0, shade(wall, 0.75));
            int floors = (int) (tall / 3.2);
            for (int floor = 0; floor < floors; floor++) {
                windows(x - wide / 2, y - deep / 2, wide, floor, seed);
            }
            double side = x > 0 ? x - wide / 2 : x + wide / 2;
            for (int floor = 0; floor < floors && Math.abs(x) > wide / 2; floor++) {
                sideWindows(side, y - deep / 2, deep, floor, seed);
            }
        });
    }

    private void windows(double left, double front, double wide, int floor, int seed) {
        double z = floor * 3.2 + 1;
        for (double at = 1; at + 1.4 < wide; at += 2.6) {
            boolean shop = floor == 0;
            pane(
                    spot(left + at, front, shop ? 0.3 : z),
                    spot(left + at + (shop ? 2 : 1.4), front, shop ? 0.3 : z),
                    spot(left + at + (shop ? 2 : 1.4), front, shop ? 2.7 : z + 1.5),
                    spot(left + at, front, shop ? 2.7 : z + 1.5),
                    (int) (at * 7 + floor * 3 + seed) % 5 == 0);
        }
    }

    private void sideWindows(double x, double front, double deep, int floor, int seed) {
        double z = floor * 3.2 + 1;
        for (double at = 1; at + 1.4 < deep; at += 2.8) {
            pane(
                    spot(x, front + at, z),
                    spot(x, front + at + 1.4, z),
                    spot(x, front + at + 1.4, z + 1.5),
                    spot(x, front + at, z + 1.5),
                    (int) (at * 5 + floor + seed) % 4 == 0);
        }
    }

    private void pane(Spot a, Spot b, Spot c, Spot d, boolean lit) {
        Path2D pane = new Path2D.Double();
        move(pane, a);
        line(pane, b);
        line(pane, c);
        line(pane, d);
        pane.closePath();
        pen.setColor(lit ? new Color(0xd9c58a) : new Color(0x3d4a57));
        pen.fill(pane);
    }

    void tree(double x, double y, double tall, Color green) {
        ground(new Color(0, 0, 0, 50), 0, corners(x - 1.2, y + 0.6, tall * 0.6, tall * 0.4, 0.3));
        stand(x, y, () -> {
            Spot foot = spot(x, y, 0);
            Spot crown = spot(x, y, tall * 0.65);
            stroke(new Color(0x5b4634), foot.scale() * 0.3, foot, crown);
            double r = tall * 0.33;
            ball(x - r * 0.4, y, tall * 0.6, r * 0.8, shade(green, 0.8));
            ball(x + r * 0.45, y, tall * 0.58, r * 0.75, shade(green, 0.88));
            ball(x, y, tall * 0.76, r * 0.9, green);
            ball(x + r * 0.2, y, tall * 0.84, r * 0.5, shade(green, 1.14));
        });
    }

    void ball(double x, double y, double z, double radius, Color color) {
        Spot spot = spot(x, y, z);
        double r = radius * spot.scale();
        pen.setColor(color);
        pen.fill(new Ellipse2D.Double(spot.x() - r, spot.y() - r, 2 * r, 2 * r));
    }

    void stroke(Color color, double pixels, Spot from, Spot to) {
        pen.setColor(color);
        pen.setStroke(new BasicStroke((float) pixels, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        pen.draw(new Line2D.Double(from.x(), from.y(), to.x(), to.y()));
    }

    /** A walking figure; {@code step} counts its steps, {@code tall} 1.2 for a child. */
    void person(double x, double y, double step, double tall, Color coat, Color trousers) {
        ground(new Color(0, 0, 0, 60), 0, corners(x - 0.35, y + 0.1, 1.1, 0.4, 0.3));
        stand(x, y, () -> {
            double swing = Math.sin(step * Math.PI) * 0.24 * tall / 1.75;
            Spot hip = spot(x, y, tall * 0.48);
            Spot neck = spot(x, y, tall * 0.8);
            double limb = hip.scale() * 0.16 * tall / 1.75;
            stroke(trousers, limb, hip, spot(x + swing, y, 0.04));
            stroke(shade(trousers, 0.85), limb, hip, spot(x - swing, y, 0.04));
            stroke(coat, limb * 2.3, spot(x, y, tall * 0.54), neck);
            stroke(shade(coat, 0.85), limb * 0.8, neck, spot(x - swing * 0.9 - 0.12, y, tall * 0.5));
            stroke(shade(coat, 0.92), limb * 0.8, neck, spot(x + swing * 0.9 + 0.12, y, tall * 0.5));
            ball(x, y, tall * 0.93, tall * 0.075, new Color(0xc99a78));
        });
    }

    void car(double x, double y, double heading, Color paint, boolean braking) {
        shadow(x, y, 4.4, 1.9, 1.4, heading);
        stand(x, y, () -> {
            drawBox(x, y, 0.05, 4.1, 1.6, 0.3, heading, new Color(0x22252a));
            drawBox(x, y, 0.3, 4.3, 1.8, 0.55, heading, paint);
            double back = -0.25;
            double cx = x + Math.cos(heading) * back;
            double cy = y + Math.sin(heading) * back;
            drawBox(cx, cy, 0.85, 2.3, 1.55, 0.45, heading, new Color(0x2b3540));
            drawBox(cx, cy, 1.3, 1.9, 1.45, 0.08, heading, shade(paint, 0.95));
            lamps(x, y, heading, 2.16, new Color(0xfff6d8));
            lamps(x, y, heading, -2.16, braking ? new Color(0xff3b2f) : new Color(0x8c1f1a));
        });
    }

    private void lamps(double x, double y, double heading, double along, Color color) {
        double c = Math.cos(heading);
        double s = Math.sin(heading);
        if (c * along * (0 - x) + s * along * (cameraY - y) <= 0) {
            return;
        }
        for (double across : new double[] {-0.65, 0.65}) {
            ball(x + c * along - s * across, y + s * along + c * across, 0.65, 0.13, color);
        }
    }
}

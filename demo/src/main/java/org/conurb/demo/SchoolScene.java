package org.conurb.demo;

import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.RadialGradientPaint;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;

/** A school yard: children who play, and smoke that rises from a window of the upper floor. */
final class SchoolScene {
    private SchoolScene() {}

    static void draw(BufferedImage picture, double at) {
        Stage stage = new Stage(picture, -15, 8, 0.09, 760);
        stage.sky(new Color(0xa9bccb), new Color(0xdfe3e0), 400);
        stage.rectangle(new Color(0x7d8f66), -400, -14, 400, 400);
        stage.rectangle(new Color(0xa88f78), -26, -14, 26, 27);
        court(stage);
        surroundings(stage);
        building(stage);
        children(stage, at);
        stage.raise();
        soot(stage, picture);
        smoke(stage, picture, at);
    }

    private static void court(Stage stage) {
        stage.rectangle(new Color(0x7a5348), -15, 4, 15, 20);
        Color line = new Color(0xd8d2c4);
        stage.rectangle(line, -15, 4, 15, 4.15);
        stage.rectangle(line, -15, 19.85, 15, 20);
        stage.rectangle(line, -15, 4, -14.85, 20);
        stage.rectangle(line, 14.85, 4, 15, 20);
        stage.rectangle(line, -0.07, 4, 0.07, 20);
        for (int i = 0; i < 8; i++) {
            Color tile = i % 2 == 0 ? new Color(0xd6b04a) : new Color(0x6d97a8);
            stage.rectangle(tile, -19.4, -3 + i * 1.1, -18.3, -2 + i * 1.1);
        }
        for (double x : new double[] {-14, 14}) {
            double at = x;
            stage.stand(at, 12, () -> {
                Stage.Spot foot = stage.spot(at, 12, 0);
                stage.stroke(new Color(0x42484d), foot.scale() * 0.14, foot, stage.spot(at, 12, 3.2));
                stage.drawBox(at - Math.signum(at) * 0.3, 12, 2.7, 0.1, 1.6, 1, 0, new Color(0xeae6da));
            });
        }
        stage.box(20.5, 7, 0, 3, 0.6, 0.45, 1.5, new Color(0x8a6a45));
        stage.box(20.5, 13, 0, 3, 0.6, 0.45, 1.5, new Color(0x8a6a45));
    }

    private static void surroundings(Stage stage) {
        Color green = new Color(0x678f4e);
        for (int i = 0; i < 6; i++) {
            stage.tree(-31 - i % 2 * 4, 2 + i * 9, 7, Stage.shade(green, 0.9 + i % 3 * 0.06));
            stage.tree(30 + i % 2 * 4, 4 + i * 9, 7.5, Stage.shade(green, 0.94 + i % 2 * 0.06));
        }
        stage.tree(-22, 12, 6, green);
        stage.tree(23, 22, 6.5, green);
        for (double y = -6; y < 27; y += 3) {
            double at = y;
            for (double x : new double[] {-26, 26}) {
                double side = x;
                stage.stand(side, at, () -> {
                    Stage.Spot foot = stage.spot(side, at, 0);
                    stage.stroke(new Color(0x3f5a4a), foot.scale() * 0.07, foot, stage.spot(side, at, 1.7));
                    stage.stroke(
                            new Color(0x3f5a4a),
                            foot.scale() * 0.05,
                            stage.spot(side, at, 1.6),
                            stage.spot(side, at + 3, 1.6));
                    stage.stroke(
                            new Color(0x3f5a4a),
                            foot.scale() * 0.05,
                            stage.spot(side, at, 0.8),
                            stage.spot(side, at + 3, 0.8));
                });
            }
        }
        for (int i = 0; i < 7; i++) {
            stage.house(-75 + i * 25, 90, 18, 12, 9 + i % 3 * 4, new Color(i % 2 == 0 ? 0xc7b299 : 0xb59c88), i);
        }
    }

    private static void building(Stage stage) {
        stage.house(0, 34, 44, 14, 10.2, new Color(0xc48f68), 2);
        stage.stand(0, 26.9, () -> {
            stage.drawBox(0, 26, 0, 7, 2, 3.4, 0, new Color(0xd9cdb8));
            stage.drawBox(0, 24.9, 0, 3.2, 0.2, 2.6, 0, new Color(0x37505c));
        });
        stage.stand(0, 25.5, () -> stage.drawBox(0, 34, 10.7, 6, 4, 2.6, 0, new Color(0xe0d6c4)));
    }

    private static void children(Stage stage, double at) {
        for (int i = 0; i < 12; i++) {
            double speed = 1 + i % 3;
            double turn = 2 * Math.PI * speed * at / Scene.LOOP_SECONDS + i * 2.1;
            double x = -10 + i * 1.9 + 2.6 * Math.cos(turn);
            double y = 7 + i * 5 % 11 + 1.8 * Math.sin(turn * (i % 2 == 0 ? 1 : -1));
            stage.person(x, y, at * (1 + speed), 1.25 + i % 4 * 0.06, Scene.COATS[i % 8], Scene.COATS[(i + 5) % 8]);
        }
        double ball = Math.abs(Scene.wave(at, 8, 0));
        double bx = 6 * Scene.wave(at, 2, 0.4);
        stage.stand(bx, 11, () -> stage.ball(bx, 11, 0.2 + 1.4 * ball, 0.17, new Color(0xe07b2f)));
        stage.person(19, 3, 0.05 * Scene.wave(at, 4, 1), 1.74, Scene.COATS[4], Scene.COATS[5]);
        stage.person(-17, 21.5, 0, 1.7, Scene.COATS[1], Scene.COATS[0]);
    }

    private static void soot(Stage stage, BufferedImage picture) {
        var pen = picture.createGraphics();
        Stage.Spot low = stage.spot(11.3, 26.9, 7.2);
        Stage.Spot high = stage.spot(13.9, 26.9, 10.2);
        pen.setPaint(new java.awt.GradientPaint(
                0, (float) low.y(), new Color(25, 22, 20, 235), 0, (float) high.y(), new Color(40, 35, 32, 120)));
        pen.fill(new java.awt.geom.Rectangle2D.Double(low.x(), high.y(), high.x() - low.x(), low.y() - high.y()));
        pen.dispose();
    }

    private static void smoke(Stage stage, BufferedImage picture, double at) {
        var pen = picture.createGraphics();
        pen.setComposite(AlphaComposite.SrcOver);
        int puffs = 48;
        for (int i = puffs - 1; i >= 0; i--) {
            double age = Scene.since(at, i * (double) Scene.LOOP_SECONDS / puffs) / Scene.LOOP_SECONDS;
            double z = 8.1 + 21 * Math.pow(age, 0.8);
            double x = 12.6 + 12 * age * age + 1.1 * age * Math.sin(i * 2.4 + age * 5);
            Stage.Spot spot = stage.spot(x, 26.6, z);
            double radius = spot.scale() * (0.8 + 4.4 * age);
            int grey = (int) (58 + 95 * age + i % 4 * 6);
            int alpha = (int) (215 * Math.min(1, age * 14) * Math.pow(1 - age, 1.15));
            if (radius < 1 || alpha < 2) {
                continue;
            }
            pen.setPaint(new RadialGradientPaint(
                    (float) spot.x(), (float) spot.y(), (float) radius, new float[] {0, 0.55f, 1}, new Color[] {
                        new Color(grey, grey, grey + 4, alpha),
                        new Color(grey + 8, grey + 8, grey + 12, alpha * 2 / 3),
                        new Color(grey + 20, grey + 20, grey + 24, 0)
                    }));
            pen.fill(new Ellipse2D.Double(spot.x() - radius, spot.y() - radius, 2 * radius, 2 * radius));
        }
        pen.dispose();
    }
}

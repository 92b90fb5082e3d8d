package org.conurb.demo;

import java.awt.Color;
import java.awt.image.BufferedImage;

/** A street crossing with lights: cars that stop for walkers. */
final class CrossingScene {
    private static final Color ASPHALT = new Color(0x56595d);
    private static final Color PAVEMENT = new Color(0x9b968d);
    private static final Color PAINT = new Color(0xd9d9d2);

    private CrossingScene() {}

    static void draw(BufferedImage picture, double at) {
        Stage stage = new Stage(picture, -17, 9.5, 0.36, 900);
        stage.sky(new Color(0x9fb6cc), new Color(0xd8dfe2), 240);
        stage.rectangle(new Color(0x8a9474), -400, -14, 400, 240);
        stage.rectangle(PAVEMENT, -200, -14, 200, 55);
        ground(stage);
        street(stage);
        lights(stage, at);
        cars(stage, at);
        walkers(stage, at);
        stage.raise();
    }

    private static void ground(Stage stage) {
        stage.rectangle(ASPHALT, -200, 2, 200, 10);
        stage.rectangle(ASPHALT, -4, -14, 4, 140);
        Color kerb = new Color(0xbab5ab);
        for (double y : new double[] {1.75, 10}) {
            stage.rectangle(kerb, -200, y, -4, y + 0.25);
            stage.rectangle(kerb, 4, y, 200, y + 0.25);
        }
        for (double x : new double[] {-4.25, 4}) {
            stage.rectangle(kerb, x, -14, x + 0.25, 2);
            stage.rectangle(kerb, x, 10, x + 0.25, 140);
        }
        for (double x = 9; x < 120; x += 5) {
            stage.rectangle(PAINT, x, 5.92, x + 2.4, 6.08);
            stage.rectangle(PAINT, -x - 2.4, 5.92, -x, 6.08);
        }
        for (double y = 15; y < 110; y += 5) {
            stage.rectangle(PAINT, -0.08, y, 0.08, y + 2.4);
        }
        for (double x = -3.4; x < 3.6; x += 1.1) {
            stage.rectangle(PAINT, x, 10.8, x + 0.55, 13.4);
            stage.rectangle(PAINT, x, -1.4, x + 0.55, 1.2);
        }
        for (double y = 2.5; y < 9.8; y += 1.1) {
            stage.rectangle(PAINT, 4.9, y, 7.6, y + 0.55);
            stage.rectangle(PAINT, -7.6, y, -4.9, y + 0.55);
        }
        stage.rectangle(PAINT, 8, 2.2, 8.35, 5.8);
        stage.rectangle(PAINT, -8.35, 6.2, -8, 9.8);
    }

    private static void street(Stage stage) {
        Color[] walls = {
            new Color(0xc9a98a), new Color(0xb9b3a6), new Color(0xa8705a), new Color(0xd7cbb2), new Color(0x98a3a8)
        };
        double left = -9;
        double right = 9;
        for (int i = 0; i < 5; i++) {
            double wide = 12 + i * 5 % 7;
            stage.house(left - wide / 2, 22, wide - 0.3, 16, 11 + i * 7 % 9, walls[i % 5], i);
            stage.house(right + wide / 2, 22, wide - 0.3, 16, 12 + i * 5 % 8, walls[(i + 2) % 5], i + 9);
            left -= wide;
            right += wide;
        }
        for (int i = 0; i < 4; i++) {
            stage.house(-15, 42 + i * 18, 12, 15, 10 + i % 3 * 3, walls[(i + 1) % 5], i + 3);
            stage.house(15, 42 + i * 18, 12, 15, 12 + i % 2 * 4, walls[(i + 3) % 5], i + 5);
        }
        Color green = new Color(0x5f8a4a);
        for (double x : new double[] {-22, -13, 13.5, 23}) {
            stage.tree(x, 12.2, 6.5, green);
        }
        stage.tree(-12, -1, 5, green);
        stage.tree(14.5, -0.5, 5.5, Stage.shade(green, 0.92));
        for (int i = 0; i < 4; i++) {
            stage.tree(i % 2 == 0 ? -6 : 6, 34 + i * 11, 6, green);
        }
    }

    /** Green for the cross street in the first half of the loop. */
    private static boolean crossGoes(double at) {
        return at < 11;
    }

    private static void lights(Stage stage, double at) {
        light(stage, 4.9, 1.2, crossGoes(at));
        light(stage, -5, 10.9, crossGoes(at));
        light(stage, 4.8, 10.9, !crossGoes(at) && at > 12.5 && at < 22.5);
    }

    private static void light(Stage stage, double x, double y, boolean green) {
        stage.stand(x, y, () -> {
            Stage.Spot foot = stage.spot(x, y, 0);
            stage.stroke(new Color(0x33383d), foot.scale() * 0.12, foot, stage.spot(x, y, 2.6));
            stage.drawBox(x, y, 2.5, 0.35, 0.3, 1, 0, new Color(0x24282c));
            stage.ball(x, y - 0.2, 3.28, 0.13, green ? new Color(0x4a1512) : new Color(0xff4136));
            stage.ball(x, y - 0.2, 2.72, 0.13, green ? new Color(0x3dff8b) : new Color(0x103a20));
        });
    }

    private static void cars(Stage stage, double at) {
        for (int i = 0; i < 6; i++) {
            double since = Scene.since(at, 16.6 + i * 2.1);
            double eastward = -62 + since * 11;
            if (eastward < 70) {
                stage.car(eastward, 4, 0, Scene.PAINTS[i], false);
            }
            double westward = 64 - Scene.since(at, 17.4 + i * 2.0) * 11.5;
            if (westward > -70) {
                stage.car(westward, 8, Math.PI, Scene.PAINTS[(i + 3) % 8], false);
            }
        }
        for (int i = 0; i < 3; i++) {
            queueing(stage, at, i);
        }
    }

    /** A car from afar that waits at the line for its green and drives on under the camera. */
    private static void queueing(Stage stage, double at, int place) {
        double since = Scene.since(at, place * 1.5);
        double stop = 15 + place * 6.5;
        double go = 13.2 - place * 1.5 + place * 0.9;
        double arrive = 7;
        double y;
        if (since < arrive) {
            double left = 1 - since / arrive;
            y = stop + (95 - stop) * left * left;
        } else if (since < go) {
            y = stop;
        } else {
            double moving = since - go;
            y = stop - 1.6 * moving * moving;
        }
        if (y > -16) {
            stage.car(-2, y, -Math.PI / 2, Scene.PAINTS[(place * 3 + 1) % 8], since < go && since > 3);
        }
    }

    private static void walkers(Stage stage, double at) {
        for (int i = 0; i < 5; i++) {
            double speed = 1.25 + i * 0.08;
            double since = Scene.since(at, 1 + i * 1.1);
            double x = i % 2 == 0 ? -8 + since * speed : 8 - since * speed;
            if (Math.abs(x) < 8.2 && since < 13) {
                stage.person(x, 11.4 + i * 0.42, since * 2.1, 1.72, Scene.COATS[i], Scene.COATS[5]);
            }
        }
        for (int i = 0; i < 6; i++) {
            double span = 24 * 1.2;
            double x = i % 2 == 0 ? -8 - Scene.since(at, i * 4) * 1.2 : -8 - span + Scene.since(at, i * 4) * 1.2;
            stage.person(x, 12.6 + i % 3 * 0.7, at * 2, 1.7, Scene.COATS[(i + 2) % 8], Scene.COATS[0]);
            stage.person(-x, 13 + i % 2 * 0.6, at * 2 + 0.5, 1.68, Scene.COATS[(i + 5) % 8], Scene.COATS[5]);
        }
        stage.person(-7.2, 0.6, 0, 1.74, Scene.COATS[3], Scene.COATS[5]);
        stage.person(7.6, 0.3 + 0.05 * Scene.wave(at, 3, 0), 0.1, 1.66, Scene.COATS[6], Scene.COATS[0]);
    }
}

package org.conurb.demo;

import java.awt.Color;
import java.awt.image.BufferedImage;

/** A harbour: boats at their moorings, a ferry that crosses, walkers on the quay. */
final class HarbourScene {
    private HarbourScene() {}

    static void draw(BufferedImage picture, double at) {
        Stage stage = new Stage(picture, -15, 9, 0.2, 780);
        stage.sky(new Color(0x8fb4d6), new Color(0xe3e8e6), 900);
        stage.rectangle(new Color(0x4f7f95), -900, 6, 900, 900);
        stage.ground(new Color(0x6a9db2), 0, -900, 300, 900, 300, 900, 900, -900, 900);
        glints(stage, at);
        farShore(stage);
        stage.rectangle(new Color(0xa9a294), -200, -14, 200, 6);
        quay(stage);
        boats(stage, at);
        ferry(stage, at);
        walkers(stage, at);
        stage.raise();
    }

    private static void glints(Stage stage, double at) {
        java.util.Random random = Scene.fixed(5);
        for (int i = 0; i < 150; i++) {
            double y = 8 + 150 * random.nextDouble() * random.nextDouble();
            double x = (random.nextDouble() - 0.5) * (y + 20) * 1.6;
            double strength = 0.5 + 0.5 * Scene.wave(at, 3 + i % 4, i);
            double length = (0.6 + random.nextDouble() * 1.4) * (0.5 + strength / 2);
            stage.rectangle(new Color(200, 225, 232, (int) (25 + 70 * strength)), x, y, x + length, y + 0.16);
        }
    }

    private static void farShore(Stage stage) {
        stage.ground(new Color(0x7f9a7c), 0, -900, 500, 900, 460, 900, 560, -900, 560);
        for (int i = 0; i < 26; i++) {
            double x = -330 + i * 27;
            stage.drawBox(x, 480, 0, 20, 12, 14 + i * 7 % 23, 0, new Color(i % 3 == 0 ? 0xcdbfa8 : 0xb9a793));
        }
        stage.drawBox(-70, 250, 0, 160, 6, 3, 0.03, new Color(0x8d8b84));
        stage.drawBox(12, 252, 3, 4, 4, 12, 0, new Color(0xe8e4da));
        stage.drawBox(12, 252, 15, 3, 3, 3, 0, new Color(0xb23a30));
    }

    private static void quay(Stage stage) {
        stage.rectangle(new Color(0xc4bdae), -200, 5, 200, 6);
        for (double x = -60; x < 60; x += 3) {
            stage.rectangle(new Color(0x9a9385), x, -14, x + 0.06, 5);
        }
        for (double y = -9; y < 5; y += 3) {
            stage.rectangle(new Color(0x9a9385), -100, y, 100, y + 0.06);
        }
        for (double x = -34; x <= 34; x += 8.5) {
            stage.box(x, 5.2, 0, 0.5, 0.5, 0.7, 0, new Color(0x30353a));
        }
        for (double x : new double[] {-21, -4.5, 13, 30}) {
            double at = x;
            stage.stand(at, 3, () -> {
                Stage.Spot foot = stage.spot(at, 3, 0);
                stage.stroke(new Color(0x3a4147), foot.scale() * 0.12, foot, stage.spot(at, 3, 5));
                stage.ball(at, 3, 5.1, 0.25, new Color(0xf1efe2));
            });
        }
        stage.box(18, -2.5, 0, 5, 2.4, 2.5, 0.05, new Color(0x9c4a36));
        stage.box(18.4, -2.4, 2.5, 4.6, 2.3, 2.4, 0.05, new Color(0x39618a));
        stage.box(24, -2.2, 0, 5, 2.4, 2.5, -0.04, new Color(0x6f7b5c));
        stage.box(-15.5, -3, 0, 2.4, 1, 0.5, 0, new Color(0x7d5a3a));
        crane(stage);
    }

    private static void crane(Stage stage) {
        stage.box(46, 12, 0, 2, 2, 26, 0, new Color(0xd69a2d));
        stage.box(39, 12, 25, 26, 1.4, 1.6, 0.1, new Color(0xd69a2d));
        stage.stand(
                29, 11, () -> stage.stroke(new Color(0x2e3338), 1.6, stage.spot(30, 12, 25), stage.spot(30, 12, 9)));
    }

    private static void boats(Stage stage, double at) {
        for (int i = 0; i < 8; i++) {
            double x = -29 + i * 7.6;
            double y = 12 + i % 2 * 1.3;
            boat(stage, x, y, 0.1 * Scene.wave(at, 4, i * 1.7), Scene.PAINTS[(i * 3 + 3) % 8], i % 3 != 1, at, i);
        }
    }

    private static void boat(
            Stage stage, double x, double y, double heave, Color paint, boolean mast, double at, int i) {
        stage.ground(new Color(20, 45, 60, 90), 0, Stage.corners(x - 0.6, y, 2.4, 8.4, 0));
        stage.stand(x, y, () -> {
            stage.drawBox(x, y, heave - 0.2, 2.6, 7.6, 1.2, 0, paint);
            stage.drawBox(x, y, heave + 1, 2.3, 7.2, 0.12, 0, new Color(0xb89a6c));
            stage.drawBox(x, y + 0.5, heave + 1.1, 1.7, 2.8, 1, 0, new Color(0xf0ede4));
            stage.drawBox(x, y - 0.92, heave + 1.45, 1.4, 0.05, 0.45, 0, new Color(0x34424e));
            if (mast) {
                double lean = 0.25 * Scene.wave(at, 4, i * 1.7 + 1);
                Stage.Spot foot = stage.spot(x, y + 0.4, heave + 2);
                stage.stroke(new Color(0xe7e2d6), foot.scale() * 0.12, foot, stage.spot(x + lean, y + 0.4, 11));
                stage.stroke(
                        new Color(0xe7e2d6),
                        foot.scale() * 0.16,
                        stage.spot(x, y, heave + 3),
                        stage.spot(x + 0.1, y - 3.4, heave + 3));
            }
        });
    }

    private static void ferry(Stage stage, double at) {
        double x = 130 - Scene.since(at, 2) * 11.5;
        double y = 78;
        stage.ground(new Color(220, 235, 240, 90), 0, x + 14, y - 2, x + 60, y - 5, x + 60, y + 5, x + 14, y + 2);
        stage.stand(x, y, () -> {
            stage.drawBox(x, y, 0, 30, 8, 3.2, 0, new Color(0x24476b));
            stage.drawBox(x, y, 3.2, 28, 7.6, 3, 0, new Color(0xf2f1ec));
            for (double at2 = -12; at2 < 12; at2 += 2.4) {
                stage.drawBox(x + at2, y - 3.85, 4.2, 1.5, 0.1, 1, 0, new Color(0x34424e));
            }
            stage.drawBox(x - 3, y, 6.2, 14, 6, 2.6, 0, new Color(0xf7f6f1));
            stage.drawBox(x + 4, y, 8.8, 3, 3, 3, 0, new Color(0xb23a30));
        });
    }

    private static void walkers(Stage stage, double at) {
        for (int i = 0; i < 7; i++) {
            double span = 24 * 1.3;
            double since = Scene.since(at, i * 3.4);
            double x = i % 2 == 0 ? -span / 2 + since * 1.3 : span / 2 - since * 1.3;
            double edge = Math.min(since, 24 - since);
            if (edge > 0.02) {
                stage.person(
                        x * 1.25, -0.4 + i * 0.65, since * 2.2, 1.72, Scene.COATS[i % 8], Scene.COATS[(i + 5) % 8]);
            }
        }
        stage.person(-8.2, 4.6, 0, 1.7, Scene.COATS[2], Scene.COATS[5]);
        stage.person(-7.4, 4.6, 0.06 * Scene.wave(at, 5, 0), 1.76, Scene.COATS[4], Scene.COATS[0]);
    }
}

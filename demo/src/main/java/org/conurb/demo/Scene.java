package org.conurb.demo;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Random;

/** What a camera sees: pictures of a loop. Everything in one repeats after {@link #LOOP_SECONDS}. */
enum Scene {
    CROSSING {
        @Override
        void draw(BufferedImage picture, double at) {
            CrossingScene.draw(picture, at);
        }
    },
    HARBOUR {
        @Override
        void draw(BufferedImage picture, double at) {
            HarbourScene.draw(picture, at);
        }
    },
    SCHOOL {
        @Override
        void draw(BufferedImage picture, double at) {
            SchoolScene.draw(picture, at);
        }
    };

    static final int LOOP_SECONDS = 24;
    static final Color[] PAINTS = {
        new Color(0xb6bcc4), new Color(0x8f2f2b), new Color(0x2f5a8f), new Color(0xe6e4dc),
        new Color(0x3c4046), new Color(0x4d7a5c), new Color(0xd0a03c), new Color(0x6f7f8f)
    };
    static final Color[] COATS = {
        new Color(0x37506e), new Color(0x8a3b3b), new Color(0x4b6b45), new Color(0xc8a14a),
        new Color(0x5b4a72), new Color(0x2f3238), new Color(0xb56a8a), new Color(0xd8d3c8)
    };

    /** @param at seconds into the loop */
    abstract void draw(BufferedImage picture, double at);

    /** Where something is that started {@code start} seconds into the loop, in seconds since: 0 to the loop's length. */
    static double since(double at, double start) {
        return ((at - start) % LOOP_SECONDS + LOOP_SECONDS) % LOOP_SECONDS;
    }

    static double wave(double at, int turns, double phase) {
        return Math.sin(2 * Math.PI * turns * at / LOOP_SECONDS + phase);
    }

    static Random fixed(int seed) {
        return new Random(seed);
    }
}

package org.conurb.voices;

import java.util.Random;

/** Something like speech, the same for the same seed: pulses of a throat of changing pitch through two formants, in syllables with rests. */
final class Vowels {
    private static final int RATE = 8_000;
    private static final double[][] FORMANTS = {{730, 1_090}, {270, 2_290}, {300, 870}, {530, 1_840}, {660, 1_720}};

    private Vowels() {}

    static short[] of(int samples, long seed) {
        Random random = new Random(seed);
        double[] throat = new double[samples];
        short[] voice = new short[samples];
        double[] first = new double[3];
        double[] second = new double[3];
        double turn = 0;
        for (int at = 0; at < samples; ) {
            double[] vowel = FORMANTS[random.nextInt(FORMANTS.length)];
            int length = Math.min(samples - at, RATE / 5 + random.nextInt(RATE / 5));
            double pitch = 100 + random.nextDouble() * 60;
            double glide = random.nextDouble() * 40 - 20;
            for (int i = 0; i < length; i++, at++) {
                turn += (pitch + glide * i / length) / RATE;
                boolean pulse = turn >= 1;
                turn -= pulse ? 1 : 0;
                double loud = Math.sin(Math.PI * i / length);
                throat[at] = loud * ((pulse ? 1 : 0) + random.nextGaussian() * 0.01);
                double through = resonate(second, vowel[1], 120, resonate(first, vowel[0], 80, throat[at]));
                voice[at] = (short) Math.clamp(through * 1_200_000, -30_000, 30_000);
            }
            at += random.nextInt(RATE / 10);
        }
        return voice;
    }

    private static double resonate(double[] state, double hertz, double width, double in) {
        double r = Math.exp(-Math.PI * width / RATE);
        double out = (1 - r) * in + 2 * r * Math.cos(2 * Math.PI * hertz / RATE) * state[0] - r * r * state[1];
        state[1] = state[0];
        state[0] = out;
        return out;
    }
}

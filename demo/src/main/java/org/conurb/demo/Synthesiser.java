package org.conurb.demo;

import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * A voice made of arithmetic. Pulses as of vocal cords, and noise as of breath, pass through a row of resonances as of a
 * mouth, which moves from the shape of one sound to that of the next; hissing sounds are noise through a resonance of its
 * own, beside the row. So Klatt described it (J. Acoust. Soc. Am. 67, 1980); nobody's voice was recorded for it. What comes
 * out sounds like a small radio: no bass, and even in loudness.
 */
final class Synthesiser {
    /** Samples a second. */
    static final int RATE = 16_000;

    private static final double FORMANT_MILLIS = 96;
    private static final double VOICE_MILLIS = 16;
    private static final double BURST_MILLIS = 4;
    private static final double HISS_MILLIS = 30;
    /** A longer noise is a hiss, whose edges are soft. */
    private static final double LONGEST_BURST = 20;

    private static final double EDGE_MILLIS = 40;
    private static final int TUNE_EVERY = 32;
    private static final double LOUDNESS = 0.16;

    private final Voice voice;
    private final Random random;
    private double lastWhistle;
    private double lastRise;

    Synthesiser(Voice voice, long seed) {
        this.voice = voice;
        this.random = new Random(seed);
    }

    /** @return mono, {@link #RATE} samples a second, silent for 40 ms at both ends; a multiple of 20 ms long */
    short[] speak(List<Gesture> gestures) {
        double length = 2 * EDGE_MILLIS;
        for (Gesture gesture : gestures) {
            length += gesture.millis() * voice.pace();
        }
        int packet = RATE / 50;
        int samples = ((int) StrictMath.ceil(length * RATE / 1000) + packet - 1) / packet * packet;
        return loud(radio(sound(gestures, samples)));
    }

    private double[] sound(List<Gesture> gestures, int samples) {
        double[] first = track(
                gestures, samples, FORMANT_MILLIS, true, one -> one.mouth().first());
        double[] second = track(
                gestures, samples, FORMANT_MILLIS, true, one -> one.mouth().second());
        double[] third = track(
                gestures, samples, FORMANT_MILLIS, true, one -> one.mouth().third());
        double[] nasal = track(gestures, samples, VOICE_MILLIS, false, one -> one.nasal() ? 1 : 0);
        double[] strength = track(gestures, samples, VOICE_MILLIS, false, Gesture::voice);
        double[] breath = track(gestures, samples, VOICE_MILLIS, false, Gesture::breath);
        double[] stress = track(gestures, samples, 120, true, Gesture::stress);
        double[] burst = track(
                gestures,
                samples,
                BURST_MILLIS,
                false,
                one -> one.millis() > LONGEST_BURST ? 0 : one.noise().level());
        double[] hiss = track(
                gestures,
                samples,
                HISS_MILLIS,
                false,
                one -> one.millis() > LONGEST_BURST ? one.noise().level() : 0);
        double[] hertz = track(gestures, samples, 0, true, one -> one.noise().hertz());
        double[] width = track(gestures, samples, 0, true, one -> one.noise().width());

        Resonator[] mouth = new Resonator[5];
        for (int i = 0; i < mouth.length; i++) {
            mouth[i] = new Resonator(RATE);
        }
        Resonator teeth = new Resonator(RATE);
        Cords cords = new Cords();
        double gain = 1;
        double[] out = new double[samples];
        for (int i = 0; i < samples; i++) {
            if (i % TUNE_EVERY == 0) {
                double size = voice.size();
                mouth[0].tune(first[i] * size, 60 + 90 * nasal[i] + 120 * Math.min(1, breath[i] * 3));
                mouth[1].tune(second[i] * size, 90 + 110 * nasal[i]);
                mouth[2].tune(third[i] * size, 140 + 60 * nasal[i]);
                mouth[3].tune(3400 * size, 240);
                mouth[4].tune(4400 * size, 320);
                teeth.tune(hertz[i], width[i]);
                gain = StrictMath.sqrt(width[i] / 1000) * 3;
            }
            double along = i / (double) samples;
            double pulse = cords.next(voice.hertz() * (1.1 - 0.24 * along + 0.1 * stress[i]));
            double air = random.nextGaussian();
            double through = strength[i] * (1.08 - 0.38 * along) * (pulse + 0.012 * air) + 0.09 * breath[i] * air;
            for (Resonator one : mouth) {
                through = one.pass(through);
            }
            double whistle = high(teeth.pass(random.nextGaussian()), hertz[i]) / gain;
            out[i] = through + (burst[i] + hiss[i]) * whistle;
        }
        return out;
    }

    /** A resonance lets low tones pass, which hisses have not; what rises from one sample to the next has none. */
    private double high(double whistle, double hertz) {
        double one = 2 * StrictMath.sin(Math.PI * Math.min(hertz, 7000) / RATE);
        double rise = (whistle - lastWhistle) / one;
        double bend = (rise - lastRise) / one;
        lastWhistle = whistle;
        lastRise = rise;
        return hertz > 4000 ? bend : rise;
    }

    /** The figure of each gesture over time, without steps: averaged over so many milliseconds, twice. */
    private double[] track(
            List<Gesture> gestures, int samples, double millis, boolean held, ToDoubleFunction<Gesture> figure) {
        double[] track = new double[samples];
        double at = EDGE_MILLIS;
        int from = held ? 0 : (int) (EDGE_MILLIS * RATE / 1000);
        double value = 0;
        for (Gesture gesture : gestures) {
            at += gesture.millis() * voice.pace();
            int to = Math.min(samples, (int) (at * RATE / 1000));
            value = figure.applyAsDouble(gesture);
            java.util.Arrays.fill(track, from, Math.max(from, to), value);
            from = Math.max(from, to);
        }
        java.util.Arrays.fill(track, from, samples, held ? value : 0);
        int half = (int) (millis * RATE / 4000);
        return half == 0 ? track : averaged(averaged(track, half), half);
    }

    private static double[] averaged(double[] track, int half) {
        double[] sums = new double[track.length + 1];
        for (int i = 0; i < track.length; i++) {
            sums[i + 1] = sums[i] + track[i];
        }
        double[] mean = new double[track.length];
        for (int i = 0; i < track.length; i++) {
            int from = Math.max(0, i - half);
            int to = Math.min(track.length, i + half + 1);
            mean[i] = (sums[to] - sums[from]) / (to - from);
        }
        return mean;
    }

    /** The air that vocal cords let through, as it changes: opens slowly, shuts fast, stays shut. */
    private final class Cords {
        private static final double OPENING = 0.4;
        private static final double CLOSING = 0.16;
        private double phase;
        private double last;
        private double waver = 1;

        double next(double hertz) {
            phase += hertz * waver / RATE;
            if (phase >= 1) {
                phase -= 1;
                waver = 1 + 0.012 * random.nextGaussian();
            }
            double flow = phase < OPENING
                    ? 0.5 * (1 - StrictMath.cos(Math.PI * phase / OPENING))
                    : phase < OPENING + CLOSING ? StrictMath.cos(Math.PI / 2 * (phase - OPENING) / CLOSING) : 0;
            double change = flow - last;
            last = flow;
            return change;
        }
    }

    /** Nothing below 220 Hz, by a filter of two poles. */
    private static double[] radio(double[] sound) {
        double[] out = sound;
        double keep = StrictMath.exp(-2 * Math.PI * 220 / RATE);
        for (int pass = 0; pass < 2; pass++) {
            double[] next = new double[out.length];
            double before = 0;
            double kept = 0;
            for (int i = 0; i < out.length; i++) {
                kept = keep * (kept + out[i] - before);
                before = out[i];
                next[i] = kept;
            }
            out = next;
        }
        return out;
    }

    private static short[] loud(double[] sound) {
        double energy = 0;
        int loudOnes = 0;
        double peak = 1e-9;
        for (double one : sound) {
            peak = Math.max(peak, Math.abs(one));
        }
        for (double one : sound) {
            if (Math.abs(one) > peak / 30) {
                energy += one * one;
                loudOnes++;
            }
        }
        double factor = LOUDNESS / Math.max(1e-9, StrictMath.sqrt(energy / Math.max(1, loudOnes)));
        short[] samples = new short[sound.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) (StrictMath.tanh(1.3 * sound[i] * factor) * 30_000);
        }
        return samples;
    }
}

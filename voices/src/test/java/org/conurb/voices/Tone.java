package org.conurb.voices;

/** How loud one frequency is in some samples: Goertzel's algorithm. */
final class Tone {
    private Tone() {}

    static double strength(short[] samples, int from, double hertz, int rate) {
        double c = 2 * Math.cos(2 * Math.PI * hertz / rate);
        double before = 0;
        double last = 0;
        for (int i = from; i < samples.length; i++) {
            double next = samples[i] + c * last - before;
            before = last;
            last = next;
        }
        return Math.sqrt(Math.max(0, last * last + before * before - c * last * before)) / (samples.length - from) * 2;
    }

    static short[] of(double hertz, int samples, int rate) {
        short[] tone = new short[samples];
        for (int i = 0; i < samples; i++) {
            tone[i] = (short) (8_000 * Math.sin(2 * Math.PI * hertz * i / rate));
        }
        return tone;
    }
}

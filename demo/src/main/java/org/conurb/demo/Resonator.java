package org.conurb.demo;

/** A resonance: a digital filter of two poles that lets the lowest tones pass unchanged. */
final class Resonator {
    private final double rate;
    private double a;
    private double b;
    private double c;
    private double last;
    private double before;

    Resonator(double rate) {
        this.rate = rate;
    }

    Resonator tune(double hertz, double width) {
        double radius = StrictMath.exp(-Math.PI * width / rate);
        c = -radius * radius;
        b = 2 * radius * StrictMath.cos(2 * Math.PI * hertz / rate);
        a = 1 - b - c;
        return this;
    }

    double pass(double in) {
        double out = a * in + b * last + c * before;
        before = last;
        last = out;
        return out;
    }
}

package org.conurb.demo;

/**
 * The sounds of English as {@link Synthesiser} makes them: the first three resonances of the mouth in hertz, at the sound's
 * beginning and at its end, for a tall speaker; how long a stressed one lasts; and, where air hisses, at which pitch. The
 * names are those of ARPAbet; the figures are rounded from what textbooks of phonetics give.
 */
enum Phone {
    IY(vowel(125, 300, 2100, 2950)),
    IH(vowel(100, 410, 1850, 2550)),
    EH(vowel(115, 550, 1750, 2500)),
    AE(vowel(145, 680, 1680, 2420)),
    AA(vowel(150, 720, 1180, 2550)),
    AO(vowel(150, 580, 920, 2500)),
    UH(vowel(100, 450, 1080, 2300)),
    UW(vowel(135, 320, 1050, 2250)),
    AH(vowel(110, 640, 1250, 2550)),
    AX(vowel(75, 510, 1400, 2400)),
    ER(vowel(130, 470, 1250, 1600)),
    EY(vowel(155, 500, 1780, 2500).to(320, 2100, 2700)),
    AY(vowel(175, 720, 1220, 2550).to(380, 1950, 2550)),
    OW(vowel(160, 550, 1050, 2350).to(400, 820, 2300)),
    AW(vowel(175, 700, 1250, 2500).to(420, 900, 2350)),
    OY(vowel(175, 550, 900, 2400).to(360, 1850, 2450)),

    W(glide(70, 290, 620, 2150)),
    Y(glide(65, 270, 2150, 3000)),
    R(glide(75, 330, 1060, 1420)),
    L(glide(75, 340, 1050, 2850)),

    M(nasal(75, 300, 1080, 2150)),
    N(nasal(70, 300, 1550, 2550)),
    NG(nasal(85, 300, 2050, 2700)),

    F(hiss(105, 340, 1080, 2150, 3200, 5000, 0.025)),
    TH(hiss(95, 320, 1350, 2550, 4500, 5000, 0.022)),
    S(hiss(115, 320, 1450, 2600, 5600, 1400, 0.035)),
    SH(hiss(115, 320, 1800, 2700, 2900, 900, 0.05)),
    V(hiss(60, 240, 1080, 2150, 3200, 5000, 0.014).voiced()),
    DH(hiss(50, 260, 1350, 2550, 4500, 5000, 0.012).voiced()),
    Z(hiss(80, 250, 1450, 2600, 5600, 1400, 0.02).voiced()),

    P(stop(75, 360, 950, 2150, 1000, 2200, 0.12)),
    T(stop(65, 360, 1750, 2650, 4600, 2000, 0.12)),
    K(stop(70, 320, 1950, 2700, 2200, 900, 0.16)),
    CH(stop(60, 320, 1800, 2700, 3000, 1000, 0.065)),
    B(stop(65, 220, 950, 2150, 900, 2000, 0.08).voiced()),
    D(stop(50, 220, 1750, 2650, 4200, 2000, 0.08).voiced()),
    G(stop(55, 220, 1950, 2700, 2200, 900, 0.1).voiced()),
    JH(stop(50, 240, 1800, 2700, 3000, 1000, 0.045).voiced()),

    HH(new Shape(Manner.BREATH, 65, Mouth.UNSET, Mouth.UNSET, Noise.NONE, false)),
    /** A short silence between groups of words. */
    SIL(new Shape(Manner.SILENCE, 110, Mouth.UNSET, Mouth.UNSET, Noise.NONE, false));

    enum Manner {
        VOWEL,
        GLIDE,
        NASAL,
        HISS,
        STOP,
        BREATH,
        SILENCE
    }

    /** Resonances in hertz; {@link #UNSET} where the mouth takes the shape of the sound beside it. */
    record Mouth(double first, double second, double third) {
        static final Mouth UNSET = new Mouth(0, 0, 0);

        boolean isSet() {
            return first > 0;
        }
    }

    /** @param level of the hiss, 1 that of the voice at its source */
    record Noise(double hertz, double width, double level) {
        static final Noise NONE = new Noise(2000, 1000, 0);
    }

    /** @param millis how long a stressed one lasts; of a stop, how long the mouth is shut */
    record Shape(Manner manner, double millis, Mouth from, Mouth to, Noise noise, boolean voice) {
        Shape to(double first, double second, double third) {
            return new Shape(manner, millis, from, new Mouth(first, second, third), noise, voice);
        }

        Shape voiced() {
            return new Shape(manner, millis, from, to, noise, true);
        }
    }

    private final Shape shape;

    Phone(Shape shape) {
        this.shape = shape;
    }

    Shape shape() {
        return shape;
    }

    private static Shape vowel(double millis, double first, double second, double third) {
        return open(Manner.VOWEL, millis, first, second, third);
    }

    private static Shape glide(double millis, double first, double second, double third) {
        return open(Manner.GLIDE, millis, first, second, third);
    }

    private static Shape nasal(double millis, double first, double second, double third) {
        return open(Manner.NASAL, millis, first, second, third);
    }

    private static Shape open(Manner manner, double millis, double first, double second, double third) {
        Mouth mouth = new Mouth(first, second, third);
        return new Shape(manner, millis, mouth, mouth, Noise.NONE, true);
    }

    private static Shape hiss(
            double millis, double first, double second, double third, double hertz, double width, double level) {
        Mouth mouth = new Mouth(first, second, third);
        return new Shape(Manner.HISS, millis, mouth, mouth, new Noise(hertz, width, level), false);
    }

    private static Shape stop(
            double millis, double first, double second, double third, double hertz, double width, double level) {
        Mouth mouth = new Mouth(first, second, third);
        return new Shape(Manner.STOP, millis, mouth, mouth, new Noise(hertz, width, level), false);
    }
}

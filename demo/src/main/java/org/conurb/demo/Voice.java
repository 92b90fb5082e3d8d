package org.conurb.demo;

import java.util.Locale;

/**
 * Whom the crews sound like.
 *
 * <p>{@code hertz}: of the voice. {@code size}: by how much the resonances are higher than those of a tall speaker.
 * {@code pace}: how long sounds last, 1 that of {@link Phone}.
 */
enum Voice {
    LOW(98, 1, 1),
    MIDDLE(128, 1.04, 0.94),
    HIGH(196, 1.15, 0.97);

    private final double hertz;
    private final double size;
    private final double pace;

    Voice(double hertz, double size, double pace) {
        this.hertz = hertz;
        this.size = size;
        this.pace = pace;
    }

    double hertz() {
        return hertz;
    }

    double size() {
        return size;
    }

    double pace() {
        return pace;
    }

    /** The same one always for the same crew. */
    static Voice of(String callSign) {
        return values()[Math.floorMod(callSign.hashCode() * 7 + callSign.length(), values().length)];
    }

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package org.conurb.media;

/** How many listeners lose how much: a count for each fraction that a receiver report can tell (RFC 3550 §6.4.1). Confined to its owner until it is published. */
final class ReportedLosses {
    private static final int FRACTIONS = 256;

    private final int[] listeners = new int[FRACTIONS];
    private int total;

    /** @param fraction 0..255 of 256 */
    void add(int fraction) {
        listeners[fraction]++;
        total++;
    }

    void add(ReportedLosses others) {
        for (int i = 0; i < FRACTIONS; i++) {
            listeners[i] += others.listeners[i];
        }
        total += others.total;
    }

    /** What nine of ten do not exceed, by nearest rank: one bad line among many does not cost all of them. 0 of nobody. */
    int ninetiethPercentile() {
        int rank = (total * 9 + 9) / 10;
        int fraction = 0;
        for (int below = listeners[0]; below < rank; below += listeners[fraction]) {
            fraction++;
        }
        return fraction;
    }
}

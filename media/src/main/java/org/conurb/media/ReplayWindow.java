package org.conurb.media;

/**
 * Which of the last 1,024 packet indices came already (RFC 3711 §3.3.2 asks for 64 or more; video that is sent again
 * after a loss comes later than that).
 */
final class ReplayWindow {
    private static final int SIZE = 1024;

    private final long[] seen = new long[SIZE / 64];
    private long highest = -1;

    /** Highest index so far; -1 before the first. */
    long highest() {
        return highest;
    }

    boolean admits(long index) {
        if (index > highest) {
            return true;
        }
        return index > highest - SIZE && index >= 0 && (seen[slot(index)] & bit(index)) == 0;
    }

    /** Only for packets whose tag was right: else a forged one would move the window. */
    void mark(long index) {
        if (index - highest >= SIZE) {
            java.util.Arrays.fill(seen, 0);
            highest = index;
        }
        while (highest < index) {
            highest++;
            seen[slot(highest)] &= ~bit(highest);
        }
        seen[slot(index)] |= bit(index);
    }

    private static int slot(long index) {
        return (int) (index >>> 6) & SIZE / 64 - 1;
    }

    private static long bit(long index) {
        return 1L << (index & 63);
    }
}

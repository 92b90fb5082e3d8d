package org.conurb.media;

/**
 * Turns counters that wrap (RTP sequence numbers of 16 bits, timestamps of 32) into ones that do not: each value is
 * taken as the nearest to the one before, so that reordering and wrapping both come out right (RFC 3550 §5.1, A.1).
 * One instance per stream, one thread.
 */
public final class Unwrapper {
    private final int bits;
    private long last = -1;
    private boolean begun;

    private Unwrapper(int bits) {
        this.bits = bits;
    }

    public static Unwrapper ofSequences() {
        return new Unwrapper(16);
    }

    public static Unwrapper ofTimestamps() {
        return new Unwrapper(32);
    }

    /** The value without wraps. The first is the value itself; one that lies before the first can be negative. */
    public long unwrap(long value) {
        if (!begun) {
            begun = true;
            last = value;
            return value;
        }
        last = peek(value);
        return last;
    }

    /** As {@link #unwrap}, without moving on. */
    public long peek(long value) {
        int shift = Long.SIZE - bits;
        return begun ? last + ((value - last) << shift >> shift) : value;
    }

    /** Forgets: the next value is a first one. */
    public void restart() {
        begun = false;
    }
}

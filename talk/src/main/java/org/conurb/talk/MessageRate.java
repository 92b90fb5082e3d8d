package org.conurb.talk;

import java.util.function.LongSupplier;

/** Lets through so many messages a second, and as many at once after a silence. One thread at a time. */
final class MessageRate {
    static final int A_SECOND = 100;
    private static final long EACH_NANOS = 1_000_000_000L / A_SECOND;

    private final LongSupplier nanos;
    /** When the last of those that were let through would have come, had they come evenly. */
    private long even;

    MessageRate(LongSupplier nanos) {
        this.nanos = nanos;
        this.even = nanos.getAsLong() - 1_000_000_000L;
    }

    boolean admits() {
        long now = nanos.getAsLong();
        even = Math.max(even, now - 1_000_000_000L) + EACH_NANOS;
        if (even - now <= 0) {
            return true;
        }
        even -= EACH_NANOS;
        return false;
    }
}

package org.conurb.media;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread brings about, with a bound. */
final class Eventually {
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private Eventually() {}

    static void isTrue(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("never came: " + what);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }
}

package org.conurb.video;

import java.util.random.RandomGenerator;

/**
 * How long to wait before a camera is tried again, with jitter so that a thousand cameras behind one switch do not come
 * back in one moment. One that cannot be reached is tried each 1 to 3 s, as that costs little and it is to be recorded
 * within 5 s of its return; one that answers and refuses, 1 s doubling to 60 s, since asking it more often can lock us out.
 */
final class BackOff {
    private static final long SECOND = 1_000_000_000L;

    private final RandomGenerator random;
    private int failures;

    BackOff(RandomGenerator random) {
        this.random = random;
    }

    /** @param refused whether the camera answered, and said no */
    long nextNanos(boolean refused) {
        failures = Math.min(failures + 1, 16);
        long whole = refused ? Math.min(60, 1L << Math.min(failures - 1, 6)) : Math.min(failures, 3);
        return (long) (whole * SECOND * (0.75 + 0.25 * random.nextDouble()));
    }

    /** It worked for a while. */
    void reset() {
        failures = 0;
    }
}

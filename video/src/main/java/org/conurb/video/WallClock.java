package org.conurb.video;

import java.time.Clock;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Turns arrival times of the monotonic clock into wall time. The two are compared anew at each {@link #adjust}, so a step
 * of the system's clock comes in at once. Safe for many threads.
 */
final class WallClock {
    private final Clock clock;
    private final LongSupplier nanoTime;
    private volatile Anchor anchor;

    private record Anchor(long nanos, long ticks90k) {}

    WallClock(Clock clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.anchor = compare();
    }

    private Anchor compare() {
        return new Anchor(nanoTime.getAsLong(), RecordedHour.ticks(clock.instant()));
    }

    void adjust() {
        anchor = compare();
    }

    long ticks90k(long nanos) {
        Anchor at = anchor;
        return at.ticks90k + (nanos - at.nanos) * 9 / 100_000;
    }

    Instant instant(long nanos) {
        return RecordedHour.instant(ticks90k(nanos));
    }

    long nanos() {
        return nanoTime.getAsLong();
    }
}

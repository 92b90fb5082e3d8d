package org.conurb.media;

import java.time.Duration;
import java.time.Instant;

/** Media time: ticks of 90 kHz since 1970 (RFC 6184 §5.1), as {@code tfdt} and the index count. */
public record MediaTime(long ticks) {
    public static MediaTime of(Instant moment) {
        return new MediaTime(moment.getEpochSecond() * 90_000 + moment.getNano() * 9L / 100_000);
    }

    /** Ticks of another clock as ticks of 90 kHz; rounded down, exact over any span. */
    public static long of90k(long ticks, int clockRate) {
        return Math.floorDiv(ticks, clockRate) * 90_000 + Math.floorMod(ticks, clockRate) * 90_000L / clockRate;
    }

    public Instant instant() {
        return Instant.ofEpochSecond(Math.floorDiv(ticks, 90_000L), Math.floorMod(ticks, 90_000L) * 100_000 / 9);
    }

    public MediaTime plus(Duration span) {
        return new MediaTime(ticks + span.toNanos() * 9 / 100_000);
    }
}

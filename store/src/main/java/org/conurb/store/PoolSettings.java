package org.conurb.store;

import java.time.Duration;

/**
 * Bounds on connections. The embedded cluster takes twice as many in all (60 or more), for back-ups and tools.
 *
 * @param applicationMax connections that serve callers at once; more callers wait
 * @param applicationIdle kept open when nobody calls
 * @param systemMax connections of sequencers, cursors and timers
 * @param systemIdle kept open when they rest
 * @param statement longest run of a statement that serves a caller
 * @param patience how long a caller waits for a connection before it is told to come back (503)
 */
public record PoolSettings(
        int applicationMax, int applicationIdle, int systemMax, int systemIdle, Duration statement, Duration patience) {
    public PoolSettings {
        if (applicationMax < 1 || systemMax < 1 || applicationIdle < 0 || systemIdle < 0) {
            throw new IllegalArgumentException(
                    "conurb.store.pools: %d application and %d system connections cannot serve. Use 1 or more of each."
                            .formatted(applicationMax, systemMax));
        }
    }

    /** What two cores serve best. */
    public static PoolSettings standard() {
        return new PoolSettings(10, 2, 6, 1, Duration.ofSeconds(10), Duration.ofSeconds(3));
    }

    int serverMax() {
        return Math.max(60, 2 * (applicationMax + systemMax));
    }
}

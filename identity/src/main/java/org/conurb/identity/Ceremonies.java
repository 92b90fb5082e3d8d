package org.conurb.identity;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What was asked of browsers and is to be answered once, within five minutes. Bounded; safe for many threads. */
final class Ceremonies<T> {
    private static final Duration LASTS = Duration.ofMinutes(5);
    private static final int MOST = 5_000;

    private record Asked<T>(T what, Instant at) {}

    private final Clock clock;
    private final Map<String, Asked<T>> asked = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Asked<T>> eldest) {
            return size() > MOST;
        }
    };

    Ceremonies(Clock clock) {
        this.clock = clock;
    }

    /** @param browser cookie of the browser that was asked; its earlier question is forgotten */
    synchronized void ask(String browser, T what) {
        asked.remove(browser);
        asked.put(browser, new Asked<>(what, clock.instant()));
    }

    synchronized Optional<T> answered(String browser) {
        Asked<T> found = asked.remove(browser);
        return Optional.ofNullable(found)
                .filter(each ->
                        Duration.between(each.at(), clock.instant()).abs().compareTo(LASTS) < 0)
                .map(Asked::what);
    }
}

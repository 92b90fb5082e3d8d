package org.conurb.identity;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What was looked up a moment ago: at most {@code most} values, the least recently used leaves first, each for a short
 * while. What is loaded while something is forgotten is not kept, so a change shows at once. Safe for many threads.
 */
final class Remembered<K, V> {
    private record Kept<V>(V value, Instant at) {}

    private final Clock clock;
    private final Duration lasts;
    private final Map<K, Kept<V>> kept;
    private long forgotten;

    Remembered(Clock clock, Duration lasts, int most) {
        this.clock = clock;
        this.lasts = lasts;
        this.kept = new LinkedHashMap<>(64, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, Kept<V>> eldest) {
                return size() > most;
            }
        };
    }

    V get(K key, Function<K, V> load) {
        Instant now = clock.instant();
        long before;
        synchronized (kept) {
            Kept<V> found = kept.get(key);
            // A clock that was set back makes nothing live longer.
            if (found != null
                    && !now.isBefore(found.at())
                    && now.isBefore(found.at().plus(lasts))) {
                return found.value();
            }
            before = forgotten;
        }
        V value = load.apply(key);
        synchronized (kept) {
            if (before == forgotten) {
                kept.put(key, new Kept<>(value, now));
            }
        }
        return value;
    }

    void forget(K key) {
        synchronized (kept) {
            forgotten++;
            kept.remove(key);
        }
    }

    void forgetAll() {
        synchronized (kept) {
            forgotten++;
            kept.clear();
        }
    }
}

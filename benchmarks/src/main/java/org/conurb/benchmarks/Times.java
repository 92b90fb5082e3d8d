package org.conurb.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/** How long some things took. For one thread. */
final class Times {
    private long[] nanos = new long[256];
    private int count;

    void add(long took) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = took;
    }

    int count() {
        return count;
    }

    /** @param quantile 0 to 1 */
    double millis(double quantile) {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return Lap.millis(sorted, quantile);
    }

    String told() {
        return String.format(
                Locale.ROOT, "p50 %.1f ms, p95 %.1f ms, p99 %.1f ms", millis(0.5), millis(0.95), millis(0.99));
    }
}

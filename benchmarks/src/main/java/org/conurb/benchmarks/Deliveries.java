package org.conurb.benchmarks;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What became of each packet of some voices at everyone who listens. The first packets of a voice warm up and do not
 * count. One thread sends, one thread hears; sending and hearing read the same clock.
 */
final class Deliveries {
    private static final int STEP_NANOS = 10_000;
    private static final int STEPS = 2_000_000;

    private final int warm;
    private final int counted;
    private final AtomicLongArray[] sentAt;
    private final List<BitSet> heard = new ArrayList<>();
    private final List<Integer> voiceOf = new ArrayList<>();
    private final int[] delays = new int[STEPS];
    private long delivered;
    private long early;
    private long astray;

    /**
     * @param warm packets of each voice that do not count
     * @param counted packets of each voice after these
     */
    Deliveries(int voices, int warm, int counted) {
        this.warm = warm;
        this.counted = counted;
        sentAt = new AtomicLongArray[voices];
        for (int i = 0; i < voices; i++) {
            sentAt[i] = new AtomicLongArray(warm + counted);
        }
    }

    /** One more who listens to that voice, before it counts. @return its number */
    synchronized int listener(int voice) {
        heard.add(new BitSet(counted));
        voiceOf.add(voice);
        return heard.size() - 1;
    }

    /** Just before a packet is sent. */
    void sent(int voice, int number) {
        sentAt[voice].set(number, System.nanoTime());
    }

    /** A packet came to a listener. */
    synchronized void heard(int listener, int voice, int number, long now) {
        if (voice != voiceOf.get(listener) || number < 0 || number >= warm + counted) {
            astray++;
            return;
        }
        if (number < warm) {
            early++;
            return;
        }
        BitSet of = heard.get(listener);
        if (!of.get(number - warm)) {
            of.set(number - warm);
            delivered++;
            long delay = now - sentAt[voice].get(number);
            delays[(int) Math.max(0, Math.min(STEPS - 1, delay / STEP_NANOS))]++;
        }
    }

    /** Packets of the warm-up that came, to all. */
    synchronized long early() {
        return early;
    }

    /** @param cpuSeconds of the server while the counted packets went through it */
    synchronized Delivered delivered(double cpuSeconds) {
        long sent = (long) sentAt.length * counted;
        long expected = (long) heard.size() * counted;
        return new Delivered(
                heard.size(), sent, expected, delivered, astray, millis(0.5), millis(0.95), millis(0.99), cpuSeconds);
    }

    private double millis(double quantile) {
        long before = (long) Math.ceil(quantile * delivered);
        long seen = 0;
        for (int step = 0; step < STEPS; step++) {
            seen += delays[step];
            if (seen >= before && seen > 0) {
                return (step + 1) * (double) STEP_NANOS / 1e6;
            }
        }
        return Double.NaN;
    }
}

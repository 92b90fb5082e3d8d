package org.conurb.media;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Makes audiences, and lends them the rings by which packets cross to other workers. Safe for all threads. */
public final class Fanout {
    /** Some two seconds of voice: far more than is ever sent, since what is older than 100 ms is not. */
    private static final int RING = 16 << 10;

    private static final int MOST_SPARE = 256;
    private static final long TOO_OLD_NANOS = 100_000_000L;

    private final LongSupplier nanos;
    private final Queue<PacketRing> spare = new ConcurrentLinkedQueue<>();
    final LongAdder shed = new LongAdder();

    /** @param nanos the workers' clock */
    public Fanout(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** For one talk of one source, or as long as one source lasts. */
    public Audience audience() {
        return new Audience(this);
    }

    /** Packets that were not passed on because they were more than 100 ms late. */
    public long shed() {
        return shed.sum();
    }

    long nanos() {
        return nanos.getAsLong();
    }

    /** Whether what came then is no longer sent. */
    boolean isTooOld(long arrivalNanos) {
        return nanos() - arrivalNanos > TOO_OLD_NANOS;
    }

    PacketRing lend() {
        PacketRing ring = spare.poll();
        return ring == null ? new PacketRing(RING) : ring;
    }

    /** @param ring that nobody writes or reads any more */
    void giveBack(PacketRing ring) {
        if (spare.size() < MOST_SPARE) {
            spare.add(ring);
        }
    }
}

package org.conurb.talk;

import java.nio.ByteBuffer;
import org.conurb.media.RtpSink;

/**
 * Where a media thread leaves the packets of one talk: in the talk's ring, or counted as lost where that is full. Shut
 * once, by another thread; the ring may go to the next talk when {@link #isQuiet} says that no packet is on its way in.
 */
final class SpurtSink implements RtpSink {
    private static final int SHORTEST = 12;

    private final VoiceRing ring;
    private volatile boolean shut;
    private volatile boolean entered;
    private volatile int lost;

    SpurtSink(VoiceRing ring) {
        this.ring = ring;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one media thread at a time writes
    public void rtp(ByteBuffer rtp, long arrivalNanos) {
        entered = true;
        if (!shut && rtp.remaining() >= SHORTEST && !ring.put(rtp, arrivalNanos)) {
            lost++;
        }
        entered = false;
    }

    VoiceRing ring() {
        return ring;
    }

    void shut() {
        shut = true;
    }

    boolean isQuiet() {
        return shut && !entered;
    }

    /** Packets that the ring had no room for, since the talk began. */
    int lost() {
        return lost;
    }
}

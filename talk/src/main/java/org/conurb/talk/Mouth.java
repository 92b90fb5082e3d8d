package org.conurb.talk;

import java.nio.ByteBuffer;
import org.conurb.media.Audience;
import org.jspecify.annotations.Nullable;

/**
 * The gate of one client's microphone: what comes passes while its participant is permitted to talk by it, and is dropped
 * else. Opened and shut by the floor's thread; packets come on the client's media thread, the only one to call {@link #rtp}.
 */
final class Mouth {
    private volatile @Nullable Open open;
    private volatile long heardAt;
    private volatile long dropped;
    private volatile @Nullable Runnable unpermitted;

    /** @param first told of the first packet, on the media thread */
    private static final class Open {
        private final Audience audience;
        private final Runnable first;
        private boolean begun;

        Open(Audience audience, Runnable first) {
            this.audience = audience;
            this.first = first;
        }
    }

    /** @param first told once, when the first packet passes, on the media thread: must not wait */
    void permit(Audience audience, Runnable first) {
        open = new Open(audience, first);
    }

    void silence() {
        open = null;
    }

    /** Told of packets that are dropped, on the media thread, for clients that would not send them if they knew. */
    void onUnpermitted(Runnable listener) {
        unpermitted = listener;
    }

    /**
     * @param rtp a whole RTP packet from position to limit
     * @param arrivalNanos of the media workers' clock
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // the media thread alone writes
    void rtp(ByteBuffer rtp, long arrivalNanos) {
        Open now = open;
        if (now == null) {
            dropped++;
            Runnable told = unpermitted;
            if (told != null) {
                told.run();
            }
            return;
        }
        heardAt = arrivalNanos;
        if (!now.begun) {
            now.begun = true;
            now.first.run();
        }
        now.audience.forward(rtp, arrivalNanos);
    }

    /** What those who hear it lose now, 0..255 of 256. */
    int lostBeyond() {
        Open now = open;
        return now == null ? 0 : now.audience.lost();
    }

    boolean isOpen() {
        return open != null;
    }

    /** When the last packet passed, by the media workers' clock. */
    long heardAt() {
        return heardAt;
    }

    /** Packets that did not pass. */
    long dropped() {
        return dropped;
    }
}

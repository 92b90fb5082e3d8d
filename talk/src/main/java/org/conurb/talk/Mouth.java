package org.conurb.talk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.conurb.media.Audience;
import org.jspecify.annotations.Nullable;

/**
 * The gate of one client's microphone: what comes passes while its participant is permitted to talk by it, to the talk that
 * was permitted last, and is dropped else. Opened and shut by the floor's thread; packets come on the client's media thread, the only one to call {@link #rtp}.
 */
final class Mouth {
    /** Talks that are permitted by it, the latest last; of the floor's thread. */
    private final List<Open> permitted = new ArrayList<>(1);

    private volatile @Nullable Open open;
    private volatile long dropped;
    private volatile @Nullable Runnable unpermitted;

    /** @param first told of the first packet, on the media thread */
    private static final class Open {
        private final Audience audience;
        private final Runnable first;
        private boolean begun;
        private volatile long heardAt;

        Open(Audience audience, Runnable first) {
            this.audience = audience;
            this.first = first;
        }
    }

    /** @param first told once, when the first packet passes, on the media thread: must not wait */
    void permit(Audience audience, Runnable first) {
        permitted.add(new Open(audience, first));
        open = permitted.getLast();
    }

    /** This talk is over. One that was permitted before it, and still is, goes on. */
    void silence(Audience audience) {
        permitted.removeIf(each -> each.audience == audience);
        open = permitted.isEmpty() ? null : permitted.getLast();
    }

    /** All of its talks are. */
    void silence() {
        permitted.clear();
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
        if (!now.begun) {
            now.begun = true;
            now.first.run();
        }
        now.heardAt = arrivalNanos;
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

    /** Whether a packet of this talk has passed since, by the media workers' clock. */
    boolean isHeard(Audience audience, long since) {
        Open now = open;
        return now != null && now.audience == audience && now.heardAt - since > 0 && now.begun;
    }

    /** Packets that did not pass. */
    long dropped() {
        return dropped;
    }
}

package org.conurb.video;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.conurb.media.PacketRing;
import org.conurb.media.RtpPacket;
import org.jspecify.annotations.Nullable;

/**
 * One camera's stream for all its viewers on one media worker: one reader on the camera's ring, whose packets go to each
 * viewer. A viewer begins with the last key frame and what came since. Confined to its worker's thread.
 */
final class LiveFeed {
    private static final int MOST_A_TURN = 2_000;

    private final Supplier<Optional<LiveStream>> source;
    private final List<Viewer> viewers = new ArrayList<>();
    private final ByteBuffer packet = ByteBuffer.allocate(PacketRing.MAX_PACKET_BYTES);
    private final RtpPacket header = new RtpPacket();
    private @Nullable LiveStream stream;
    private PacketRing.@Nullable Reader reader;

    /** @param source the stream that comes now; asked again when it has ended */
    LiveFeed(Supplier<Optional<LiveStream>> source) {
        this.source = source;
    }

    /** Where packets of a camera go; a track of a session. */
    interface Outlet {
        /**
         * @param position of the packet in the ring, which answers for it where the viewer loses it
         * @return false where it cannot be sent
         */
        boolean send(PacketRing ring, long position, ByteBuffer rtp, long arrivalNanos);

        /** The next packet is of another source. */
        void changeSource();

        /** What follows is the past, up to this RTP time. */
        void catchUpTo(int liveTimestamp);
    }

    /** @param outlets by the track number of the ring; null where the viewer does not take that track */
    static final class Viewer {
        private final List<@Nullable Outlet> outlets;
        private boolean begun;
        private long unsent;

        Viewer(List<? extends @Nullable Outlet> outlets) {
            this.outlets = new ArrayList<>(outlets);
        }

        private @Nullable Outlet outlet(int track) {
            return track < outlets.size() ? outlets.get(track) : null;
        }

        private boolean send(Outlet to, PacketRing ring, PacketRing.Reader in, ByteBuffer rtp) {
            boolean sent = to.send(ring, in.sequence(), rtp, in.arrivalNanos());
            unsent += sent ? 0 : 1;
            return sent;
        }

        /** Packets that could not be sent. */
        long unsent() {
            return unsent;
        }
    }

    void join(Viewer viewer) {
        viewers.add(viewer);
    }

    void leave(Viewer viewer) {
        viewers.remove(viewer);
    }

    boolean idle() {
        return viewers.isEmpty();
    }

    /** Sends what has come since the last call. */
    void pump() {
        LiveStream now = current();
        PacketRing.Reader in = reader;
        if (now == null || in == null) {
            return;
        }
        for (Viewer viewer : viewers) {
            if (!viewer.begun) {
                begin(viewer, now.ring(), in.position());
            }
        }
        for (int n = 0; n < MOST_A_TURN; n++) {
            switch (in.take(packet)) {
                case TAKEN -> spread(now.ring(), in);
                case OVERRUN -> viewers.forEach(viewer -> viewer.begun = false);
                case EMPTY -> {
                    return;
                }
            }
        }
    }

    private void spread(PacketRing ring, PacketRing.Reader in) {
        if ((in.flags() & PacketRing.CONTROL) != 0) {
            return;
        }
        for (Viewer viewer : viewers) {
            Outlet outlet = viewer.outlet(in.track());
            if (outlet == null) {
                continue;
            }
            if (viewer.begun || in.keyStart()) {
                viewer.begun |= viewer.send(outlet, ring, in, packet);
            }
        }
    }

    /** The last group of pictures at once, so that the first picture need not wait for the next key frame. */
    private void begin(Viewer viewer, PacketRing ring, long until) {
        long from = ring.newestKeyStart();
        if (from < 0 || from >= until || !ring.readable(from)) {
            return;
        }
        Integer live = newestVideoTime(ring, from, until);
        Outlet video = viewer.outlet(0);
        if (live == null || video == null) {
            return;
        }
        video.catchUpTo(live);
        PacketRing.Reader past = ring.reader(from);
        while (past.position() < until && past.take(packet) == PacketRing.Taken.TAKEN) {
            if (past.track() == 0 && (past.flags() & PacketRing.CONTROL) == 0) {
                viewer.begun |= viewer.send(video, ring, past, packet);
            }
        }
    }

    private @Nullable Integer newestVideoTime(PacketRing ring, long from, long until) {
        Integer newest = null;
        PacketRing.Reader past = ring.reader(from);
        while (past.position() < until && past.take(packet) == PacketRing.Taken.TAKEN) {
            if (past.track() == 0 && (past.flags() & PacketRing.CONTROL) == 0 && header.wrap(packet)) {
                newest = (int) header.timestamp();
            }
        }
        return newest;
    }

    private @Nullable LiveStream current() {
        LiveStream known = stream;
        if (known != null && !known.ended()) {
            return known;
        }
        LiveStream fresh = source.get().filter(found -> !found.ended()).orElse(null);
        if (fresh != null) {
            if (known != null) {
                viewers.forEach(LiveFeed::another);
            }
            stream = fresh;
            reader = fresh.ring().reader(fresh.ring().next());
        }
        return fresh;
    }

    private static void another(Viewer viewer) {
        viewer.begun = false;
        for (Outlet outlet : viewer.outlets) {
            if (outlet != null) {
                outlet.changeSource();
            }
        }
    }
}

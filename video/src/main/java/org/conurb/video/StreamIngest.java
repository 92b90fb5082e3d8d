package org.conurb.video;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.conurb.media.KeyStarts;
import org.conurb.media.PacketRing;
import org.conurb.media.ReorderBuffer;
import org.conurb.media.RtpPacket;
import org.conurb.media.TrackFormat;
import org.jspecify.annotations.Nullable;

/**
 * Where the packets of one stream come in, whoever receives them: checks the header, counts, flags the start of key
 * frames, appends to the ring, and tells the recorder when a fragment is whole. Looks at nothing deeper, copies once,
 * allocates nothing per packet. Confined to the thread that receives.
 */
final class StreamIngest {
    private static final int MOST_AHEAD = 3000;
    /** So many pictures from before their neighbours are no accident; a second at most, else the clock jumped. */
    private static final int REORDERED = 3;

    private static final int MOST_REORDERED_TICKS = 90_000;
    /** How many datagrams wait for one that is missing, and for how long. */
    private static final int ORDER_DEPTH = 32;

    private static final long ORDER_PATIENCE_NANOS = 100_000_000;

    private final PacketRing ring;
    private final Track[] tracks;
    private final Optional<StreamRecorder> recorder;
    private final long longestNanos;
    private final RtpPacket packet = new RtpPacket();
    private final int videoTrack;

    private long cutAt;
    private long cutNanos;
    private long lastPacketNanos;
    private long lastKeyNanos;
    private boolean keySeen;
    private long bytes;
    private long lost;
    private long windowNanos;
    private long windowBytes;
    private int reordered;
    private volatile boolean reorders;
    private volatile Figures figures = new Figures(0, 0, 0, false);

    /** What others may know of the stream; written about each second. */
    record Figures(long lastPacketNanos, long bitsPerSecond, long lostPackets, boolean keySeen) {}

    private static final class Track {
        private final int payloadType;
        private final Optional<KeyStarts> keyStarts;
        private int expected = -1;
        private long unitTimestamp = -1;
        private long unitPosition;
        private final ReorderBuffer.Sink inOrder;
        private @Nullable ReorderBuffer order;

        Track(int payloadType, TrackFormat format, ReorderBuffer.Sink inOrder) {
            this.inOrder = inOrder;
            this.payloadType = payloadType;
            this.keyStarts = format.video() ? Optional.of(KeyStarts.of(format)) : Optional.empty();
        }
    }

    /** @param payloadTypes one for each format; -1 for any */
    StreamIngest(
            PacketRing ring,
            List<TrackFormat> formats,
            List<Integer> payloadTypes,
            Optional<StreamRecorder> recorder,
            long fragmentLongestNanos,
            long nanos) {
        this.ring = ring;
        this.recorder = recorder;
        this.longestNanos = fragmentLongestNanos;
        this.tracks = new Track[formats.size()];
        int video = -1;
        for (int i = 0; i < tracks.length; i++) {
            int track = i;
            tracks[i] =
                    new Track(payloadTypes.get(i), formats.get(i), (rtp, arrived, lost) -> packet(track, arrived, rtp));
            video = video < 0 && formats.get(i).video() ? i : video;
        }
        this.videoTrack = video;
        this.lastPacketNanos = nanos;
        this.lastKeyNanos = nanos;
        this.windowNanos = nanos;
        this.cutNanos = nanos;
        this.cutAt = ring.next();
    }

    /** A datagram: may come out of order. */
    void datagram(int track, long arrivalNanos, ByteBuffer rtp) {
        Track t = tracks[track];
        if (t.order == null) {
            t.order = new ReorderBuffer(ORDER_DEPTH, ORDER_PATIENCE_NANOS);
        }
        t.order.offer(rtp, arrivalNanos, t.inOrder);
    }

    /**
     * An RTP packet; what is none, or of another payload type, is left out.
     *
     * @param rtp from position to limit, valid during the call
     */
    void packet(int track, long arrivalNanos, ByteBuffer rtp) {
        Track t = tracks[track];
        if (!packet.wrap(rtp) || (t.payloadType >= 0 && packet.payloadType() != t.payloadType)) {
            return;
        }
        int missing = missing(t);
        int flags = missing == 0 ? 0 : PacketRing.DISCONTINUITY;
        long timestamp = packet.timestamp();
        boolean unitStarts = timestamp != t.unitTimestamp;
        boolean key = t.keyStarts.isPresent() && t.keyStarts.get().begins(packet);
        if (key) {
            flags |= PacketRing.KEY_START;
            lastKeyNanos = arrivalNanos;
            keySeen = true;
        }
        long position = ring.append(track, arrivalNanos, flags, rtp);
        if (unitStarts) {
            if (track == videoTrack && missing == 0) {
                order((int) (timestamp - t.unitTimestamp));
            }
            t.unitTimestamp = timestamp;
            t.unitPosition = position;
        }
        bytes += rtp.remaining();
        lastPacketNanos = arrivalNanos;
        if (recorder.isPresent()) {
            cut(track, key, unitStarts, t.unitPosition, arrivalNanos);
        }
        if (arrivalNanos - windowNanos > 1_000_000_000L) {
            publish(arrivalNanos);
        }
    }

    /** RTP tells when a picture is shown, and comes as it is decoded: B frames step back. */
    private void order(int stepTicks) {
        if (stepTicks < 0 && stepTicks > -MOST_REORDERED_TICKS && ++reordered >= REORDERED) {
            reorders = true;
        }
    }

    /** @return packets lost just before this one; -1 where the numbering began anew */
    private int missing(Track t) {
        int sequence = packet.sequence();
        int ahead = t.expected < 0 ? 0 : (short) (sequence - t.expected);
        t.expected = sequence + 1 & 0xFFFF;
        if (ahead < 0 || ahead > MOST_AHEAD) {
            return -1;
        }
        lost += ahead;
        return ahead;
    }

    /**
     * A fragment ends where a key frame starts, or at the start of a picture when it grew old or fills half the ring; where
     * no picture ends, at any packet.
     */
    private void cut(int track, boolean key, boolean unitStarts, long unitPosition, long nanos) {
        boolean timer = videoTrack < 0 || track == videoTrack;
        boolean old = timer && unitStarts && nanos - cutNanos >= longestNanos;
        boolean full = ring.next() - cutAt > ring.capacity() / 2;
        if (!key && !(old || (full && (unitStarts || ring.next() - cutAt > ring.capacity() * 3L / 4)))) {
            return;
        }
        long at = key || unitStarts ? unitPosition : ring.next();
        // One that begins just where all before was written is as old as its first picture, however long nothing came.
        cutNanos = at >= cutAt ? nanos : cutNanos;
        if (at > cutAt) {
            cutAt = at;
            recorder.orElseThrow().upTo(ring, at, key || unitStarts);
        }
    }

    private void publish(long nanos) {
        long bits = (bytes - windowBytes) * 8 * 1000 / Math.max(1, (nanos - windowNanos) / 1_000_000);
        windowNanos = nanos;
        windowBytes = bytes;
        figures = new Figures(lastPacketNanos, bits, lost, keySeen);
    }

    /** What waits too long in a reorder buffer goes on; figures go out although nothing comes. */
    void tick(long nanos) {
        for (Track t : tracks) {
            if (t.order != null) {
                t.order.expire(nanos, t.inOrder);
            }
        }
        if (nanos - windowNanos > 2_000_000_000L) {
            publish(nanos);
        }
    }

    /** Everything so far is to be written: nothing more comes. */
    void end() {
        if (ring.next() > cutAt) {
            cutAt = ring.next();
            recorder.ifPresent(r -> r.upTo(ring, ring.next(), true));
        }
    }

    long lastPacketNanos() {
        return lastPacketNanos;
    }

    long lastKeyNanos() {
        return lastKeyNanos;
    }

    boolean keySeen() {
        return keySeen;
    }

    /** Whether the pictures come in another order than they are shown in. From any thread. */
    boolean reorders() {
        return reorders;
    }

    /** From any thread. */
    Figures figures() {
        return figures;
    }
}

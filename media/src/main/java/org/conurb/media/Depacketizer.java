package org.conurb.media;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Makes frames of the RTP packets of one track: H.264 (RFC 6184), H.265 (RFC 7798), AAC (RFC 3640), Opus (RFC 7587),
 * G.711 (RFC 3551). Packets come in order; holes in their sequence are seen and told. One thread; one buffer, grown to
 * the largest frame and kept, {@value #MAX_FRAME_BYTES} bytes at most; no allocation per packet.
 */
public abstract sealed class Depacketizer permits VideoDepacketizer, AacDepacketizer, BareAudioDepacketizer {
    /** A larger frame is handed on damaged. */
    public static final int MAX_FRAME_BYTES = 4 << 20;

    /** RFC 3550 A.1, MAX_DROPOUT: a jump over so many packets is a new stream. */
    static final int MAX_DROPOUT = 3_000;

    private final Unwrapper sequences = Unwrapper.ofSequences();
    private final Unwrapper times = Unwrapper.ofTimestamps();
    private long expected = Long.MIN_VALUE;
    private int ssrc;
    private boolean lossTold;
    private long lostPackets;
    private @Nullable ByteBuffer viewed;
    private ByteBuffer view = ByteBuffer.allocate(0);

    public static Depacketizer of(TrackFormat format) {
        return switch (format) {
            case TrackFormat.H264 h264 -> new H264Depacketizer(h264);
            case TrackFormat.H265 h265 -> new H265Depacketizer(h265);
            case TrackFormat.Aac aac -> new AacDepacketizer(aac);
            case TrackFormat.Opus opus -> new BareAudioDepacketizer(opus);
            case TrackFormat.G711 g711 -> new BareAudioDepacketizer(g711);
        };
    }

    /** Takes one packet, of the right payload type; a duplicate or late one is ignored. */
    public final void packet(RtpPacket packet, FrameSink sink) {
        boolean begins = expected == Long.MIN_VALUE;
        long sequence = begins ? packet.sequence() : sequences.peek(packet.sequence());
        if (begins || packet.ssrc() != ssrc || Math.abs(sequence - expected) >= MAX_DROPOUT) {
            if (!begins) {
                flush(sink);
                sink.restarted();
            }
            restart();
            ssrc = packet.ssrc();
            sequence = sequences.unwrap(packet.sequence());
            expected = sequence;
        }
        if (sequence < expected) {
            return;
        }
        boolean lost = lossTold || sequence > expected;
        lostPackets += sequence - expected;
        lossTold = false;
        sequences.unwrap(packet.sequence());
        expected = sequence + 1;
        payload(packet, times.unwrap(packet.timestamp()), lost, sink);
    }

    /** Says that packets were lost before the next one that the sequence will not tell of. */
    public final void lost() {
        lossTold = true;
    }

    /** Hands on the frame that is still open, as at the end of a stream. */
    public abstract void flush(FrameSink sink);

    /** The format as known now: what came in band is in it. */
    public abstract TrackFormat format();

    /** Packets missing in the sequence so far. */
    public final long lostPackets() {
        return lostPackets;
    }

    abstract void payload(RtpPacket packet, long rtpTime, boolean lost, FrameSink sink);

    /** Drops what is open. */
    abstract void reset();

    /** Part of a packet as a sample: a view that is kept, so that none is made per packet. */
    final ByteBuffer slice(RtpPacket packet, int from, int length) {
        if (viewed != packet.buffer()) {
            viewed = packet.buffer();
            view = viewed.duplicate();
        }
        return view.clear().position(from).limit(from + length);
    }

    private void restart() {
        sequences.restart();
        times.restart();
        reset();
    }
}

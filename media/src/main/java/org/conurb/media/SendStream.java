package org.conurb.media;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One stream towards one peer: whatever the sources are, the peer sees one SSRC, one payload type, and sequence and
 * time that go on. Within a source, gaps and disorder stay as they are, so that the peer knows of losses. No index goes
 * out twice with other content, which SRTP could not bear (RFC 3711 §9.1). Confined to its worker.
 */
final class SendStream {
    private static final int MAX_DROPOUT = 3000;
    /** Pictures from before now are shown this many times faster. */
    private static final int CATCH_UP = 40;

    private static final long LATELY_NANOS = 10_000_000_000L;

    final int ssrc;
    final TrafficMark mark;
    private final int payloadType;
    private final int clockRate;
    private final boolean resends;
    private @Nullable ResendBuffer copies;
    private @Nullable RingPositions positions;
    private final ReplayWindow sent = new ReplayWindow();
    private int nextSequence;
    private int sequenceOffset;
    private int timestampOffset;
    private int sourceSsrc;
    private int sourceSequence;
    private boolean running;
    private boolean spurtBegins;
    private int live;
    private boolean catchingUp;
    private int lastTimestamp;
    private long lastArrivalNanos;
    private int packets;
    private int octets;
    private int fractionLost = -1;
    private long lossToldAt;

    /** @param start first sequence number, 15 bits: it must not wrap before SRTP's counter is in step */
    SendStream(int ssrc, TrafficMark mark, int payloadType, int clockRate, int start, boolean resends) {
        this.ssrc = ssrc;
        this.mark = mark;
        this.payloadType = payloadType;
        this.clockRate = clockRate;
        this.nextSequence = start;
        this.resends = resends;
    }

    /** The next packet is of another source, whatever its SSRC. */
    void changeSource() {
        running = false;
        catchingUp = false;
    }

    /** The next packet is the first of a talk spurt, of whatever source. */
    void beginSpurt() {
        changeSource();
        spurtBegins = true;
    }

    /** Packets of times before this one, which follow, are a burst that leads up to now: their times are pressed together. */
    void catchUpTo(int liveTimestamp) {
        changeSource();
        live = liveTimestamp;
        catchingUp = true;
    }

    /**
     * Writes header and payload into {@code out}, and nothing of contributing sources and extensions.
     *
     * @param rtp a whole RTP packet from position to limit; both stay
     * @return the packet's length; 0 for what cannot be sent
     */
    int rewrite(ByteBuffer rtp, long arrivalNanos, byte[] out) {
        int length = rtp.remaining();
        int at = rtp.position();
        int header = header(rtp, at, length);
        if (header < 0 || RtpHeader.FIXED + length - header > SrtpScratch.MAX_PACKET - SrtpTransform.MAX_GROWTH) {
            return 0;
        }
        int sequence = rtp.getShort(at + 2) & 0xffff;
        int timestamp = paced(rtp.getInt(at + 4));
        follow(rtp.getInt(at + 8), sequence, timestamp, arrivalNanos);
        long index = sent.highest() < 0
                ? sequence + sequenceOffset & 0xffff
                : RtpHeader.unwrap(sent.highest(), sequence + sequenceOffset & 0xffff);
        if (!sent.admits(index)) {
            return 0;
        }
        sent.mark(index);
        lastIndex = index;
        int size = compose(rtp, header, index, timestamp + timestampOffset, out);
        if (spurtBegins) {
            spurtBegins = false;
            out[1] |= (byte) 0x80;
        }
        count(timestamp + timestampOffset, arrivalNanos, length - header);
        return size;
    }

    private int compose(ByteBuffer rtp, int header, long index, int timestamp, byte[] out) {
        int at = rtp.position();
        int payload = rtp.remaining() - header;
        out[0] = (byte) (0x80 | rtp.get(at) & 0x20);
        out[1] = (byte) (rtp.get(at + 1) & 0x80 | payloadType);
        Bytes.put16(out, 2, (int) index);
        Bytes.put32(out, 4, timestamp);
        Bytes.put32(out, 8, ssrc);
        rtp.get(at + header, out, RtpHeader.FIXED, payload);
        return RtpHeader.FIXED + payload;
    }

    /** Keeps the packet that was written last, for who lost it. */
    void keep(byte[] packet, int length) {
        if (resends) {
            if (copies == null) {
                copies = new ResendBuffer();
            }
            copies.keep(packet, length, lastIndex);
        }
    }

    /** The packet that was written last stands in a ring, which keeps it for all. */
    void keep(PacketRing ring, long position) {
        if (resends) {
            if (positions == null || !positions.isOf(ring)) {
                positions = new RingPositions(ring);
            }
            positions.keep(lastIndex, lastTimestamp, position);
        }
    }

    private long lastIndex;

    /** SRTP's index of the packet that was written last. */
    long index() {
        return lastIndex;
    }

    private static int header(ByteBuffer rtp, int at, int length) {
        if (length < RtpHeader.FIXED || (rtp.get(at) & 0xc0) != 0x80) {
            return -1;
        }
        int header = RtpHeader.FIXED + 4 * (rtp.get(at) & 0x0f);
        if ((rtp.get(at) & 0x10) != 0) {
            header += header + 4 > length ? length : 4 + 4 * (rtp.getShort(at + header + 2) & 0xffff);
        }
        return header <= length ? header : -1;
    }

    private int paced(int timestamp) {
        int early = live - timestamp;
        return catchingUp && early > 0 ? live - early / CATCH_UP : timestamp;
    }

    private void follow(int source, int sequence, int timestamp, long arrivalNanos) {
        int step = (short) (sequence - sourceSequence);
        if (!running || source != sourceSsrc || Math.abs(step) > MAX_DROPOUT) {
            int next = sent.highest() < 0 ? nextSequence : (int) (sent.highest() + 1);
            sequenceOffset = next - sequence;
            long ticks = packets == 0 ? 0 : Math.max(1, ticks(arrivalNanos - lastArrivalNanos));
            timestampOffset = lastTimestamp + (int) ticks - timestamp;
            sourceSsrc = source;
            running = true;
            sourceSequence = sequence;
        } else if (step > 0) {
            sourceSequence = sequence;
        }
    }

    private long ticks(long nanos) {
        return nanos / 1_000_000 * clockRate / 1000;
    }

    private void count(int timestamp, long arrivalNanos, int payload) {
        packets++;
        octets += payload;
        lastTimestamp = timestamp;
        lastArrivalNanos = arrivalNanos;
    }

    /** What the peer's report says of this stream. @param fraction 0..255 of 256 */
    void lost(int fraction, long nowNanos) {
        fractionLost = fraction;
        lossToldAt = nowNanos;
    }

    /** 0..255 of 256; -1 where the peer has not reported for ten seconds, twice what browsers take between reports on voice. */
    int fractionLost(long nowNanos) {
        return fractionLost >= 0 && nowNanos - lossToldAt > LATELY_NANOS ? -1 : fractionLost;
    }

    boolean hasSent() {
        return packets > 0;
    }

    /** What an SR says (RFC 3550 §6.4.1): the time of the stream at {@code nowNanos}, and how much went out. */
    void report(byte[] into, int at, long nowNanos) {
        Bytes.put32(into, at, lastTimestamp + (int) ticks(nowNanos - lastArrivalNanos));
        Bytes.put32(into, at + 4, packets);
        Bytes.put32(into, at + 8, octets);
    }

    /** @return length of the kept packet, ready to be protected under {@link #index}; 0 where it is gone */
    int resend(int sequence, byte[] into) {
        if (sent.highest() < 0) {
            return 0;
        }
        lastIndex = RtpHeader.unwrap(sent.highest(), sequence);
        ByteBuffer rtp = positions == null ? null : positions.find(lastIndex);
        if (rtp != null && positions != null) {
            return compose(rtp, header(rtp, 0, rtp.remaining()), lastIndex, positions.timestamp(lastIndex), into);
        }
        return copies == null ? 0 : copies.copy(lastIndex, into);
    }
}

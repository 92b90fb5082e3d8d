package org.conurb.media;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Restores the order of one RTP stream that came by UDP (RFC 3550 §5.1, A.1): holds what came early until what is
 * missing comes, or until it is {@code depth} packets or {@code patience} behind; then it counts as lost. One instance
 * per stream, confined to its receiver's thread. Packets in order pass without being copied; held ones are copied into
 * slots that are made when first needed and reused: {@code depth} x 2 KiB at most.
 */
public final class ReorderBuffer {
    /** Takes packets in order. */
    public interface Sink {
        /**
         * @param rtp position to limit, only during the call
         * @param lost packets missing just before this one
         */
        void packet(ByteBuffer rtp, long arrivalNanos, int lost);
    }

    /** What became of a packet. */
    public enum Outcome {
        DELIVERED,
        /** Early: it waits. */
        HELD,
        /** Late or a duplicate: dropped. */
        LATE,
        /** Not RTP: dropped. */
        NOT_RTP,
        /** First packet of another SSRC, or far away in sequence: dropped until a second follows it (A.1). */
        ON_PROBATION,
        /** The stream began anew with this packet, which was delivered; what was held of the old one went before it. */
        STREAM_RESTARTED
    }

    static final int MAX_PACKET = 2_048;

    private final int depth;
    private final long patienceNanos;
    private final @Nullable ByteBuffer[] slots;
    private final long[] sequences;
    private final long[] arrivals;
    private final RtpPacket packet = new RtpPacket();
    private final Unwrapper unwrapper = Unwrapper.ofSequences();
    private int held;
    private long expected = -1;
    private boolean begun;
    private int ssrc;
    private int candidateSsrc;
    private int candidateNext = -1;

    /**
     * @param depth packets, a power of two from 8 to 512
     * @param patienceNanos how long a hole may stay open
     */
    public ReorderBuffer(int depth, long patienceNanos) {
        if (Integer.bitCount(depth) != 1 || depth < 8 || depth > 512) {
            throw new IllegalArgumentException(
                    "A depth of %d packets: take a power of two from 8 to 512.".formatted(depth));
        }
        this.depth = depth;
        this.patienceNanos = patienceNanos;
        slots = new ByteBuffer[depth];
        sequences = new long[depth];
        arrivals = new long[depth];
    }

    /** Takes one datagram, position to limit; neither moves. */
    public Outcome offer(ByteBuffer rtp, long arrivalNanos, Sink sink) {
        if (!packet.wrap(rtp)) {
            return Outcome.NOT_RTP;
        }
        long sequence = begun ? unwrapper.peek(packet.sequence()) : packet.sequence();
        if (!begun) {
            begin();
            sequence = expected;
        } else if (packet.ssrc() != ssrc || Math.abs(sequence - expected) >= Depacketizer.MAX_DROPOUT) {
            return restart(rtp, arrivalNanos, sink);
        }
        candidateNext = -1;
        if (sequence < expected) {
            return Outcome.LATE;
        }
        while (sequence >= expected + depth) {
            if (held == 0) {
                break; // nothing waits: the hole is as large as it is
            }
            deliverNextHeld(sink);
            drain(sink);
        }
        if (sequence == expected || (held == 0 && sequence >= expected + depth)) {
            int lost = (int) (sequence - expected);
            deliver(rtp, arrivalNanos, sequence, lost, sink);
            drain(sink);
            return Outcome.DELIVERED;
        }
        return hold(rtp, arrivalNanos, sequence, sink);
    }

    /** Gives up on holes that have been open too long; call it now and then, as after each batch of datagrams. */
    public void expire(long nowNanos, Sink sink) {
        while (held > 0 && nowNanos - oldestArrival() > patienceNanos) {
            deliverNextHeld(sink);
            drain(sink);
        }
    }

    /** Packets that wait. */
    public int held() {
        return held;
    }

    private Outcome hold(ByteBuffer rtp, long arrivalNanos, long sequence, Sink sink) {
        if (rtp.remaining() > MAX_PACKET) {
            return passTooLong(rtp, arrivalNanos, sequence, sink);
        }
        int slot = (int) (sequence & (depth - 1));
        if (sequences[slot] == sequence + 1) {
            return Outcome.LATE;
        }
        ByteBuffer copy = slots[slot];
        if (copy == null) {
            copy = ByteBuffer.allocate(MAX_PACKET);
            slots[slot] = copy;
        }
        copy.clear().put(0, rtp, rtp.position(), rtp.remaining()).limit(rtp.remaining());
        sequences[slot] = sequence + 1; // plus one: 0 is a free slot
        arrivals[slot] = arrivalNanos;
        held++;
        expire(arrivalNanos, sink);
        return Outcome.HELD;
    }

    /** What no slot can keep waits for nobody: what is missing before it counts as lost. */
    private Outcome passTooLong(ByteBuffer rtp, long arrivalNanos, long sequence, Sink sink) {
        while (held > 0) {
            deliverNextHeld(sink);
        }
        if (sequence < expected) {
            return Outcome.LATE;
        }
        deliver(rtp, arrivalNanos, sequence, (int) (sequence - expected), sink);
        return Outcome.DELIVERED;
    }

    private Outcome restart(ByteBuffer rtp, long arrivalNanos, Sink sink) {
        if (packet.ssrc() != candidateSsrc || packet.sequence() != candidateNext) {
            candidateSsrc = packet.ssrc();
            candidateNext = packet.sequence() + 1 & 0xFFFF;
            return Outcome.ON_PROBATION;
        }
        while (held > 0) {
            deliverNextHeld(sink);
        }
        begin();
        packet.wrap(rtp);
        deliver(rtp, arrivalNanos, expected, 0, sink);
        return Outcome.STREAM_RESTARTED;
    }

    private void begin() {
        begun = true;
        ssrc = packet.ssrc();
        unwrapper.restart();
        expected = unwrapper.unwrap(packet.sequence());
        candidateNext = -1;
    }

    private void drain(Sink sink) {
        while (held > 0 && sequences[(int) (expected & (depth - 1))] == expected + 1) {
            deliverSlot((int) (expected & (depth - 1)), sink);
        }
    }

    private void deliverNextHeld(Sink sink) {
        for (long sequence = expected; sequence < expected + depth; sequence++) {
            int slot = (int) (sequence & (depth - 1));
            if (sequences[slot] == sequence + 1) {
                deliverSlot(slot, sink);
                return;
            }
        }
        throw new IllegalStateException("A held packet is in no slot.");
    }

    private void deliverSlot(int slot, Sink sink) {
        ByteBuffer copy = slots[slot];
        if (copy == null) {
            throw new IllegalStateException("A held packet has no bytes.");
        }
        long sequence = sequences[slot] - 1;
        sequences[slot] = 0;
        held--;
        deliver(copy, arrivals[slot], sequence, (int) (sequence - expected), sink);
    }

    private void deliver(ByteBuffer rtp, long arrivalNanos, long sequence, int lost, Sink sink) {
        expected = sequence + 1;
        unwrapper.unwrap(sequence & 0xFFFF);
        sink.packet(rtp, arrivalNanos, lost);
    }

    private long oldestArrival() {
        long oldest = Long.MAX_VALUE;
        for (int i = 0; i < depth; i++) {
            if (sequences[i] != 0 && arrivals[i] < oldest) {
                oldest = arrivals[i];
            }
        }
        return oldest;
    }
}

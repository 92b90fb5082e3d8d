package org.conurb.video;

import java.nio.ByteBuffer;

/**
 * Puts the datagrams of one RTP stream back into order (RFC 3550 A.1), holding at most 32 for at most 100 ms: what comes
 * later than that counts as lost. Costs nothing while packets come in order. Confined to its loop's thread.
 */
final class ReorderBuffer {
    private static final int SLOTS = 32;
    private static final int LONGEST = 2048;
    private static final long PATIENCE_NANOS = 100_000_000;
    private static final int RESTART = 3000;

    private final Out out;
    private final byte[][] packets = new byte[SLOTS][];
    private final int[] lengths = new int[SLOTS];
    private final long[] arrivals = new long[SLOTS];
    private int held;
    private int expected = -1;
    private long oldest;

    interface Out {
        void packet(ByteBuffer rtp, long arrivalNanos);
    }

    ReorderBuffer(Out out) {
        this.out = out;
    }

    /** @param rtp at least 12 bytes */
    void take(ByteBuffer rtp, long nanos) {
        int sequence = rtp.getShort(rtp.position() + 2) & 0xFFFF;
        int ahead = (short) (sequence - expected);
        if (expected < 0 || Math.abs(ahead) > RESTART) {
            flush();
            ahead = 0;
        }
        if (ahead < 0) {
            return; // too late, or twice
        }
        if (ahead == 0) {
            expected = sequence + 1 & 0xFFFF;
            out.packet(rtp, nanos);
            follow();
        } else if (ahead >= SLOTS || rtp.remaining() > LONGEST) {
            flush();
            expected = sequence + 1 & 0xFFFF;
            out.packet(rtp, nanos);
        } else {
            hold(sequence % SLOTS, rtp, nanos);
        }
    }

    /** Gives up on what is missing for too long. */
    void tick(long nanos) {
        if (held > 0 && nanos - oldest > PATIENCE_NANOS) {
            flush();
        }
    }

    private void hold(int slot, ByteBuffer rtp, long nanos) {
        if (lengths[slot] > 0) {
            return;
        }
        if (packets[slot] == null) {
            packets[slot] = new byte[LONGEST];
        }
        lengths[slot] = rtp.remaining();
        rtp.get(rtp.position(), packets[slot], 0, lengths[slot]);
        arrivals[slot] = nanos;
        oldest = held++ == 0 ? nanos : oldest;
    }

    private void follow() {
        while (held > 0 && lengths[expected % SLOTS] > 0) {
            give(expected % SLOTS);
            expected = expected + 1 & 0xFFFF;
        }
    }

    private void flush() {
        for (int i = 0; i < SLOTS && held > 0; i++) {
            int slot = (expected + i) % SLOTS;
            if (lengths[slot] > 0) {
                give(slot);
                expected = (expected + i + 1) & 0xFFFF;
                i = -1;
            }
        }
    }

    private void give(int slot) {
        ByteBuffer packet = ByteBuffer.wrap(packets[slot], 0, lengths[slot]);
        lengths[slot] = 0;
        held--;
        out.packet(packet, arrivals[slot]);
    }
}

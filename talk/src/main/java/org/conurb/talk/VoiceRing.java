package org.conurb.talk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * Packets of one talk on their way from a media thread to the disk: bytes in a circle, each packet after its length and its
 * arrival. One thread puts, one takes; neither waits, and nothing is allocated. What does not fit is refused.
 */
final class VoiceRing {
    static final int LONGEST = 1_500;

    /** Some ten seconds of Opus at 32 kbit/s. */
    private static final int BYTES = 1 << 16;

    private static final int MASK = BYTES - 1;
    private static final int HEAD = 12;
    private static final VarHandle PUT;
    private static final VarHandle TAKEN;

    static {
        try {
            PUT = MethodHandles.lookup().findVarHandle(VoiceRing.class, "put", long.class);
            TAKEN = MethodHandles.lookup().findVarHandle(VoiceRing.class, "taken", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final byte[] bytes = new byte[BYTES];

    @SuppressWarnings("unused") // by handle
    private long put;

    @SuppressWarnings("unused") // by handle
    private long taken;

    /** Gets what is taken, on the taking thread. */
    interface Taker {
        /** @param packet the first {@code length} bytes; overwritten after the call */
        void take(byte[] packet, int length, long arrivalNanos);
    }

    /**
     * @param packet from position to limit, which stay
     * @return false where it does not fit
     */
    boolean put(ByteBuffer packet, long arrivalNanos) {
        int length = packet.remaining();
        long at = (long) PUT.getOpaque(this);
        long free = BYTES - (at - (long) TAKEN.getAcquire(this));
        if (length > LONGEST || free < HEAD + length) {
            return false;
        }
        word(at, length);
        word(at + 4, (int) (arrivalNanos >>> 32));
        word(at + 8, (int) arrivalNanos);
        int from = (int) (at + HEAD) & MASK;
        int first = Math.min(length, BYTES - from);
        packet.get(packet.position(), bytes, from, first);
        packet.get(packet.position() + first, bytes, 0, length - first);
        PUT.setRelease(this, at + HEAD + length);
        return true;
    }

    /** Takes all there is. @param packet of at least {@link #LONGEST} bytes, to be filled */
    void take(byte[] packet, Taker taker) {
        long end = (long) PUT.getAcquire(this);
        long at = (long) TAKEN.getOpaque(this);
        while (at < end) {
            int length = word(at);
            long arrival = (long) word(at + 4) << 32 | word(at + 8) & 0xFFFF_FFFFL;
            int from = (int) (at + HEAD) & MASK;
            int first = Math.min(length, BYTES - from);
            System.arraycopy(bytes, from, packet, 0, first);
            System.arraycopy(bytes, 0, packet, first, length - first);
            at += HEAD + length;
            TAKEN.setRelease(this, at);
            taker.take(packet, length, arrival);
        }
    }

    private void word(long at, int value) {
        for (int i = 0; i < 4; i++) {
            bytes[(int) (at + i) & MASK] = (byte) (value >>> 24 - 8 * i);
        }
    }

    private int word(long at) {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value = value << 8 | bytes[(int) (at + i) & MASK] & 0xFF;
        }
        return value;
    }
}

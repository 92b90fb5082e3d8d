package org.conurb.media;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * The last packets of one source, written by one thread and read by many, none of whom ever waits: a ring of bytes
 * outside the heap. What a reader did not take in time is overwritten, and the reader sees that.
 *
 * <p>Idea: positions only grow (they are byte positions, the ring shows their last {@code capacity}). The writer
 * announces how far it will write before it touches a byte, and publishes after; a reader copies, then looks whether
 * what it copied has been announced for overwriting meanwhile, as a seqlock does (Lameter 2005; Boehm, "Can seqlocks get
 * along with programming language memory models?", MSPC 2012). Costs: one copy in, one copy out per reader, three
 * ordered stores per packet, no allocation. A record is whole: one that would cross the end begins at the start.
 */
public final class PacketRing {
    /** A key frame begins with this packet (or with the parameter sets before it that this packet carries). */
    public static final int KEY_START = 1;
    /** This packet is RTCP, not RTP. */
    public static final int CONTROL = 2;
    /** Packets were lost, or the stream restarted, just before this one. */
    public static final int DISCONTINUITY = 4;

    /** What one try to take a packet came to. */
    public enum Taken {
        TAKEN,
        /** Nothing new. */
        EMPTY,
        /** The writer was faster: packets are lost to this reader; it now stands at the newest start of a key frame, or at the end. */
        OVERRUN
    }

    /** One RTP packet at most: what a UDP datagram or an interleaved frame can hold. */
    public static final int MAX_PACKET_BYTES = 65_535;

    private static final int HEADER = 16;
    private static final int SKIP = -1;
    private static final VarHandle ANNOUNCED = handle("announced");
    private static final VarHandle PUBLISHED = handle("published");
    private static final VarHandle KEY = handle("key");

    private final ByteBuffer bytes;
    private final int capacity;
    private long announced;
    private long published;
    private long key = -1;

    /**
     * @param capacity bytes kept, a power of two from 16 KiB to 64 MiB; a packet must be shorter than half of it
     */
    public PacketRing(int capacity) {
        if (Integer.bitCount(capacity) != 1 || capacity < 16 << 10 || capacity > 64 << 20) {
            throw new IllegalArgumentException(
                    "A ring of %d bytes: take a power of two from 16 KiB to 64 MiB.".formatted(capacity));
        }
        this.capacity = capacity;
        this.bytes = ByteBuffer.allocateDirect(capacity);
    }

    /**
     * Appends one packet; only ever called by one thread.
     *
     * @param track 0..255, as the owner of the ring numbers them
     * @param arrivalNanos of the monotonic clock
     * @param flags {@link #KEY_START}, {@link #CONTROL}, {@link #DISCONTINUITY}, and bits 3..7 as the owner likes
     * @param packet 1 to {@value #MAX_PACKET_BYTES} bytes, less than half of the ring, from position to limit; neither moves
     * @return where it stands: a position to read from
     */
    public long append(int track, long arrivalNanos, int flags, ByteBuffer packet) {
        int length = packet.remaining();
        if (length == 0 || length > Math.min(MAX_PACKET_BYTES, capacity / 2 - 1)) {
            throw new IllegalArgumentException("A packet of %d bytes.".formatted(length));
        }
        int record = HEADER + length + 7 & ~7;
        long from = published;
        int at = offset(from);
        long padding = at + record > capacity ? capacity - at : 0;
        ANNOUNCED.setOpaque(this, from + padding + record);
        VarHandle.fullFence();
        if (padding > 0) {
            bytes.putInt(at, SKIP);
            at = 0;
        }
        long position = from + padding;
        bytes.putInt(at, length);
        bytes.putInt(at + 4, (track & 0xFF) << 8 | (flags & 0xFF));
        bytes.putLong(at + 8, arrivalNanos);
        bytes.put(at + HEADER, packet, packet.position(), length);
        if ((flags & KEY_START) != 0) {
            KEY.setOpaque(this, position);
        }
        PUBLISHED.setRelease(this, position + record);
        return position;
    }

    /** The position the next packet will have or lie after. Any thread. */
    public long next() {
        return (long) PUBLISHED.getAcquire(this);
    }

    /** The position of the newest packet flagged {@link #KEY_START} that can still be read; -1 without one. Any thread. */
    public long newestKeyStart() {
        long newest = (long) KEY.getOpaque(this);
        return newest >= 0 && readable(newest) ? newest : -1;
    }

    /** Bytes the ring keeps. */
    public int capacity() {
        return capacity;
    }

    /** Whether a packet at this position has not been overwritten. */
    public boolean readable(long position) {
        return (long) ANNOUNCED.getOpaque(this) - position <= capacity;
    }

    /**
     * A new reader.
     *
     * @param from a position that {@link #append}, {@link #next}, {@link #newestKeyStart} or {@link Reader#position} gave
     */
    public Reader reader(long from) {
        return new Reader(from);
    }

    private int offset(long position) {
        return (int) (position & (capacity - 1));
    }

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(PacketRing.class, field, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** One reader's place in the ring; confined to one thread. */
    public final class Reader {
        private long position;
        private long taken = -1;
        private int meta;
        private long arrivalNanos;

        private Reader(long from) {
            seek(from);
        }

        /** Goes to a position as {@link PacketRing#reader} takes it. */
        public void seek(long to) {
            if (to < 0 || to > next()) {
                throw new IllegalArgumentException("Position %d is not in this ring.".formatted(to));
            }
            position = to;
        }

        /**
         * Copies the next packet.
         *
         * @param into cleared, filled and flipped; {@value PacketRing#MAX_PACKET_BYTES} bytes always suffice
         * @throws java.nio.BufferOverflowException when the packet does not fit
         */
        public Taken take(ByteBuffer into) {
            long end = next();
            while (position < end) {
                if (!readable(position)) {
                    return overrun();
                }
                int at = offset(position);
                int length = bytes.getInt(at);
                if (length == SKIP) {
                    VarHandle.fullFence();
                    if (!readable(position)) {
                        return overrun();
                    }
                    position += capacity - at;
                    continue;
                }
                return copy(at, length, into);
            }
            return Taken.EMPTY;
        }

        private Taken copy(int at, int length, ByteBuffer into) {
            boolean whole = length > 0 && length <= MAX_PACKET_BYTES && at + HEADER + length <= capacity;
            boolean fits = length <= into.capacity();
            if (whole && fits) {
                meta = bytes.getInt(at + 4);
                arrivalNanos = bytes.getLong(at + 8);
                into.clear();
                into.put(0, bytes, at + HEADER, length).limit(length);
            }
            VarHandle.fullFence();
            if (!readable(position)) {
                return overrun();
            }
            if (!whole) {
                throw new IllegalStateException("No packet begins at %d.".formatted(position));
            }
            if (!fits) {
                throw new java.nio.BufferOverflowException();
            }
            taken = position;
            position += HEADER + length + 7 & ~7;
            return Taken.TAKEN;
        }

        private Taken overrun() {
            long fresh = newestKeyStart();
            position = fresh > position ? fresh : next();
            return Taken.OVERRUN;
        }

        /** Where the packet last taken stands; -1 before the first. */
        public long sequence() {
            return taken;
        }

        /** Where the next packet to take stands. */
        public long position() {
            return position;
        }

        /** The track of the packet last taken. */
        public int track() {
            return meta >> 8 & 0xFF;
        }

        public int flags() {
            return meta & 0xFF;
        }

        public boolean keyStart() {
            return (meta & KEY_START) != 0;
        }

        public long arrivalNanos() {
            return arrivalNanos;
        }
    }
}

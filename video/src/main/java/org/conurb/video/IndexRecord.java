package org.conurb.video;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One line of an hour's index: a fragment, or a gap. On disk 32 bytes, big-endian: start (8), duration (4), flags and
 * milliseconds of the file's name since the hour (1 + 3), offset or gap reason (4), length (4), length of the file's init
 * segment (4), CRC-32C of the 28 bytes before (4).
 *
 * @param start90k of the first frame: milliseconds since 1970 times 90
 * @param duration90k 0..2^31-1
 * @param fileMillis start of the file in its hour, 0..3,599,999
 * @param offset of the fragment in its file, or the code of a {@link GapReason}
 */
record IndexRecord(long start90k, int duration90k, int flags, int fileMillis, long offset, int length, int initLength) {
    static final int BYTES = 32;
    static final int KEY = 1;
    static final int GAP = 2;
    static final int DISCONTINUITY = 4;
    static final int DAMAGED = 8;
    static final long TICKS_PER_MILLI = 90;

    private static final int CHECKED = 28;

    static IndexRecord gap(long start90k, long end90k, GapReason reason) {
        int duration = (int) Math.clamp(end90k - start90k, 0, Integer.MAX_VALUE);
        return new IndexRecord(start90k, duration, GAP, 0, reason.code(), 0, 0);
    }

    boolean isGap() {
        return (flags & GAP) != 0;
    }

    boolean is(int flag) {
        return (flags & flag) != 0;
    }

    long end90k() {
        return start90k + duration90k;
    }

    void write(ByteBuffer out) {
        int at = out.position();
        out.putLong(start90k)
                .putInt(duration90k)
                .putInt(flags << 24 | fileMillis & 0xFFFFFF)
                .putInt((int) offset)
                .putInt(length)
                .putInt(initLength);
        out.putInt(check(out, at));
    }

    /** @return empty where the check does not hold */
    static Optional<IndexRecord> read(ByteBuffer in) {
        int at = in.position();
        in.position(at + BYTES);
        if (in.getInt(at + CHECKED) != check(in, at)) {
            return Optional.empty();
        }
        int flagsAndFile = in.getInt(at + 12);
        return Optional.of(new IndexRecord(
                in.getLong(at),
                in.getInt(at + 8),
                flagsAndFile >>> 24,
                flagsAndFile & 0xFFFFFF,
                in.getInt(at + 16) & 0xFFFFFFFFL,
                in.getInt(at + 20),
                in.getInt(at + 24)));
    }

    private static int check(ByteBuffer buffer, int at) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(at, CHECKED));
        return (int) crc.getValue();
    }
}

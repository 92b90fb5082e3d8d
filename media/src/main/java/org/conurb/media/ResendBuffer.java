package org.conurb.media;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The last 128 packets of one stream, before protection, for peers that lost some (RFC 4585 §6.2.1). Some 160 KB of video. */
final class ResendBuffer {
    private static final int SLOTS = 128;

    private final byte[] @Nullable [] packets = new byte[SLOTS][];
    private final int[] lengths = new int[SLOTS];
    private final long[] indices = new long[SLOTS];

    ResendBuffer() {
        Arrays.fill(indices, -1);
    }

    void keep(byte[] packet, int length, long index) {
        int slot = (int) index & SLOTS - 1;
        byte[] room = packets[slot];
        if (room == null || room.length < length) {
            room = new byte[length + 63 & ~63];
            packets[slot] = room;
        }
        System.arraycopy(packet, 0, room, 0, length);
        lengths[slot] = length;
        indices[slot] = index;
    }

    /** @return its length; 0 where it is gone */
    int copy(long index, byte[] into) {
        int slot = (int) index & SLOTS - 1;
        byte[] kept = packets[slot];
        if (index < 0 || indices[slot] != index || kept == null) {
            return 0;
        }
        System.arraycopy(kept, 0, into, 0, lengths[slot]);
        return lengths[slot];
    }
}

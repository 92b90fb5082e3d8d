package org.conurb.media;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The frame being put together: bytes that grow up to {@link Depacketizer#MAX_FRAME_BYTES} and are then reused. */
final class FrameBuffer {
    private static final int FIRST_BYTES = 16 << 10;

    private byte[] bytes = new byte[0];
    private ByteBuffer view = ByteBuffer.wrap(bytes);
    private ByteBuffer shown = view.duplicate(); // handed out: whoever has it may move its marks
    private int length;

    int length() {
        return length;
    }

    void cut(int to) {
        length = to;
    }

    byte at(int index) {
        return bytes[index];
    }

    /** Absolute access to what was put in. */
    ByteBuffer view() {
        return view;
    }

    /** The bytes put in, from position to limit. */
    ByteBuffer whole() {
        return shown.clear().limit(length);
    }

    /** @return false, and nothing done, when the frame would be too large */
    boolean put(ByteBuffer from, int offset, int count) {
        if (!room(count)) {
            return false;
        }
        from.get(offset, bytes, length, count);
        length += count;
        return true;
    }

    boolean put(int value) {
        if (!room(1)) {
            return false;
        }
        bytes[length++] = (byte) value;
        return true;
    }

    /** Four bytes to be set later by {@link #setInt}. */
    boolean reserveInt() {
        if (!room(4)) {
            return false;
        }
        length += 4;
        return true;
    }

    void setInt(int at, int value) {
        view.putInt(at, value);
    }

    private boolean room(int count) {
        long needed = (long) length + count;
        if (needed > Depacketizer.MAX_FRAME_BYTES) {
            return false;
        }
        if (needed > bytes.length) {
            long grown = Math.max(FIRST_BYTES, Math.max(needed, bytes.length + (bytes.length >> 1)));
            bytes = Arrays.copyOf(bytes, (int) Math.min(Depacketizer.MAX_FRAME_BYTES, grown));
            view = ByteBuffer.wrap(bytes);
            shown = view.duplicate();
        }
        return true;
    }
}

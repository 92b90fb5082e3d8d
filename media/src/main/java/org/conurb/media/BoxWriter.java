package org.conurb.media;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes boxes (ISO/IEC 14496-12 §4.2) into bytes that grow and are reused; sizes are set when a box is closed. */
final class BoxWriter {
    private byte[] bytes;
    private ByteBuffer view;
    private ByteBuffer shown; // handed out: whoever has it may move its marks
    private int length;

    BoxWriter(int first) {
        bytes = new byte[first];
        view = ByteBuffer.wrap(bytes);
        shown = view.duplicate();
    }

    void clear() {
        length = 0;
    }

    int length() {
        return length;
    }

    ByteBuffer whole() {
        return shown.clear().limit(length);
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, length);
    }

    /** @return what {@link #close} needs */
    int open(int type) {
        int at = length;
        u32(0);
        u32(type);
        return at;
    }

    int open(int type, int version, int flags) {
        int at = open(type);
        u32(version << 24 | flags);
        return at;
    }

    void close(int at) {
        view.putInt(at, length - at);
    }

    BoxWriter u8(int value) {
        room(1);
        bytes[length++] = (byte) value;
        return this;
    }

    BoxWriter u16(int value) {
        return u8(value >> 8).u8(value);
    }

    BoxWriter u32(int value) {
        room(4);
        view.putInt(length, value);
        length += 4;
        return this;
    }

    BoxWriter u64(long value) {
        room(8);
        view.putLong(length, value);
        length += 8;
        return this;
    }

    BoxWriter text(String ascii) {
        return put(ascii.getBytes(StandardCharsets.US_ASCII));
    }

    BoxWriter zeros(int count) {
        for (int i = 0; i < count; i++) {
            u8(0);
        }
        return this;
    }

    BoxWriter put(byte[] more) {
        room(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
        return this;
    }

    /** The bytes from position to limit; neither moves. */
    BoxWriter put(ByteBuffer more) {
        int count = more.remaining();
        room(count);
        more.get(more.position(), bytes, length, count);
        length += count;
        return this;
    }

    void set32(int at, int value) {
        view.putInt(at, value);
    }

    int at(int index) {
        return bytes[index] & 0xFF;
    }

    /** The four characters of a box's type. */
    static int type(String four) {
        return four.charAt(0) << 24 | four.charAt(1) << 16 | four.charAt(2) << 8 | four.charAt(3);
    }

    private void room(int count) {
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + count, bytes.length + (bytes.length >> 1)));
            view = ByteBuffer.wrap(bytes);
            shown = view.duplicate();
        }
    }
}

package org.conurb.video;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A key frame out of a recording (ISO/IEC 14496-12, 14496-15), as a decoder takes it.
 *
 * @param parameters body of {@code avcC} or {@code hvcC}
 * @param sample NAL units behind 4 bytes of length
 */
record KeyFrame(boolean h265, byte[] parameters, byte[] sample) {
    private static final int DEPTH = 8;

    /**
     * The first sample of the video track, which is the file's first.
     *
     * @param init {@code ftyp} and {@code moov}
     * @param fragment {@code moof} and {@code mdat}
     * @return empty where it is not of that form
     */
    static Optional<KeyFrame> of(byte[] init, byte[] fragment) {
        try {
            ByteBuffer entry = find(ByteBuffer.wrap(init), "moov", "trak", "mdia", "minf", "stbl", "stsd");
            if (entry == null) {
                return Optional.empty();
            }
            entry.position(entry.position() + 8); // version, flags, count
            int size = entry.getInt();
            int type = entry.getInt();
            boolean h265 = type == code("hvc1") || type == code("hev1");
            if (!h265 && type != code("avc1") && type != code("avc3")) {
                return Optional.empty();
            }
            ByteBuffer inside = entry.slice(entry.position(), size - 8);
            inside.position(78);
            ByteBuffer parameters = child(inside, h265 ? "hvcC" : "avcC");
            return parameters == null
                    ? Optional.empty()
                    : sample(fragment).map(sample -> new KeyFrame(h265, bytes(parameters), sample));
        } catch (IndexOutOfBoundsException | IllegalArgumentException | java.nio.BufferUnderflowException notOurs) {
            return Optional.empty();
        }
    }

    private static Optional<byte[]> sample(byte[] fragment) {
        ByteBuffer trun = find(ByteBuffer.wrap(fragment), "moof", "traf", "trun");
        if (trun == null) {
            return Optional.empty();
        }
        int flags = trun.getInt() & 0xFFFFFF;
        int count = trun.getInt();
        if (count < 1 || (flags & 0x1) == 0 || (flags & 0x200) == 0) {
            return Optional.empty();
        }
        int offset = trun.getInt();
        if ((flags & 0x4) != 0) {
            trun.getInt();
        }
        if ((flags & 0x100) != 0) {
            trun.getInt();
        }
        int length = trun.getInt();
        return offset < 0 || length < 1 || (long) offset + length > fragment.length
                ? Optional.empty()
                : Optional.of(Arrays.copyOfRange(fragment, offset, offset + length));
    }

    /** @return what is inside the first such box within box, or null */
    private static @Nullable ByteBuffer find(ByteBuffer from, String... path) {
        ByteBuffer inside = from;
        for (int i = 0; i < Math.min(DEPTH, path.length); i++) {
            ByteBuffer next = child(inside, path[i]);
            if (next == null) {
                return null;
            }
            inside = next;
        }
        return inside;
    }

    private static @Nullable ByteBuffer child(ByteBuffer in, String type) {
        int wanted = code(type);
        int at = in.position();
        while (at + 8 <= in.limit()) {
            int size = in.getInt(at);
            if (size < 8 || at + (long) size > in.limit()) {
                return null;
            }
            if (in.getInt(at + 4) == wanted) {
                return in.slice(at + 8, size - 8);
            }
            at += size;
        }
        return null;
    }

    private static int code(String type) {
        return type.charAt(0) << 24 | type.charAt(1) << 16 | type.charAt(2) << 8 | type.charAt(3);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(buffer.position(), copy);
        return copy;
    }
}

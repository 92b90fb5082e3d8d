package org.conurb.media;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** One parameter set of H.264 or H.265: a NAL unit with its header, without start code; 1 to {@value #MAX_BYTES} bytes, never changed. */
public final class ParameterSet {
    /** Larger ones exist in no camera; they are refused. */
    public static final int MAX_BYTES = 1024;

    private final byte[] nal;

    private ParameterSet(byte[] nal) {
        this.nal = nal;
    }

    /** A copy of these bytes; empty where there are none or too many. */
    public static Optional<ParameterSet> of(ByteBuffer buffer, int offset, int length) {
        if (length <= 0 || length > MAX_BYTES) {
            return Optional.empty();
        }
        byte[] copy = new byte[length];
        buffer.get(offset, copy);
        return Optional.of(new ParameterSet(copy));
    }

    static Optional<ParameterSet> ofBase64(String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text.strip());
            return of(ByteBuffer.wrap(bytes), 0, bytes.length);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** Whether these bytes are this set. */
    public boolean matches(ByteBuffer buffer, int offset, int length) {
        if (length != nal.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (buffer.get(offset + i) != nal[i]) {
                return false;
            }
        }
        return true;
    }

    public int length() {
        return nal.length;
    }

    /** The byte at this index, 0..255. */
    public int at(int index) {
        return nal[index] & 0xFF;
    }

    /** A copy. */
    public byte[] bytes() {
        return nal.clone();
    }

    String base64() {
        return Base64.getEncoder().encodeToString(nal);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ParameterSet that && Arrays.equals(nal, that.nal);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(nal);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(nal);
    }
}

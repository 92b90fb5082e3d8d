package org.conurb.demo;

import java.util.Arrays;

/** Writes bits, most significant first, with the Exp-Golomb codes of H.264 (§9.1). */
final class BitWriter {
    private byte[] bytes = new byte[256];
    private int bits;

    BitWriter u(int count, int value) {
        for (int i = count - 1; i >= 0; i--) {
            bit(value >>> i & 1);
        }
        return this;
    }

    BitWriter ue(int value) {
        int length = 32 - Integer.numberOfLeadingZeros(value + 1);
        u(length - 1, 0);
        return u(length, value + 1);
    }

    BitWriter se(int value) {
        return ue(value > 0 ? 2 * value - 1 : -2 * value);
    }

    private void bit(int bit) {
        if (bits >>> 3 == bytes.length) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
        bytes[bits >>> 3] |= (byte) (bit << (7 - (bits & 7)));
        bits++;
    }

    BitWriter alignWithZeros() {
        bits = bits + 7 & ~7;
        while (bits >>> 3 >= bytes.length) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
        return this;
    }

    /** Whole bytes; the writer must be aligned. */
    BitWriter bytes(byte[] more, int from, int length) {
        int at = bits >>> 3;
        if (at + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, at + length));
        }
        System.arraycopy(more, from, bytes, at, length);
        bits += length * 8;
        return this;
    }

    /** Ends the payload (§7.3.2.11) and returns the NAL unit with emulation prevention (§7.4.1), header byte first. */
    byte[] nal(int header) {
        bit(1);
        alignWithZeros();
        int length = bits >>> 3;
        byte[] nal = new byte[1 + length + length / 2 + 1];
        nal[0] = (byte) header;
        int at = 1;
        int zeros = 0;
        for (int i = 0; i < length; i++) {
            int value = bytes[i] & 0xff;
            if (zeros == 2 && value <= 3) {
                nal[at++] = 3;
                zeros = 0;
            }
            nal[at++] = (byte) value;
            zeros = value == 0 ? zeros + 1 : 0;
        }
        return Arrays.copyOf(nal, at);
    }
}

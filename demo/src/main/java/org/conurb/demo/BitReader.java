package org.conurb.demo;

import java.util.Arrays;

/** Reads bits of one NAL unit's payload, most significant first (H.264 §7.2, §9.1). */
final class BitReader {
    private final byte[] bytes;
    private final int end;
    private int at;

    /** @param nal with its header byte and its emulation prevention, which are both left out */
    BitReader(byte[] nal) {
        this.bytes = plain(nal);
        int last = bytes.length * 8 - 1;
        while (last > 0 && (bytes[last >>> 3] >>> (7 - (last & 7)) & 1) == 0) {
            last--;
        }
        this.end = last;
    }

    private static byte[] plain(byte[] nal) {
        byte[] plain = new byte[Math.max(1, nal.length - 1)];
        int length = 0;
        int zeros = 0;
        for (int i = 1; i < nal.length; i++) {
            if (zeros == 2 && nal[i] == 3) {
                zeros = 0;
                continue;
            }
            plain[length++] = nal[i];
            zeros = nal[i] == 0 ? zeros + 1 : 0;
        }
        return Arrays.copyOf(plain, Math.max(1, length));
    }

    int u(int count) {
        int value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 1 | bit();
        }
        return value;
    }

    int ue() {
        int zeros = 0;
        while (bit() == 0) {
            if (++zeros > 31) {
                throw new IllegalArgumentException("Not an Exp-Golomb code.");
            }
        }
        return (1 << zeros) - 1 + u(zeros);
    }

    int se() {
        int code = ue();
        return (code & 1) == 1 ? (code + 1) / 2 : -code / 2;
    }

    private int bit() {
        if (at >= bytes.length * 8) {
            throw new IllegalArgumentException("The NAL unit ends early.");
        }
        int bit = bytes[at >>> 3] >>> (7 - (at & 7)) & 1;
        at++;
        return bit;
    }

    /** Copies what is left before the payload's closing bit. */
    void copyRest(BitWriter to) {
        while (at < end) {
            to.u(1, bit());
        }
    }
}

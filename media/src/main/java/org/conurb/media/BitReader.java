package org.conurb.media;

/**
 * Reads the bits of a parameter set, leaving out emulation prevention bytes (H.264 §7.4.1.1, H.265 §7.4.2.3). Reading
 * past the end gives zeros and is told by {@link #broken}, so that a parser checks once, at its end.
 */
final class BitReader {
    private final byte[] bytes;
    private final int length;
    private int bit;
    private boolean broken;

    /** @param from first byte of the raw payload: after the NAL header */
    BitReader(ParameterSet set, int from) {
        byte[] nal = set.bytes();
        bytes = new byte[nal.length];
        int at = 0;
        int zeros = 0;
        for (int i = from; i < nal.length; i++) {
            if (zeros >= 2 && nal[i] == 3) {
                zeros = 0;
                continue;
            }
            zeros = nal[i] == 0 ? zeros + 1 : 0;
            bytes[at++] = nal[i];
        }
        length = at * 8;
    }

    boolean flag() {
        return bits(1) != 0;
    }

    /** Up to 32 bits, unsigned. */
    long bits(int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            int next = 0;
            if (bit < length) {
                next = bytes[bit >> 3] >> (7 - (bit & 7)) & 1;
                bit++;
            } else {
                broken = true;
            }
            value = value << 1 | next;
        }
        return value;
    }

    void skip(int count) {
        bit += count;
        if (bit > length) {
            bit = length;
            broken = true;
        }
    }

    /** ue(v), Exp-Golomb (H.264 §9.1); over {@code max} the set is broken and the answer 0. */
    int golomb(int max) {
        int zeros = 0;
        while (!broken && !flag()) {
            if (++zeros > 31) {
                broken = true;
            }
        }
        long value = broken ? 0 : (1L << zeros) - 1 + bits(zeros);
        if (value > max) {
            broken = true;
            return 0;
        }
        return (int) value;
    }

    /** se(v): any value. */
    int signedGolomb() {
        int code = golomb(Integer.MAX_VALUE);
        return (code & 1) != 0 ? (code >>> 1) + 1 : -(code >>> 1);
    }

    boolean broken() {
        return broken;
    }
}

package org.conurb.voices;

/** G.711: octets of A-law or µ-law, and samples of 16 bits. */
enum Law {
    A {
        @Override
        int decoded(int octet) {
            int code = octet ^ 0x55;
            int segment = code >> 4 & 7;
            int low = (code & 0xF) << 4 | 8;
            int magnitude = segment == 0 ? low : low + 0x100 << segment - 1;
            return (code & 0x80) != 0 ? magnitude : -magnitude;
        }
    },
    MU {
        @Override
        int decoded(int octet) {
            int code = ~octet & 0xFF;
            int magnitude = ((code & 0xF) << 3) + 0x84 << (code >> 4 & 7);
            return (code & 0x80) != 0 ? 0x84 - magnitude : magnitude - 0x84;
        }
    };

    private final short[] samples = new short[256];
    /** The octet of each sample, by its upper 14 bits. */
    private final byte[] octets = new byte[1 << 14];

    Law() {
        for (int octet = 0; octet < 256; octet++) {
            samples[octet] = (short) decoded(octet);
        }
        for (int i = 0; i < octets.length; i++) {
            octets[i] = (byte) nearest((short) (i << 2));
        }
    }

    abstract int decoded(int octet);

    private int nearest(int sample) {
        int best = 255; // of two zeroes the positive one
        for (int octet = 254; octet >= 0; octet--) {
            if (Math.abs(samples[octet] - sample) < Math.abs(samples[best] - sample)) {
                best = octet;
            }
        }
        return best;
    }

    short sample(byte octet) {
        return samples[octet & 0xFF];
    }

    byte octet(short sample) {
        return octets[(sample & 0xFFFF) >> 2];
    }
}

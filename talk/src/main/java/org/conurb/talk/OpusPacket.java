package org.conurb.talk;

import java.nio.ByteBuffer;

/** What the first octets of an Opus packet say (RFC 6716 §3.1, §3.2), in samples of 48 kHz. */
final class OpusPacket {
    /** 120 ms: no packet is longer. */
    static final int LONGEST = 5_760;

    private static final int[] SILK = {480, 960, 1_920, 2_880};
    private static final int[] HYBRID = {480, 960};
    private static final int[] CELT = {120, 240, 480, 960};

    private OpusPacket() {}

    /**
     * How long a packet sounds.
     *
     * @return 120..5760; 0 for what is no Opus packet
     */
    static int samples(ByteBuffer buffer, int at, int length) {
        if (length < 1) {
            return 0;
        }
        int toc = buffer.get(at) & 0xFF;
        int frames = frames(buffer, at, length, toc & 3);
        int samples = frames * frame(toc);
        return samples > LONGEST ? 0 : samples;
    }

    private static int frames(ByteBuffer buffer, int at, int length, int code) {
        return switch (code) {
            case 0 -> 1;
            case 1 -> (length - 1) % 2 == 0 ? 2 : 0;
            case 2 -> length >= 2 ? 2 : 0;
            default -> length >= 2 ? buffer.get(at + 1) & 0x3F : 0;
        };
    }

    /** Samples of one frame of this table-of-contents octet. */
    static int frame(int toc) {
        int configuration = toc >> 3 & 0x1F;
        if (configuration < 12) {
            return SILK[configuration & 3];
        }
        return configuration < 16 ? HYBRID[configuration & 1] : CELT[configuration & 3];
    }

    /** A packet that asks the decoder to conceal one frame, in the manner of the packet before: no octets but the first. */
    static byte[] concealed(int toc) {
        return new byte[] {(byte) (toc & 0xFC)};
    }

    /** A packet of silence of 120, 240, 480 or 960 samples: a CELT frame that says so. */
    static byte[] silence(int samples) {
        for (int i = 0; i < CELT.length; i++) {
            if (CELT[i] == samples) {
                return new byte[] {(byte) (28 + i << 3), (byte) 0xFF, (byte) 0xFE};
            }
        }
        throw new IllegalArgumentException("No frame has %d samples".formatted(samples));
    }
}

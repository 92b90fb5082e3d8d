package org.conurb.talk;

/** Linear samples to octets of G.711, for tones that we make ourselves. */
final class G711 {
    private static final int[] ALAW_ENDS = {0x1F, 0x3F, 0x7F, 0xFF, 0x1FF, 0x3FF, 0x7FF, 0xFFF};

    private G711() {}

    /** @param sample 16 bits, signed */
    static byte encode(SipCodec codec, int sample) {
        return codec == SipCodec.PCMA ? aLaw(sample) : muLaw(sample);
    }

    /** Octet of silence. */
    static byte silence(SipCodec codec) {
        return encode(codec, 0);
    }

    private static byte muLaw(int sample) {
        int magnitude = Math.min(Math.abs(sample), 32_635) + 132;
        int segment = 24 - Integer.numberOfLeadingZeros(magnitude);
        int code = segment << 4 | (magnitude >> (segment + 3) & 0xF);
        return (byte) ~(sample < 0 ? code | 0x80 : code);
    }

    private static byte aLaw(int sample) {
        int thirteen = sample >> 3;
        int mask = 0xD5;
        if (thirteen < 0) {
            mask = 0x55;
            thirteen = -thirteen - 1;
        }
        int segment = 0;
        while (segment < 8 && thirteen > ALAW_ENDS[segment]) {
            segment++;
        }
        if (segment == 8) {
            return (byte) (0x7F ^ mask);
        }
        int low = segment < 2 ? thirteen >> 1 & 0xF : thirteen >> segment & 0xF;
        return (byte) ((segment << 4 | low) ^ mask);
    }
}

package org.conurb.benchmarks;

/**
 * 80 octets of payload that say whose they are and which: the size of 20 ms of Opus at 32 kbit/s, and begun as such, so
 * that nobody on the way takes offence.
 */
final class VoicePacket {
    static final int PER_SECOND = 50;
    static final int PAYLOAD = 80;
    static final int RTP_HEADER = 12;
    static final int RTP = RTP_HEADER + PAYLOAD;
    static final int OPUS = 111;
    private static final int TICKS = 960;
    /** One frame of 20 ms, wideband, mono (RFC 6716 3.1), and a mark. */
    private static final int BEGINS = 0x48c09ab5;

    private VoicePacket() {}

    /** @param voice 0 or more; @param number 0 or more, one up with each packet of the voice */
    static void writePayload(byte[] into, int at, int voice, int number) {
        put32(into, at, BEGINS);
        put32(into, at + 4, voice);
        put32(into, at + 8, number);
        for (int i = 12; i < PAYLOAD; i++) {
            into[at + i] = (byte) (i * 37 + number);
        }
    }

    /** A whole RTP packet; the first of a voice is marked as the begin of a talk spurt. */
    static void writeRtp(byte[] into, int voice, int number) {
        into[0] = (byte) 0x80;
        into[1] = (byte) (OPUS | (number == 0 ? 0x80 : 0));
        into[2] = (byte) (number >>> 8);
        into[3] = (byte) number;
        put32(into, 4, number * TICKS);
        put32(into, 8, 0x0c0ffee0 + voice);
        writePayload(into, RTP_HEADER, voice, number);
    }

    static boolean isPayload(byte[] from, int at, int end) {
        return end - at == PAYLOAD && get32(from, at) == BEGINS;
    }

    static int voice(byte[] from, int at) {
        return get32(from, at + 4);
    }

    static int number(byte[] from, int at) {
        return get32(from, at + 8);
    }

    private static void put32(byte[] into, int at, int value) {
        for (int i = 0; i < 4; i++) {
            into[at + i] = (byte) (value >>> 24 - 8 * i);
        }
    }

    private static int get32(byte[] from, int at) {
        return (from[at] & 0xff) << 24 | (from[at + 1] & 0xff) << 16 | (from[at + 2] & 0xff) << 8 | from[at + 3] & 0xff;
    }
}

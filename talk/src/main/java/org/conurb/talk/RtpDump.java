package org.conurb.talk;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * The form of a recorded talk: an rtpdump file as {@code rtptools} defined it and Wireshark opens it. A line of text, a
 * head with the start, then packets, each after its length and the milliseconds from the start to its arrival. What of ours
 * stands between the talker's packets is RTCP APP (RFC 3550 §6.7) of the name {@code CNRB}, which others skip.
 */
final class RtpDump {
    static final byte[] LINE = "#!rtpplay1.0 0.0.0.0/0\n".getBytes(US_ASCII);
    static final int START = LINE.length + 16;
    /** Before each packet: length with this, length of an RTP packet or 0 for RTCP, milliseconds. */
    static final int RECORD = 8;

    static final int APP = 12;
    static final int NAME = 'C' << 24 | 'N' << 16 | 'R' << 8 | 'B';

    /** {@link SpurtFacts} as JSON, padded with spaces: the first packet of a file. */
    static final int FACTS = 0;
    /** Wall clock, monotonic clock, arrival of the packet that follows on the monotonic clock, its RTP time. */
    static final int CLOCK = 1;
    /** So many packets are missing here as the site could not keep up. */
    static final int LOST = 2;
    /** The end: wall clock, packets, packets lost. */
    static final int END = 3;

    static final int CLOCK_BYTES = 28;
    static final int LOST_BYTES = 4;
    static final int END_BYTES = 16;

    private static final int APP_TYPE = 204;
    private static final int VERSION = 0x80;

    private RtpDump() {}

    static void start(ByteBuffer into, Instant at) {
        into.put(LINE)
                .putInt((int) at.getEpochSecond())
                .putInt(at.getNano() / 1_000)
                .putInt(0)
                .putInt(0);
    }

    /** What goes before an RTP packet. */
    static void rtp(ByteBuffer into, int length, int millis) {
        into.putShort((short) (RECORD + length)).putShort((short) length).putInt(millis);
    }

    /** What goes before the data of one of ours; {@code length} is a multiple of four. */
    static void app(ByteBuffer into, int subtype, int ssrc, int length, int millis) {
        into.putShort((short) (RECORD + APP + length)).putShort((short) 0).putInt(millis);
        into.put((byte) (VERSION | subtype))
                .put((byte) APP_TYPE)
                .putShort((short) ((APP + length) / 4 - 1))
                .putInt(ssrc)
                .putInt(NAME);
    }

    /** Subtype of the RTCP packet at that place where it is one of ours; -1 else. */
    static int subtype(ByteBuffer file, int at, int length) {
        boolean ours = length >= APP
                && (file.get(at) & 0xE0) == VERSION
                && (file.get(at + 1) & 0xFF) == APP_TYPE
                && file.getInt(at + 8) == NAME;
        return ours ? file.get(at) & 0x1F : -1;
    }

    static Instant instant(long nanosSinceEpoch) {
        return Instant.ofEpochSecond(0, nanosSinceEpoch);
    }

    static long nanos(Instant at) {
        return at.getEpochSecond() * 1_000_000_000L + at.getNano();
    }
}

package org.conurb.media;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Appends RTCP packets to a buffer (RFC 3550 §6, RFC 4585 §6); several calls make a compound packet, reports first
 * (RFC 3550 §6.1). All throw {@link java.nio.BufferOverflowException} where the buffer is too small.
 */
public final class RtcpWriter {
    private static final long SECONDS_1900_TO_1970 = 2_208_988_800L;

    private RtcpWriter() {}

    /** NTP time as sender reports carry it: 32 bits of seconds since 1900, 32 of fraction. */
    public static long ntp(Instant moment) {
        return (moment.getEpochSecond() + SECONDS_1900_TO_1970) << 32 | ((long) moment.getNano() << 32) / 1_000_000_000;
    }

    /** The moment of an NTP time, era 0 (to 2036) or, where its highest bit is clear, era 1 (RFC 4330 §3). */
    public static Instant instant(long ntp) {
        long seconds = (ntp >>> 32) + (ntp < 0 ? 0 : 1L << 32) - SECONDS_1900_TO_1970;
        return Instant.ofEpochSecond(seconds, ((ntp & 0xFFFF_FFFFL) * 1_000_000_000L) >>> 32);
    }

    /** A sender report without report blocks (§6.4.1). */
    public static void senderReport(ByteBuffer into, int ssrc, long ntp, long rtpTime, long packets, long bytes) {
        header(into, 0, RtcpPacket.SENDER_REPORT, 6).putInt(ssrc).putLong(ntp);
        into.putInt((int) rtpTime).putInt((int) packets).putInt((int) bytes);
    }

    /** A receiver report without blocks: enough to keep a sender content (§6.4.2). */
    public static void receiverReport(ByteBuffer into, int ssrc) {
        header(into, 0, RtcpPacket.RECEIVER_REPORT, 1).putInt(ssrc);
    }

    /**
     * A receiver report of one block (§6.4.2).
     *
     * @param block what was received; see {@link ReceptionReport}
     */
    public static void receiverReport(ByteBuffer into, int ssrc, ReceptionReport block) {
        header(into, 1, RtcpPacket.RECEIVER_REPORT, 7).putInt(ssrc).putInt(block.source());
        into.putInt(block.fractionLost() << 24 | (Math.clamp(block.lost(), -0x80_0000, 0x7F_FFFF) & 0xFF_FFFF));
        into.putInt((int) block.highestSequence()).putInt((int) block.jitter());
        into.putInt(block.lastSenderReport()).putInt((int) block.delay());
    }

    /**
     * One block of a receiver report.
     *
     * @param fractionLost 0..255 of 256
     * @param jitter in the media's clock (§6.4.1, A.8)
     * @param lastSenderReport middle 32 bits of its NTP time
     * @param delay since then, 1/65536 s
     */
    public record ReceptionReport(
            int source,
            int fractionLost,
            int lost,
            long highestSequence,
            long jitter,
            int lastSenderReport,
            long delay) {}

    /** SDES of one CNAME, 1 to 255 bytes of UTF-8 (§6.5.1). */
    public static void cname(ByteBuffer into, int ssrc, String cname) {
        byte[] text = cname.getBytes(StandardCharsets.UTF_8);
        if (text.length == 0 || text.length > 255) {
            throw new IllegalArgumentException("A CNAME of %d bytes.".formatted(text.length));
        }
        int item = 2 + text.length;
        int padded = (item + 1 + 3) & ~3;
        header(into, 1, RtcpPacket.SOURCE_DESCRIPTION, 1 + padded / 4)
                .putInt(ssrc)
                .put((byte) 1)
                .put((byte) text.length)
                .put(text);
        for (int i = item; i < padded; i++) {
            into.put((byte) 0);
        }
    }

    /** §6.6. */
    public static void bye(ByteBuffer into, int ssrc) {
        header(into, 1, RtcpPacket.BYE, 1).putInt(ssrc);
    }

    /** RFC 4585 §6.3.1. */
    public static void pictureLoss(ByteBuffer into, int ssrc, int media) {
        header(into, 1, RtcpPacket.PAYLOAD_FEEDBACK, 2).putInt(ssrc).putInt(media);
    }

    /**
     * Generic NACK of one entry (RFC 4585 §6.2.1).
     *
     * @param following bit i, lowest first: packet {@code sequence + i + 1} is missing too
     */
    public static void nack(ByteBuffer into, int ssrc, int media, int sequence, int following) {
        header(into, 1, RtcpPacket.TRANSPORT_FEEDBACK, 3).putInt(ssrc).putInt(media);
        into.putShort((short) sequence).putShort((short) following);
    }

    private static ByteBuffer header(ByteBuffer into, int count, int type, int wordsAfter) {
        return into.put((byte) (0x80 | count)).put((byte) type).putShort((short) wordsAfter);
    }
}

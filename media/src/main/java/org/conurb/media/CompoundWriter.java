package org.conurb.media;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Writes compound RTCP packets (RFC 3550 §6, RFC 4585 §6) into an array of its own. Confined to one worker. */
final class CompoundWriter {
    private static final int SR = 200;
    private static final int RR = 201;
    private static final int SDES = 202;
    private static final int RTPFB = 205;
    private static final int PSFB = 206;
    private static final int MAX_BLOCKS = 31;
    private static final long NTP_EPOCH = 2_208_988_800L;

    final byte[] bytes = new byte[SrtpScratch.MAX_PACKET];
    private int length;

    int length() {
        return length;
    }

    void start() {
        length = 0;
    }

    void senderReport(SendStream stream, Instant now, long nowNanos, List<ReceiveStream> received) {
        int at = header(SR, 24, Math.min(MAX_BLOCKS, received.size()), received.size() * ReceiveStream.BLOCK);
        Bytes.put32(bytes, at + 4, stream.ssrc);
        Bytes.put32(bytes, at + 8, (int) (now.getEpochSecond() + NTP_EPOCH));
        Bytes.put32(bytes, at + 12, (int) (((long) now.getNano() << 32) / 1_000_000_000L));
        stream.report(bytes, at + 16, nowNanos);
        blocks(at + 28, received, nowNanos);
    }

    void receiverReport(int reporter, long nowNanos, List<ReceiveStream> received) {
        int at = header(RR, 4, Math.min(MAX_BLOCKS, received.size()), received.size() * ReceiveStream.BLOCK);
        Bytes.put32(bytes, at + 4, reporter);
        blocks(at + 8, received, nowNanos);
    }

    private void blocks(int from, List<ReceiveStream> received, long nowNanos) {
        for (int i = 0; i < received.size(); i++) {
            received.get(i).writeBlock(bytes, from + i * ReceiveStream.BLOCK, nowNanos);
        }
    }

    void name(int ssrc, String cname) {
        byte[] text = cname.getBytes(StandardCharsets.US_ASCII);
        int item = 4 + 2 + text.length + 1; // at least one zero octet ends the items
        int at = header(SDES, item + 3 & ~3, 1, 0);
        java.util.Arrays.fill(bytes, at + 4, length, (byte) 0);
        Bytes.put32(bytes, at + 4, ssrc);
        bytes[at + 8] = 1;
        bytes[at + 9] = (byte) text.length;
        System.arraycopy(text, 0, bytes, at + 10, text.length);
    }

    void pictureLoss(int reporter, int ssrc) {
        int at = header(PSFB, 8, 1, 0);
        Bytes.put32(bytes, at + 4, reporter);
        Bytes.put32(bytes, at + 8, ssrc);
    }

    /** @param count lost packets from {@code first} on, 1 to 17 */
    void lost(int reporter, int ssrc, int first, int count) {
        int at = header(RTPFB, 12, 1, 0);
        Bytes.put32(bytes, at + 4, reporter);
        Bytes.put32(bytes, at + 8, ssrc);
        Bytes.put16(bytes, at + 12, first);
        Bytes.put16(bytes, at + 14, (1 << count - 1) - 1);
    }

    private int header(int type, int body, int count, int blocks) {
        int at = length;
        int octets = 4 + body + blocks;
        bytes[at] = (byte) (0x80 | count);
        bytes[at + 1] = (byte) type;
        Bytes.put16(bytes, at + 2, octets / 4 - 1);
        length += octets;
        return at;
    }
}

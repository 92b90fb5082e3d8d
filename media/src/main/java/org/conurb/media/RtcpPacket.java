package org.conurb.media;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A compound RTCP packet (RFC 3550 §6.1), walked in place: {@link #wrap}, then {@link #next} for each packet in it. A
 * flyweight: copies and allocates nothing, except {@link #cname}. Reduced-size packets (RFC 5506) pass.
 */
public final class RtcpPacket {
    public static final int SENDER_REPORT = 200;
    public static final int RECEIVER_REPORT = 201;
    public static final int SOURCE_DESCRIPTION = 202;
    public static final int BYE = 203;
    /** RTPFB, RFC 4585 §6.2: generic NACK is its format 1, transport-wide feedback its 15. */
    public static final int TRANSPORT_FEEDBACK = 205;
    /** PSFB, RFC 4585 §6.3: PLI is its format 1, FIR (RFC 5104 §4.3.1) its 4. */
    public static final int PAYLOAD_FEEDBACK = 206;

    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private int at;
    private int end;
    private int nextAt;
    private int limit;

    /**
     * Looks at the bytes between position and limit; moves neither.
     *
     * @return whether every packet in them is version 2, and their lengths add up
     */
    public boolean wrap(ByteBuffer bytes) {
        buffer = bytes;
        at = end = nextAt = limit = bytes.position();
        int check = bytes.position();
        while (check < bytes.limit()) {
            if (bytes.limit() - check < 4 || (bytes.get(check) & 0xC0) != 0x80) {
                return false;
            }
            check += 4 + 4 * u16(check + 2);
        }
        if (check != bytes.limit() || check == bytes.position()) {
            return false;
        }
        limit = check;
        return true;
    }

    /** Whether a datagram on a port shared by RTP and RTCP is RTCP (RFC 5761 §4). */
    public static boolean isRtcp(ByteBuffer bytes) {
        int type = bytes.remaining() < 2 ? 0 : bytes.get(bytes.position() + 1) & 0xFF;
        return type >= 192 && type <= 223;
    }

    /** Goes to the next packet of the compound. */
    public boolean next() {
        if (nextAt >= limit) {
            return false;
        }
        at = nextAt;
        nextAt = at + 4 + 4 * u16(at + 2);
        int padding = (buffer.get(at) & 0x20) != 0 ? buffer.get(nextAt - 1) & 0xFF : 0;
        end = Math.max(at + 4, nextAt - padding);
        return true;
    }

    /** {@link #SENDER_REPORT} and so on; others are to be passed over. */
    public int type() {
        return buffer.get(at + 1) & 0xFF;
    }

    /** Number of reports or sources, or the format of feedback; 0..31. */
    public int count() {
        return buffer.get(at) & 0x1F;
    }

    /** SSRC of who sent it; 0 where the packet is too short. */
    public int sender() {
        return has(8) ? buffer.getInt(at + 4) : 0;
    }

    /** SSRC of the media that feedback is about; 0 where it has none. */
    public int mediaSource() {
        return has(12) ? buffer.getInt(at + 8) : 0;
    }

    public boolean isSenderReport() {
        return type() == SENDER_REPORT && has(28);
    }

    /** Wall clock of a sender report: seconds since 1900 in the high half, fraction in the low one. */
    public long ntpTime() {
        return buffer.getLong(at + 8);
    }

    /** The same moment in the media's clock, 0..2^32-1. */
    public long rtpTime() {
        return buffer.getInt(at + 16) & 0xFFFF_FFFFL;
    }

    public long packetsSent() {
        return buffer.getInt(at + 20) & 0xFFFF_FFFFL;
    }

    public long bytesSent() {
        return buffer.getInt(at + 24) & 0xFFFF_FFFFL;
    }

    /** Report blocks that are whole, of a sender or receiver report. */
    public int reports() {
        int first = firstReport();
        return first == 0 ? 0 : Math.clamp((end - at - first) / 24, 0, count());
    }

    /** SSRC a report block is about. */
    public int reportSource(int index) {
        return buffer.getInt(report(index));
    }

    /** Share of packets lost since the last report, 0..255 of 256. */
    public int reportFractionLost(int index) {
        return buffer.get(report(index) + 4) & 0xFF;
    }

    /** Packets lost since the beginning; negative with duplicates. */
    public int reportLost(int index) {
        return buffer.getInt(report(index) + 4) << 8 >> 8;
    }

    /** Highest sequence number received, with its count of wraps above. */
    public long reportHighestSequence(int index) {
        return buffer.getInt(report(index) + 8) & 0xFFFF_FFFFL;
    }

    /** Middle 32 bits of the time of the last sender report seen; 0 before one. */
    public int reportLastSenderReport(int index) {
        return buffer.getInt(report(index) + 16);
    }

    /** Time since then, 1/65536 s. */
    public long reportDelay(int index) {
        return buffer.getInt(report(index) + 20) & 0xFFFF_FFFFL;
    }

    /** Picture loss indication (RFC 4585 §6.3.1) or full intra request (RFC 5104 §4.3.1): the receiver needs a key frame. */
    public boolean wantsKeyFrame() {
        return type() == PAYLOAD_FEEDBACK && (count() == 1 || count() == 4) && has(12);
    }

    public boolean isNack() {
        return type() == TRANSPORT_FEEDBACK && count() == 1 && has(16);
    }

    /** Entries of a generic NACK (RFC 4585 §6.2.1), each up to 17 packets. */
    public int nacks() {
        return isNack() ? (end - at - 12) / 4 : 0;
    }

    /** The first packet an entry misses. */
    public int nackSequence(int index) {
        return u16(at + 12 + 4 * index);
    }

    /** Bit i, lowest first: packet sequence + i + 1 is missing too. */
    public int nackFollowing(int index) {
        return u16(at + 14 + 4 * index);
    }

    /** CNAME of the first source of a source description (RFC 3550 §6.5.1). */
    public Optional<String> cname() {
        int item = at + 8;
        while (type() == SOURCE_DESCRIPTION && count() > 0 && item + 2 <= end && buffer.get(item) != 0) {
            int length = buffer.get(item + 1) & 0xFF;
            if (item + 2 + length > end) {
                return Optional.empty();
            }
            if (buffer.get(item) == 1) {
                byte[] text = new byte[length];
                buffer.get(item + 2, text);
                return Optional.of(new String(text, StandardCharsets.UTF_8));
            }
            item += 2 + length;
        }
        return Optional.empty();
    }

    private int firstReport() {
        return switch (type()) {
            case SENDER_REPORT -> 28;
            case RECEIVER_REPORT -> 8;
            default -> 0;
        };
    }

    private int report(int index) {
        if (index < 0 || index >= reports()) {
            throw new IndexOutOfBoundsException(index);
        }
        return at + firstReport() + 24 * index;
    }

    private boolean has(int bytes) {
        return end - at >= bytes;
    }

    private int u16(int index) {
        return (buffer.get(index) & 0xFF) << 8 | (buffer.get(index + 1) & 0xFF);
    }
}

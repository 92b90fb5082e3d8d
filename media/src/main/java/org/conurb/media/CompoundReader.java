package org.conurb.media;

/** Walks a compound RTCP packet (RFC 3550 §6.1); what does not add up ends the walk. */
final class CompoundReader {
    static final int SR = 200;
    private static final int RR = 201;
    private static final int RTPFB = 205;
    private static final int PSFB = 206;
    private static final int SENDER_REPORT_LENGTH = 28;
    private static final int RECEIVER_REPORT_LENGTH = 8;
    private static final int FEEDBACK_LENGTH = 12;

    interface Visitor {
        void packet(byte[] bytes, int at, int length);
    }

    private CompoundReader() {}

    static void read(byte[] bytes, int length, Visitor visitor) {
        int at = 0;
        while (length - at >= 8 && (bytes[at] & 0xc0) == 0x80) {
            int size = 4 * (Bytes.u16(bytes, at + 2) + 1);
            if (size > length - at || size < least(Bytes.u8(bytes, at + 1))) {
                return;
            }
            visitor.packet(bytes, at, size);
            at += size;
        }
    }

    private static int least(int type) {
        return switch (type) {
            case SR -> SENDER_REPORT_LENGTH;
            case RR -> RECEIVER_REPORT_LENGTH;
            case RTPFB, PSFB -> FEEDBACK_LENGTH;
            default -> 4;
        };
    }

    /** Where the report blocks of a packet begin, from its start; 0 where it has none (RFC 3550 §6.4). */
    static int firstBlock(byte[] bytes, int at) {
        return switch (Bytes.u8(bytes, at + 1)) {
            case SR -> SENDER_REPORT_LENGTH;
            case RR -> RECEIVER_REPORT_LENGTH;
            default -> 0;
        };
    }

    /** PLI (RFC 4585 §6.3.1) or FIR (RFC 5104 §4.3.1). */
    static boolean isKeyFrameRequest(byte[] bytes, int at) {
        int format = bytes[at] & 0x1f;
        return Bytes.u8(bytes, at + 1) == PSFB && (format == 1 || format == 4);
    }

    static boolean isNack(byte[] bytes, int at) {
        return Bytes.u8(bytes, at + 1) == RTPFB && (bytes[at] & 0x1f) == 1;
    }
}

package org.conurb.media;

/** Where things lie in an RTP packet that begins at index 0 (RFC 3550 §5.1, §5.3.1). */
final class RtpHeader {
    static final int FIXED = 12;

    private RtpHeader() {}

    /** Octets up to the payload, with contributing sources and extension; -1 where the packet is too short for them. */
    static int length(byte[] packet, int length) {
        if (length < FIXED || (packet[0] & 0xc0) != 0x80) {
            return -1;
        }
        int header = FIXED + 4 * (packet[0] & 0x0f);
        if ((packet[0] & 0x10) != 0) {
            if (header + 4 > length) {
                return -1;
            }
            header += 4 + 4 * Bytes.u16(packet, header + 2);
        }
        return header <= length ? header : -1;
    }

    /** RTCP by its second octet (RFC 5761 §4). */
    static boolean isRtcp(byte[] packet) {
        int type = Bytes.u8(packet, 1);
        return type >= 192 && type <= 223;
    }

    /** Nearest index with these low 16 bits (RFC 3711 §3.3.1). */
    static long unwrap(long highest, int sequence) {
        long index = highest & ~0xffffL | sequence;
        if (index - highest > 0x8000) {
            index -= 0x10000;
        } else if (highest - index >= 0x8000) {
            index += 0x10000;
        }
        return index < 0 ? index + 0x10000 : index;
    }
}

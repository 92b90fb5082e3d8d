package org.conurb.media;

import java.nio.ByteBuffer;

/**
 * One RTP packet (RFC 3550 §5.1), read in place: a flyweight that is wrapped over packet after packet and never copies
 * or allocates. Confined to one thread; valid while the wrapped bytes stay as they are.
 */
public final class RtpPacket {
    /** The fixed header: version to SSRC. */
    public static final int HEADER_BYTES = 12;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(HEADER_BYTES).asReadOnlyBuffer();

    private ByteBuffer buffer = NOTHING;
    private int start;
    private int payloadOffset = HEADER_BYTES;
    private int payloadEnd = HEADER_BYTES;

    /**
     * Looks at the bytes between position and limit; moves neither.
     *
     * @return whether they are a packet: version 2, and header, contributors, extension and padding fit (RFC 3550 A.1).
     *     When false, this flyweight shows an empty packet
     */
    public boolean wrap(ByteBuffer bytes) {
        int from = bytes.position();
        int end = bytes.limit();
        buffer = NOTHING;
        start = 0;
        payloadOffset = HEADER_BYTES;
        payloadEnd = HEADER_BYTES;
        if (end - from < HEADER_BYTES || (bytes.get(from) & 0xC0) != 0x80) {
            return false;
        }
        int first = bytes.get(from);
        int at = from + HEADER_BYTES + 4 * (first & 0x0F);
        if ((first & 0x10) != 0) {
            if (at + 4 > end) {
                return false;
            }
            at += 4 + 4 * ((bytes.get(at + 2) & 0xFF) << 8 | (bytes.get(at + 3) & 0xFF));
        }
        int padding = (first & 0x20) != 0 ? bytes.get(end - 1) & 0xFF : 0;
        if (at > end || ((first & 0x20) != 0 && padding == 0) || end - padding < at) {
            return false;
        }
        buffer = bytes;
        start = from;
        payloadOffset = at;
        payloadEnd = end - padding;
        return true;
    }

    public boolean marker() {
        return buffer.get(start + 1) < 0;
    }

    /** 0..127. */
    public int payloadType() {
        return buffer.get(start + 1) & 0x7F;
    }

    /** 0..65535. */
    public int sequence() {
        return (buffer.get(start + 2) & 0xFF) << 8 | (buffer.get(start + 3) & 0xFF);
    }

    /** 0..2^32-1, in units of the track's clock. */
    public long timestamp() {
        return word(start + 4) & 0xFFFF_FFFFL;
    }

    public int ssrc() {
        return word(start + 8);
    }

    /** The buffer that was wrapped; the payload is its bytes {@link #payloadOffset} to {@link #payloadEnd}. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Absolute index of the first byte of payload in {@link #buffer}. */
    public int payloadOffset() {
        return payloadOffset;
    }

    /** Absolute index after the last byte of payload, padding left out. */
    public int payloadEnd() {
        return payloadEnd;
    }

    public int payloadLength() {
        return payloadEnd - payloadOffset;
    }

    private int word(int at) {
        return (buffer.get(at) & 0xFF) << 24
                | (buffer.get(at + 1) & 0xFF) << 16
                | (buffer.get(at + 2) & 0xFF) << 8
                | (buffer.get(at + 3) & 0xFF);
    }
}

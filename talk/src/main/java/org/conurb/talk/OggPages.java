package org.conurb.talk;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Puts packets into pages of one logical Ogg stream (RFC 3533 §6). A page ends with a packet, before its 255 segments are
 * used up: no packet here is as long as a page.
 */
final class OggPages {
    static final int MOST_SEGMENTS = 255;

    private static final byte[] CAPTURE = "OggS".getBytes(US_ASCII);
    private static final int HEADER = 27;
    private static final int CRC_AT = 22;
    private static final int BEGIN = 2;
    private static final int END = 4;
    private static final int[] CRC = table();

    private final OutputStream out;
    private final int serial;
    private final ByteBuffer header =
            ByteBuffer.allocate(HEADER + MOST_SEGMENTS).order(ByteOrder.LITTLE_ENDIAN);
    private final byte[] lacing = new byte[MOST_SEGMENTS];
    private final byte[] body = new byte[MOST_SEGMENTS * 255];
    private int segments;
    private int bytes;
    private int sequence;

    OggPages(OutputStream out, int serial) {
        this.out = out;
        this.serial = serial;
    }

    private static int[] table() {
        int[] table = new int[256];
        for (int i = 0; i < 256; i++) {
            int value = i << 24;
            for (int bit = 0; bit < 8; bit++) {
                value = value << 1 ^ (value < 0 ? 0x04C11DB7 : 0);
            }
            table[i] = value;
        }
        return table;
    }

    static int segments(int length) {
        return length / 255 + 1;
    }

    /** Whether a packet of that length still goes into this page. */
    boolean holds(int length) {
        return segments + segments(length) <= MOST_SEGMENTS;
    }

    boolean isEmpty() {
        return segments == 0;
    }

    void add(byte[] packet) {
        if (!holds(packet.length)) {
            throw new IllegalStateException("A packet of %d bytes does not fit".formatted(packet.length));
        }
        System.arraycopy(packet, 0, body, bytes, packet.length);
        bytes += packet.length;
        for (int left = packet.length; left >= 0; left -= 255) {
            lacing[segments++] = (byte) Math.min(255, left);
        }
    }

    /** Writes the page. @param granule position after its last packet */
    void end(long granule, boolean last) throws IOException {
        int flags = (sequence == 0 ? BEGIN : 0) | (last ? END : 0);
        header.clear();
        header.put(CAPTURE).put((byte) 0).put((byte) flags).putLong(granule);
        header.putInt(serial).putInt(sequence++).putInt(0).put((byte) segments);
        header.put(lacing, 0, segments);
        int crc = crc(crc(0, header.array(), header.position()), body, bytes);
        header.putInt(CRC_AT, crc);
        out.write(header.array(), 0, header.position());
        out.write(body, 0, bytes);
        segments = 0;
        bytes = 0;
    }

    private static int crc(int before, byte[] bytes, int length) {
        int crc = before;
        for (int i = 0; i < length; i++) {
            crc = crc << 8 ^ CRC[crc >>> 24 ^ bytes[i] & 0xFF];
        }
        return crc;
    }
}

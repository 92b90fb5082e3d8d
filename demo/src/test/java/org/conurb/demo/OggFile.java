package org.conurb.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Opus packets of 20 ms as a file that players take (RFC 3533, RFC 7845): a page for each. */
final class OggFile {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int page;

    static byte[] of(List<byte[]> packets) {
        OggFile file = new OggFile();
        file.page(
                2,
                0,
                little(19)
                        .put("OpusHead".getBytes(US_ASCII))
                        .put((byte) 1)
                        .put((byte) 1)
                        .putShort((short) 0)
                        .putInt(48_000)
                        .putShort((short) 0)
                        .put((byte) 0));
        file.page(0, 0, little(16).put("OpusTags".getBytes(US_ASCII)).putInt(0).putInt(0));
        for (int i = 0; i < packets.size(); i++) {
            boolean last = i == packets.size() - 1;
            byte[] packet = packets.get(i);
            file.page(last ? 4 : 0, 960L * (i + 1), little(packet.length).put(packet));
        }
        return file.out.toByteArray();
    }

    private static ByteBuffer little(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void page(int flags, long granule, ByteBuffer body) {
        byte[] packet = body.array();
        int segments = packet.length / 255 + 1;
        ByteBuffer bytes = little(27 + segments + packet.length)
                .put("OggS".getBytes(US_ASCII))
                .put((byte) 0)
                .put((byte) flags)
                .putLong(granule)
                .putInt(77)
                .putInt(page++)
                .putInt(0)
                .put((byte) segments);
        for (int i = 0; i < segments; i++) {
            bytes.put((byte) (i < segments - 1 ? 255 : packet.length % 255));
        }
        bytes.put(packet).putInt(22, checksum(bytes.array()));
        out.writeBytes(bytes.array());
    }

    private static int checksum(byte[] bytes) {
        int sum = 0;
        for (byte one : bytes) {
            sum ^= (one & 0xff) << 24;
            for (int bit = 0; bit < 8; bit++) {
                sum = sum << 1 ^ (sum < 0 ? 0x04c11db7 : 0);
            }
        }
        return sum;
    }
}

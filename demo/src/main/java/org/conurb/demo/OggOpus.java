package org.conurb.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Opus packets out of an Ogg file (RFC 3533, RFC 7845) in which one stream follows the other, by their titles. For files of
 * our own making: checksums are not looked at.
 */
final class OggOpus {
    private static final int BEGINS = 2;
    private static final int HEADERS = 2;

    private final Map<String, List<byte[]>> streams = new LinkedHashMap<>();
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private List<byte[]> packets = new ArrayList<>();
    private int headers;

    private OggOpus() {}

    /** @throws IllegalArgumentException where it is no such file */
    static Map<String, List<byte[]>> read(byte[] file) {
        OggOpus ogg = new OggOpus();
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        try {
            while (in.hasRemaining()) {
                ogg.page(in);
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("The file ends within a page.", e);
        }
        return ogg.streams;
    }

    private void page(ByteBuffer in) {
        byte[] capture = new byte[4];
        in.get(capture);
        if (!new String(capture, US_ASCII).equals("OggS") || in.get() != 0) {
            throw new IllegalArgumentException("At octet %d no page begins.".formatted(in.position() - 5));
        }
        if ((in.get() & BEGINS) != 0) {
            headers = 0;
        }
        in.position(in.position() + 20); // time, stream, number, checksum
        byte[] lengths = new byte[in.get() & 0xff];
        in.get(lengths);
        for (byte one : lengths) {
            int length = one & 0xff;
            byte[] segment = new byte[length];
            in.get(segment);
            partial.writeBytes(segment);
            if (length < 255) {
                packet(partial.toByteArray());
                partial.reset();
            }
        }
    }

    private void packet(byte[] packet) {
        if (headers == HEADERS) {
            packets.add(packet);
            return;
        }
        headers++;
        if (headers == HEADERS) {
            packets = new ArrayList<>();
            streams.put(title(packet), packets);
        }
    }

    /** The title of a comment header (RFC 7845 §5.2). */
    private static String title(byte[] packet) {
        ByteBuffer in = ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN).position(8);
        in.position(in.position() + 4 + in.getInt(in.position()));
        for (int left = in.getInt(); left > 0; left--) {
            byte[] comment = new byte[in.getInt()];
            in.get(comment);
            String text = new String(comment, UTF_8);
            if (text.toLowerCase(Locale.ROOT).startsWith("title=")) {
                return text.substring(6);
            }
        }
        return "";
    }
}

package org.conurb.benchmarks;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * As much of Mumble's control messages as a client needs that only talks and listens: protocol buffers by hand, each behind
 * two octets of type and four of length.
 */
final class MumbleMessages {
    static final int VERSION = 0;
    static final int UDP_TUNNEL = 1;
    static final int AUTHENTICATE = 2;
    static final int PING = 3;
    static final int REJECT = 4;
    static final int SERVER_SYNC = 5;
    static final int CRYPT_SETUP = 15;
    static final int LONGEST = 8 << 20;
    private static final int VERSION_1_3_4 = 0x010304;
    private static final int VARINT = 0;
    private static final int OCTETS = 2;

    private MumbleMessages() {}

    static byte[] version() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        varint(out, 1 << 3 | VARINT);
        varint(out, VERSION_1_3_4);
        return framed(VERSION, out);
    }

    static byte[] authenticate(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        octets(out, 1, name.getBytes(StandardCharsets.UTF_8));
        varint(out, 5 << 3 | VARINT);
        varint(out, 1); // speaks Opus
        return framed(AUTHENTICATE, out);
    }

    static byte[] ping() {
        return framed(PING, new ByteArrayOutputStream());
    }

    /** Answer to a server that lost count of our packets. */
    static byte[] cryptSetup(byte[] clientNonce) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        octets(out, 2, clientNonce);
        return framed(CRYPT_SETUP, out);
    }

    /** The fields of octets in a message, the last of each number. */
    static Map<Integer, byte[]> octets(byte[] message) {
        Map<Integer, byte[]> fields = new HashMap<>();
        ByteBuffer in = ByteBuffer.wrap(message);
        while (in.hasRemaining()) {
            int tag = (int) varint(in);
            switch (tag & 7) {
                case VARINT -> varint(in);
                case OCTETS -> {
                    byte[] value = new byte[(int) varint(in)];
                    in.get(value);
                    fields.put(tag >>> 3, value);
                }
                case 1 -> in.getLong();
                case 5 -> in.getInt();
                default -> throw new IllegalArgumentException("Field " + tag);
            }
        }
        return fields;
    }

    private static byte[] framed(int type, ByteArrayOutputStream body) {
        return ByteBuffer.allocate(6 + body.size())
                .putShort((short) type)
                .putInt(body.size())
                .put(body.toByteArray())
                .array();
    }

    private static void octets(ByteArrayOutputStream out, int field, byte[] value) {
        varint(out, field << 3 | OCTETS);
        varint(out, value.length);
        out.writeBytes(value);
    }

    private static void varint(ByteArrayOutputStream out, int value) {
        int left = value;
        while (left > 0x7f) {
            out.write(left & 0x7f | 0x80);
            left >>>= 7;
        }
        out.write(left);
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                break;
            }
        }
        return value;
    }
}

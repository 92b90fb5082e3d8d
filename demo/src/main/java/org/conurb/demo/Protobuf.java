package org.conurb.demo;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The few forms of protobuf's wire format that an OpenStreetMap extract needs. */
final class Protobuf {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Protobuf varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
        return this;
    }

    Protobuf zigzag(long value) {
        return varint(value << 1 ^ value >> 63);
    }

    Protobuf number(int field, long value) {
        return varint((long) field << 3).varint(value);
    }

    Protobuf signed(int field, long value) {
        return varint((long) field << 3).zigzag(value);
    }

    Protobuf bytes(int field, byte[] value) {
        varint((long) field << 3 | 2).varint(value.length);
        out.writeBytes(value);
        return this;
    }

    Protobuf text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    byte[] toBytes() {
        return out.toByteArray();
    }
}

package org.conurb.media;

import java.nio.charset.StandardCharsets;

/** Writes one STUN message after the other into an array of its own. Confined to one thread. */
final class StunWriter {
    private final byte[] bytes = new byte[512];
    private int length;

    StunWriter answer(StunMessage request, int type) {
        request.copyHeader(bytes);
        Bytes.put16(bytes, 0, type);
        length = StunMessage.HEADER;
        return this;
    }

    StunWriter request(byte[] transaction) {
        Bytes.put16(bytes, 0, StunMessage.BINDING_REQUEST);
        Bytes.put32(bytes, 4, StunMessage.COOKIE);
        System.arraycopy(transaction, 0, bytes, 8, 12);
        length = StunMessage.HEADER;
        return this;
    }

    /** @param address 4 or 16 octets (RFC 8489 §14.2) */
    StunWriter mapped(byte[] address, int port) {
        header(StunMessage.XOR_MAPPED_ADDRESS, 4 + address.length);
        Bytes.put16(bytes, length, address.length == 4 ? 1 : 2);
        Bytes.put16(bytes, length + 2, port ^ StunMessage.COOKIE >>> 16);
        for (int i = 0; i < address.length; i++) {
            bytes[length + 4 + i] = (byte) (address[i] ^ bytes[4 + i]);
        }
        length += 4 + address.length;
        return this;
    }

    StunWriter error(int code, String reason) {
        byte[] phrase = reason.getBytes(StandardCharsets.UTF_8);
        byte[] value = new byte[4 + phrase.length];
        value[2] = (byte) (code / 100);
        value[3] = (byte) (code % 100);
        System.arraycopy(phrase, 0, value, 4, phrase.length);
        return attribute(StunMessage.ERROR_CODE, value);
    }

    StunWriter attribute(int type, byte[] value) {
        header(type, value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
        while ((length & 3) != 0) {
            bytes[length++] = 0;
        }
        return this;
    }

    StunWriter integrity(HmacSha1 key) {
        Bytes.put16(bytes, 2, length + 24 - StunMessage.HEADER);
        key.start();
        key.update(bytes, 0, length);
        byte[] mac = key.finish();
        return attribute(StunMessage.MESSAGE_INTEGRITY, mac);
    }

    /** Ends the message. */
    StunWriter fingerprint() {
        Bytes.put16(bytes, 2, length + 8 - StunMessage.HEADER);
        int value = StunMessage.fingerprint(bytes, length);
        header(StunMessage.FINGERPRINT, 4);
        Bytes.put32(bytes, length, value);
        length += 4;
        return this;
    }

    private void header(int type, int size) {
        Bytes.put16(bytes, length, type);
        Bytes.put16(bytes, length + 2, size);
        length += 4;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }
}

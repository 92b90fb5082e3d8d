package org.conurb.benchmarks;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * Mumble's protection of UDP: OCB2 on AES-128 (Rogaway 2004, section 3), the first octet of the nonce and three octets of the tag
 * before each packet. Only for peers of a benchmark: OCB2 is broken (Inoue and others, 2019). Safe for all threads.
 */
final class Ocb2 {
    private static final int BLOCK = 16;
    static final int HEADER = 4;

    private final Cipher seal = cipher();
    private final Cipher open = cipher();
    private final byte[] sealNonce;
    private final byte[] openNonce;
    private final byte[] block = new byte[BLOCK];
    private long deltaHigh;
    private long deltaLow;
    private long sumHigh;
    private long sumLow;

    /** @param sealNonce of what this end sends; @param openNonce of what the other end sends; 16 octets each, as the key */
    Ocb2(byte[] key, byte[] sealNonce, byte[] openNonce) {
        this.sealNonce = sealNonce.clone();
        this.openNonce = openNonce.clone();
        try {
            SecretKeySpec aes = new SecretKeySpec(key, "AES");
            seal.init(Cipher.ENCRYPT_MODE, aes);
            open.init(Cipher.DECRYPT_MODE, aes);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("A key of %d octets".formatted(key.length), e);
        }
    }

    private static Cipher cipher() {
        try {
            return Cipher.getInstance("AES/ECB/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has AES", e);
        }
    }

    synchronized byte[] sealNonce() {
        return sealNonce.clone();
    }

    /** The other end begins anew. */
    synchronized void openNonce(byte[] nonce) {
        System.arraycopy(nonce, 0, openNonce, 0, BLOCK);
    }

    /** @return length of the packet now in {@code into}, four more than of the plain octets */
    synchronized int seal(byte[] plain, int length, byte[] into) {
        add(sealNonce, 1);
        begin(sealNonce);
        int at = 0;
        for (; length - at > BLOCK; at += BLOCK) {
            twice();
            long high = high(plain, at);
            long low = low(plain, at);
            sumHigh ^= high;
            sumLow ^= low;
            through(seal, high ^ deltaHigh, low ^ deltaLow);
            put(into, HEADER + at, high(block, 0) ^ deltaHigh, low(block, 0) ^ deltaLow);
        }
        last(plain, at, length - at, into, HEADER + at, false);
        tag();
        into[0] = sealNonce[0];
        System.arraycopy(block, 0, into, 1, 3);
        return length + HEADER;
    }

    /** @return length of the plain octets now in {@code into}; -1 where the packet is not the other end's */
    synchronized int open(byte[] packet, int length, byte[] into) {
        int plain = length - HEADER;
        if (plain < 1 || plain > into.length) {
            return -1;
        }
        byte[] nonce = openNonce.clone();
        int step = (byte) (packet[0] - nonce[0]);
        add(nonce, step);
        begin(nonce);
        int at = 0;
        for (; plain - at > BLOCK; at += BLOCK) {
            twice();
            through(open, high(packet, HEADER + at) ^ deltaHigh, low(packet, HEADER + at) ^ deltaLow);
            put(into, at, high(block, 0) ^ deltaHigh, low(block, 0) ^ deltaLow);
            sumHigh ^= high(into, at);
            sumLow ^= low(into, at);
        }
        last(packet, HEADER + at, plain - at, into, at, true);
        tag();
        if (!Arrays.equals(packet, 1, HEADER, block, 0, 3)) {
            return -1;
        }
        if (step > 0) {
            System.arraycopy(nonce, 0, openNonce, 0, BLOCK);
        }
        return plain;
    }

    private void begin(byte[] nonce) {
        through(seal, high(nonce, 0), low(nonce, 0));
        deltaHigh = high(block, 0);
        deltaLow = low(block, 0);
        sumHigh = 0;
        sumLow = 0;
    }

    /** The last 1 to 16 octets, which go under a pad. */
    private void last(byte[] from, int at, int length, byte[] into, int to, boolean opening) {
        twice();
        through(seal, deltaHigh, deltaLow ^ 8L * length);
        for (int i = 0; i < length; i++) {
            byte other = (byte) (from[at + i] ^ block[i]);
            block[i] = opening ? other : from[at + i];
            into[to + i] = other;
        }
        sumHigh ^= high(block, 0);
        sumLow ^= low(block, 0);
    }

    private void tag() {
        long high = deltaHigh;
        long low = deltaLow;
        twice();
        through(seal, deltaHigh ^ high ^ sumHigh, deltaLow ^ low ^ sumLow);
    }

    /** Doubles delta in GF(2^128). */
    private void twice() {
        long carry = deltaHigh >> 63;
        deltaHigh = deltaHigh << 1 | deltaLow >>> 63;
        deltaLow = deltaLow << 1 ^ carry & 0x87;
    }

    private void through(Cipher cipher, long high, long low) {
        put(block, 0, high, low);
        try {
            cipher.update(block, 0, BLOCK, block, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a whole block", e);
        }
    }

    /** The nonce counts from its first octet on. */
    private static void add(byte[] nonce, int step) {
        int carry = step;
        for (int i = 0; i < BLOCK && carry != 0; i++) {
            int sum = (nonce[i] & 0xff) + carry;
            nonce[i] = (byte) sum;
            carry = sum >> 8;
        }
    }

    private static long high(byte[] from, int at) {
        return ByteBuffer.wrap(from).getLong(at);
    }

    private static long low(byte[] from, int at) {
        return ByteBuffer.wrap(from).getLong(at + 8);
    }

    private static void put(byte[] into, int at, long high, long low) {
        ByteBuffer.wrap(into).putLong(at, high).putLong(at + 8, low);
    }
}

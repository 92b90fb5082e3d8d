package org.conurb.media;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * HMAC-SHA1 (RFC 2104) that allocates nothing per message; {@code javax.crypto.Mac} allocates twice. All keys of one
 * thread may share a digest, so that thousands of them stay small: from {@link #start} to {@link #finish} it is one key's.
 */
final class HmacSha1 {
    static final int LENGTH = 20;
    private static final int BLOCK = 64;

    private final MessageDigest digest;
    /** Inner block, then outer block. */
    private final byte[] pads = new byte[2 * BLOCK];

    private final byte[] hash = new byte[LENGTH];

    HmacSha1(byte[] key) {
        this(key, sha1());
    }

    HmacSha1(byte[] key, MessageDigest digest) {
        this.digest = digest;
        byte[] block = key.length > BLOCK ? digest.digest(key) : key;
        System.arraycopy(block, 0, pads, 0, block.length);
        for (int i = 0; i < BLOCK; i++) {
            pads[BLOCK + i] = (byte) (pads[i] ^ 0x5c);
            pads[i] ^= 0x36;
        }
    }

    /** Begins a message. */
    void start() {
        digest.update(pads, 0, BLOCK);
    }

    void update(byte[] data, int offset, int length) {
        digest.update(data, offset, length);
    }

    void update(int octet) {
        digest.update((byte) octet);
    }

    /** Most significant octet first. */
    void updateInt(int word) {
        update(word >>> 24);
        update(word >>> 16);
        update(word >>> 8);
        update(word);
    }

    /** @return this instance's own array, valid until the next message */
    byte[] finish() {
        try {
            digest.digest(hash, 0, LENGTH);
            digest.update(pads, BLOCK, BLOCK);
            digest.update(hash, 0, LENGTH);
            digest.digest(hash, 0, LENGTH);
        } catch (java.security.DigestException e) {
            throw new IllegalStateException("SHA-1 gives 20 octets", e);
        }
        return hash;
    }

    /** Ends the message and compares its first octets, in a time that does not depend on them. */
    boolean finishesWith(byte[] expected, int offset, int length) {
        byte[] actual = finish();
        int difference = 0;
        for (int i = 0; i < length; i++) {
            difference |= actual[i] ^ expected[offset + i];
        }
        return difference == 0;
    }

    static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}

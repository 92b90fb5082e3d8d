package org.conurb.kernel;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A chain of hashes over things in their order: each link is SHA-256 of the link before followed by the thing's own
 * SHA-256. Who holds the last link can tell whether any thing was changed, left out or put in. The first link follows 32
 * zero bytes.
 */
public final class HashChain {
    /** Of a link and of a digest, in bytes. */
    public static final int LENGTH = 32;

    private HashChain() {}

    /** What the first link follows. */
    public static byte[] start() {
        return new byte[LENGTH];
    }

    /**
     * @param before 32 bytes
     * @param digest SHA-256 of the next thing
     * @return the next link, 32 bytes
     */
    public static byte[] next(byte[] before, byte[] digest) {
        if (before.length != LENGTH || digest.length != LENGTH) {
            throw new IllegalArgumentException("A link and a digest have 32 bytes each");
        }
        MessageDigest sha256 = sha256();
        sha256.update(before);
        return sha256.digest(digest);
    }

    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}

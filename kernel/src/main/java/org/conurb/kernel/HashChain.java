package org.conurb.kernel;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A chain of hashes over things in their order: each link is SHA-256 of the link before, a header that says what the
 * thing is (its place and time, say) and the thing's own SHA-256. Who holds the last link can tell whether any thing or
 * header was changed, left out or put in.
 */
public final class HashChain {
    /** Of a link and of a digest, in bytes. */
    public static final int LENGTH = 32;

    private HashChain() {}

    /**
     * @param before 32 bytes
     * @param header bound to the thing; may be empty
     * @param digest SHA-256 of the thing; 32 zero bytes where the link tells that there is none
     * @return the next link, 32 bytes
     */
    public static byte[] next(byte[] before, byte[] header, byte[] digest) {
        if (before.length != LENGTH || digest.length != LENGTH) {
            throw new IllegalArgumentException("A link and a digest have 32 bytes each");
        }
        MessageDigest sha256 = sha256();
        sha256.update(before);
        sha256.update(header);
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

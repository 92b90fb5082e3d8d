package org.conurb.media;

/** Room for one packet's key stream, shared by all sessions of one worker. */
final class SrtpScratch {
    /** Largest packet that is protected or taken, tag included. */
    static final int MAX_PACKET = 2048;

    final byte[] counters = new byte[MAX_PACKET + 16];
    final java.security.MessageDigest sha1 = HmacSha1.sha1();
    final byte[] keyStream = new byte[MAX_PACKET + 16];
}

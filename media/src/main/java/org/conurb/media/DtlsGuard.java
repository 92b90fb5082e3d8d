package org.conurb.media;

/**
 * Looks at DTLS records (RFC 6347 §4.1, §4.2.2) before the library does: it sets aside as much memory as a handshake
 * fragment claims its whole message to have, sixteen times over. What claims more than {@link #MAX_MESSAGE} is dropped.
 */
final class DtlsGuard {
    /** A hello with a post-quantum key share has some 1,800 octets, a certificate with RSA-2048 some 1,000. */
    static final int MAX_MESSAGE = 2560;

    private static final int RECORD_HEADER = 13;
    private static final int HANDSHAKE_HEADER = 12;
    private static final int HANDSHAKE = 22;

    private DtlsGuard() {}

    static boolean admits(byte[] datagram, int length) {
        int at = 0;
        while (at < length) {
            if (length - at < RECORD_HEADER || Bytes.u8(datagram, at + 1) != 0xfe) {
                return false;
            }
            int end = at + RECORD_HEADER + Bytes.u16(datagram, at + 11);
            boolean open = Bytes.u16(datagram, at + 3) == 0;
            if (end > length
                    || open && Bytes.u8(datagram, at) == HANDSHAKE && !modest(datagram, at + RECORD_HEADER, end)) {
                return false;
            }
            at = end;
        }
        return length > 0;
    }

    private static boolean modest(byte[] datagram, int from, int end) {
        int at = from;
        while (at < end) {
            if (end - at < HANDSHAKE_HEADER) {
                return false;
            }
            int whole = Bytes.i32(datagram, at) & 0xffffff;
            int fragment = Bytes.u8(datagram, at + 9) << 16 | Bytes.u16(datagram, at + 10);
            if (whole > MAX_MESSAGE || fragment > end - at - HANDSHAKE_HEADER) {
                return false;
            }
            at += HANDSHAKE_HEADER + fragment;
        }
        return true;
    }
}

package org.conurb.media;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A STUN message (RFC 8489 §5, §14) as it arrived, with the attributes of ICE (RFC 8445 §16.1). Attributes after
 * MESSAGE-INTEGRITY count for nothing, except FINGERPRINT, which must come last. Keeps the bytes by reference.
 */
final class StunMessage {
    static final int BINDING_REQUEST = 0x0001;
    static final int BINDING_INDICATION = 0x0011;
    static final int BINDING_SUCCESS = 0x0101;
    static final int BINDING_ERROR = 0x0111;

    static final int COOKIE = 0x2112A442;
    static final int FINGERPRINT_XOR = 0x5354554e;
    static final int HEADER = 20;
    /** No check of ICE is longer; nor does one fit a datagram that is. */
    static final int MAX_LENGTH = 1280;

    static final int USERNAME = 0x0006;
    static final int MESSAGE_INTEGRITY = 0x0008;
    static final int ERROR_CODE = 0x0009;
    static final int UNKNOWN_ATTRIBUTES = 0x000A;
    static final int XOR_MAPPED_ADDRESS = 0x0020;
    static final int PRIORITY = 0x0024;
    static final int USE_CANDIDATE = 0x0025;
    static final int FINGERPRINT = 0x8028;
    static final int ICE_CONTROLLED = 0x8029;
    static final int ICE_CONTROLLING = 0x802A;

    private static final int MAX_USERNAME = 513;

    private final byte[] bytes;
    private final int length;
    private int usernameAt;
    private int usernameLength;
    private int integrityAt;
    private boolean fingerprinted;
    private boolean useCandidate;
    private boolean priority;
    private boolean peerControlled;
    private int unknown;

    private StunMessage(byte[] bytes, int length) {
        this.bytes = bytes;
        this.length = length;
    }

    /**
     * @param bytes the message from index 0 on
     * @return nothing where the bytes are no STUN message, or its fingerprint is wrong
     */
    static @Nullable StunMessage parse(byte[] bytes, int length) {
        if (!looksLikeStun(bytes, length)) {
            return null;
        }
        StunMessage message = new StunMessage(bytes, length);
        return message.readAttributes() ? message : null;
    }

    private static boolean looksLikeStun(byte[] bytes, int length) {
        return length >= HEADER
                && length <= MAX_LENGTH
                && (bytes[0] & 0xc0) == 0
                && Bytes.i32(bytes, 4) == COOKIE
                && Bytes.u16(bytes, 2) == length - HEADER
                && (length & 3) == 0;
    }

    private boolean readAttributes() {
        int at = HEADER;
        while (at < length) {
            int type = Bytes.u16(bytes, at); // whole words only, so that four octets are left
            int size = Bytes.u16(bytes, at + 2);
            int value = at + 4;
            if (size > length - value || fingerprinted) {
                return false;
            }
            if (!readAttribute(type, value, size)) {
                return false;
            }
            at = value + (size + 3 & ~3);
        }
        return at == length;
    }

    private boolean readAttribute(int type, int at, int size) {
        if (type == FINGERPRINT) {
            fingerprinted = true;
            return size == 4 && Bytes.i32(bytes, at) == fingerprint(bytes, at - 4);
        }
        if (integrityAt > 0) {
            return true;
        }
        switch (type) {
            case MESSAGE_INTEGRITY -> {
                integrityAt = at;
                return size == HmacSha1.LENGTH;
            }
            case USERNAME -> {
                usernameAt = at;
                usernameLength = size;
                return size <= MAX_USERNAME;
            }
            case USE_CANDIDATE -> useCandidate = true;
            case PRIORITY -> priority = size == 4;
            case ICE_CONTROLLED -> peerControlled = true;
            case ERROR_CODE, UNKNOWN_ATTRIBUTES, XOR_MAPPED_ADDRESS, ICE_CONTROLLING -> {}
            default -> unknown = type < 0x8000 && unknown == 0 ? type : unknown;
        }
        return true;
    }

    static int fingerprint(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue() ^ FINGERPRINT_XOR;
    }

    int type() {
        return Bytes.u16(bytes, 0);
    }

    /** The first 20 octets: an answer repeats the last 16 of them. */
    void copyHeader(byte[] into) {
        System.arraycopy(bytes, 0, into, 0, HEADER);
    }

    boolean hasFingerprint() {
        return fingerprinted;
    }

    /** USERNAME up to its colon, which names the session at our side (RFC 8445 §7.2.2). */
    @Nullable
    String localFragment() {
        String username = username();
        int colon = username.indexOf(':');
        return colon <= 0 ? null : username.substring(0, colon);
    }

    String username() {
        return new String(bytes, usernameAt, usernameLength, StandardCharsets.UTF_8);
    }

    /** Whether MESSAGE-INTEGRITY is there and was made with this key (RFC 8489 §14.5). */
    boolean isFrom(HmacSha1 key) {
        if (integrityAt == 0) {
            return false;
        }
        key.start();
        key.update(bytes, 0, 2);
        int covered = integrityAt + HmacSha1.LENGTH - HEADER;
        key.update(covered >>> 8);
        key.update(covered);
        key.update(bytes, 4, integrityAt - 4 - 4);
        return key.finishesWith(bytes, integrityAt, HmacSha1.LENGTH);
    }

    boolean useCandidate() {
        return useCandidate;
    }

    boolean hasPriority() {
        return priority;
    }

    /** The peer thinks it is the controlled one, which only we are. */
    boolean peerIsControlled() {
        return peerControlled;
    }

    /** The first attribute that one must understand and we do not; 0 for none. */
    int unknownAttribute() {
        return unknown;
    }
}

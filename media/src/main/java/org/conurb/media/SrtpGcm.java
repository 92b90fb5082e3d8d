package org.conurb.media;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-128 in Galois/counter mode (RFC 7714). The JDK's cipher wants a new parameter object per packet, so that this one
 * allocates some hundred octets of short-lived objects each time; it serves peers that offer nothing else.
 */
final class SrtpGcm implements SrtpTransform {
    private static final int TAG = 16;
    private static final int RTCP_HEADER = 8;

    private final Direction rtp;
    private final Direction rtcp;

    SrtpGcm(SrtpKeys keys) {
        this(
                new Direction(keys.encryptionKey(false), keys.salt(false)),
                new Direction(keys.encryptionKey(true), keys.salt(true)));
    }

    SrtpGcm(Direction rtp, Direction rtcp) {
        this.rtp = rtp;
        this.rtcp = rtcp;
    }

    /** Session key and salt of RTP, or of RTCP. */
    static final class Direction {
        private final SecretKeySpec key;
        private final byte[] salt;
        private final byte[] iv = new byte[12];
        private final Cipher aes;

        Direction(byte[] key, byte[] salt) {
            this.key = new SecretKeySpec(key, "AES");
            this.salt = salt;
            try {
                this.aes = Cipher.getInstance("AES/GCM/NoPadding");
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has AES in GCM", e);
            }
        }

        private void start(int mode, int ssrc, long index) throws GeneralSecurityException {
            Bytes.put16(iv, 0, 0);
            Bytes.put32(iv, 2, ssrc);
            Bytes.put16(iv, 6, (int) (index >>> 32));
            Bytes.put32(iv, 8, (int) index);
            for (int i = 0; i < iv.length; i++) {
                iv[i] ^= salt[i];
            }
            aes.init(mode, key, new GCMParameterSpec(TAG * 8, iv));
        }
    }

    @Override
    public int protectRtp(byte[] packet, int length, int header, long index) {
        try {
            rtp.start(Cipher.ENCRYPT_MODE, Bytes.i32(packet, 8), index);
            rtp.aes.updateAAD(packet, 0, header);
            return header + rtp.aes.doFinal(packet, header, length - header, packet, header);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no index is used twice", e);
        }
    }

    @Override
    public int openRtp(byte[] packet, int length, int header, long index) {
        if (length < header + TAG) {
            return FORGED;
        }
        try {
            rtp.start(Cipher.DECRYPT_MODE, Bytes.i32(packet, 8), index);
            rtp.aes.updateAAD(packet, 0, header);
            return header + rtp.aes.doFinal(packet, header, length - header, packet, header);
        } catch (AEADBadTagException forged) {
            return FORGED;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("in place there is room", e);
        }
    }

    @Override
    public int protectRtcp(byte[] packet, int length, int index) {
        int end = length + TAG;
        Bytes.put32(packet, end, index | ENCRYPTED);
        try {
            rtcp.start(Cipher.ENCRYPT_MODE, Bytes.i32(packet, 4), index);
            rtcp.aes.updateAAD(packet, 0, RTCP_HEADER);
            rtcp.aes.updateAAD(packet, end, 4);
            rtcp.aes.doFinal(packet, RTCP_HEADER, length - RTCP_HEADER, packet, RTCP_HEADER);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no index is used twice", e);
        }
        return end + 4;
    }

    @Override
    public int openRtcp(byte[] packet, int length) {
        int end = length - 4;
        if (end < RTCP_HEADER + TAG) {
            return FORGED;
        }
        int word = Bytes.i32(packet, end);
        boolean encrypted = (word & ENCRYPTED) != 0;
        try {
            rtcp.start(Cipher.DECRYPT_MODE, Bytes.i32(packet, 4), word & ~ENCRYPTED);
            rtcp.aes.updateAAD(packet, 0, encrypted ? RTCP_HEADER : end - TAG);
            rtcp.aes.updateAAD(packet, end, 4);
            int from = encrypted ? RTCP_HEADER : end - TAG;
            rtcp.aes.doFinal(packet, from, end - from, packet, from);
            return end - TAG;
        } catch (AEADBadTagException forged) {
            return FORGED;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("in place there is room", e);
        }
    }

    @Override
    public int rtcpIndex(byte[] packet, int length) {
        return length - 4 < RTCP_HEADER + TAG ? -1 : Bytes.i32(packet, length - 4) & ~ENCRYPTED;
    }
}

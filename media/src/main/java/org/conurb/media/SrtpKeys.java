package org.conurb.media;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/** Derives the session keys of one direction from its master key and salt (RFC 3711 §4.3, with no re-keying). */
final class SrtpKeys {
    private static final int ENCRYPTION = 0;
    private static final int AUTHENTICATION = 1;
    private static final int SALT = 2;
    private static final int RTCP = 3;

    private final Cipher aes;
    private final byte[] masterSalt;
    private final int saltLength;

    /** @param masterSalt 14 octets, or 12 for GCM, which the derivation fills up with zeros (RFC 7714 §11) */
    SrtpKeys(byte[] masterKey, byte[] masterSalt) {
        this.aes = ecb(masterKey);
        this.masterSalt = Arrays.copyOf(masterSalt, 14);
        this.saltLength = masterSalt.length;
    }

    byte[] encryptionKey(boolean rtcp) {
        return derive(ENCRYPTION + (rtcp ? RTCP : 0), 16);
    }

    byte[] authenticationKey(boolean rtcp) {
        return derive(AUTHENTICATION + (rtcp ? RTCP : 0), 20);
    }

    byte[] salt(boolean rtcp) {
        return derive(SALT + (rtcp ? RTCP : 0), saltLength);
    }

    private byte[] derive(int label, int length) {
        byte[] block = Arrays.copyOf(masterSalt, 16);
        block[7] ^= (byte) label;
        byte[] key = new byte[length];
        try {
            for (int at = 0; at < length; at += 16) {
                Bytes.put16(block, 14, at / 16);
                System.arraycopy(aes.update(block), 0, key, at, Math.min(16, length - at));
            }
        } catch (RuntimeException e) {
            throw new IllegalStateException("AES takes whole blocks", e);
        }
        return key;
    }

    static Cipher ecb(byte[] key) {
        try {
            Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
            return cipher;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES", e);
        }
    }
}

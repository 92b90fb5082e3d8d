package org.conurb.media;

/** Protection profiles for SRTP (RFC 5764 §4.1.2, RFC 7714 §14.2), named by their number in use_srtp. */
enum SrtpProfile {
    AES128_CM_HMAC_SHA1_80(1, 14),
    AEAD_AES_128_GCM(7, 12);

    static final int KEY_LENGTH = 16;

    final int number;
    final int saltLength;

    SrtpProfile(int number, int saltLength) {
        this.number = number;
        this.saltLength = saltLength;
    }

    /** Octets of keying material that DTLS exports: both sides' keys, then both sides' salts (RFC 5764 §4.2). */
    int keyingMaterialLength() {
        return 2 * (KEY_LENGTH + saltLength);
    }

    /**
     * @param material as exported
     * @param client the side whose packets the transform is for
     */
    SrtpTransform transform(byte[] material, boolean client, SrtpScratch scratch) {
        byte[] key = new byte[KEY_LENGTH];
        byte[] salt = new byte[saltLength];
        System.arraycopy(material, client ? 0 : KEY_LENGTH, key, 0, KEY_LENGTH);
        System.arraycopy(material, 2 * KEY_LENGTH + (client ? 0 : saltLength), salt, 0, saltLength);
        SrtpKeys keys = new SrtpKeys(key, salt);
        return switch (this) {
            case AES128_CM_HMAC_SHA1_80 -> new SrtpCounterMode(keys, scratch);
            case AEAD_AES_128_GCM -> new SrtpGcm(keys);
        };
    }
}

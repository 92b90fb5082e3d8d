package org.conurb.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals what must be kept and not be read in the database, with AES-256-GCM (NIST SP 800-38D) under a key in a file of the
 * data folder. Each seal is bound to a thing: a row copied to another thing does not open. A sealed one is a byte for the form
 * (1), 12 bytes nonce, cipher text and tag. Safe for many threads.
 */
public final class SealingKey {
    /** Bytes of a key. */
    public static final int LENGTH = 32;

    private static final byte FORM = 1;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final SecretKeySpec key;
    private final RandomGenerator random;

    /** @param key {@value #LENGTH} bytes */
    public SealingKey(byte[] key, RandomGenerator random) {
        if (key.length != LENGTH) {
            throw new IllegalArgumentException("A key has %d bytes, not %d".formatted(LENGTH, key.length));
        }
        this.key = new SecretKeySpec(key, "AES");
        this.random = random;
    }

    /**
     * Reads the key; makes one where there is none.
     *
     * @param remedy what to do where the file holds none, as {@code enter each camera's source again}
     * @throws IllegalStateException where the file holds no key
     */
    public static SealingKey open(Path file, String remedy, RandomGenerator random) {
        PrivateFile kept = new PrivateFile(file);
        byte[] key = kept.read().orElseGet(() -> {
            byte[] made = new byte[LENGTH];
            random.nextBytes(made);
            kept.write(made);
            return made;
        });
        if (key.length != LENGTH) {
            throw new IllegalStateException(
                    "%s holds no key. Restore it from a back-up, or remove it and %s.".formatted(file, remedy));
        }
        return new SealingKey(key, random);
    }

    /** @param thing what the seal is bound to, as an id */
    public byte[] seal(String thing, byte[] plain) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, thing, nonce).doFinal(plain);
            return ByteBuffer.allocate(1 + NONCE + sealed.length)
                    .put(FORM)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has AES-GCM", e);
        }
    }

    /** @throws IllegalStateException where it was sealed with another key, for another thing, or changed */
    public byte[] open(String thing, byte[] sealed) {
        if (sealed.length < 1 + NONCE + TAG_BITS / 8 || sealed[0] != FORM) {
            throw new IllegalStateException("What is sealed for %s is not ours".formatted(thing));
        }
        ByteBuffer all = ByteBuffer.wrap(sealed, 1, sealed.length - 1);
        byte[] nonce = new byte[NONCE];
        all.get(nonce);
        byte[] rest = new byte[all.remaining()];
        all.get(rest);
        try {
            return cipher(Cipher.DECRYPT_MODE, thing, nonce).doFinal(rest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "What is sealed for %s does not open with this data folder's key".formatted(thing), e);
        }
    }

    private Cipher cipher(int mode, String thing, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(thing.getBytes(UTF_8));
        return cipher;
    }
}

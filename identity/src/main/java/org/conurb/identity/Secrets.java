package org.conurb.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Makes the secrets that are told once. They follow from a key in the data folder and the id they belong to, so that a
 * retry of the same request gets the same secret, although neither the answer kept for it nor any table holds one. With
 * 256 bits, a plain hash is enough to keep them, and costs next to nothing at each token.
 */
final class Secrets implements PasswordEncoder {
    private static final int BYTES = 32;

    private final SecretKeySpec key;

    Secrets(PrivateFile file, SecureRandom random) {
        byte[] bits = file.read().orElseGet(() -> {
            byte[] fresh = new byte[BYTES];
            random.nextBytes(fresh);
            file.write(fresh);
            return fresh;
        });
        if (bits.length != BYTES) {
            throw new IllegalStateException(
                    "%s does not hold %d bytes. Restore it from a back-up, or remove it; secrets told before stay valid."
                            .formatted(file, BYTES));
        }
        key = new SecretKeySpec(bits, "HmacSHA256");
    }

    String ofClient(String id) {
        return derive("client " + id);
    }

    /** A password to be told by voice or paper: five groups of four letters, 97 bits. */
    String password(String personId) {
        byte[] bits = HexFormat.of().parseHex(hmac("password " + personId));
        StringBuilder password = new StringBuilder();
        String letters = "abcdefghjkmnpqrstuvwxyz23456789x"; // no i, l, o, 0, 1; 32 of them
        for (int i = 0; i < 20; i++) {
            if (i > 0 && i % 4 == 0) {
                password.append('-');
            }
            password.append(letters.charAt(bits[i] & 31));
        }
        return password.toString();
    }

    private String derive(String what) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(HexFormat.of().parseHex(hmac(what)));
    }

    private String hmac(String what) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal(what.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String hash(CharSequence secret) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(secret.toString().getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public @Nullable String encode(@Nullable CharSequence secret) {
        return secret == null ? null : hash(secret);
    }

    @Override
    public boolean matches(@Nullable CharSequence secret, @Nullable String hash) {
        return secret != null
                && hash != null
                && MessageDigest.isEqual(hash(secret).getBytes(UTF_8), hash.getBytes(UTF_8));
    }
}

package org.conurb.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import org.conurb.kernel.SiteKey;
import org.conurb.kernel.VerifierKey;

/** Signs the log's checkpoints, and what else the site tells the world (C2SP signed-note, Ed25519). Safe for many threads; its text shows no secret. */
final class LogKey implements SiteKey {
    private final VerifierKey verifier;
    private final KeyPair pair;

    /** @param name of the log, also its origin */
    LogKey(String name, KeyPair pair) {
        this.verifier = VerifierKey.of(name, pair.getPublic());
        this.pair = pair;
        if (verifier.open(sign("probe\n")).isEmpty()) {
            throw new IllegalArgumentException("The two halves of the audit key do not belong together.");
        }
    }

    static KeyPair generate() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has Ed25519", e);
        }
    }

    @Override
    public VerifierKey verifier() {
        return verifier;
    }

    @Override
    public String sign(String text) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(pair.getPrivate());
            signer.update(text.getBytes(UTF_8));
            byte[] signature = signer.sign();
            byte[] line = Arrays.copyOf(verifier.id(), 4 + signature.length);
            System.arraycopy(signature, 0, line, 4, signature.length);
            return "%s\n\u2014 %s %s\n"
                    .formatted(text, verifier.name(), Base64.getEncoder().encodeToString(line));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The audit key cannot sign", e);
        }
    }
}

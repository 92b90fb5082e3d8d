package org.conurb.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import org.conurb.kernel.SiteKey;
import org.conurb.kernel.VerifierKey;

/** Signs as the site does, with a key of its own. */
public final class TestSiteKey implements SiteKey {
    private final KeyPair pair = pair();
    private final VerifierKey verifier = VerifierKey.of("test.conurb/audit", pair.getPublic());

    private static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
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
            signer.update(text.getBytes(StandardCharsets.UTF_8));
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            line.writeBytes(verifier.id());
            line.writeBytes(signer.sign());
            return "%s\n\u2014 %s %s\n"
                    .formatted(text, verifier.name(), Base64.getEncoder().encodeToString(line.toByteArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}

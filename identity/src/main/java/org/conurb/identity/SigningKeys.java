package org.conurb.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that sign tokens (ES256), newest first, in {@code keys/token-signing.json} of the data folder. A key that has
 * grown old signs no more from the next start on; it is kept to verify for one more age, far longer than any token lives.
 */
final class SigningKeys {
    private static final Logger log = LoggerFactory.getLogger(SigningKeys.class);

    private final List<JWK> keys;

    SigningKeys(PrivateFile file, Duration age, SecureRandom random, Clock clock) {
        Instant now = clock.instant();
        List<JWK> found = new ArrayList<>(read(file));
        found.removeIf(key -> issued(key).plus(age).plus(age).isBefore(now));
        if (found.isEmpty() || issued(found.getFirst()).plus(age).isBefore(now)) {
            found.addFirst(generate(random, now));
            file.write(new JWKSet(found).toString(false).getBytes(UTF_8));
            log.atInfo().addKeyValue("kid", found.getFirst().getKeyID()).log("signing-key.made");
        }
        keys = List.copyOf(found);
    }

    /** The one that signs, with its private half. */
    JWKSet signing() {
        return new JWKSet(keys.getFirst());
    }

    /** All whose tokens hold, public halves only. */
    JWKSet verifying() {
        return new JWKSet(keys).toPublicJWKSet();
    }

    private static List<JWK> read(PrivateFile file) {
        Optional<byte[]> bytes = file.read();
        if (bytes.isEmpty()) {
            return List.of();
        }
        try {
            return JWKSet.parse(new String(bytes.get(), UTF_8)).getKeys();
        } catch (ParseException e) {
            throw new IllegalStateException(
                    "%s holds no keys. Restore it from a back-up, or remove it: tokens told before are refused then."
                            .formatted(file),
                    e);
        }
    }

    private static Instant issued(JWK key) {
        Date at = key.getIssueTime();
        return at == null ? Instant.EPOCH : at.toInstant();
    }

    private static ECKey generate(SecureRandom random, Instant now) {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .secureRandom(random)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyIDFromThumbprint(true)
                    .issueTime(Date.from(now))
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("This JDK makes no P-256 keys", e);
        }
    }
}

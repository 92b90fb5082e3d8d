package org.conurb.media;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.Locale;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Key and self-signed certificate (ECDSA, P-256) of this process, made anew at each start: what vouches for it is the
 * fingerprint in the answer, which travels over HTTPS (RFC 8122).
 *
 * @param certificate DER
 * @param fingerprint SHA-256 as SDP writes it, {@code AB:CD:…}
 */
record DtlsIdentity(PrivateKey key, byte[] certificate, String fingerprint) {
    private static final Duration SLACK = Duration.ofDays(1);
    private static final Duration VALID = Duration.ofDays(3650);

    static DtlsIdentity make(SecureRandom random, Instant now) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair pair = generator.generateKeyPair();
            X500Name name = new X500Name("CN=conurb");
            byte[] certificate = new JcaX509v3CertificateBuilder(
                            name,
                            new BigInteger(64, random).setBit(63),
                            Date.from(now.minus(SLACK)),
                            Date.from(now.plus(VALID)),
                            name,
                            pair.getPublic())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
                    .getEncoded();
            return new DtlsIdentity(pair.getPrivate(), certificate, fingerprint("sha-256", certificate));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("the JDK makes keys on P-256 and signs with them", e);
        }
    }

    /** @param hash as RFC 8122 §5 names it, such as {@code sha-256}; one of a kind that {@link #accepts} */
    static String fingerprint(String hash, byte[] certificate) {
        try {
            String name = hash.toUpperCase(Locale.ROOT);
            byte[] digest = MessageDigest.getInstance(name).digest(certificate);
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException(hash, e);
        }
    }

    static boolean accepts(String hash) {
        return switch (hash.toLowerCase(Locale.ROOT)) {
            case "sha-256", "sha-384", "sha-512" -> true;
            default -> false;
        };
    }
}

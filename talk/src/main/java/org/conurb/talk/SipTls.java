package org.conurb.talk;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** What SIP over TLS shows: the site's certificate, or one that we made, kept in {@code keys/}. */
final class SipTls {
    private static final Duration LIFE = Duration.ofDays(3_650);

    private SipTls() {}

    /** Of PEM files as {@code --tls-cert} and {@code --tls-key} name them. */
    static SSLContext of(Path certificates, Path key) {
        try (InputStream in = Files.newInputStream(certificates)) {
            Certificate[] chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(in)
                    .toArray(new Certificate[0]);
            return context(
                    privateKey(Files.readString(key), chain[0].getPublicKey().getAlgorithm()), chain);
        } catch (IOException e) {
            throw new UncheckedIOException("The certificate of SIP over TLS cannot be read", e);
        } catch (GeneralSecurityException | ArrayIndexOutOfBoundsException e) {
            throw new IllegalStateException(
                    "%s and %s are no certificate with its key in PEM (PKCS #8).".formatted(certificates, key), e);
        }
    }

    private static PrivateKey privateKey(String pem, String algorithm) throws GeneralSecurityException {
        String body = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        return KeyFactory.getInstance(algorithm)
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
    }

    /** One of our own for the site, the same after a restart. @param store where it is kept, its secret beside it */
    static SSLContext own(Path store, String site, Clock clock, SecureRandom random) {
        Path secret = store.resolveSibling("sip-tls.secret");
        try {
            if (!Files.exists(store)) {
                make(store, secret, site, clock, random);
            }
            char[] password = Files.readString(secret).toCharArray();
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                keys.load(in, password);
            }
            return context((PrivateKey) keys.getKey("sip", password), keys.getCertificateChain("sip"));
        } catch (IOException e) {
            throw new UncheckedIOException("The certificate of SIP over TLS cannot be made or read", e);
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("The certificate of SIP over TLS cannot be made or read", e);
        }
    }

    private static void make(Path store, Path secret, String site, Clock clock, SecureRandom random)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        Files.createDirectories(Optional.ofNullable(store.toAbsolutePath().getParent()).orElse(store));
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        KeyPair pair = generator.generateKeyPair();
        X500Name name = new X500Name("CN=" + site.replaceAll("[^A-Za-z0-9-]", "-"));
        X509CertificateHolder holder = new JcaX509v3CertificateBuilder(
                        name,
                        new BigInteger(64, random),
                        Date.from(clock.instant().minus(Duration.ofDays(1))),
                        Date.from(clock.instant().plus(LIFE)),
                        name,
                        pair.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
        byte[] bytes = new byte[18];
        random.nextBytes(bytes);
        String password = HexFormat.of().formatHex(bytes);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        Certificate[] chain = {new JcaX509CertificateConverter().getCertificate(holder)};
        keys.setKeyEntry("sip", pair.getPrivate(), password.toCharArray(), chain);
        for (Path file : List.of(secret, store)) {
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(secret, password);
        try (var out = Files.newOutputStream(store)) {
            keys.store(out, password.toCharArray());
        }
    }

    private static SSLContext context(PrivateKey key, Certificate[] chain) throws GeneralSecurityException {
        try {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            keys.setKeyEntry("sip", key, new char[0], chain);
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
    }
}

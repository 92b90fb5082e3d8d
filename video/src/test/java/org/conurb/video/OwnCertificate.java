package org.conurb.video;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate as a camera makes one for itself.
 *
 * @param pem with its key
 */
record OwnCertificate(Path pem, CertificatePin pin, SSLContext server) {
    private static final char[] WORD = "changeit".toCharArray();

    static OwnCertificate make(Path folder) {
        try {
            Path store = Files.createTempDirectory(folder, "certificate").resolve("own.p12");
            Studio.run(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "camera",
                    "-keyalg",
                    "RSA", // GnuTLS does not read the JDK's EC keys
                    "-dname",
                    "CN=IPCamera",
                    "-keystore",
                    store.toString(),
                    "-storepass",
                    new String(WORD));
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                keys.load(in, WORD);
            }
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, WORD);
            SSLContext server = SSLContext.getInstance("TLS");
            server.init(managers.getKeyManagers(), null, null);
            X509Certificate certificate = (X509Certificate) keys.getCertificate("camera");
            Path pem = store.resolveSibling("own.pem");
            Files.writeString(
                    pem,
                    block("CERTIFICATE", certificate.getEncoded())
                            + block("PRIVATE KEY", keys.getKey("camera", WORD).getEncoded()));
            return new OwnCertificate(pem, CertificatePin.of(certificate), server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String block(String kind, byte[] der) {
        String text = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(der);
        return "-----BEGIN %s-----%n%s%n-----END %1$s-----%n".formatted(kind, text);
    }
}

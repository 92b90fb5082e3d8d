package org.conurb.video;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.conurb.kernel.BadRequest;

/**
 * A camera's own certificate, by the SHA-256 of its DER form: known without anybody who signed it, whatever name it bears
 * and however long it says it is good for, as cameras make theirs at the factory or at first start.
 *
 * @param hex 64 lower-case digits
 */
record CertificatePin(String hex) {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    /** @throws BadRequest where it is not 64 hexadecimal digits, with or without colons between them */
    static CertificatePin parse(String text) {
        String hex = text.length() > 200 ? "" : text.strip().replace(":", "").toLowerCase(Locale.ROOT);
        if (!HEX.matcher(hex).matches()) {
            throw new BadRequest(
                    "camera-certificate",
                    "A certificate is named by its SHA-256, 64 hexadecimal digits.",
                    "Read it with: openssl s_client -connect HOST:PORT | openssl x509 -noout -fingerprint -sha256");
        }
        return new CertificatePin(hex);
    }

    static CertificatePin of(X509Certificate certificate) throws CertificateEncodingException {
        try {
            return new CertificatePin(HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded())));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return hex;
    }
}

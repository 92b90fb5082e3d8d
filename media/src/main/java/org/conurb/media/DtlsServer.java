package org.conurb.media;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.Locale;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.jspecify.annotations.Nullable;

/** Our side of one handshake: DTLS 1.2, use_srtp (RFC 5764), and a client certificate with the promised fingerprint. */
final class DtlsServer extends DefaultTlsServer {
    private static final int TIMEOUT_MS = 10_000;

    private final JcaTlsCrypto crypto;
    private final DtlsIdentity identity;
    private final Fingerprint expected;
    private @Nullable SrtpProfile profile;
    private byte @Nullable [] keyingMaterial;

    /** @param text octets in hexadecimal with colons */
    record Fingerprint(String hash, String text) {
        boolean isOf(byte[] certificate) {
            byte[] actual = DtlsIdentity.fingerprint(hash, certificate).getBytes(StandardCharsets.US_ASCII);
            return MessageDigest.isEqual(actual, text.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII));
        }
    }

    DtlsServer(JcaTlsCrypto crypto, DtlsIdentity identity, Fingerprint expected) {
        super(crypto);
        this.crypto = crypto;
        this.identity = identity;
        this.expected = expected;
    }

    /** What the handshake agreed on; only after it is complete. */
    SrtpProfile profile() {
        return java.util.Objects.requireNonNull(profile);
    }

    byte[] keyingMaterial() {
        return java.util.Objects.requireNonNull(keyingMaterial);
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return ProtocolVersion.DTLSv12.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return new int[] {
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
        };
    }

    @Override
    public int getHandshakeTimeoutMillis() {
        return TIMEOUT_MS;
    }

    @Override
    protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
        Certificate chain = new Certificate(new TlsCertificate[] {crypto.createCertificate(identity.certificate())});
        return new JcaDefaultTlsCredentialedSigner(
                new TlsCryptoParameters(context),
                crypto,
                identity.key(),
                chain,
                SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
    }

    @Override
    public CertificateRequest getCertificateRequest() {
        short[] types = {ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign};
        return new CertificateRequest(types, TlsUtils.getDefaultSupportedSignatureAlgorithms(context), null);
    }

    @Override
    public void notifyClientCertificate(Certificate client) throws IOException {
        if (client == null
                || client.isEmpty()
                || !expected.isOf(client.getCertificateAt(0).getEncoded())) {
            throw new TlsFatalAlert(AlertDescription.bad_certificate);
        }
    }

    @Override
    @SuppressWarnings("rawtypes")
    public void processClientExtensions(Hashtable extensions) throws IOException {
        super.processClientExtensions(extensions);
        UseSRTPData offered = TlsSRTPUtils.getUseSRTPExtension(extensions);
        int[] numbers = offered == null ? new int[0] : offered.getProtectionProfiles();
        profile = Arrays.stream(SrtpProfile.values())
                .filter(ours -> Arrays.stream(numbers).anyMatch(number -> number == ours.number))
                .findFirst()
                .orElseThrow(() -> new TlsFatalAlert(AlertDescription.handshake_failure));
    }

    @Override
    @SuppressWarnings({"rawtypes", "unchecked", "JdkObsolete"})
    public Hashtable getServerExtensions() throws IOException {
        Hashtable extensions = super.getServerExtensions();
        TlsSRTPUtils.addUseSRTPExtension(
                extensions, new UseSRTPData(new int[] {profile().number}, TlsUtils.EMPTY_BYTES));
        return extensions;
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
        super.notifyHandshakeComplete();
        keyingMaterial = context.exportKeyingMaterial(
                "EXTRACTOR-dtls_srtp", null, profile().keyingMaterialLength());
    }
}

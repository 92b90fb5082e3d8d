package org.conurb.video;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Who may answer as a camera: the one certificate that was given for it, or, without one, whom the system trusts under the
 * camera's host name. Keeps what was refused, so that people can be told which certificate was shown. Confined to its loop.
 */
final class CameraTrust extends X509ExtendedTrustManager {
    private static final X509ExtendedTrustManager SYSTEM = system();

    private final Optional<CertificatePin> only;
    private Optional<CertificatePin> refused = Optional.empty();

    CameraTrust(Optional<CertificatePin> only) {
        this.only = only;
    }

    private static X509ExtendedTrustManager system() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            for (TrustManager one : factory.getTrustManagers()) {
                if (one instanceof X509ExtendedTrustManager extended) {
                    return extended;
                }
            }
            throw new IllegalStateException("Every JDK knows whom the system trusts");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The system's trusted certificates cannot be read", e);
        }
    }

    Optional<CertificatePin> refused() {
        return refused;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        CertificatePin shown = CertificatePin.of(chain[0]);
        refused = Optional.of(shown);
        if (only.isPresent()) {
            if (!only.get().equals(shown)) {
                throw new CertificateException("not the certificate that was given for this camera");
            }
        } else {
            SYSTEM.checkServerTrusted(chain, type, engine);
        }
        refused = Optional.empty();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("cameras are reached by engines only");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("cameras are reached by engines only");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("nobody is served here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw new CertificateException("nobody is served here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("nobody is served here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}

package org.conurb.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Whether and with what TLS is served.
 *
 * @param properties Spring's settings for it; empty for plain HTTP
 * @param fingerprint SHA-256 of the certificate, as AB:CD:…; empty for plain HTTP
 * @param selfMade whether we made the certificate, so that people have to compare its fingerprint
 */
record Tls(Map<String, Object> properties, Optional<String> fingerprint, boolean selfMade) {
    private static final Tls OFF = new Tls(Map.of(), Optional.empty(), false);

    boolean on() {
        return !properties.isEmpty();
    }

    /** As asked for; a demo on an address beyond this machine makes its own certificate. */
    static Tls of(UpSettings up) {
        if (up.tlsCertificate().isPresent() && up.tlsKey().isPresent()) {
            Path certificate = readable(up.tlsCertificate().get());
            Path key = readable(up.tlsKey().get());
            return new Tls(
                    Map.of(
                            "server.ssl.enabled",
                            true,
                            "server.ssl.enabled-protocols",
                            "TLSv1.2,TLSv1.3",
                            "server.ssl.certificate",
                            certificate.toUri().toString(),
                            "server.ssl.certificate-private-key",
                            key.toUri().toString()),
                    Optional.of(fingerprint(certificate)),
                    false);
        }
        return up.demo() && !up.loopback() && !up.behindProxy() ? ownCertificate(up) : OFF;
    }

    private static Path readable(Path file) {
        if (!Files.isReadable(file)) {
            throw new StartFailure("%s cannot be read.".formatted(file), "Check its name and rights.");
        }
        return file.toAbsolutePath();
    }

    private static Tls ownCertificate(UpSettings up) {
        Path keys = up.data().resolve("keys");
        Path store = keys.resolve("demo-tls.p12");
        Path secret = keys.resolve("demo-tls.secret");
        try {
            Files.createDirectories(keys);
            List<String> names = names(up.listen(), MediaAddresses.SYSTEM);
            if (!Files.exists(store) || !isFor(store, Files.readString(secret), names)) {
                Files.deleteIfExists(store);
                byte[] bytes = new byte[18];
                new SecureRandom().nextBytes(bytes);
                Files.writeString(secret, HexFormat.of().formatHex(bytes));
                secret.toFile().setReadable(false, false);
                secret.toFile().setReadable(true, true);
                make(store, secret, names);
            }
            String password = Files.readString(secret);
            return new Tls(
                    Map.of(
                            "server.ssl.enabled",
                            true,
                            "server.ssl.enabled-protocols",
                            "TLSv1.2,TLSv1.3",
                            "server.ssl.key-store",
                            store.toUri().toString(),
                            "server.ssl.key-store-type",
                            "PKCS12",
                            "server.ssl.key-store-password",
                            password),
                    Optional.of(fingerprint(store, password)),
                    true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What browsers may call the site, as keytool writes it: the address, or every one of this machine. */
    static List<String> names(String listen, MediaAddresses.Network network) {
        List<String> names = new ArrayList<>();
        if (PhoneSign.isWildcard(listen)) {
            network.own().stream()
                    .filter(own -> !own.isLinkLocalAddress() && !own.isLoopbackAddress())
                    .forEach(own -> names.add("ip:" + own.getHostAddress().replaceFirst("%.*", "")));
            names.add("ip:127.0.0.1");
        } else {
            boolean number = listen.matches("[0-9.]+") || listen.contains(":");
            names.add((number ? "ip:" : "dns:") + listen);
        }
        names.add("dns:localhost");
        return names;
    }

    /** Whether the certificate kept is for all of these: a machine's address may have changed since. */
    private static boolean isFor(Path store, String password, List<String> names) throws IOException {
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, password.toCharArray());
            X509Certificate kept = (X509Certificate) keys.getCertificate("demo");
            Set<String> has = new HashSet<>();
            for (List<?> name : Objects.requireNonNullElse(kept.getSubjectAlternativeNames(), List.<List<?>>of())) {
                String text = String.valueOf(name.get(1));
                has.add(
                        name.get(0).equals(7)
                                ? "ip:" + InetAddress.getByName(text).getHostAddress()
                                : "dns:" + text);
            }
            for (String name : names) {
                String wanted = name.startsWith("ip:")
                        ? "ip:" + InetAddress.getByName(name.substring(3)).getHostAddress()
                        : name;
                if (!has.contains(wanted)) {
                    return false;
                }
            }
            return true;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** The JDK's own tool makes a self-signed certificate for these names. */
    private static void make(Path store, Path secret, List<String> names) throws IOException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "demo",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-validity",
                        "365",
                        "-dname",
                        "CN=Conurb demo",
                        "-storetype",
                        "PKCS12",
                        "-ext",
                        "SAN=" + String.join(",", names),
                        "-keystore",
                        store.toString(),
                        "-storepass:file",
                        secret.toString()))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new StartFailure("No certificate could be made: " + said, "Give --tls-cert and --tls-key.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("Stopped while making a certificate.", "Start again.");
        }
    }

    private static String fingerprint(Path store, String password) throws IOException {
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, password.toCharArray());
            return fingerprint(keys.getCertificate("demo"));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** Of the first certificate of a PEM file, which is the site's own. */
    private static String fingerprint(Path pem) {
        try (InputStream in = Files.newInputStream(pem)) {
            return fingerprint(CertificateFactory.getInstance("X.509").generateCertificate(in));
        } catch (IOException | GeneralSecurityException e) {
            throw new StartFailure(
                    "%s holds no certificate: %s".formatted(pem, e.getMessage()),
                    "Give a PEM file with the site's certificate first, then its chain.");
        }
    }

    static String fingerprint(Certificate certificate) throws GeneralSecurityException {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        return HexFormat.ofDelimiter(":").withUpperCase().formatHex(hash);
    }
}

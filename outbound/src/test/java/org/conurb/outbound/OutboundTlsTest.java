package org.conurb.outbound;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with a certificate for {@code good.test}, under several names. */
class OutboundTlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    static Path folder;

    private static HttpsServer server;
    private static SSLContext trust;

    @BeforeAll
    static void start() throws Exception {
        Path store = folder.resolve("server.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "server",
                        "-dname",
                        "CN=good.test",
                        "-ext",
                        "san=dns:good.test",
                        "-validity",
                        "2",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), null, null);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", keys.getCertificate("server"));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        trust = SSLContext.getInstance("TLS");
        trust.init(null, managers.getTrustManagers(), null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("ok".getBytes(UTF_8));
            exchange.close();
        });
        server.start();
    }

    @AfterAll
    static void stop() {
        server.stop(0);
    }

    @Test
    void theNameAskedForIsTheNameInTheCertificate() {
        try (OutboundHttp client = client(trust)) {
            assertThat(client.send(OutboundRequest.get(at("good.test"))).ok()).isTrue();
        }
    }

    @Test
    void anotherNameOnTheSameAddressIsRefused() {
        try (OutboundHttp client = client(trust)) {
            assertThatThrownBy(() -> client.send(OutboundRequest.get(at("bad.test"))))
                    .isInstanceOf(OutboundFailed.class);
        }
    }

    @Test
    void anUnknownIssuerIsRefused() throws Exception {
        try (OutboundHttp client = client(SSLContext.getDefault())) {
            assertThatThrownBy(() -> client.send(OutboundRequest.get(at("good.test"))))
                    .isInstanceOf(OutboundFailed.class);
        }
    }

    private static OutboundHttp client(SSLContext trusted) {
        return new OutboundHttp(
                OutboundPolicy.parse(List.of("good.test", "bad.test")),
                host -> new InetAddress[] {InetAddress.getLoopbackAddress()},
                trusted);
    }

    private static URI at(String host) {
        return URI.create("https://" + host + ":" + server.getAddress().getPort() + "/");
    }
}

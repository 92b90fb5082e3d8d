package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Phones by TCP and TLS. */
class SipStreamsTest {
    @TempDir
    private Path folder;

    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private SSLContext own() {
        return SipTls.own(folder.resolve("sip-tls.p12"), "alder", Clock.systemUTC(), new SecureRandom());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TCP", "TLS"})
    void aPhoneRegistersByAConnectionAndIsThereWhileThatIs(String transport) throws Exception {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, new TrustManager[] {new Anybody()}, null);
        try (SipSite site = new SipSite(Optional.of(own()), Clock.systemUTC());
                TestPhone words = site.phone("1001")) {
            Socket socket = transport.equals("TLS")
                    ? trusting.getSocketFactory().createSocket("127.0.0.1", site.door.tlsPort())
                    : new Socket("127.0.0.1", site.door.port());
            socket.setSoTimeout(5_000);
            SipFrames frames = new SipFrames(socket.getInputStream());
            SipMessage first = words.request("REGISTER", "sip:alder").add("expires", "120");
            socket.getOutputStream().write(first.octets());
            SipMessage challenge = SipMessage.read(frames.next().orElseThrow());
            socket.getOutputStream().write(words.again(first, challenge).octets());
            SipMessage answer = SipMessage.read(frames.next().orElseThrow());

            assertThat(answer.status()).isEqualTo(200);
            assertThat(site.site.connected().join()).contains(SipSite.DESK);
            socket.getOutputStream().write(new byte[] {13, 10, 13, 10});
            assertThat(socket.getInputStream().readNBytes(2)).containsExactly(13, 10);
            socket.close();
            assertThat(SipSite.eventually(() -> site.door.size().connections() == 0))
                    .isTrue();
        }
    }

    @Test
    void theCertificateThatWeMakeIsTheSameAfterARestart() throws Exception {
        own();
        byte[] first = java.nio.file.Files.readAllBytes(folder.resolve("sip-tls.p12"));
        own();
        assertThat(java.nio.file.Files.readAllBytes(folder.resolve("sip-tls.p12")))
                .isEqualTo(first);
    }
}

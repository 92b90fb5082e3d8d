package org.conurb.outbound;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient.Mqtt5Publishes;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.TrustManagerFactory;
import org.conurb.testkit.Mosquitto;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real broker receives. */
final class OutboundMqttTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private @Nullable Mosquitto broker;
    private final OutboundMqtt allowed = new OutboundMqtt(OutboundPolicy.parse(List.of("127.0.0.1", "localhost")));

    @AfterEach
    void close() {
        allowed.close();
        if (broker != null) {
            broker.close();
        }
    }

    private Mosquitto broker(String... lines) {
        assumeTrue(Mosquitto.isThere(), Mosquitto.missing());
        broker = new Mosquitto(folder, lines).start();
        return broker;
    }

    private static MqttMessage message(String uri, MqttVersion version, int qos, String body) {
        return new MqttMessage(URI.create(uri), version, qos, body.getBytes(UTF_8), SOON);
    }

    /** Somebody who listens to everything. */
    private static Mqtt5BlockingClient listener(int port) {
        Mqtt5BlockingClient client = MqttClient.builder()
                .useMqttVersion5()
                .serverHost("127.0.0.1")
                .serverPort(port)
                .buildBlocking();
        client.connect();
        client.subscribeWith().topicFilter("#").qos(MqttQos.EXACTLY_ONCE).send();
        return client;
    }

    @Test
    void bothVersionsArriveAtEveryQualityOfService() throws Exception {
        int port = broker().port();
        Mqtt5BlockingClient listener = listener(port);
        try (Mqtt5Publishes publishes = listener.publishes(MqttGlobalPublishFilter.ALL)) {
            for (MqttVersion version : MqttVersion.values()) {
                for (int qos = 0; qos <= 2; qos++) {
                    String topic = "city/" + version + "/" + qos;
                    allowed.publish(
                            message("mqtt://127.0.0.1:" + port + "/" + topic, version, qos, "{\"q\":" + qos + "}"));
                    Mqtt5Publish got = publishes.receive(10, TimeUnit.SECONDS).orElseThrow();
                    assertThat(got.getTopic()).hasToString(topic);
                    assertThat(new String(got.getPayloadAsBytes(), UTF_8)).isEqualTo("{\"q\":" + qos + "}");
                    assertThat(got.getQos().getCode()).isEqualTo(qos);
                    assertThat(got.getContentType().isPresent()).isEqualTo(version == MqttVersion.V5);
                }
            }
        } finally {
            listener.disconnect();
        }
    }

    @Test
    void theUsersNameAndPasswordAreTakenFromTheUri() {
        int port = broker(Mosquitto.onlyFor(folder, "hub", "p:ss w/rd")).port();
        for (MqttVersion version : MqttVersion.values()) {
            allowed.publish(message("mqtt://hub:p%3Ass%20w%2Frd@127.0.0.1:" + port + "/t", version, 1, "{}"));
            assertThatThrownBy(() ->
                            allowed.publish(message("mqtt://hub:secret@127.0.0.1:" + port + "/t", version, 1, "{}")))
                    .isInstanceOf(OutboundFailed.class)
                    .hasMessageNotContaining("secret");
            assertThatThrownBy(() -> allowed.publish(message("mqtt://127.0.0.1:" + port + "/t", version, 0, "{}")))
                    .isInstanceOf(OutboundFailed.class);
        }
    }

    @Test
    void aBrokerThatWentAwayIsConnectedAgainByTheNextMessage() {
        Mosquitto mosquitto = broker();
        String uri = "mqtt://127.0.0.1:" + mosquitto.port() + "/t";
        allowed.publish(message(uri, MqttVersion.V5, 1, "{}"));
        mosquitto.kill();
        assertThatThrownBy(() -> allowed.publish(message(uri, MqttVersion.V5, 1, "{}")))
                .isInstanceOf(OutboundFailed.class);
        mosquitto.start();
        allowed.publish(message(uri, MqttVersion.V5, 1, "{}"));
    }

    @Test
    void aBrokerThatSaysNothingIsGivenUpInTime() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            MqttMessage message = new MqttMessage(
                    URI.create("mqtt://127.0.0.1:" + silent.getLocalPort() + "/t"),
                    MqttVersion.V3_1_1,
                    1,
                    new byte[] {'{', '}'},
                    Duration.ofMillis(300));
            assertThatThrownBy(() -> allowed.publish(message)).isInstanceOf(OutboundFailed.class);
        }
    }

    @Test
    void aNameThatPointsInsideIsNotConnectedTo() {
        AtomicInteger asked = new AtomicInteger();
        try (OutboundMqtt strict = new OutboundMqtt(
                OutboundPolicy.publicOnly(),
                host -> {
                    asked.incrementAndGet();
                    return new InetAddress[] {InetAddress.getLoopbackAddress()};
                },
                null)) {
            assertThatThrownBy(() -> strict.publish(message("mqtt://inside.test/t", MqttVersion.V5, 0, "{}")))
                    .isInstanceOf(OutboundRefused.class);
            assertThat(asked).hasValue(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mqtt://127.0.0.1/t",
                "mqtt://[::1]/t",
                "mqtt://0x7f.1/t",
                "mqtt://10.0.0.1:1883/t",
                "mqtt://broker.test",
                "mqtt://broker.test/",
                "mqtt://broker.test/a/+/b",
                "mqtt://broker.test/a/%23",
                "mqtt://broker.test/a%00b",
                "mqtt://broker.test/t?x=1",
                "mqtt://broker.test/t#x",
                "mqtt://broker.test:0/t",
                "mqtt:///t",
                "mqtt:t",
                "http://broker.test/t",
                "ws://broker.test/t"
            })
    void whatCanNeverBePublishedToIsRefusedWithoutTheNetwork(String uri) {
        try (OutboundMqtt strict = new OutboundMqtt(
                OutboundPolicy.publicOnly(),
                host -> {
                    throw new AssertionError("looked up " + host);
                },
                null)) {
            assertThatThrownBy(() -> strict.demand(URI.create(uri))).isInstanceOf(OutboundRefused.class);
        }
    }

    @Test
    void overTlsTheNameAskedForIsTheNameInTheCertificate() throws Exception {
        KeyStore keys = certificate();
        int port = broker(
                        "allow_anonymous true",
                        "certfile " + folder.resolve("server.crt"),
                        "keyfile " + folder.resolve("server.key"))
                .port();
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(keys);
        OutboundPolicy policy = OutboundPolicy.parse(List.of("good.test", "bad.test"));
        CheckedNames.NameLookup loopback = host -> new InetAddress[] {
            InetAddress.getByAddress(host, InetAddress.getLoopbackAddress().getAddress())
        };
        try (OutboundMqtt trusting = new OutboundMqtt(policy, loopback, trust);
                OutboundMqtt usual = new OutboundMqtt(policy, loopback, null)) {
            trusting.publish(message("mqtts://good.test:" + port + "/t", MqttVersion.V5, 1, "{}"));
            assertThatThrownBy(
                            () -> trusting.publish(message("mqtts://bad.test:" + port + "/t", MqttVersion.V5, 1, "{}")))
                    .isInstanceOf(OutboundFailed.class);
            assertThatThrownBy(
                            () -> usual.publish(message("mqtts://good.test:" + port + "/t", MqttVersion.V5, 1, "{}")))
                    .isInstanceOf(OutboundFailed.class);
        }
    }

    /** A key for {@code good.test} in the folder, and the store that trusts it. */
    private KeyStore certificate() throws Exception {
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
                        "changeit")
                .redirectErrorStream(true)
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "changeit".toCharArray());
        }
        pem("server.crt", "CERTIFICATE", keys.getCertificate("server").getEncoded());
        pem(
                "server.key",
                "PRIVATE KEY",
                keys.getKey("server", "changeit".toCharArray()).getEncoded());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", keys.getCertificate("server"));
        return trusted;
    }

    private void pem(String file, String kind, byte[] der) throws Exception {
        Files.writeString(
                folder.resolve(file),
                "-----BEGIN %s-----\n%s\n-----END %1$s-----\n"
                        .formatted(
                                kind,
                                Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)));
    }
}

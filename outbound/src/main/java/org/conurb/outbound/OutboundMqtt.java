package org.conurb.outbound;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientExecutorConfig;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttClientTransportConfig;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.message.auth.Mqtt3SimpleAuth;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3Connect;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5SimpleAuth;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PayloadFormatIndicator;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The one client for MQTT to the outside. As with HTTP, a name is resolved once and the connection goes to the very
 * address that the policy allowed. One connection for each broker, login and version, kept and used again; it is opened
 * by the first message that needs it and never by itself, so whoever publishes decides how often a dead broker is tried.
 * Sessions are clean: what was not acknowledged is the caller's to send again. Safe for many threads.
 */
public final class OutboundMqtt implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 64;
    private static final int MAX_LOOKUPS = 8;
    private static final int KEEP_ALIVE_SECONDS = 60;

    private final OutboundPolicy policy;
    private final CheckedNames names;
    private final @Nullable TrustManagerFactory trust;
    private final ThreadPoolExecutor lookups;

    /** The one used longest ago first; guarded by itself. */
    private final Map<Key, Connection> connections = new LinkedHashMap<>(16, 0.75f, true);

    private record Key(MqttPlace broker, MqttVersion version) {}

    public OutboundMqtt(OutboundPolicy policy) {
        this(policy, InetAddress::getAllByName, null);
    }

    /** @param trust whose certificates are taken; null for the system's */
    OutboundMqtt(OutboundPolicy policy, CheckedNames.NameLookup lookup, @Nullable TrustManagerFactory trust) {
        this.policy = policy;
        this.names = new CheckedNames(policy, lookup);
        this.trust = trust;
        // Platform threads, since looking up a name blocks inside the operating system.
        this.lookups = new ThreadPoolExecutor(
                MAX_LOOKUPS,
                MAX_LOOKUPS,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_CONNECTIONS),
                Thread.ofPlatform().daemon().name("outbound-names-", 0).factory());
        this.lookups.allowCoreThreadTimeOut(true);
    }

    /**
     * Refuses a URI whose form, scheme or literal address can never be published to, without using the network.
     *
     * @throws OutboundRefused with the reason
     */
    public void demand(URI uri) {
        MqttPlace place = MqttPlace.of(uri);
        policy.demandLiteral(place.host(), place.port());
    }

    /**
     * Publishes and waits until the broker has it, as far as the quality of service tells.
     *
     * @throws OutboundRefused when it may not be published to; a retry does not help
     * @throws OutboundFailed when it was not taken within the bounds
     */
    public void publish(MqttMessage message) {
        demand(message.uri());
        MqttPlace place = MqttPlace.of(message.uri());
        Connection connection = connection(new Key(place.broker(), message.version()));
        long end = System.nanoTime() + message.timeout().toNanos();
        try {
            Link link = connection.open(message.timeout(), end);
            try {
                await(link.publish(place.topic(), message.qos(), message.body()), place, message.timeout(), end);
            } catch (OutboundFailed failed) {
                connection.drop(link);
                throw failed;
            }
        } finally {
            synchronized (connections) {
                connection.users--;
            }
        }
    }

    /** The connection, known as in use. Beyond the bound the one unused for longest goes. */
    private Connection connection(Key key) {
        Connection old = null;
        Connection mine;
        synchronized (connections) {
            if (!connections.containsKey(key) && connections.size() >= MAX_CONNECTIONS) {
                Key idle = connections.entrySet().stream()
                        .filter(entry -> entry.getValue().users == 0)
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElseThrow(() -> OutboundFailed.busy(key.broker.toString()));
                old = connections.remove(idle);
            }
            mine = connections.computeIfAbsent(key, Connection::new);
            mine.users++;
        }
        if (old != null) {
            old.close();
        }
        return mine;
    }

    private static <T> T await(Future<T> future, MqttPlace place, Duration timeout, long end) {
        try {
            return future.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            future.cancel(true);
            throw OutboundFailed.late(place.toString(), timeout);
        } catch (InterruptedException stopping) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw OutboundFailed.unreachable(place.toString(), stopping);
        } catch (ExecutionException failed) {
            switch (Objects.requireNonNull(failed.getCause())) {
                case OutboundRefused refused -> throw refused;
                case UnknownHostException unknown ->
                    throw OutboundFailed.unreachable(
                            place.toString(), new UnknownHostException("its name does not resolve"));
                case Throwable cause -> throw OutboundFailed.unreachable(place.toString(), cause);
            }
        }
    }

    private final class Connection {
        private final Key key;
        private final ReentrantLock opening = new ReentrantLock();
        private volatile @Nullable Link link;
        private int users; // guarded by connections

        Connection(Key key) {
            this.key = key;
        }

        Link open(Duration timeout, long end) {
            Link known = link;
            if (known != null && known.connected()) {
                return known;
            }
            try {
                if (!opening.tryLock(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                    throw OutboundFailed.late(key.broker.toString(), timeout);
                }
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                throw OutboundFailed.unreachable(key.broker.toString(), stopping);
            }
            try {
                known = link;
                if (known != null && known.connected()) {
                    return known;
                }
                return link = dial(timeout, end);
            } finally {
                opening.unlock();
            }
        }

        private Link dial(Duration timeout, long end) {
            MqttPlace broker = key.broker;
            Future<List<InetSocketAddress>> lookup;
            try {
                lookup = lookups.submit(() -> names.resolve(broker.host(), broker.port()));
            } catch (RejectedExecutionException full) {
                throw OutboundFailed.busy(broker.toString());
            }
            OutboundFailed last = null;
            for (InetSocketAddress address : await(lookup, broker, timeout, end)) {
                Link fresh = link(key, transport(broker, address, Math.max(1, end - System.nanoTime())));
                try {
                    await(fresh.connect(broker), broker, timeout, end);
                    return fresh;
                } catch (OutboundFailed failed) {
                    fresh.close();
                    last = failed;
                }
            }
            throw Objects.requireNonNullElseGet(
                    last,
                    () -> OutboundFailed.unreachable(
                            broker.toString(), new UnknownHostException("its name has no address")));
        }

        /** It did not answer in time or broke: the next message opens another. */
        void drop(Link broken) {
            if (link == broken) {
                link = null;
            }
            broken.close();
        }

        void close() {
            Link known = link;
            if (known != null) {
                drop(known);
            }
        }
    }

    private MqttClientTransportConfig transport(MqttPlace broker, InetSocketAddress address, long nanos) {
        var transport = MqttClientTransportConfig.builder()
                .serverAddress(address)
                .socketConnectTimeout(nanos, TimeUnit.NANOSECONDS)
                .mqttConnectTimeout(nanos, TimeUnit.NANOSECONDS);
        return broker.tls()
                ? transport
                        .sslConfig(MqttClientSslConfig.builder()
                                .trustManagerFactory(trust)
                                .handshakeTimeout(nanos, TimeUnit.NANOSECONDS)
                                .build())
                        .build()
                : transport.build();
    }

    private static Link link(Key key, MqttClientTransportConfig transport) {
        var client = MqttClient.builder()
                .transportConfig(transport)
                .executorConfig(
                        MqttClientExecutorConfig.builder().nettyThreads(1).build());
        return switch (key.version) {
            case V3_1_1 -> new Link3(client.useMqttVersion3().buildAsync());
            case V5 -> new Link5(client.useMqttVersion5().buildAsync());
        };
    }

    /** A client of one version. */
    private sealed interface Link {
        boolean connected();

        CompletableFuture<?> connect(MqttPlace broker);

        CompletableFuture<?> publish(String topic, int qos, byte[] body);

        void close();
    }

    private record Link3(Mqtt3AsyncClient client) implements Link {
        @Override
        public boolean connected() {
            return client.getState().isConnected();
        }

        @Override
        public CompletableFuture<?> connect(MqttPlace broker) {
            var connect = Mqtt3Connect.builder().cleanSession(true).keepAlive(KEEP_ALIVE_SECONDS);
            if (broker.user().isPresent()) {
                var login = Mqtt3SimpleAuth.builder().username(broker.user().get());
                connect = connect.simpleAuth(
                        broker.password().isPresent()
                                ? login.password(OutboundMqtt.bytes(
                                                broker.password().get()))
                                        .build()
                                : login.build());
            }
            return client.connect(connect.build());
        }

        @Override
        public CompletableFuture<?> publish(String topic, int qos, byte[] body) {
            return client.publish(Mqtt3Publish.builder()
                    .topic(topic)
                    .qos(Objects.requireNonNull(MqttQos.fromCode(qos)))
                    .payload(body)
                    .build());
        }

        @Override
        public void close() {
            client.disconnect();
        }
    }

    private record Link5(Mqtt5AsyncClient client) implements Link {
        @Override
        public boolean connected() {
            return client.getState().isConnected();
        }

        @Override
        public CompletableFuture<?> connect(MqttPlace broker) {
            var connect = Mqtt5Connect.builder()
                    .cleanStart(true)
                    .sessionExpiryInterval(0)
                    .keepAlive(KEEP_ALIVE_SECONDS);
            if (broker.user().isPresent()) {
                var login = Mqtt5SimpleAuth.builder().username(broker.user().get());
                connect = connect.simpleAuth(
                        broker.password().isPresent()
                                ? login.password(OutboundMqtt.bytes(
                                                broker.password().get()))
                                        .build()
                                : login.build());
            }
            return client.connect(connect.build());
        }

        @Override
        public CompletableFuture<?> publish(String topic, int qos, byte[] body) {
            return client.publish(Mqtt5Publish.builder()
                            .topic(topic)
                            .qos(Objects.requireNonNull(MqttQos.fromCode(qos)))
                            .payload(body)
                            .payloadFormatIndicator(Mqtt5PayloadFormatIndicator.UTF_8)
                            .contentType("application/json")
                            .build())
                    .thenApply(result -> {
                        result.getError().ifPresent(refused -> {
                            throw new IllegalStateException(refused);
                        });
                        return result;
                    });
        }

        @Override
        public void close() {
            client.disconnect();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        lookups.shutdownNow();
        List<Connection> all;
        synchronized (connections) {
            all = List.copyOf(connections.values());
            connections.clear();
        }
        all.forEach(Connection::close);
    }
}

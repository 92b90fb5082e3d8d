package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.hub.Hub.FIRE;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Health;
import org.conurb.kernel.Ids;
import org.conurb.kernel.Json;
import org.conurb.outbound.OutboundHttp;
import org.conurb.outbound.OutboundPolicy;
import org.conurb.testkit.FakeAccess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class NotificationsStoreTest {
    private static final NotificationSettings QUICK = new NotificationSettings(
            Duration.ofSeconds(2), Duration.ofMillis(20), Duration.ofMillis(100), Duration.ofHours(1), 100);

    private final Hub hub = new Hub();
    private final FakeAccess access = FakeAccess.to("fire");
    private final OutboundHttp outbound = new OutboundHttp(OutboundPolicy.parse(List.of("127.0.0.1")));
    private final SubscriptionStore store = new SubscriptionStore(hub.transactions);
    private final Receiver receiver = new Receiver();
    private Deliveries deliveries = new Deliveries(hub.transactions, outbound, QUICK, hub.clock);
    private final Changes changes = hub.changes();
    private final Notifications notifications = new Notifications(
            hub.transactions,
            store,
            hub.contexts,
            deliveries,
            access,
            Model.load(),
            caller -> true,
            hub.clock,
            new Ids(Clock.systemUTC(), new Random(1)));

    NotificationsStoreTest() {
        changes.followRows(Notifications.CURSOR, notifications::wants, notifications::handle);
        deliveries.start();
    }

    @AfterEach
    void close() throws Exception {
        deliveries.close();
        hub.close();
        outbound.close();
        receiver.server.stop(0);
    }

    /** Somebody's server. */
    private static final class Receiver {
        final HttpServer server;
        final List<JsonNode> got = new CopyOnWriteArrayList<>();
        volatile int status = 200;

        Receiver() {
            try {
                server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            server.createContext("/", exchange -> {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                if (status == 200) {
                    got.add(Json.mapper().readTree(body));
                }
                exchange.sendResponseHeaders(status, -1);
                exchange.close();
            });
            server.start();
        }

        String uri(String path) {
            return "http://127.0.0.1:%d/%s".formatted(server.getAddress().getPort(), path);
        }

        List<String> ids() {
            return got.stream().map(one -> one.at("/data/0/id").stringValue()).toList();
        }
    }

    private void subscribe(String id, String uri, String more) {
        ObjectNode body = (ObjectNode) Json.mapper().readTree("""
                {"id":"%s","type":"Subscription"%s,"notification":{"endpoint":{"uri":"%s"},"format":"keyValues"}}""".formatted(id, more, uri));
        Subscription subscription = new SubscriptionReader(LdContext.CORE).read(body);
        hub.transactions.doAs(
                Set.of(FIRE), () -> store.insert(Hub.DISPATCHER, body, subscription, hub.clock.instant()));
        notifications.reload();
    }

    private static Entity sensor(int n) {
        return Entity.of("urn:ngsi-ld:Sensor:" + n, "Sensor", FIRE)
                .with("n", Attribute.property(n))
                .with("other", Attribute.property("x"));
    }

    private SubscriptionStore.Row row(String id) {
        return hub.as(FIRE, () -> store.find(FIRE, id, false).orElseThrow());
    }

    @Test
    void aDeadReceiverDelaysNobodyAndGetsEverythingInOrderWhenItIsBack() {
        Receiver dead = new Receiver();
        dead.status = 503;
        subscribe("urn:s:dead", dead.uri("a"), ",\"entities\":[{\"type\":\"Sensor\"}]");
        subscribe("urn:s:good", receiver.uri("b"), ",\"entities\":[{\"type\":\"Sensor\"}]");
        for (int n = 0; n < 20; n++) {
            hub.put(sensor(n));
        }
        Hub.await("the good one has all", () -> receiver.got.size() == 20);
        Hub.await("it shows", () -> deliveries.read().state() == Health.State.DEGRADED);
        dead.status = 200;
        Hub.await("the dead one has all", () -> dead.got.size() == 20);
        assertThat(dead.ids())
                .isEqualTo(receiver.ids())
                .startsWith("urn:ngsi-ld:Sensor:0")
                .doesNotHaveDuplicates();
        Hub.await("all is counted", () -> row("urn:s:dead").counts().sent() == 20);
        assertThat(row("urn:s:dead").counts().failed()).isPositive();
        dead.server.stop(0);
    }

    @Test
    void whatWaitsSurvivesARestart() {
        receiver.status = 500;
        subscribe("urn:s:1", receiver.uri("a"), ",\"entities\":[{\"type\":\"Sensor\"}]");
        hub.put(sensor(1));
        hub.put(sensor(2));
        Hub.await("it waits", () -> hub.count("delivery") == 2);
        deliveries.close();
        receiver.status = 200;
        deliveries = new Deliveries(hub.transactions, outbound, QUICK, hub.clock);
        deliveries.start();
        Hub.await("it arrives", () -> receiver.got.size() == 2);
        Hub.await("nothing waits", () -> hub.count("delivery") == 0);
    }

    @Test
    void idPatternTypeAttributeAndQSelectAlike() {
        subscribe(
                "urn:s:id",
                receiver.uri("id"),
                ",\"entities\":[{\"type\":\"Sensor\",\"id\":\"urn:ngsi-ld:Sensor:1\"}]");
        subscribe("urn:s:pattern", receiver.uri("p"), ",\"entities\":[{\"type\":\"*\",\"idPattern\":\"urn:.*:2\"}]");
        subscribe("urn:s:watched", receiver.uri("w"), ",\"watchedAttributes\":[\"other\"]");
        subscribe("urn:s:q", receiver.uri("q"), ",\"entities\":[{\"type\":\"Sensor\"}],\"q\":\"n>2\"");
        for (int n = 1; n <= 3; n++) {
            hub.put(sensor(n));
        }
        hub.put(sensor(1).with("n", Attribute.property(9)));
        Hub.await("all handled", () -> receiver.got.size() == 8);
        assertThat(count("urn:s:id")).isEqualTo(2);
        assertThat(count("urn:s:pattern")).isEqualTo(1);
        assertThat(count("urn:s:watched")).isEqualTo(3);
        assertThat(count("urn:s:q")).isEqualTo(2);
        assertThat(receiver.got.getFirst().at("/data/0/n").isNumber()).isTrue();
    }

    private long count(String id) {
        return receiver.got.stream()
                .filter(one -> one.get("subscriptionId").stringValue().equals(id))
                .count();
    }

    @Test
    void aSubscriberIsNotToldWhatItMayNotReadOrWhatConcernsPersons() {
        subscribe("urn:s:1", receiver.uri("a"), ",\"entities\":[{\"type\":\"*\"}]");
        hub.put(Entity.of("urn:ngsi-ld:Incident:1", "Incident", FIRE)
                .with("description", Attribute.property("secret"))
                .with("number", Attribute.property("I-1")));
        hub.transactions.doAs(
                Set.of(Hub.POLICE),
                () -> hub.entities.put(
                        Caller.system("test", Hub.POLICE),
                        Entity.of("urn:ngsi-ld:Sensor:p", "Sensor", Hub.POLICE).with("n", Attribute.property(1))));
        hub.put(sensor(5));
        Hub.await("told", () -> receiver.got.size() == 2);
        assertThat(receiver.ids()).containsExactly("urn:ngsi-ld:Incident:1", "urn:ngsi-ld:Sensor:5");
        assertThat(receiver.got.toString()).contains("I-1").doesNotContain("secret");
    }
}

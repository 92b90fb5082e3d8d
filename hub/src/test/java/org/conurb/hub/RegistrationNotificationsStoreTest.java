package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.hub.Hub.FIRE;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.conurb.hub.Subscription.About;
import org.conurb.kernel.Ids;
import org.conurb.kernel.Json;
import org.conurb.outbound.OutboundHttp;
import org.conurb.outbound.OutboundMqtt;
import org.conurb.outbound.OutboundPolicy;
import org.conurb.testkit.FakeAccess;
import org.conurb.testkit.TestClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class RegistrationNotificationsStoreTest {
    private static final NotificationSettings QUICK = new NotificationSettings(
            Duration.ofSeconds(2), Duration.ofMillis(20), Duration.ofMillis(100), Duration.ofHours(1), 100);

    private final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");
    private final Hub hub = new Hub(clock);
    private final FakeAccess access = FakeAccess.to("fire");
    private final OutboundPolicy policy = OutboundPolicy.parse(List.of("127.0.0.1"));
    private final OutboundHttp http = new OutboundHttp(policy);
    private final OutboundMqtt mqtt = new OutboundMqtt(policy);
    private final SubscriptionStore subscriptions = new SubscriptionStore(hub.transactions);
    private final RegistrationStore registrations = new RegistrationStore(hub.transactions);
    private final Receiver receiver = new Receiver();
    private final Changes changes = hub.changes();
    private final Notifier notifier = new Notifier(
            hub.transactions,
            hub.contexts,
            access,
            Model.load(),
            caller -> true,
            http,
            mqtt,
            QUICK,
            clock,
            new Ids(Clock.systemUTC(), new Random(1)));

    RegistrationNotificationsStoreTest() {
        notifier.start(changes);
    }

    @AfterEach
    void close() throws Exception {
        notifier.close();
        hub.close();
        http.close();
        mqtt.close();
        receiver.close();
    }

    private void subscribe(String more) {
        ObjectNode body = (ObjectNode) Json.mapper()
                .readTree(
                        "{\"id\":\"urn:s:1\",\"type\":\"Subscription\"%s,\"notification\":{\"endpoint\":{\"uri\":\"%s\"}}}"
                                .formatted(more, receiver.uri("n")));
        Subscription subscription =
                new SubscriptionReader(About.REGISTRATIONS, LdContext.CORE, hub.contexts).read(body);
        hub.transactions.doAs(
                Set.of(FIRE), () -> subscriptions.insert(Hub.DISPATCHER, body, subscription, clock.instant()));
        notifier.subscriptionsChanged();
    }

    private static ObjectNode registration(String id, String type) {
        return (ObjectNode) Json.mapper().readTree("""
                {"id":"%s","type":"ContextSourceRegistration","endpoint":"https://x.test/",
                 "information":[{"entities":[{"type":"%s"}]},{"entities":[{"type":"Never"}]}]}""".formatted(id, type));
    }

    private void register(String id, String type) {
        ObjectNode document = registration(id, type);
        hub.transactions.doAs(
                Set.of(FIRE),
                () -> registrations.insert(
                        FIRE, document, new RegistrationReader(LdContext.CORE).read(document), clock.instant()));
        changes.sequencer().wake();
    }

    private void change(String id, String type) {
        ObjectNode document = registration(id, type);
        hub.transactions.doAs(
                Set.of(FIRE),
                () -> registrations.update(
                        registrations.find(id, true).orElseThrow(),
                        document,
                        new RegistrationReader(LdContext.CORE).read(document),
                        clock.instant()));
        changes.sequencer().wake();
    }

    private void delete(String id) {
        hub.transactions.doAs(
                Set.of(FIRE),
                () -> registrations.delete(registrations.find(id, true).orElseThrow(), clock.instant()));
        changes.sequencer().wake();
    }

    private void passed(long seq) {
        Hub.await("it is passed", () -> hub.count("cursor where name = 'hub.subscriptions' and seq > " + seq) == 1);
    }

    private static String reason(JsonNode notification) {
        return notification.get("triggerReason").stringValue();
    }

    @Test
    void whatIsThereIsToldAtOnceAndThenEveryChangeWithItsReason() {
        register("urn:r:1", "Sensor");
        passed(0);
        clock.advance(Duration.ofSeconds(2)); // what nobody waits for is kept on disk once a second
        register("urn:r:2", "Room");
        passed(1);
        subscribe(",\"entities\":[{\"type\":\"Sensor\"}]");
        receiver.awaits(1);
        JsonNode first = receiver.last();
        assertThat(first.get("type").stringValue()).isEqualTo("ContextSourceNotification");
        assertThat(reason(first)).isEqualTo("newlyMatching");
        assertThat(receiver.ids()).containsExactly("urn:r:1");
        assertThat(first.at("/data/0/information"))
                .isEqualTo(Json.mapper().readTree("[{\"entities\":[{\"type\":\"Sensor\"}]}]"));
        register("urn:r:3", "Sensor");
        receiver.awaits(2);
        change("urn:r:3", "Sensor");
        receiver.awaits(3);
        change("urn:r:3", "Room");
        receiver.awaits(4);
        change("urn:r:2", "Sensor");
        receiver.awaits(5);
        delete("urn:r:2");
        receiver.awaits(6);
        register("urn:r:4", "Room");
        delete("urn:r:4");
        Hub.await("nothing waits", () -> hub.count("delivery") == 0);
        assertThat(receiver.got)
                .extracting(RegistrationNotificationsStoreTest::reason)
                .containsExactly(
                        "newlyMatching",
                        "newlyMatching",
                        "updated",
                        "noLongerMatching",
                        "newlyMatching",
                        "noLongerMatching");
    }

    @Test
    void anIntervalTellsAgainOfAllThatMatch() {
        register("urn:r:1", "Sensor");
        subscribe(",\"entities\":[{\"type\":\"Sensor\"}],\"timeInterval\":60");
        receiver.awaits(1);
        clock.advance(Duration.ofSeconds(60));
        notifier.subscriptionsChanged();
        receiver.awaits(2);
        assertThat(receiver.ids()).containsExactly("urn:r:1", "urn:r:1");
    }

    @Test
    void whoMayNotReadRegistrationsIsToldOfNone() {
        access.readable("police");
        subscribe(",\"entities\":[{\"type\":\"Sensor\"}]");
        register("urn:r:1", "Sensor");
        Hub.await("it is handled", () -> hub.count("cursor where name = 'hub.subscriptions' and seq > 0") == 1);
        access.readable("fire");
        register("urn:r:2", "Sensor");
        receiver.awaits(1);
        assertThat(receiver.ids()).containsExactly("urn:r:2");
    }

    @Test
    void roomsAndEventsDoNotSeeThem() {
        java.util.concurrent.atomic.AtomicInteger seen = new java.util.concurrent.atomic.AtomicInteger();
        changes.follow("test.all", Set.of(), change -> seen.incrementAndGet());
        register("urn:r:1", "Sensor");
        hub.put(Entity.of("urn:x:1", "Sensor", FIRE).with("n", Attribute.property(1)));
        Hub.await("the entity is seen", () -> seen.get() > 0);
        assertThat(seen).hasValue(1);
    }
}

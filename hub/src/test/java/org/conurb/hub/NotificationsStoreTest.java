package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.hub.Hub.FIRE;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.conurb.hub.Subscription.About;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Health;
import org.conurb.kernel.Ids;
import org.conurb.kernel.Json;
import org.conurb.outbound.OutboundHttp;
import org.conurb.outbound.OutboundMqtt;
import org.conurb.outbound.OutboundPolicy;
import org.conurb.store.Transactions;
import org.conurb.testkit.FakeAccess;
import org.conurb.testkit.Mosquitto;
import org.conurb.testkit.TestClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class NotificationsStoreTest {
    private static final NotificationSettings QUICK = new NotificationSettings(
            Duration.ofSeconds(2), Duration.ofMillis(20), Duration.ofMillis(100), Duration.ofHours(1), 100);
    private static final String SENSORS = ",\"entities\":[{\"type\":\"Sensor\"}]";

    private final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");
    private final Hub hub = new Hub(clock);
    private final FakeAccess access = FakeAccess.to("fire");
    private final OutboundPolicy policy = OutboundPolicy.parse(List.of("127.0.0.1"));
    private final OutboundHttp http = new OutboundHttp(policy);
    private final OutboundMqtt mqtt = new OutboundMqtt(policy);
    private final SubscriptionStore store = new SubscriptionStore(hub.transactions);
    private final Receiver receiver = new Receiver();
    private Changes changes = hub.changes();
    private Notifier notifier = notifier();

    private Notifier notifier() {
        Notifier made = new Notifier(
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
        made.start(changes);
        return made;
    }

    private void restart() {
        changes.close();
        notifier.close();
        changes = hub.changes();
        notifier = notifier();
    }

    @AfterEach
    void close() throws Exception {
        notifier.close();
        hub.close();
        http.close();
        mqtt.close();
        receiver.close();
    }

    private void subscribeAt(String id, String uri, String more) {
        subscribe(id, more, "\"endpoint\":{\"uri\":\"%s\"},\"format\":\"keyValues\"".formatted(uri));
    }

    private void subscribe(String id, String more, String notification) {
        ObjectNode body = (ObjectNode) Json.mapper()
                .readTree("{\"id\":\"%s\",\"type\":\"Subscription\"%s,\"notification\":{%s}}"
                        .formatted(id, more, notification));
        Subscription subscription = new SubscriptionReader(About.ENTITIES, LdContext.CORE, hub.contexts).read(body);
        hub.transactions.doAs(Set.of(FIRE), () -> store.insert(Hub.DISPATCHER, body, subscription, clock.instant()));
        notifier.subscriptionsChanged();
    }

    private String to(Receiver one, String more) {
        return "\"endpoint\":{\"uri\":\"%s\"%s}".formatted(one.uri("n"), more);
    }

    private static Entity sensor(int n) {
        return Entity.of("urn:ngsi-ld:Sensor:" + n, "Sensor", FIRE)
                .with("n", Attribute.property(n))
                .with("other", Attribute.property("x"));
    }

    private void delete(String id) {
        hub.transactions.doAs(Set.of(FIRE), () -> hub.entities.delete(Hub.DISPATCHER, id));
    }

    private SubscriptionStore.Row row(String id) {
        return hub.as(FIRE, () -> store.find(FIRE, About.ENTITIES, id, false).orElseThrow());
    }

    private void settled() {
        Hub.await("nothing waits", () -> hub.count("delivery") == 0);
    }

    private static JsonNode json(String text) {
        return Json.mapper().readTree(text);
    }

    @Test
    void aDeadReceiverDelaysNobodyAndGetsEverythingInOrderWhenItIsBack() {
        try (Receiver dead = new Receiver()) {
            dead.status = 503;
            subscribeAt("urn:s:dead", dead.uri("a"), SENSORS);
            subscribeAt("urn:s:good", receiver.uri("b"), SENSORS);
            for (int n = 0; n < 20; n++) {
                hub.put(sensor(n));
            }
            receiver.awaits(20);
            Hub.await("it shows", () -> notifier.read().state() == Health.State.DEGRADED);
            dead.status = 200;
            dead.awaits(20);
            assertThat(dead.ids())
                    .isEqualTo(receiver.ids())
                    .startsWith("urn:ngsi-ld:Sensor:0")
                    .doesNotHaveDuplicates();
            Hub.await("all is counted", () -> row("urn:s:dead").counts().sent() == 20);
            assertThat(row("urn:s:dead").counts().failed()).isPositive();
        }
    }

    @Test
    void aReceiverThatIsKilledAndStartedAgainMissesNothing() {
        subscribeAt("urn:s:1", receiver.uri("a"), SENSORS);
        hub.put(sensor(0));
        receiver.awaits(1);
        receiver.stop();
        for (int n = 1; n <= 5; n++) {
            hub.put(sensor(n));
        }
        Hub.await("it fails", () -> row("urn:s:1").counts().failed() > 0);
        receiver.startAgain();
        receiver.awaits(6);
        settled();
        assertThat(receiver.ids())
                .containsExactly(
                        "urn:ngsi-ld:Sensor:0",
                        "urn:ngsi-ld:Sensor:1",
                        "urn:ngsi-ld:Sensor:2",
                        "urn:ngsi-ld:Sensor:3",
                        "urn:ngsi-ld:Sensor:4",
                        "urn:ngsi-ld:Sensor:5");
    }

    @Test
    void manyMoreThanAreHandedOverInMemoryArriveOnceAndInOrder() {
        subscribeAt("urn:s:1", receiver.uri("a"), SENSORS);
        hub.transactions.doAs(Set.of(FIRE), () -> {
            for (int n = 0; n < 700; n++) {
                hub.entities.put(Hub.DISPATCHER, sensor(n));
            }
        });
        receiver.awaits(700);
        settled();
        assertThat(receiver.ids()).hasSize(700).doesNotHaveDuplicates();
        for (int n = 0; n < 700; n++) {
            assertThat(receiver.ids().get(n)).isEqualTo("urn:ngsi-ld:Sensor:" + n);
        }
    }

    @Test
    void whatWaitsSurvivesARestart() {
        receiver.status = 500;
        subscribeAt("urn:s:1", receiver.uri("a"), SENSORS);
        hub.put(sensor(1));
        hub.put(sensor(2));
        Hub.await("it waits", () -> hub.count("delivery") == 2);
        notifier.close();
        receiver.status = 200;
        restart();
        receiver.awaits(2);
        settled();
    }

    @Test
    void idPatternTypeAttributeAndQSelectAlike() {
        subscribeAt(
                "urn:s:id",
                receiver.uri("id"),
                ",\"entities\":[{\"type\":\"Sensor\",\"id\":\"urn:ngsi-ld:Sensor:1\"}]");
        subscribeAt("urn:s:pattern", receiver.uri("p"), ",\"entities\":[{\"type\":\"*\",\"idPattern\":\"urn:.*:2\"}]");
        subscribeAt("urn:s:watched", receiver.uri("w"), ",\"watchedAttributes\":[\"other\"]");
        subscribeAt("urn:s:q", receiver.uri("q"), SENSORS + ",\"q\":\"n>2\"");
        subscribeAt(
                "urn:s:ids",
                receiver.uri("ids"),
                ",\"entities\":[{\"type\":\"Sensor\",\"id\":[\"urn:ngsi-ld:Sensor:2\",\"urn:ngsi-ld:Sensor:3\"]}]");
        for (int n = 1; n <= 3; n++) {
            hub.put(sensor(n));
        }
        hub.put(sensor(1).with("n", Attribute.property(9)));
        receiver.awaits(10);
        settled();
        assertThat(receiver.count("urn:s:id")).isEqualTo(2);
        assertThat(receiver.count("urn:s:pattern")).isEqualTo(1);
        assertThat(receiver.count("urn:s:watched")).isEqualTo(3);
        assertThat(receiver.count("urn:s:q")).isEqualTo(2);
        assertThat(receiver.count("urn:s:ids")).isEqualTo(2);
        assertThat(receiver.got.getFirst().at("/data/0/n").isNumber()).isTrue();
    }

    @Test
    void aSubscriberIsNotToldWhatItMayNotReadOrWhatConcernsPersons() {
        subscribeAt("urn:s:1", receiver.uri("a"), ",\"entities\":[{\"type\":\"*\"}]");
        hub.put(Entity.of("urn:ngsi-ld:Incident:1", "Incident", FIRE)
                .with("description", Attribute.property("secret"))
                .with("number", Attribute.property("I-1")));
        hub.transactions.doAs(
                Set.of(Hub.POLICE),
                () -> hub.entities.put(
                        Caller.system("test", Hub.POLICE),
                        Entity.of("urn:ngsi-ld:Sensor:p", "Sensor", Hub.POLICE).with("n", Attribute.property(1))));
        hub.put(sensor(5));
        receiver.awaits(2);
        assertThat(receiver.ids()).containsExactly("urn:ngsi-ld:Incident:1", "urn:ngsi-ld:Sensor:5");
        assertThat(receiver.got.toString()).contains("I-1").doesNotContain("secret");
    }

    @Test
    void whatConcernsPersonsIsNotToldByTheClockOrOfWhatWasBeforeEither() {
        hub.put(Entity.of("urn:ngsi-ld:Incident:1", "Incident", FIRE)
                .with("description", Attribute.property("secret"))
                .with("number", Attribute.property("I-1")));
        subscribe("urn:s:clock", ",\"entities\":[{\"type\":\"Incident\"}],\"timeInterval\":5", to(receiver, ""));
        subscribe(
                "urn:s:before",
                ",\"entities\":[{\"type\":\"Incident\"}],\"notificationTrigger\":[\"entityUpdated\",\"entityDeleted\"]",
                to(receiver, "") + ",\"showChanges\":true");
        hub.put(Entity.of("urn:ngsi-ld:Incident:1", "Incident", FIRE)
                .with("description", Attribute.property("hushed"))
                .with("number", Attribute.property("I-2")));
        receiver.awaits(1);
        delete("urn:ngsi-ld:Incident:1");
        receiver.awaits(2);
        hub.put(Entity.of("urn:ngsi-ld:Incident:2", "Incident", FIRE)
                .with("description", Attribute.property("secret"))
                .with("number", Attribute.property("I-3")));
        clock.advance(Duration.ofSeconds(5));
        notifier.subscriptionsChanged();
        receiver.awaits(3);
        assertThat(receiver.got.toString())
                .contains("I-1", "I-2", "I-3")
                .doesNotContain("secret")
                .doesNotContain("hushed");
    }

    @Test
    void eachTriggerFiresForItsChangesAlone() {
        for (String trigger : List.of(
                "entityCreated",
                "entityUpdated",
                "entityDeleted",
                "attributeCreated",
                "attributeUpdated",
                "attributeDeleted")) {
            subscribe(
                    "urn:s:" + trigger,
                    SENSORS + ",\"notificationTrigger\":[\"%s\"]".formatted(trigger),
                    to(receiver, ""));
        }
        subscribe("urn:s:usual", SENSORS, to(receiver, ""));
        hub.put(sensor(1)); // created: entityCreated, attributeCreated, usual
        hub.put(sensor(1).with("n", Attribute.property(2))); // updated: entityUpdated, attributeUpdated, usual
        hub.put(sensor(1)
                .with("n", Attribute.property(2))
                .with("more", Attribute.property(3))); // entityUpdated, attributeCreated, usual
        hub.put(sensor(1).with("n", Attribute.property(2))); // entityUpdated, attributeDeleted
        delete("urn:ngsi-ld:Sensor:1"); // entityDeleted, attributeDeleted
        receiver.awaits(13);
        settled();
        assertThat(receiver.count("urn:s:entityCreated")).isEqualTo(1);
        assertThat(receiver.count("urn:s:entityUpdated")).isEqualTo(3);
        assertThat(receiver.count("urn:s:entityDeleted")).isEqualTo(1);
        assertThat(receiver.count("urn:s:attributeCreated")).isEqualTo(2);
        assertThat(receiver.count("urn:s:attributeUpdated")).isEqualTo(1);
        assertThat(receiver.count("urn:s:attributeDeleted")).isEqualTo(2);
        assertThat(receiver.count("urn:s:usual")).isEqualTo(3);
    }

    @Test
    void whatWasDeletedIsToldAsTheStandardHasIt() {
        subscribe(
                "urn:s:a",
                SENSORS + ",\"notificationTrigger\":[\"attributeDeleted\"],\"watchedAttributes\":[\"other\"]",
                to(receiver, ""));
        hub.put(sensor(1));
        hub.put(Entity.of("urn:ngsi-ld:Sensor:1", "Sensor", FIRE).with("n", Attribute.property(1)));
        receiver.awaits(1);
        assertThat(receiver.last().at("/data/0")).isEqualTo(json("""
                {"id":"urn:ngsi-ld:Sensor:1","type":"Sensor","n":{"type":"Property","value":1},
                 "other":{"type":"Property","value":"urn:ngsi-ld:null"}}"""));
        subscribe("urn:s:e", SENSORS + ",\"notificationTrigger\":[\"entityDeleted\"]", to(receiver, ""));
        subscribe(
                "urn:s:c",
                SENSORS + ",\"notificationTrigger\":[\"entityDeleted\"]",
                to(receiver, "") + ",\"showChanges\":true,\"sysAttrs\":true");
        clock.advance(Duration.ofSeconds(1));
        delete("urn:ngsi-ld:Sensor:1");
        receiver.awaits(3);
        List<JsonNode> told = receiver.got.subList(1, 3).stream()
                .map(one -> one.at("/data/0"))
                .toList();
        assertThat(told).containsExactlyInAnyOrder(json("""
                        {"id":"urn:ngsi-ld:Sensor:1","type":"Sensor","deletedAt":"2026-03-01T08:00:01Z"}"""), json("""
                        {"id":"urn:ngsi-ld:Sensor:1","type":"Sensor",
                         "n":{"type":"Property","value":"urn:ngsi-ld:null","previousValue":1,"deletedAt":"2026-03-01T08:00:01Z"},
                         "createdAt":"2026-03-01T08:00:00Z","modifiedAt":"2026-03-01T08:00:01Z","deletedAt":"2026-03-01T08:00:01Z"}"""));
    }

    @Test
    void changesShowWhatWasBeforeForEveryKindOfAttribute() {
        subscribe("urn:s:1", SENSORS, to(receiver, "") + ",\"showChanges\":true");
        write("""
                {"id":"urn:ngsi-ld:Sensor:1","type":"Sensor","p":1,"r":{"object":"urn:x:1"},"l":{"languageMap":{"fr":"un"}},
                 "g":{"type":"GeoProperty","value":{"type":"Point","coordinates":[1,1]}},"v":{"vocab":"a"},"j":{"json":{"k":[1]}},
                 "pl":{"valueList":[1]},"rl":{"objectList":["urn:x:1"]},"same":5}""");
        receiver.awaits(1);
        assertThat(receiver.last().toString()).doesNotContain("previous");
        write("""
                {"id":"urn:ngsi-ld:Sensor:1","type":"Sensor","p":2,"r":{"object":"urn:x:2"},"l":{"languageMap":{"fr":"deux"}},
                 "g":{"type":"GeoProperty","value":{"type":"Point","coordinates":[2,2]}},"v":{"vocab":"b"},"j":{"json":{"k":[2]}},
                 "pl":{"valueList":[2]},"rl":{"objectList":["urn:x:2"]},"same":5}""");
        receiver.awaits(2);
        JsonNode told = receiver.last().at("/data/0");
        assertThat(told.at("/p/previousValue").asInt()).isEqualTo(1);
        assertThat(told.at("/r/previousObject").stringValue()).isEqualTo("urn:x:1");
        assertThat(told.at("/l/previousLanguageMap")).isEqualTo(json("{\"fr\":\"un\"}"));
        assertThat(told.at("/g/previousValue")).isEqualTo(json("{\"type\":\"Point\",\"coordinates\":[1,1]}"));
        assertThat(told.at("/v/previousVocab").stringValue()).isEqualTo("a");
        assertThat(told.at("/j/previousJson")).isEqualTo(json("{\"k\":[1]}"));
        assertThat(told.at("/pl/previousValueList")).isEqualTo(json("[1]"));
        assertThat(told.at("/rl/previousObjectList")).isEqualTo(json("[{\"object\":\"urn:x:1\"}]"));
        assertThat(told.at("/same").size()).isEqualTo(2);
    }

    private void write(String entity) {
        ObjectNode document = new EntityReader(LdContext.CORE).entity((ObjectNode) json(entity));
        hub.transactions.doAs(Set.of(FIRE), () -> hub.entities.write(FIRE, document));
    }

    @Test
    void headersFormAndContextAreThoseOfTheSubscription() {
        subscribe(
                "urn:s:json",
                SENSORS,
                to(receiver, ",\"receiverInfo\":[{\"key\":\"Authorization\",\"value\":\"Bearer t\"}]")
                        + ",\"sysAttrs\":true,\"format\":\"concise\"");
        hub.put(sensor(1));
        receiver.awaits(1);
        assertThat(receiver.headers.getFirst().getFirst("Authorization")).isEqualTo("Bearer t");
        assertThat(receiver.headers.getFirst().getFirst("Content-Type")).isEqualTo("application/json");
        assertThat(receiver.headers.getFirst().getFirst("Link")).contains("json-ld#context");
        JsonNode told = receiver.last();
        assertThat(told.get("type").stringValue()).isEqualTo("Notification");
        assertThat(told.get("notifiedAt").stringValue()).isEqualTo("2026-03-01T08:00:00Z");
        assertThat(told.has("@context")).isFalse();
        assertThat(told.at("/data/0")).isEqualTo(json("""
                {"id":"urn:ngsi-ld:Sensor:1","type":"Sensor","n":1,"other":"x",
                 "createdAt":"2026-03-01T08:00:00Z","modifiedAt":"2026-03-01T08:00:00Z"}"""));
        subscribe(
                "urn:s:ld",
                ",\"entities\":[{\"type\":\"Other\"}]",
                to(receiver, ",\"accept\":\"application/ld+json\""));
        hub.put(Entity.of("urn:ngsi-ld:Other:1", "Other", FIRE).with("n", Attribute.property(1)));
        receiver.awaits(2);
        assertThat(receiver.headers.getLast().getFirst("Content-Type")).isEqualTo("application/ld+json");
        assertThat(receiver.headers.getLast().getFirst("Link")).isNull();
        assertThat(receiver.last().has("@context")).isTrue();
    }

    @Test
    void aChangeIsToldWithinItsTenantOnlyAndTheReceiverLearnsWhichItIs() {
        in("north", () -> subscribeAt("urn:s:1", receiver.uri("north"), SENSORS));
        in("south", () -> subscribeAt("urn:s:1", receiver.uri("south"), SENSORS));
        in("north", () -> hub.put(sensor(1)));
        hub.put(sensor(2));
        in("south", () -> hub.put(sensor(3)));
        in("north", () -> hub.put(sensor(4)));
        receiver.awaits(3);
        settled();

        assertThat(receiver.ids())
                .containsExactlyInAnyOrder("urn:ngsi-ld:Sensor:1", "urn:ngsi-ld:Sensor:3", "urn:ngsi-ld:Sensor:4");
        assertThat(receiver.headers.stream().map(headers -> headers.getFirst("NGSILD-Tenant")))
                .containsExactlyInAnyOrder("north", "north", "south");
    }

    private static void in(String tenant, Runnable work) {
        Transactions.within(tenant, () -> {
            work.run();
            return true;
        });
    }

    @Test
    void scopesTypesAndLinkedEntitiesSelect() {
        write("{\"id\":\"urn:ngsi-ld:Device:low\",\"type\":\"Device\",\"battery\":0.3}");
        write("{\"id\":\"urn:ngsi-ld:Device:full\",\"type\":\"Device\",\"battery\":0.9}");
        subscribe("urn:s:scope", SENSORS + ",\"scopeQ\":\"/Alder/#\"", to(receiver, ""));
        subscribe("urn:s:types", ",\"entities\":[{\"type\":\"Sensor;Mobile\"}]", to(receiver, ""));
        subscribe("urn:s:linked", SENSORS + ",\"q\":\"runsOn{battery}<0.5\"", to(receiver, ""));
        write(
                "{\"id\":\"urn:ngsi-ld:Sensor:1\",\"type\":\"Sensor\",\"scope\":\"/Alder/North\",\"runsOn\":{\"object\":\"urn:ngsi-ld:Device:full\"}}");
        write(
                "{\"id\":\"urn:ngsi-ld:Sensor:2\",\"type\":[\"Sensor\",\"Mobile\"],\"runsOn\":{\"object\":\"urn:ngsi-ld:Device:low\"}}");
        receiver.awaits(3);
        settled();
        assertThat(receiver.got)
                .extracting(one -> one.get("subscriptionId").stringValue() + " "
                        + one.at("/data/0/id").stringValue())
                .containsExactlyInAnyOrder(
                        "urn:s:scope urn:ngsi-ld:Sensor:1",
                        "urn:s:types urn:ngsi-ld:Sensor:2",
                        "urn:s:linked urn:ngsi-ld:Sensor:2");
    }

    @Test
    void membersInstancesLanguagesAndPlacesAreToldAsAskedFor() {
        subscribe("urn:s:pick", SENSORS, to(receiver, "") + ",\"format\":\"keyValues\",\"pick\":[\"id\",\"p\"]");
        subscribe(
                "urn:s:omit",
                SENSORS,
                to(receiver, "") + ",\"format\":\"keyValues\",\"omit\":[\"p\",\"l\",\"location\",\"d\"]");
        subscribe(
                "urn:s:lang",
                SENSORS + ",\"lang\":\"fr\"",
                to(receiver, "") + ",\"format\":\"keyValues\",\"pick\":[\"l\"]");
        subscribe(
                "urn:s:data",
                SENSORS + ",\"datasetId\":[\"urn:d:1\"]",
                to(receiver, "") + ",\"format\":\"keyValues\",\"pick\":[\"d\"]");
        subscribe(
                "urn:s:geo",
                SENSORS,
                to(receiver, ",\"accept\":\"application/geo+json\"")
                        + ",\"format\":\"keyValues\",\"pick\":[\"id\",\"p\"]");
        write("""
                {"id":"urn:ngsi-ld:Sensor:1","type":"Sensor","p":1,"l":{"languageMap":{"fr":"un","en":"one"}},
                 "d":[{"value":1},{"value":2,"datasetId":"urn:d:1"}],
                 "location":{"type":"GeoProperty","value":{"type":"Point","coordinates":[1,2]}}}""");
        receiver.awaits(5);
        java.util.Map<String, JsonNode> told = new java.util.HashMap<>();
        receiver.got.forEach(one -> told.put(one.get("subscriptionId").stringValue(), one.get("data")));
        assertThat(told.get("urn:s:pick").get(0)).isEqualTo(json("{\"id\":\"urn:ngsi-ld:Sensor:1\",\"p\":1}"));
        assertThat(told.get("urn:s:omit").get(0))
                .isEqualTo(json("{\"id\":\"urn:ngsi-ld:Sensor:1\",\"type\":\"Sensor\"}"));
        assertThat(told.get("urn:s:lang").get(0)).isEqualTo(json("{\"l\":\"un\"}"));
        assertThat(told.get("urn:s:data").get(0)).isEqualTo(json("{\"d\":2}"));
        assertThat(told.get("urn:s:geo")).isEqualTo(json("""
                {"type":"FeatureCollection","features":[{"id":"urn:ngsi-ld:Sensor:1","type":"Feature",
                 "geometry":{"type":"Point","coordinates":[1,2]},"properties":{"p":1}}]}"""));
    }

    @Test
    void linkedEntitiesComeAlong() {
        write("{\"id\":\"urn:ngsi-ld:Room:1\",\"type\":\"Room\",\"name\":\"hall\"}");
        subscribe("urn:s:flat", SENSORS, to(receiver, "") + ",\"format\":\"keyValues\",\"join\":\"flat\"");
        subscribe("urn:s:inline", SENSORS, to(receiver, "") + ",\"join\":\"inline\",\"joinLevel\":1");
        write("{\"id\":\"urn:ngsi-ld:Sensor:1\",\"type\":\"Sensor\",\"in\":{\"object\":\"urn:ngsi-ld:Room:1\"}}");
        receiver.awaits(2);
        java.util.Map<String, JsonNode> told = new java.util.HashMap<>();
        receiver.got.forEach(one -> told.put(one.get("subscriptionId").stringValue(), one.get("data")));
        assertThat(told.get("urn:s:flat").at("/1/name").stringValue()).isEqualTo("hall");
        assertThat(told.get("urn:s:inline").at("/0/in/entity/name/value").stringValue())
                .isEqualTo("hall");
    }

    @Test
    void throttlingKeepsTheLatestBackUntilItsTimeIsOverAndSurvivesARestart() {
        subscribe("urn:s:1", SENSORS + ",\"throttling\":10", to(receiver, "") + ",\"format\":\"keyValues\"");
        hub.put(sensor(1));
        receiver.awaits(1);
        hub.put(sensor(1).with("n", Attribute.property(2)));
        hub.put(sensor(1).with("n", Attribute.property(3)));
        hub.put(sensor(2));
        Hub.await("both are kept back", () -> hub.count("withheld") == 2);
        Hub.await("the last one", () -> hub.count("withheld where told like '%\"n\":3%'") == 1);
        restart();
        clock.advance(Duration.ofMillis(9_999));
        notifier.subscriptionsChanged();
        hub.put(sensor(3));
        Hub.await("still kept back", () -> hub.count("withheld") == 3);
        assertThat(receiver.got).hasSize(1);
        clock.advance(Duration.ofMillis(1));
        notifier.subscriptionsChanged();
        receiver.awaits(2);
        assertThat(receiver.last().get("data")).isEqualTo(json("""
                [{"id":"urn:ngsi-ld:Sensor:1","type":"Sensor","n":3,"other":"x"},
                 {"id":"urn:ngsi-ld:Sensor:2","type":"Sensor","n":2,"other":"x"},
                 {"id":"urn:ngsi-ld:Sensor:3","type":"Sensor","n":3,"other":"x"}]"""));
        Hub.await("nothing is left", () -> hub.count("withheld") == 0);
        hub.put(sensor(4));
        Hub.await("kept back again", () -> hub.count("withheld") == 1);
        clock.advance(Duration.ofSeconds(10));
        hub.put(sensor(5));
        receiver.awaits(3);
        settled();
        List<String> ids = new ArrayList<>();
        receiver.got
                .subList(2, receiver.got.size())
                .forEach(one -> one.get("data")
                        .forEach(entity -> ids.add(entity.get("id").stringValue())));
        assertThat(ids).contains("urn:ngsi-ld:Sensor:4");
    }

    @Test
    void anIntervalTellsAllThatMatchesWhetherOrNotItChanged() {
        for (int n = 1; n <= 3; n++) {
            hub.put(sensor(n));
        }
        subscribe(
                "urn:s:1",
                SENSORS + ",\"q\":\"n>=2\",\"timeInterval\":60",
                to(receiver, "") + ",\"format\":\"keyValues\"");
        hub.put(sensor(4));
        clock.advance(Duration.ofSeconds(59));
        notifier.subscriptionsChanged();
        clock.advance(Duration.ofSeconds(1));
        notifier.subscriptionsChanged();
        receiver.awaits(1);
        assertThat(receiver.last().get("data"))
                .extracting(entity -> entity.get("id").stringValue())
                .containsExactly("urn:ngsi-ld:Sensor:2", "urn:ngsi-ld:Sensor:3", "urn:ngsi-ld:Sensor:4");
        Hub.await("it is counted", () -> row("urn:s:1").counts().sent() == 1);
        restart();
        clock.advance(Duration.ofSeconds(150)); // two turns are missed, and one is left to come
        notifier.subscriptionsChanged();
        receiver.awaits(2);
        settled();
        clock.advance(Duration.ofSeconds(60));
        notifier.subscriptionsChanged();
        receiver.awaits(3);
        settled();
        assertThat(receiver.got).hasSize(3);
    }

    @Test
    void anIntervalOfMoreThanOneNotificationHoldsComesInPages() {
        hub.transactions.doAs(Set.of(FIRE), () -> {
            for (int n = 0; n < Outbox.MOST + 10; n++) {
                hub.entities.put(Hub.DISPATCHER, sensor(n));
            }
        });
        subscribe("urn:s:1", SENSORS + ",\"timeInterval\":5", to(receiver, ""));
        clock.advance(Duration.ofSeconds(5));
        notifier.subscriptionsChanged();
        receiver.awaits(2);
        assertThat(receiver.got).extracting(one -> one.get("data").size()).containsExactly(Outbox.MOST, 10);
    }

    @Test
    void anExpiredOrPausedSubscriptionIsSilent() {
        subscribe("urn:s:soon", SENSORS + ",\"expiresAt\":\"2026-03-01T08:00:10Z\"", to(receiver, ""));
        subscribe("urn:s:paused", SENSORS + ",\"isActive\":false", to(receiver, ""));
        hub.put(sensor(1));
        receiver.awaits(1);
        clock.advance(Duration.ofSeconds(10));
        subscribe("urn:s:other", SENSORS, to(receiver, ""));
        hub.put(sensor(2));
        receiver.awaits(2);
        settled();
        assertThat(receiver.got)
                .extracting(one -> one.get("subscriptionId").stringValue())
                .containsExactly("urn:s:soon", "urn:s:other");
    }

    @Test
    void aRefusalOfTheReceiverIsCountedAndNotTriedAgain() {
        receiver.status = 404;
        subscribeAt("urn:s:1", receiver.uri("a"), SENSORS);
        hub.put(sensor(1));
        Hub.await("it is counted", () -> row("urn:s:1").counts().failed() == 1);
        settled();
        assertThat(row("urn:s:1").counts().lastFailureAt()).isEqualTo(Instant.parse("2026-03-01T08:00:00Z"));
    }

    @Test
    void aCooldownHoldsLongerThanTheUsualWait() {
        receiver.status = 503;
        subscribe("urn:s:1", SENSORS, to(receiver, ",\"cooldown\":60000"));
        hub.put(sensor(1));
        Hub.await("it fails once", () -> row("urn:s:1").counts().failed() == 1);
        receiver.status = 200;
        try (Receiver other = new Receiver()) {
            subscribeAt("urn:s:2", other.uri("a"), SENSORS);
            hub.put(sensor(2));
            other.awaits(1);
        }
        assertThat(receiver.got).isEmpty();
        assertThat(row("urn:s:1").counts().failed()).isEqualTo(1);
    }

    @Test
    void anMqttBrokerTakesNotificationsOfBothVersionsAndIsTriedAgainWhenItIsBack(@TempDir Path folder)
            throws Exception {
        assumeTrue(Mosquitto.isThere(), Mosquitto.missing());
        try (Mosquitto broker = new Mosquitto(folder).start()) {
            subscribeMqtt("urn:s:3", broker.port(), "v3", "mqtt3.1.1", 1);
            subscribeMqtt("urn:s:5", broker.port(), "v5", "mqtt5.0", 2);
            Mqtt5BlockingClient listener = listener(broker.port());
            try (var publishes = listener.publishes(MqttGlobalPublishFilter.ALL)) {
                hub.put(sensor(1));
                List<Mqtt5Publish> got = List.of(
                        publishes.receive(10, TimeUnit.SECONDS).orElseThrow(),
                        publishes.receive(10, TimeUnit.SECONDS).orElseThrow());
                assertThat(got)
                        .extracting(one -> one.getTopic().toString())
                        .containsExactlyInAnyOrder("city/v3", "city/v5");
                JsonNode message = json(new String(got.getFirst().getPayloadAsBytes(), StandardCharsets.UTF_8));
                assertThat(message.at("/metadata/Content-Type").stringValue()).isEqualTo("application/json");
                assertThat(message.at("/metadata/Link").stringValue()).contains("json-ld#context");
                assertThat(message.at("/metadata/X-Key").stringValue()).isEqualTo("k");
                assertThat(message.at("/body/type").stringValue()).isEqualTo("Notification");
                assertThat(message.at("/body/data/0/n").asInt()).isEqualTo(1);
            }
            broker.kill();
            hub.put(sensor(2));
            Hub.await("it fails", () -> row("urn:s:3").counts().failed() > 0);
            broker.start();
            Hub.await(
                    "both are taken",
                    () -> row("urn:s:3").counts().sent()
                                    + row("urn:s:5").counts().sent()
                            == 4);
            settled();
        }
    }

    private void subscribeMqtt(String id, int port, String topic, String version, int qos) {
        subscribe(id, SENSORS, """
                "format":"keyValues","endpoint":{"uri":"mqtt://127.0.0.1:%d/city/%s","receiverInfo":[{"key":"X-Key","value":"k"}],
                 "notifierInfo":[{"key":"MQTT-Version","value":"%s"},{"key":"MQTT-QoS","value":%d}]}""".formatted(port, topic, version, qos));
    }

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
}

package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.conurb.hub.Doors.Reply;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.kernel.Json;
import org.conurb.outbound.OutboundHttp;
import org.conurb.outbound.OutboundMqtt;
import org.conurb.outbound.OutboundPolicy;
import org.conurb.testkit.FakeAccess;
import org.conurb.testkit.FakeAudit;
import org.conurb.testkit.TestClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class SubscriptionApiTest {
    private static final String BODY = """
            {"id":"urn:s:1","type":"Subscription","entities":[{"type":"Sensor"}],"watchedAttributes":["speed"],"q":"speed>5",
             "notification":{"endpoint":{"uri":"http://127.0.0.1:9/x","accept":"application/json"}}}""";
    private static final String ALL = """
            {"id":"urn:s:1","type":"Subscription","subscriptionName":"n","description":"d",
             "entities":[{"type":"Sensor","id":"urn:x:1"},{"type":"Room","idPattern":"urn:.*"},{"type":"*"}],
             "watchedAttributes":["speed"],"notificationTrigger":["entityDeleted","attributeUpdated"],"q":"speed>5",
             "geoQ":{"georel":"near;maxDistance==100","geometry":"Point","coordinates":[1,2],"geoproperty":"location"},
             "csf":"endpoint","isActive":true,"expiresAt":"2030-01-01T00:00:00Z","throttling":5.5,"localOnly":true,
             "notification":{"attributes":["speed"],"format":"normalized","sysAttrs":true,"showChanges":true,
               "endpoint":{"uri":"mqtts://u:p@127.0.0.1:9/a/b","accept":"application/ld+json","timeout":500,"cooldown":1000,
                 "receiverInfo":[{"key":"X-A","value":"1"}],
                 "notifierInfo":[{"key":"MQTT-Version","value":"mqtt3.1.1"},{"key":"MQTT-QoS","value":"2"}]}}}""";

    private final Hub hub = new Hub(TestClock.at("2026-03-01T08:00:00Z"));
    private final FakeAccess access = FakeAccess.to("fire");
    private final FakeAudit audit = new FakeAudit();
    private final OutboundPolicy policy = OutboundPolicy.parse(List.of("127.0.0.1"));
    private final OutboundHttp http = new OutboundHttp(policy);
    private final OutboundMqtt mqtt = new OutboundMqtt(policy);
    private Caller caller = Hub.DISPATCHER;
    private final Subscriptions subscriptions = new Subscriptions(
            hub.transactions,
            new SubscriptionStore(hub.transactions),
            hub.contexts,
            access,
            audit,
            http,
            mqtt,
            hub.clock,
            new Ids(Clock.systemUTC(), new Random(1)),
            () -> {});
    private final Doors doors = new Doors(
            hub,
            () -> caller,
            new SubscriptionController(subscriptions, hub.contexts),
            new SubscriptionController.ToRegistrations(subscriptions, hub.contexts));

    @AfterEach
    void close() throws Exception {
        http.close();
        mqtt.close();
        hub.close();
    }

    private static JsonNode json(String text) {
        return Json.mapper().readTree(text);
    }

    @Test
    void theyAreKeptChangedAndRefusedWhereTheyPointInside() {
        Reply created = doors.post("subscriptions", BODY);
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        assertThat(created.header("Location")).isEqualTo("/ngsi-ld/v1/subscriptions/urn:s:1");
        assertThat(doors.post("subscriptions", BODY).status()).isEqualTo(409);
        assertThat(doors.get("subscriptions/urn:s:1").json()).isEqualTo(json("""
                {"id":"urn:s:1","type":"Subscription","entities":[{"type":"Sensor"}],"watchedAttributes":["speed"],"q":"speed>5",
                 "notification":{"endpoint":{"uri":"http://127.0.0.1:9/x","accept":"application/json"},"status":"ok","timesSent":0,"timesFailed":0},
                 "status":"active"}"""));
        assertThat(doors.patch("subscriptions/urn:s:1", "{\"isActive\":false}").status())
                .isEqualTo(204);
        assertThat(doors.get("subscriptions").json().at("/0/status").stringValue())
                .isEqualTo("paused");
        assertThat(doors.get("subscriptions/urn:s:1?options=sysAttrs")
                        .json()
                        .get("createdAt")
                        .stringValue())
                .isEqualTo("2026-03-01T08:00:00Z");
        assertThat(doors.patch("subscriptions/urn:s:1", "{\"q\":\"((\"}").status())
                .isEqualTo(400);
        for (String inside :
                List.of("http://10.0.0.1/x", "mqtt://10.0.0.1/x", "http://169.254.169.254/", "mqtt://[::1]/t")) {
            String body = BODY.replace("urn:s:1", "urn:s:2").replace("http://127.0.0.1:9/x", inside);
            assertThat(doors.post("subscriptions", body).status()).as(inside).isEqualTo(403);
        }
        assertThat(doors.delete("subscriptions/urn:s:1").status()).isEqualTo(204);
        assertThat(doors.get("subscriptions/urn:s:1").status()).isEqualTo(404);
        assertThat(audit.actions())
                .containsExactly("subscription.created", "subscription.changed", "subscription.deleted");
    }

    @Test
    void everyMemberIsTakenAndReadBackAsItWasSent() {
        assertThat(doors.post("subscriptions", ALL))
                .extracting(Reply::status, Reply::body)
                .containsExactly(201, "");
        JsonNode told = doors.get("subscriptions/urn:s:1").json();
        json(ALL).properties().forEach(member -> {
            if (!member.getKey().equals("notification")) {
                assertThat(told.get(member.getKey())).as(member.getKey()).isEqualTo(member.getValue());
            }
        });
        assertThat(told.at("/notification/endpoint")).isEqualTo(json(ALL).at("/notification/endpoint"));
    }

    @Test
    void whatOnlyTheHubCanSayIsNotTakenFromClients() {
        doors.post(
                "subscriptions",
                BODY.replace(
                        "\"notification\":{",
                        "\"status\":\"expired\",\"createdAt\":\"x\",\"notification\":{\"timesSent\":42,\"lastFailure\":\"y\","));
        JsonNode told = doors.get("subscriptions/urn:s:1").json();
        assertThat(told.get("status").stringValue()).isEqualTo("active");
        assertThat(told.at("/notification/timesSent").asInt()).isZero();
        assertThat(told.toString()).doesNotContain("lastFailure");
    }

    @Test
    void aPatchMergesTakesAwayAndMayNotLeaveSomethingWrong() {
        doors.post("subscriptions", ALL);
        assertThat(doors.patch(
                                "subscriptions/urn:s:1",
                                "{\"expiresAt\":null,\"throttling\":\"urn:ngsi-ld:null\",\"notification\":{\"endpoint\":{\"timeout\":700}}}")
                        .status())
                .isEqualTo(204);
        JsonNode told = doors.get("subscriptions/urn:s:1").json();
        assertThat(told.has("expiresAt") || told.has("throttling")).isFalse();
        assertThat(told.at("/notification/endpoint/timeout").asInt()).isEqualTo(700);
        assertThat(told.at("/notification/endpoint/uri").stringValue()).startsWith("mqtts://");
        for (String wrong : List.of(
                "{\"notification\":{\"endpoint\":null}}",
                "{\"notification\":null}",
                "{\"id\":\"urn:s:2\"}",
                "{\"timeInterval\":5}",
                "{\"expiresAt\":\"2020-01-01T00:00:00Z\"}",
                "{\"unknown\":1}",
                "[]",
                "")) {
            assertThat(doors.patch("subscriptions/urn:s:1", wrong).status())
                    .as(wrong)
                    .isEqualTo(400);
        }
        assertThat(doors.get("subscriptions/urn:s:1").json()).isEqualTo(told);
        assertThat(doors.patch("subscriptions/urn:s:9", "{}").status()).isEqualTo(404);
        assertThat(doors.patch("subscriptions/nouri", "{}").status()).isEqualTo(400);
    }

    @Test
    void pagesCountAndOffsetGoThroughAll() {
        for (int n = 0; n < 5; n++) {
            doors.post("subscriptions", BODY.replace("urn:s:1", "urn:s:" + n));
        }
        doors.post("csourceSubscriptions", BODY);
        List<String> seen = new ArrayList<>();
        String next = "subscriptions?limit=2&count=true";
        while (next != null) {
            Reply page = doors.get(next);
            assertThat(page.header("NGSILD-Results-Count")).isEqualTo("5");
            page.json().forEach(one -> seen.add(one.get("id").stringValue()));
            String link = page.header("Link");
            next = link.contains("rel=\"next\"")
                    ? link.replaceAll(".*</ngsi-ld/v1/([^>]*)>; rel=\"next\".*", "$1")
                    : null;
        }
        assertThat(seen).containsExactly("urn:s:0", "urn:s:1", "urn:s:2", "urn:s:3", "urn:s:4");
        assertThat(doors.get("subscriptions?limit=2&offset=4").json().size()).isEqualTo(1);
        for (String wrong :
                List.of("limit=-1", "offset=-1", "offset=x", "cursor=x", "count=x", "page=2", "limit=5000")) {
            assertThat(doors.get("subscriptions?" + wrong).status()).as(wrong).isEqualTo(400);
        }
    }

    @Test
    void thoseToRegistrationsAreThingsOfTheirOwn() {
        Reply created = doors.post("csourceSubscriptions", BODY);
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        assertThat(created.header("Location")).isEqualTo("/ngsi-ld/v1/csourceSubscriptions/urn:s:1");
        assertThat(doors.get("subscriptions/urn:s:1").status()).isEqualTo(404);
        assertThat(doors.post("subscriptions", BODY).status()).isEqualTo(201);
        assertThat(doors.delete("csourceSubscriptions/urn:s:1").status()).isEqualTo(204);
        assertThat(doors.get("subscriptions/urn:s:1").status()).isEqualTo(200);
        String temporal = BODY.replace(
                "\"q\":\"speed>5\"", "\"temporalQ\":{\"timerel\":\"before\",\"timeAt\":\"2026-01-01T00:00:00Z\"}");
        assertThat(doors.post("csourceSubscriptions", temporal).status()).isEqualTo(201);
        assertThat(doors.post("subscriptions", temporal.replace("urn:s:1", "urn:s:3"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void namesComeAndGoUnderTheContextOfTheRequest() {
        String context = "{\"Sensor\":\"https://x.test/S\",\"speed\":\"https://x.test/v\"}";
        assertThat(doors.call(
                                "POST",
                                "subscriptions",
                                BODY.replaceFirst("\\{", "{\"@context\":" + context + ","),
                                "Content-Type",
                                "application/ld+json")
                        .status())
                .isEqualTo(201);
        JsonNode told = doors.get("subscriptions/urn:s:1").json();
        assertThat(told.at("/entities/0/type").stringValue()).isEqualTo("https://x.test/S");
        assertThat(told.at("/watchedAttributes/0").stringValue()).isEqualTo("https://x.test/v");
        assertThat(doors.patch("subscriptions/urn:s:1", "{\"watchedAttributes\":[\"speed\"]}")
                        .status())
                .isEqualTo(204);
        assertThat(doors.get("subscriptions/urn:s:1")
                        .json()
                        .at("/watchedAttributes/0")
                        .stringValue())
                .isEqualTo("speed");
    }

    /** Whether the subscription's q looks at that attribute. */
    private boolean asks(String attribute) {
        SubscriptionStore.Row row = subscriptions.get(caller, Subscription.About.ENTITIES, "urn:s:1");
        return row.subscription(hub.contexts).query().looksAt(java.util.Set.of(attribute));
    }

    @Test
    void anotherOrganisationsIsAbsentInTheSameWords() {
        doors.post("subscriptions", BODY);
        caller = Hub.OFFICER;
        access.readable("police").writable("police");
        Reply foreign = doors.get("subscriptions/urn:s:1");
        assertThat(foreign.status()).isEqualTo(404);
        assertThat(foreign.body().replace("urn:s:1", "urn:s:2"))
                .isEqualTo(doors.get("subscriptions/urn:s:2").body());
        assertThat(doors.patch("subscriptions/urn:s:1", "{}").status()).isEqualTo(404);
        assertThat(doors.delete("subscriptions/urn:s:1").status()).isEqualTo(404);
        assertThat(doors.get("subscriptions").json().size()).isZero();
    }

    @Test
    void aWrongMemberIsRefusedAndChangesNothing() {
        for (String member : List.of(
                "\"type\":7",
                "\"type\":\"Other\"",
                "\"id\":\"no uri\"",
                "\"id\":7",
                "\"subscriptionName\":7",
                "\"description\":[]",
                "\"entities\":{}",
                "\"entities\":[]",
                "\"entities\":[7]",
                "\"entities\":[{}]",
                "\"entities\":[{\"type\":7}]",
                "\"entities\":[{\"type\":\"a b\"}]",
                "\"entities\":[{\"type\":\"T\",\"id\":\"x\"}]",
                "\"entities\":[{\"type\":\"T\",\"idPattern\":\"(\"}]",
                "\"entities\":[{\"type\":\"T\",\"more\":1}]",
                "\"watchedAttributes\":[]",
                "\"watchedAttributes\":[7]",
                "\"watchedAttributes\":[\"a b\"]",
                "\"notificationTrigger\":[\"entityChanged\"]",
                "\"notificationTrigger\":[]",
                "\"timeInterval\":5",
                "\"timeInterval\":-1",
                "\"timeInterval\":0",
                "\"timeInterval\":\"5\"",
                "\"throttling\":-1",
                "\"throttling\":0",
                "\"throttling\":\"x\"",
                "\"throttling\":1e30",
                "\"q\":\"((\"",
                "\"q\":7",
                "\"csf\":\"((\"",
                "\"geoQ\":7",
                "\"geoQ\":{}",
                "\"geoQ\":{\"georel\":\"near\",\"geometry\":\"Point\",\"coordinates\":[1,1]}",
                "\"geoQ\":{\"georel\":\"within\",\"geometry\":\"Polygon\",\"coordinates\":[[[0,0],[1,1]]]}",
                "\"isActive\":\"yes\"",
                "\"expiresAt\":\"tomorrow\"",
                "\"expiresAt\":\"2020-01-01T00:00:00Z\"",
                "\"lang\":7",
                "\"lang\":\";;\"",
                "\"datasetId\":[7]",
                "\"datasetId\":[\"x\"]",
                "\"scopeQ\":\"a b\"",
                "\"scopeQ\":7",
                "\"jsonldContext\":\"no uri\"",
                "\"localOnly\":7",
                "\"nothingKnown\":1",
                "\"description\":\"\\u0000\"",
                "\"notification\":7",
                "\"notification\":{}")) {
            String name = member.substring(1, member.indexOf('"', 1));
            var body = (tools.jackson.databind.node.ObjectNode) json(BODY);
            body.set(name, json("{" + member + "}").get(name));
            refused(body.toString());
        }
    }

    @Test
    void aWrongMemberOfTheNotificationIsRefused() {
        for (String member : List.of(
                "\"attributes\":[7]",
                "\"attributes\":[\"a b\"]",
                "\"attributes\":[\"a,b\"]",
                "\"pick\":[7]",
                "\"omit\":[\"a,b\"]",
                "\"pick\":[\"a\"],\"attributes\":[\"a\"]",
                "\"join\":\"sideways\"",
                "\"joinLevel\":2",
                "\"join\":\"flat\",\"joinLevel\":99",
                "\"format\":\"xml\"",
                "\"format\":7",
                "\"sysAttrs\":\"x\"",
                "\"showChanges\":\"x\"",
                "\"showChanges\":true,\"format\":\"keyValues\"",
                "\"more\":1")) {
            refused(BODY.replace("\"endpoint\"", member + ",\"endpoint\""));
        }
    }

    @Test
    void aWrongMemberOfTheEndpointIsRefused() {
        for (String member : List.of(
                "\"uri\":7",
                "\"uri\":\"ftp://127.0.0.1/x\"",
                "\"uri\":\"no uri\"",
                "\"uri\":\"http://127.0.0.1/ x\"",
                "\"accept\":\"text/html\"",
                "\"timeout\":0",
                "\"timeout\":3600000",
                "\"cooldown\":-1",
                "\"receiverInfo\":{\"key\":\"A\"}",
                "\"receiverInfo\":[{\"key\":\"A b\",\"value\":\"x\"}]",
                "\"receiverInfo\":[{\"key\":\"Host\",\"value\":\"x\"}]",
                "\"receiverInfo\":[{\"key\":\"Content-Length\",\"value\":\"5\"}]",
                "\"receiverInfo\":[{\"key\":\"A\",\"value\":\"x\\r\\nB: y\"}]",
                "\"receiverInfo\":[{\"key\":\"A\",\"value\":[]}]",
                "\"receiverInfo\":[{\"key\":\"A\",\"value\":\"x\"},{\"key\":\"A\",\"value\":\"y\"}]",
                "\"notifierInfo\":[{\"key\":\"MQTT-Version\",\"value\":\"mqtt4\"}]",
                "\"notifierInfo\":[{\"key\":\"MQTT-QoS\",\"value\":3}]",
                "\"notifierInfo\":[{\"key\":\"Other\",\"value\":3}]",
                "\"more\":1")) {
            String name = member.substring(1, member.indexOf('"', 1));
            var body = (tools.jackson.databind.node.ObjectNode) json(BODY);
            ((tools.jackson.databind.node.ObjectNode) body.at("/notification/endpoint"))
                    .set(name, json("{" + member + "}").get(name));
            refused(body.toString());
        }
    }

    private void refused(String body) {
        for (String door : List.of("subscriptions", "csourceSubscriptions")) {
            Reply reply = doors.post(door, body);
            assertThat(reply.status()).as(body + reply.body()).isEqualTo(400);
            assertThat(reply.json().get("type").stringValue()).startsWith(NgsiLdFault.TYPES);
            assertThat(reply.json().get("remedy").stringValue()).isNotBlank();
        }
        assertThat(hub.count("subscription")).isZero();
    }

    @Test
    void whatIsNoJsonOrTooDeepIsRefused() {
        for (String body : List.of("", "null", "[]", "7", "{", "{\"a\":".repeat(100_000), "[".repeat(100_000))) {
            assertThat(doors.post("subscriptions", body).status()).isEqualTo(400);
        }
    }
}

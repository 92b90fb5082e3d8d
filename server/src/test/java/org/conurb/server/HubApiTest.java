package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.conurb.kernel.Json;
import org.conurb.server.TestSite.Call;
import org.conurb.server.TestSite.Reply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The hub as others' apps meet it: entities with a past, queries, and notifications to a receiver of theirs. */
class HubApiTest {
    private static final ConcurrentLinkedQueue<JsonNode> RECEIVED = new ConcurrentLinkedQueue<>();
    private static final AtomicInteger ANSWER = new AtomicInteger(204);

    private static HttpServer receiver;
    private static TestSite site;
    private static Call call;

    @BeforeAll
    static void start() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/notified", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            int answer = ANSWER.get();
            if (answer == 204) {
                RECEIVED.add(Json.mapper().readTree(body));
            }
            exchange.sendResponseHeaders(answer, -1);
            exchange.close();
        });
        receiver.start();
        site = TestSite.up(
                TestSite.temporaryFolder("conurb hub "),
                "--allow-outbound",
                "127.0.0.1:" + receiver.getAddress().getPort());
        call = site.asInstaller();
    }

    @AfterAll
    static void stop() {
        if (site != null) {
            site.close();
        }
        receiver.stop(0);
    }

    private static Map<String, Object> property(Object value) {
        return Map.of("type", "Property", "value", value);
    }

    private static Map<String, Object> at(double longitude, double latitude) {
        return Map.of(
                "type", "GeoProperty", "value", Map.of("type", "Point", "coordinates", List.of(longitude, latitude)));
    }

    private static void create(String id, String type, Map<String, Object> attributes) {
        Map<String, Object> entity = new LinkedHashMap<>(Map.of("id", "urn:ngsi-ld:" + type + ":" + id, "type", type));
        entity.putAll(attributes);
        call.post("/ngsi-ld/v1/entities", entity).expect(201);
    }

    private static List<String> ids(String query) {
        return call.get("/ngsi-ld/v1/entities?" + query).expect(200).json().findValuesAsString("id").stream()
                .map(id -> id.substring(id.lastIndexOf(':') + 1))
                .sorted()
                .toList();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void aSubscriberIsToldAndWhatItDidNotTakeIsCountedAndSentWhenItIsBack() {
        String endpoint =
                "http://127.0.0.1:%d/notified".formatted(receiver.getAddress().getPort());
        String subscription = call.post(
                        "/ngsi-ld/v1/subscriptions",
                        Map.of(
                                "type",
                                "Subscription",
                                "entities",
                                List.of(Map.of("type", "Pump")),
                                "watchedAttributes",
                                List.of("level"),
                                "notification",
                                Map.of("endpoint", Map.of("uri", endpoint, "accept", "application/json"))))
                .expect(201)
                .header("Location");
        create("1", "Pump", Map.of("level", property(1)));
        TestSite.await("the first notification", () -> levels().equals(List.of("1")));

        ANSWER.set(503);
        for (int level = 2; level < 5; level++) {
            call.patch("/ngsi-ld/v1/entities/urn:ngsi-ld:Pump:1/attrs", Map.of("level", property(level)))
                    .expect(204);
        }
        TestSite.await("what waits is told", () -> waiting().path("waiting").asInt() == 3);
        assertThat(waiting().path("oldestSeconds").asLong(-1)).isNotNegative();
        assertThat(waiting().path("oldestAt").asString()).isNotBlank();

        ANSWER.set(204);
        TestSite.await("all of it, in order", () -> levels().equals(List.of("1", "2", "3", "4")));
        TestSite.await("nothing waits", () -> waiting().path("waiting").asInt(-1) == 0);
        JsonNode notification = RECEIVED.element();
        assertThat(notification.path("type").asString()).isEqualTo("Notification");
        assertThat(subscription).endsWith(notification.path("subscriptionId").asString());
        call.delete(subscription).expect(204);
    }

    private static List<String> levels() {
        return RECEIVED.stream()
                .map(one -> one.path("data").get(0).path("level").path("value").asString())
                .toList();
    }

    private static JsonNode waiting() {
        return call.get("/api/system").expect(200).json().path("queues").path("notifications");
    }

    @Test
    void anAddressThatNobodyAllowedIsRefused() {
        Reply refused = call.post(
                "/ngsi-ld/v1/subscriptions",
                Map.of(
                        "type",
                        "Subscription",
                        "entities",
                        List.of(Map.of("type", "Pump")),
                        "notification",
                        Map.of("endpoint", Map.of("uri", "http://127.0.0.1:9/", "accept", "application/json"))));

        assertThat(refused.status()).as(refused.text()).isIn(400, 403);
        assertThat(refused.text()).contains("--allow-outbound");
    }

    @Test
    void anEntitysPastIsTold() {
        create("1", "Meter", Map.of("reading", property(1)));
        for (int reading = 2; reading < 5; reading++) {
            call.patch("/ngsi-ld/v1/entities/urn:ngsi-ld:Meter:1/attrs", Map.of("reading", property(reading)))
                    .expect(204);
        }

        JsonNode past = call.get("/ngsi-ld/v1/temporal/entities/urn:ngsi-ld:Meter:1?timerel=after"
                        + "&timeAt=2020-01-01T00:00:00Z&timeproperty=modifiedAt")
                .expect(200)
                .json();
        List<String> told = past.path("reading").findValuesAsString("value");
        List<String> inTime = new java.util.ArrayList<>(told);
        Collections.sort(inTime);
        assertThat(inTime).containsExactly("1", "2", "3", "4");
        JsonNode last = call.get("/ngsi-ld/v1/temporal/entities/urn:ngsi-ld:Meter:1?timerel=after"
                        + "&timeAt=2020-01-01T00:00:00Z&timeproperty=modifiedAt&lastN=1")
                .expect(200)
                .json();
        assertThat(last.path("reading").findValuesAsString("value")).containsExactly("4");
    }

    @Test
    void entitiesAreFoundByWhatTheySay() {
        create("1", "Hydrant", Map.of("flow", property(40), "state", property("open")));
        create("2", "Hydrant", Map.of("flow", property(60), "state", property("open")));
        create("3", "Hydrant", Map.of("flow", property(80), "state", property("frozen")));

        assertThat(ids("type=Hydrant&q=" + encoded("flow>50"))).containsExactly("2", "3");
        assertThat(ids("type=Hydrant&q=" + encoded("flow>50;state==\"open\""))).containsExactly("2");
        assertThat(ids("type=Hydrant&q=" + encoded("state==\"frozen\"|flow<=40")))
                .containsExactly("1", "3");
        call.get("/ngsi-ld/v1/entities?type=Hydrant&q=" + encoded("(flow>50")).expect(400);
    }

    @Test
    void entitiesAreFoundByWhereTheyAre() {
        create("near", "Shelter", Map.of("location", at(7.4200, 43.7300)));
        create("far", "Shelter", Map.of("location", at(7.4400, 43.7500)));
        String polygon = encoded("[[[7.41,43.72],[7.43,43.72],[7.43,43.74],[7.41,43.74],[7.41,43.72]]]");

        assertThat(ids("type=Shelter&georel=" + encoded("near;maxDistance==500") + "&geometry=Point&coordinates="
                        + encoded("[7.4203,43.7301]")))
                .containsExactly("near");
        assertThat(ids("type=Shelter&georel=within&geometry=Polygon&coordinates=" + polygon))
                .containsExactly("near");
        assertThat(ids("type=Shelter&georel=disjoint&geometry=Polygon&coordinates=" + polygon))
                .containsExactly("far");
    }
}

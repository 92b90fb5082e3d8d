package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.conurb.hub.QueryDoors.Reply;
import org.conurb.store.Transactions;
import org.conurb.testkit.TestClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What clients do to histories (GS CIM 009 clauses 5.6.11 to 5.6.16). */
final class TemporalWritesApiTest {
    private final TestClock clock = TestClock.at("2026-03-02T08:00:00Z");
    private final QueryDoors doors = new QueryDoors(clock);
    private final Drive car = new Drive(doors);

    @AfterEach
    void close() throws Exception {
        doors.close();
    }

    @Test
    void aHistoryMayBeThereWithoutTheEntityAndIsReadAsItWasSent() {
        Reply created = car.post(Drive.BODY);
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Location")).isEqualTo("/ngsi-ld/v1/temporal/entities/" + Drive.CAR);
        assertThat(Drive.bare(car.read("").json())).isEqualTo(Drive.bare(QueryDoors.json(Drive.BODY)));
        assertThat(car.read("").json().at("/speed/0/instanceId").stringValue()).startsWith("urn:ngsi-ld:Instance:");
        assertThat(doors.get("entities/" + Drive.CAR).status()).isEqualTo(404);
        assertThat(doors.get("entities?type=Vehicle").json().size()).isZero();
        assertThat(doors.hub.count("change")).isZero();
        assertThat(doors.audit.actions()).containsExactly("history.created");
        Reply linked = doors.call("GET", "temporal/entities/" + Drive.CAR, "", "Accept", "application/ld+json");
        assertThat(linked.json().get("@context").stringValue()).isEqualTo(Names.CORE_CONTEXT);
    }

    @Test
    void moreIsAddedWithItsTypesAndTheEntityStaysAsItIs() {
        doors.call("POST", "entities", "{\"id\":\"%s\",\"type\":\"Vehicle\",\"speed\":7}".formatted(Drive.CAR));
        clock.advance(Duration.ofSeconds(1));
        assertThat(car.post(Drive.BODY.replace("\"type\":\"Vehicle\"", "\"type\":[\"Vehicle\",\"Truck\"]"))
                        .status())
                .isEqualTo(204);
        JsonNode evolution = car.read("").json();
        assertThat(evolution.get("type")).isEqualTo(QueryDoors.json("[\"Truck\",\"Vehicle\"]"));
        assertThat(Drive.values(evolution.get("speed"))).containsExactly("120", "80", "100", "7");
        assertThat(doors.get("entities/" + Drive.CAR).json())
                .isEqualTo(QueryDoors.json(
                        "{\"id\":\"%s\",\"type\":\"Vehicle\",\"speed\":{\"type\":\"Property\",\"value\":7}}"
                                .formatted(Drive.CAR)));
        assertThat(doors.get("temporal/entities?type=Truck&timerel=after&timeAt=2026-03-01T00:00:00Z")
                        .json()
                        .size())
                .isEqualTo(1);
        String more = "{\"speed\":[{\"value\":5,\"observedAt\":\"2026-03-01T12:04:00Z\"}]}";
        assertThat(doors.call("POST", "temporal/entities/" + Drive.CAR + "/attrs", more)
                        .status())
                .isEqualTo(204);
        assertThat(Drive.values(car.read("attrs=speed").json().get("speed")))
                .containsExactly("120", "5", "80", "100", "7");
        assertThat(doors.call("POST", "temporal/entities/urn:ngsi-ld:Vehicle:2/attrs", more)
                        .status())
                .isEqualTo(404);
        assertThat(doors.audit.actions()).containsExactly("entity.created", "history.added", "history.added");
    }

    @Test
    void oneInstanceIsMendedOrTakenAndKeepsItsNumberAndWhenItCame() {
        car.drive();
        String instance = car.read("").json().at("/speed/1/instanceId").stringValue();
        String path = "temporal/entities/" + Drive.CAR + "/attrs/speed/" + instance;
        clock.advance(Duration.ofHours(1));
        String mended = "{\"type\":\"Property\",\"value\":85,\"observedAt\":\"2026-03-01T12:06:00Z\"}";
        assertThat(doors.call("PATCH", path, mended).status()).isEqualTo(204);
        assertThat(car.read("attrs=speed&options=sysAttrs").json().at("/speed/1"))
                .isEqualTo(QueryDoors.json("""
                        {"type":"Property","value":85,"observedAt":"2026-03-01T12:06:00Z","instanceId":"%s",
                         "createdAt":"2026-03-02T08:00:00Z","modifiedAt":"2026-03-02T09:00:00Z"}""".formatted(instance)));
        assertThat(doors.call("PATCH", path, "{\"speed\":[" + mended.replace("85", "86") + "]}")
                        .status())
                .isEqualTo(204);
        assertThat(Drive.values(car.read("").json().get("speed"))).containsExactly("120", "86", "100");
        assertThat(doors.call("PATCH", path, "{\"speed\":[%s,%s]}".formatted(mended, mended))
                        .status())
                .isEqualTo(400);
        assertThat(doors.call("PATCH", path, "{\"value\":{}").status()).isEqualTo(400);
        assertThat(doors.call("PATCH", path.replace("speed", "height"), mended).status())
                .isEqualTo(404);
        assertThat(doors.call("PATCH", path.replace("Instance:", "Instance:99"), mended)
                        .status())
                .isEqualTo(404);
        assertThat(doors.call("DELETE", path.replace("urn:ngsi-ld:Instance:", "none"), "")
                        .status())
                .isEqualTo(400);
        assertThat(doors.call("DELETE", path, "").status()).isEqualTo(204);
        assertThat(doors.call("DELETE", path, "").status()).isEqualTo(404);
        assertThat(Drive.values(car.read("").json().get("speed"))).containsExactly("120", "100");
        assertThat(doors.audit.actions())
                .containsExactly("history.created", "history.mended", "history.mended", "history.taken");
    }

    @Test
    void anAttributeIsTakenByDatasetOrWholeAndAtLastTheHistory() {
        car.drive();
        doors.call("POST", "temporal/entities/" + Drive.CAR + "/attrs", """
                {"fuel":[{"value":1,"datasetId":"urn:d:1","observedAt":"2026-03-01T12:03:00Z"},
                         {"value":2,"datasetId":"urn:d:2","observedAt":"2026-03-01T12:03:00Z"}]}""");
        String path = "temporal/entities/" + Drive.CAR + "/attrs/fuel";
        assertThat(car.read("attrs=fuel&datasetId=urn:d:1,urn:d:2")
                        .json()
                        .get("fuel")
                        .size())
                .isEqualTo(2);
        assertThat(car.read("attrs=fuel&datasetId=@none").json().get("fuel").size())
                .isEqualTo(3);
        assertThat(doors.call("DELETE", path + "?datasetId=urn:d:1", "").status())
                .isEqualTo(204);
        assertThat(doors.call("DELETE", path + "?datasetId=urn:d:1", "").status())
                .isEqualTo(404);
        assertThat(doors.call("DELETE", path, "").status()).isEqualTo(204);
        assertThat(Drive.values(car.read("").json().get("fuel"))).containsExactly("2");
        assertThat(doors.call("DELETE", path + "?deleteAll=true", "").status()).isEqualTo(204);
        assertThat(car.read("").json().has("fuel")).isFalse();
        assertThat(doors.call("DELETE", path + "?deleteAll=true", "").status()).isEqualTo(404);
        assertThat(doors.call("DELETE", path + "?deleteAll=perhaps", "").status())
                .isEqualTo(400);
        assertThat(doors.call("DELETE", path + "?deleteAll=true&datasetId=urn:d:1", "")
                        .status())
                .isEqualTo(400);
        assertThat(doors.call("DELETE", "temporal/entities/" + Drive.CAR, "").status())
                .isEqualTo(204);
        assertThat(doors.call("DELETE", "temporal/entities/" + Drive.CAR, "").status())
                .isEqualTo(404);
        assertThat(car.read("").status()).isEqualTo(404);
        assertThat(car.post(Drive.BODY).status()).isEqualTo(201);
    }

    @Test
    void aDeletedEntityKeepsItsHistoryWithTheMarksOfWhatWent() {
        doors.call("POST", "entities", """
                {"id":"%s","type":["Truck","Vehicle"],"speed":{"value":7,"observedAt":"2026-03-01T12:00:00Z"},
                 "parked":{"object":"urn:x:1"},"name":{"languageMap":{"en":"van"}},"scope":"/A"}""".formatted(Drive.CAR));
        clock.advance(Duration.ofHours(1));
        doors.call("DELETE", "entities/" + Drive.CAR, "");
        JsonNode marks = Drive.bare(car.read("timeproperty=deletedAt").json());
        assertThat(marks).isEqualTo(QueryDoors.json("""
                {"id":"%s","type":["Truck","Vehicle"],
                 "name":[{"type":"LanguageProperty","languageMap":{"@none":"urn:ngsi-ld:null"},"deletedAt":"2026-03-02T09:00:00Z"}],
                 "parked":[{"type":"Relationship","object":"urn:ngsi-ld:null","deletedAt":"2026-03-02T09:00:00Z"}],
                 "scope":[{"type":"Property","value":"urn:ngsi-ld:null","deletedAt":"2026-03-02T09:00:00Z"}],
                 "speed":[{"type":"Property","value":"urn:ngsi-ld:null","deletedAt":"2026-03-02T09:00:00Z"}]}""".formatted(Drive.CAR)));
        assertThat(Drive.values(car.read("attrs=speed").json().get("speed"))).containsExactly("7", "urn:ngsi-ld:null");
        for (String type : List.of("Truck", "Vehicle")) {
            assertThat(doors.get("temporal/entities?type=%s&timerel=after&timeAt=2026-03-01T00:00:00Z".formatted(type))
                            .json()
                            .at("/0/speed/0/value")
                            .asInt())
                    .isEqualTo(7);
        }
        assertThat(doors.get("entities?type=Truck").json().size()).isZero();
        assertThat(car.post("{\"id\":\"%s\",\"type\":\"Vehicle\",\"speed\":[{\"value\":9}]}".formatted(Drive.CAR))
                        .status())
                .isEqualTo(204);
        assertThat(doors.get("entities/" + Drive.CAR).status()).isEqualTo(404);
    }

    @Test
    void anotherOrganisationsHistoryIsAbsentInTheSameWordsAndItsIdIsTaken() {
        car.drive();
        doors.caller = Hub.OFFICER;
        doors.access.readable("police").writable("police");
        Reply foreign = car.read("");
        assertThat(foreign.status()).isEqualTo(404);
        assertThat(foreign.body().replace("Vehicle:1", "Vehicle:2"))
                .isEqualTo(doors.get("temporal/entities/urn:ngsi-ld:Vehicle:2").body());
        assertThat(car.query("type=Vehicle").json().size()).isZero();
        assertThat(car.post(Drive.BODY).status()).isEqualTo(409);
        assertThat(doors.call("DELETE", "temporal/entities/" + Drive.CAR, "").status())
                .isEqualTo(404);
        doors.caller = Hub.DISPATCHER;
        doors.access.readable("fire");
        assertThat(car.read("").status()).isEqualTo(200);
        assertThat(doors.call("DELETE", "temporal/entities/" + Drive.CAR, "").status())
                .isEqualTo(403);
        assertThat(doors.call("POST", "temporal/entities/" + Drive.CAR + "/attrs", "{\"speed\":[{\"value\":1}]}")
                        .status())
                .isEqualTo(403);
        assertThat(doors.audit.actions()).containsExactly("history.created");
    }

    @Test
    void theHistoryOfWhatARoomOwnsIsReadOnly() {
        doors.hub.put(
                Entity.of("urn:ngsi-ld:Incident:2", "Incident", Hub.FIRE).with("state", Attribute.property("open")));
        String path = "temporal/entities/urn:ngsi-ld:Incident:2";
        String instance = doors.get(path).json().at("/state/0/instanceId").stringValue();
        assertThat(car.post(
                                "{\"id\":\"urn:ngsi-ld:Incident:3\",\"type\":\"Incident\",\"state\":[{\"value\":\"open\"}]}")
                        .status())
                .isEqualTo(409);
        assertThat(car.post(
                                "{\"id\":\"urn:ngsi-ld:Incident:2\",\"type\":\"Incident\",\"state\":[{\"value\":\"closed\"}]}")
                        .status())
                .isEqualTo(409);
        assertThat(doors.call("POST", path + "/attrs", "{\"state\":[{\"value\":\"closed\"}]}")
                        .status())
                .isEqualTo(409);
        assertThat(doors.call("PATCH", path + "/attrs/state/" + instance, "{\"value\":\"closed\"}")
                        .status())
                .isEqualTo(409);
        assertThat(doors.call("DELETE", path + "/attrs/state/" + instance, "").status())
                .isEqualTo(409);
        assertThat(doors.call("DELETE", path + "/attrs/state", "").status()).isEqualTo(409);
        assertThat(doors.call("DELETE", path, "").status()).isEqualTo(409);
        car.drive();
        assertThat(car.post(Drive.BODY.replace("\"type\":\"Vehicle\"", "\"type\":\"Incident\""))
                        .status())
                .isEqualTo(409);
        assertThat(Drive.values(doors.get(path).json().get("state"))).containsExactly("open");
    }

    @Test
    void theSameIdHasAnotherHistoryInEachTenant() {
        car.drive();
        String north = "{\"id\":\"%s\",\"type\":\"Boat\",\"speed\":[{\"value\":9}]}".formatted(Drive.CAR);
        assertThat(Transactions.within("north", () -> car.post(north)).status()).isEqualTo(201);
        assertThat(Transactions.within("north", () -> car.read("")).json().get("type"))
                .isEqualTo(QueryDoors.json("\"Boat\""));
        assertThat(Transactions.within("south", () -> car.read("")).status()).isEqualTo(404);
        assertThat(car.read("").json().get("type")).isEqualTo(QueryDoors.json("\"Vehicle\""));
        assertThat(Transactions.within("north", () -> doors.call("DELETE", "temporal/entities/" + Drive.CAR, ""))
                        .status())
                .isEqualTo(204);
        assertThat(Drive.values(car.read("").json().get("speed"))).containsExactly("120", "80", "100");
    }

    @Test
    void aHistoryThatManyBeginAtOnceIsOne() throws Exception {
        try (ExecutorService many = Executors.newFixedThreadPool(4)) {
            List<Callable<Integer>> calls =
                    Collections.nCopies(12, () -> car.post(Drive.BODY).status());
            List<Integer> answers = new ArrayList<>();
            for (Future<Integer> call : many.invokeAll(calls)) {
                answers.add(call.get());
            }
            assertThat(answers).containsOnlyOnce(201).containsOnly(201, 204);
        }
        assertThat(Drive.values(car.read("").json().get("speed"))).hasSize(36);
    }

    @Test
    void aRepeatedKeyIsOneEffect() {
        for (int i = 0; i < 2; i++) {
            assertThat(doors.call("POST", "temporal/entities", Drive.BODY, "Idempotency-Key", "k1")
                            .status())
                    .isEqualTo(201);
        }
        assertThat(doors.hub.count("attribute_instance")).isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{\"type\":\"Vehicle\",\"speed\":[{\"value\":1}]}",
                "{\"id\":\"no uri\",\"type\":\"Vehicle\",\"speed\":[{\"value\":1}]}",
                "{\"id\":\"urn:x:1\",\"speed\":[{\"value\":1}]}",
                "{\"id\":\"urn:x:1\",\"type\":\"Vehicle\"}",
                "{\"id\":\"urn:x:1\",\"type\":\"Vehicle\",\"speed\":[]}",
                "{\"id\":\"urn:x:1\",\"type\":\"Vehicle\",\"speed\":[null]}",
                "{\"id\":\"urn:x:1\",\"type\":\"Vehicle\",\"speed\":[{}]}",
                "{\"id\":\"urn:x:1\",\"type\":\"Vehicle\",\"speed\":[{\"type\":\"Property\",\"values\":[[1,\"2026-03-01T12:00:00Z\"]]}]}",
                "{\"id\":\"urn:x:1\",\"type\":\"Vehicle\",\"speed\":[{\"value\":1,\"observedAt\":\"soon\"}]}",
                "{\"id\":\"urn:x:1\",\"type\":\"Vehicle\",\"speed\":[{\"value\":\"urn:ngsi-ld:null\",\"deletedAt\":\"soon\"}]}",
                "{\"id\":\"urn:x:1\",\"type\":\"Vehicle\",\"speed\":[{\"value\":1,\"sub\":{\"value\":\"urn:ngsi-ld:null\"}}]}",
                "{\"id\":\"urn:x:1\",\"type\":\"Vehicle\",\"expiresAt\":\"urn:ngsi-ld:null\",\"speed\":[{\"value\":1}]}",
                "{\"id\":\"urn:x:1\",\"type\":\"Vehicle\",\"scope\":[{\"type\":\"Property\",\"value\":\"no scope!\"}]}",
                "{\"id\":\"urn:x:1\",\"type\":\"Vehicle\",\"scope\":[{\"type\":\"Property\",\"value\":\"/A\",\"unitCode\":\"X\"}]}",
                "{\"id\":\"urn:x:1\",\"type\":\"Vehicle\",\"a b\":[{\"value\":1}]}",
                "{\"id\":\"urn:x:1\",\"type\":\"Vehicle\",\"@context\":{},\"speed\":[{\"value\":1}]}"
            })
    void whatCannotBeAddedIsRefusedWithATypeAndChangesNothing(String body) {
        Drive.refused(car.post(body), 400);
        assertThat(doors.hub.count("entity")).isZero();
        assertThat(doors.hub.count("attribute_instance")).isZero();
    }
}

package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.conurb.hub.QueryDoors.Reply;
import org.conurb.testkit.TestClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** How one entity in time is told (GS CIM 009 clauses 4.5.8, 4.5.9, 4.5.19 and 5.7.3). */
final class TemporalApiTest {
    private final TestClock clock = TestClock.at("2026-03-02T08:00:00Z");
    private final QueryDoors doors = new QueryDoors(clock);
    private final Drive car = new Drive(doors);

    @AfterEach
    void close() throws Exception {
        doors.close();
    }

    @Test
    void scopesAndDatasetsHaveHistoriesOfTheirOwn() {
        doors.call("POST", "entities", """
                {"id":"%s","type":"Vehicle","scope":"/A","speed":[{"value":1},{"value":2,"datasetId":"urn:d:1"}]}""".formatted(Drive.CAR));
        clock.advance(Duration.ofHours(1));
        doors.call("PATCH", "entities/" + Drive.CAR, "{\"scope\":\"/B\"}");
        doors.call("PATCH", "entities/" + Drive.CAR + "/attrs", "{\"speed\":{\"value\":3}}");
        assertThat(Drive.bare(car.read("").json())).isEqualTo(QueryDoors.json("""
                {"id":"%s","type":"Vehicle",
                 "scope":[{"type":"Property","value":"/A","observedAt":"2026-03-02T08:00:00Z"},
                          {"type":"Property","value":"/B","observedAt":"2026-03-02T09:00:00Z"}],
                 "speed":[{"type":"Property","value":1,"modifiedAt":"2026-03-02T08:00:00Z"},
                          {"type":"Property","value":2,"datasetId":"urn:d:1","modifiedAt":"2026-03-02T08:00:00Z"},
                          {"type":"Property","value":3,"modifiedAt":"2026-03-02T09:00:00Z"}]}""".formatted(Drive.CAR)));
        assertThat(car.read("format=temporalValues&attrs=speed").json().get("speed"))
                .isEqualTo(QueryDoors.json("""
                        [{"type":"Property","values":[[1,"2026-03-02T08:00:00Z"],[3,"2026-03-02T09:00:00Z"]]},
                         {"type":"Property","datasetId":"urn:d:1","values":[[2,"2026-03-02T08:00:00Z"]]}]"""));
        doors.call("DELETE", "entities/" + Drive.CAR + "/attrs/speed?datasetId=urn:d:1", "");
        assertThat(car.read("timeproperty=deletedAt")
                        .json()
                        .at("/speed/0/datasetId")
                        .stringValue())
                .isEqualTo("urn:d:1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                                                           | 120 80 100
            lastN=2                                                                      | 80 100
            timerel=after&timeAt=2026-03-01T12:05:00Z                                    | 80 100
            timerel=before&timeAt=2026-03-01T12:05:00Z                                   | 120
            timerel=before&timeAt=2026-03-01T12:05:00.000Z                               | 120
            timerel=between&timeAt=2026-03-01T12:03:00Z&endTimeAt=2026-03-01T12:07:00Z   | 120 80
            timerel=between&timeAt=2026-03-01T12:03:00Z&endTimeAt=2026-03-01T12:07:00Z&lastN=1 | 80
            timeproperty=observedAt                                                      | 120 80 100
            timeproperty=createdAt&timerel=after&timeAt=2026-03-02T08:00:00Z             | 120 80 100
            timeproperty=modifiedAt&timerel=before&timeAt=2026-03-02T08:00:00Z           | ''
            timeproperty=deletedAt                                                       | ''
            """)
    void theTimeAskedIsInsideAtItsBeginningAndOutsideAtItsEnd(String parameters, String expected) {
        car.drive();
        Reply reply = car.read("attrs=speed" + (parameters.isEmpty() ? "" : "&" + parameters));
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(String.join(" ", Drive.values(reply.json().path("speed")))).isEqualTo(expected);
    }

    @Test
    void membersArePickedAndOmitted() {
        car.drive();
        assertThat(names(car.read("pick=id,speed"))).containsExactly("id", "speed");
        assertThat(names(car.read("pick=speed"))).containsExactly("speed");
        assertThat(names(car.read("pick=id"))).containsExactly("id");
        assertThat(names(car.read("omit=type,speed"))).containsExactly("id", "fuel");
        assertThat(names(car.read("attrs=fuel"))).containsExactly("id", "type", "fuel");
        assertThat(car.read("attrs=height").status()).isEqualTo(404);
        assertThat(car.read("pick=height").status()).isEqualTo(404);
        assertThat(names(car.read("attrs=fuel,height"))).containsExactly("id", "type", "fuel");
        assertThat(names(car.read("attrs=fuel&timerel=after&timeAt=2027-01-01T00:00:00Z")))
                .containsExactly("id", "type");
    }

    private static List<String> names(Reply reply) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return List.copyOf(reply.json().propertyNames());
    }

    @Test
    void everyKindOfAttributeHasItsPairsAndItsConciseForm() {
        car.post("""
                {"id":"%s","type":"Vehicle",
                 "p":[{"value":1,"observedAt":"2026-03-01T12:00:00Z","unitCode":"KMH"}],
                 "g":[{"type":"GeoProperty","value":{"type":"Point","coordinates":[1,2]},"observedAt":"2026-03-01T12:00:00Z"}],
                 "l":[{"languageMap":{"en":"a"},"observedAt":"2026-03-01T12:00:00Z"}],
                 "v":[{"vocab":"x","observedAt":"2026-03-01T12:00:00Z"}],
                 "j":[{"json":{"a":[1]},"observedAt":"2026-03-01T12:00:00Z"}],
                 "ls":[{"valueList":[1,2],"observedAt":"2026-03-01T12:00:00Z"}],
                 "r":[{"object":"urn:x:1","observedAt":"2026-03-01T12:00:00Z"}],
                 "lr":[{"objectList":["urn:x:1","urn:x:2"],"observedAt":"2026-03-01T12:00:00Z"}]}""".formatted(Drive.CAR));
        assertThat(car.read("options=temporalValues&omit=id,type").json()).isEqualTo(QueryDoors.json("""
                {"g":{"type":"GeoProperty","values":[[{"type":"Point","coordinates":[1,2]},"2026-03-01T12:00:00Z"]]},
                 "j":{"type":"JsonProperty","jsons":[[{"json":{"a":[1]}},"2026-03-01T12:00:00Z"]]},
                 "l":{"type":"LanguageProperty","languageMaps":[[{"languageMap":{"en":"a"}},"2026-03-01T12:00:00Z"]]},
                 "lr":{"type":"ListRelationship","objectLists":[[["urn:x:1","urn:x:2"],"2026-03-01T12:00:00Z"]]},
                 "ls":{"type":"ListProperty","valueLists":[[[1,2],"2026-03-01T12:00:00Z"]]},
                 "p":{"type":"Property","values":[[1,"2026-03-01T12:00:00Z"]]},
                 "r":{"type":"Relationship","objects":[["urn:x:1","2026-03-01T12:00:00Z"]]},
                 "v":{"type":"VocabProperty","vocabs":[[{"vocab":"x"},"2026-03-01T12:00:00Z"]]}}"""));
        assertThat(Drive.bare(car.read("format=concise&pick=p,r").json())).isEqualTo(QueryDoors.json("""
                {"p":[{"value":1,"observedAt":"2026-03-01T12:00:00Z","unitCode":"KMH"}],
                 "r":[{"object":"urn:x:1","observedAt":"2026-03-01T12:00:00Z"}]}"""));
    }

    @Test
    void aggregatesStandInTriplesFromTheFirstMomentOfTheEntity() {
        car.drive();
        assertThat(car.read("format=aggregatedValues&aggrMethods=avg,max&aggrPeriodDuration=PT1H")
                        .json())
                .isEqualTo(QueryDoors.json("""
                        {"id":"urn:ngsi-ld:Vehicle:1","type":"Vehicle",
                         "fuel":{"type":"Property",
                           "avg":[[67,"2026-03-01T12:03:00Z","2026-03-01T13:03:00Z"],[53,"2026-03-01T13:03:00Z","2026-03-01T14:03:00Z"],
                                  [40,"2026-03-01T14:03:00Z","2026-03-01T15:03:00Z"]],
                           "max":[[67,"2026-03-01T12:03:00Z","2026-03-01T13:03:00Z"],[53,"2026-03-01T13:03:00Z","2026-03-01T14:03:00Z"],
                                  [40,"2026-03-01T14:03:00Z","2026-03-01T15:03:00Z"]]},
                         "speed":{"type":"Property","avg":[[100,"2026-03-01T12:03:00Z","2026-03-01T13:03:00Z"]],
                           "max":[[120,"2026-03-01T12:03:00Z","2026-03-01T13:03:00Z"]]}}"""));
        assertThat(car.query("type=Vehicle&attrs=speed&options=aggregatedValues&aggrMethods=sum,totalCount")
                        .json())
                .isEqualTo(QueryDoors.json("""
                        [{"id":"urn:ngsi-ld:Vehicle:1","type":"Vehicle","speed":{"type":"Property",
                          "sum":[[300,"2026-03-01T00:00:00Z","2026-03-02T00:00:00Z"]],
                          "totalCount":[[3,"2026-03-01T00:00:00Z","2026-03-02T00:00:00Z"]]}}]"""));
        assertThat(car.read("attrs=speed&format=aggregatedValues&aggrMethods=min&aggrPeriodDuration=P1M")
                        .json()
                        .at("/speed/min"))
                .isEqualTo(QueryDoors.json("[[80,\"2026-03-01T12:03:00Z\",\"2026-04-01T12:03:00Z\"]]"));
    }

    @Test
    void whatAMethodMakesNoSenseOfIsLeftOutOrRefusedWhereItWasNamed() {
        car.drive();
        doors.call(
                "POST",
                "temporal/entities/" + Drive.CAR + "/attrs",
                "{\"brand\":[{\"value\":\"Acme\"},{\"value\":\"Bolt\"}]}");
        JsonNode all = car.read("format=aggregatedValues&aggrMethods=avg,distinctCount")
                .json();
        assertThat(names(all.get("brand"))).containsExactly("type", "distinctCount");
        assertThat(all.at("/brand/distinctCount/0/0").asInt()).isEqualTo(2);
        Reply refused = car.read("attrs=brand&format=aggregatedValues&aggrMethods=avg,distinctCount");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().get("type").stringValue()).endsWith("/InvalidRequest");
        assertThat(refused.json().get("detail").stringValue()).contains("avg").contains("brand");
    }

    private static List<String> names(JsonNode node) {
        return List.copyOf(node.propertyNames());
    }

    @Test
    void theWordsOfOneLanguageAreChosen() {
        car.post("""
                {"id":"%s","type":"Vehicle","name":[{"languageMap":{"en":"car","fr":"voiture"},"observedAt":"2026-03-01T12:00:00Z"}]}""".formatted(Drive.CAR));
        assertThat(Drive.bare(car.read("lang=fr").json()).at("/name/0"))
                .isEqualTo(
                        QueryDoors.json(
                                "{\"type\":\"Property\",\"value\":\"voiture\",\"lang\":\"fr\",\"observedAt\":\"2026-03-01T12:00:00Z\"}"));
        assertThat(car.read("lang=fr&format=temporalValues").json().get("name"))
                .isEqualTo(
                        QueryDoors.json("{\"type\":\"Property\",\"values\":[[\"voiture\",\"2026-03-01T12:00:00Z\"]]}"));
    }

    @Test
    void whatConcernsPersonsIsInNoAnswerWithoutAPurpose() {
        doors.hub.put(Entity.of("urn:ngsi-ld:Incident:2", "Incident", Hub.FIRE)
                .with("state", Attribute.property("open"))
                .with("callerPhone", Attribute.property("555")));
        String after = "timeproperty=createdAt&timerel=after&timeAt=2026-01-01T00:00:00Z";
        String one = "temporal/entities/urn:ngsi-ld:Incident:2?";
        String many = "temporal/entities?type=Incident&" + after;
        String counted = "&format=aggregatedValues&aggrMethods=totalCount,min";
        for (String path : List.of(one, many, one + "format=temporalValues", many + counted, one + counted)) {
            assertThat(doors.get(path).body()).as(path).contains("callerPhone").contains("state");
        }
        assertThat(doors.get(many + "&q=" + Drive.encoded("callerPhone==\"555\""))
                        .json()
                        .size())
                .isEqualTo(1);
        doors.access.withoutPurpose();
        for (String path : List.of(one, many, one + "format=temporalValues", many + counted, one + counted)) {
            assertThat(doors.get(path).body())
                    .as(path)
                    .doesNotContain("callerPhone")
                    .contains("state");
        }
        assertThat(doors.get(many + "&q=" + Drive.encoded("callerPhone==\"555\""))
                        .json()
                        .size())
                .isZero();
        assertThat(doors.get(many + "&attrs=callerPhone&count=true").header("NGSILD-Results-Count"))
                .isEqualTo("0");
        assertThat(doors.get(one + "attrs=callerPhone").status()).isEqualTo(404);
    }
}

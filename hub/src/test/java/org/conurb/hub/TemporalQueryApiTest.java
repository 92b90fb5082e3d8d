package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.conurb.hub.QueryDoors.Reply;
import org.conurb.testkit.TestClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which entities a query in time finds (GS CIM 009 clauses 4.11 and 5.7.4). */
final class TemporalQueryApiTest {
    private final QueryDoors doors = new QueryDoors(TestClock.at("2026-03-02T08:00:00Z"));
    private final Drive car = new Drive(doors);

    @AfterEach
    void close() throws Exception {
        doors.close();
    }

    @Test
    void entitiesAreFoundByWhatTheyWereWithinTheTimeAsked() {
        car.drive();
        car.post("""
                {"id":"urn:ngsi-ld:Vehicle:2","type":"Vehicle",
                 "speed":[{"value":30,"observedAt":"2026-03-01T12:03:00Z"},{"value":999,"observedAt":"2026-02-01T12:00:00Z"}],
                 "brand":[{"value":"Acme","observedAt":"2026-03-01T12:03:00Z"},{"value":"Bolt","observedAt":"2026-03-01T13:03:00Z"}],
                 "owner":[{"object":"urn:p:1","observedAt":"2026-03-01T12:03:00Z"}],
                 "tags":[{"value":["a","b"],"observedAt":"2026-03-01T12:03:00Z"}],
                 "location":[{"type":"GeoProperty","value":{"type":"Point","coordinates":[7.42,43.73]},"observedAt":"2026-03-01T12:03:00Z"},
                             {"type":"GeoProperty","value":{"type":"Point","coordinates":[2.35,48.85]},"observedAt":"2026-02-01T12:03:00Z"}]}""");
        for (String[] row : new String[][] {
            {"speed>110", "1"},
            {"speed>900", ""},
            {"speed<50", "2"},
            {"speed==100,30", "1 2"},
            {"speed!=120", "1 2"},
            {"speed>90;fuel<50", "1"},
            {"speed>110|brand==\"Acme\"", "1 2"},
            {"brand==\"Acme\";brand==\"Bolt\"", "2"},
            {"brand~=^Bo", "2"},
            {"brand==\"Nobody\"", ""},
            {"owner==urn:p:1", "2"},
            {"tags==\"b\"", "2"},
            {"fuel", "1"},
            {"!fuel", "2"},
            {"!fuel;speed<50", "2"},
            {"speed.createdAt>2026-03-02T07:00:00Z", "1 2"},
            {"speed.observedAt>2026-03-01T12:06:00Z", "1"},
            {"nothing", ""}
        }) {
            assertThat(found("q=" + Drive.encoded(row[0]))).as(row[0]).isEqualTo(row[1]);
        }
        String near = "geometry=Point&georel=near%3BmaxDistance==2000&coordinates=";
        assertThat(found(near + Drive.encoded("[7.43,43.74]"))).isEqualTo("2");
        assertThat(found(near + Drive.encoded("[2.35,48.85]"))).isEmpty();
        assertThat(found("attrs=fuel")).isEqualTo("1");
        assertThat(found("id=urn:ngsi-ld:Vehicle:2")).isEqualTo("2");
        assertThat(found("idPattern=.*2")).isEqualTo("2");
        Reply one = car.query("type=Vehicle&limit=1&count=true");
        assertThat(one.header("NGSILD-Results-Count")).isEqualTo("2");
        assertThat(one.json().size()).isEqualTo(1);
        String next = one.header("Link").replaceAll(".*</ngsi-ld/v1/([^>]*)>; rel=\"next\".*", "$1");
        Reply two = doors.get(next);
        assertThat(two.json().at("/0/id").stringValue()).isEqualTo("urn:ngsi-ld:Vehicle:2");
        assertThat(two.header("Link")).doesNotContain("rel=\"next\"").contains("rel=\"prev\"");
        String previous = two.header("Link").replaceAll(".*</ngsi-ld/v1/([^>]*)>; rel=\"prev\".*", "$1");
        Reply again = doors.get(previous);
        assertThat(again.json()).isEqualTo(one.json());
        assertThat(again.header("Link")).contains("rel=\"next\"").doesNotContain("rel=\"prev\"");
        assertThat(car.query("type=Vehicle&limit=1&offset=1").json()).isEqualTo(two.json());
        assertThat(car.query("type=Vehicle&limit=1&offset=2").json().size()).isZero();
    }

    @Test
    void onlyWhatWasWhileInAScopeCountsForAScopeQuery() {
        for (String[] row : new String[][] {
            {"1", "{\"value\":\"/A/B\",\"observedAt\":\"2026-03-01T10:00:00Z\"}", "12:05 before"},
            {"2", "{\"value\":[\"/A/B\",\"/C\"],\"observedAt\":\"2026-03-01T10:00:00Z\"}", "12:05 both"},
            {"3", "{\"value\":\"/M\",\"observedAt\":\"2026-03-01T12:10:00Z\"}", "12:05 pre,12:15 post"},
            {
                "4",
                "{\"value\":\"/R\",\"observedAt\":\"2026-03-01T10:00:00Z\"},{\"value\":\"/S\",\"observedAt\":\"2026-03-01T12:30:00Z\"}",
                "12:15 old,12:45 new"
            },
            {"5", "{\"value\":\"/Z\",\"observedAt\":\"2026-03-01T14:00:00Z\"}", "12:05 late"},
            {
                "6",
                "{\"value\":\"/D\",\"observedAt\":\"2026-03-01T10:00:00Z\"},{\"value\":\"urn:ngsi-ld:null\",\"observedAt\":\"2026-03-01T12:10:00Z\"}",
                "12:05 in,12:15 out"
            }
        }) {
            String speeds = java.util.Arrays.stream(row[2].split(","))
                    .map(speed -> "{\"value\":\"%s\",\"observedAt\":\"2026-03-01T%s:00Z\"}"
                            .formatted(speed.substring(6), speed.substring(0, 5)))
                    .collect(Collectors.joining(","));
            assertThat(car.post("{\"id\":\"urn:x:%s\",\"type\":\"Bus\",\"scope\":[%s],\"speed\":[%s]}"
                                    .formatted(row[0], row[1], speeds))
                            .status())
                    .isEqualTo(201);
        }
        for (String[] row : new String[][] {
            {"/A/B", "before both"},
            {"/A/#", "before both"},
            {"/Y", ""},
            {"/#", "before both post old new in"},
            {"/R|/M", "post old"},
            {"(/A/B;/C)", "both"},
            {"/S", "new"},
            {"/Z", ""},
            {"/D", "in"}
        }) {
            Reply reply = doors.get("temporal/entities?type=Bus&scopeQ=" + Drive.encoded(row[0])
                    + "&timerel=between&timeAt=2026-03-01T12:00:00Z&endTimeAt=2026-03-01T13:00:00Z");
            assertThat(reply.status()).as(reply.body()).isEqualTo(200);
            List<String> speeds = new ArrayList<>();
            reply.json().forEach(bus -> speeds.addAll(Drive.values(bus.path("speed"))));
            assertThat(String.join(" ", speeds)).as(row[0]).isEqualTo(row[1]);
            reply.json().forEach(bus -> assertThat(bus.path("scope").size()).isPositive());
        }
    }

    @Test
    void aQueryMayStandInABody() {
        car.drive();
        String body = """
                {"type":"Query","entities":[{"type":"Vehicle","idPattern":".*:1"}],"q":"speed>110","pick":["id","speed"],
                 "temporalQ":{"timerel":"after","timeAt":"2026-03-01T12:04:00Z","lastN":1}}""";
        assertThat(ask(body).json()).isEqualTo(QueryDoors.json("[]"));
        assertThat(Drive.bare(ask(body.replace("110", "90")).json().get(0))).isEqualTo(QueryDoors.json("""
                {"id":"urn:ngsi-ld:Vehicle:1","speed":[{"type":"Property","value":100,"observedAt":"2026-03-01T12:07:00Z"}]}"""));
        for (String methods : List.of("[\"avg\"]", "\"avg\"")) {
            for (String parts : List.of(
                    "\"temporalQ\":{\"timerel\":\"after\",\"timeAt\":\"2026-03-01T12:00:00Z\",\"aggrMethods\":%s}",
                    "\"temporalQ\":{\"timerel\":\"after\",\"timeAt\":\"2026-03-01T12:00:00Z\"},\"aggrParams\":{\"aggrMethods\":%s,\"aggrPeriodDuration\":\"PT0S\"}")) {
                Reply reply = ask("{\"type\":\"Query\",\"entities\":[{\"type\":\"Vehicle\"}],%s}"
                        .formatted(parts.formatted(methods)));
                assertThat(reply.json().at("/0/speed/avg/0/0").asInt())
                        .as(reply.body())
                        .isEqualTo(100);
            }
        }
    }

    private Reply ask(String body) {
        return doors.call("POST", "temporal/entityOperations/query", body);
    }

    @Test
    void aWitnessIsFoundHoweverFarBackItStands() {
        StringBuilder words = new StringBuilder();
        for (int n = 0; n < 3_000; n++) {
            words.append(n == 0 ? "" : ",")
                    .append("{\"value\":\"w%d\",\"observedAt\":\"2026-03-01T%02d:%02d:00Z\"}"
                            .formatted(n, n / 60 % 24, n % 60));
        }
        car.post("{\"id\":\"%s\",\"type\":\"Vehicle\",\"word\":[%s]}".formatted(Drive.CAR, words));
        assertThat(found("attrs=word&lastN=1&q=" + Drive.encoded("word~=^w2999$")))
                .isEqualTo("1");
        assertThat(found("attrs=word&lastN=1&q=" + Drive.encoded("word~=^w3000$")))
                .isEmpty();
    }

    /** The last signs of the ids found. */
    private String found(String parameters) {
        Reply reply = car.query("type=Vehicle&" + parameters);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        List<String> ids = new ArrayList<>();
        reply.json().forEach(entity -> {
            String id = entity.get("id").stringValue();
            ids.add(id.substring(id.length() - 1));
        });
        return String.join(" ", ids);
    }
}

package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.conurb.testkit.TestClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which entities a query finds, asked in the address and in a body (GS CIM 009 clause 5.7.2). */
final class QueryApiTest {
    private final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");
    private final QueryDoors doors = new QueryDoors(clock);

    @BeforeEach
    void fill() {
        doors.created("""
                {"id":"urn:ngsi-ld:Sensor:1","type":"Sensor","scope":"/Alder/North","speed":55.5,"brand":"Acme","up":true,
                 "many":{"value":[1,9]},"place":{"value":{"city":"Berlin"}},"kind":{"vocab":"commercial"},
                 "words":{"languageMap":{"en":"red","fr":"rouge"}},"room":{"object":"urn:ngsi-ld:Room:1"},
                 "location":{"type":"Point","coordinates":[7.42,43.73]}}""");
        clock.advance(java.time.Duration.ofHours(1));
        doors.created("""
                {"id":"urn:ngsi-ld:Sensor:2","type":["Sensor","Webcam"],"scope":["/Alder/South","/Birch"],"speed":70,"brand":"B;(c)",
                 "room":{"object":"urn:ngsi-ld:Room:2"},"location":{"type":"Polygon","coordinates":[[[2,48],[3,48],[3,49],[2,49],[2,48]]]}}""");
        doors.created(
                "{\"id\":\"urn:ngsi-ld:Room:1\",\"type\":\"Room\",\"name\":\"Hall\",\"in\":{\"object\":\"urn:ngsi-ld:House:1\"}}");
        doors.created("{\"id\":\"urn:ngsi-ld:Room:2\",\"type\":\"Room\",\"name\":\"Attic\"}");
        doors.created("{\"id\":\"urn:ngsi-ld:House:1\",\"type\":\"House\",\"floors\":3,\"name\":\"Hall\"}");
    }

    @AfterEach
    void close() throws Exception {
        doors.close();
    }

    private List<String> found(String... parameters) {
        QueryDoors.Reply reply = doors.entities(parameters);
        assertThat(reply.status())
                .as(String.join("&", parameters) + reply.body())
                .isEqualTo(200);
        return reply.ids().stream()
                .map(id -> id.substring("urn:ngsi-ld:".length()))
                .toList();
    }

    @Test
    void typesAreJoinedByOrAndAnd() {
        assertThat(found("type", "Sensor")).containsExactly("Sensor:1", "Sensor:2");
        assertThat(found("type", "Sensor;Webcam")).containsExactly("Sensor:2");
        assertThat(found("type", "(Sensor;Webcam),House")).containsExactly("Sensor:2", "House:1");
        assertThat(found("type", "Webcam|Sensor")).containsExactly("Sensor:1", "Sensor:2");
        assertThat(found("type", "*")).hasSize(5);
        assertThat(found("local", "true")).hasSize(5);
        assertThat(doors.entities("type", "Sensor;Webcam", "count", "true", "limit", "0")
                        .raw()
                        .getHeader("NGSILD-Results-Count"))
                .isEqualTo("1");
    }

    @Test
    void idsAndPatternsNarrowDown() {
        assertThat(found("type", "Sensor,Room", "id", "urn:ngsi-ld:Sensor:2,urn:ngsi-ld:Room:1,urn:ngsi-ld:House:1"))
                .containsExactly("Sensor:2", "Room:1");
        assertThat(found("type", "*", "idPattern", "Sensor:[0-9]")).containsExactly("Sensor:1", "Sensor:2");
        assertThat(found("type", "Sensor", "idPattern", "^urn:ngsi-ld:Sensor:2$"))
                .containsExactly("Sensor:2");
        assertThat(found("type", "*", "idPattern", "^urn:ngsi-ld:R")).containsExactly("Room:1", "Room:2");
        assertThat(found("type", "Sensor", "idPattern", "Room")).isEmpty();
        assertThat(found("attrs", "floors,up")).containsExactly("Sensor:1", "House:1");
    }

    @Test
    void qAsksForEverythingThatTheGrammarHas() {
        Map<String, List<String>> expected = Map.ofEntries(
                Map.entry("speed>60", List.of("Sensor:2")),
                Map.entry("speed==50..60", List.of("Sensor:1")),
                Map.entry("speed!=50..60", List.of("Sensor:2")),
                Map.entry("speed==70,55.5", List.of("Sensor:1", "Sensor:2")),
                Map.entry("brand==\"B;(c)\"", List.of("Sensor:2")),
                Map.entry("brand!=\"Acme\",\"Other\"", List.of("Sensor:2")),
                Map.entry("brand~=^Ac", List.of("Sensor:1")),
                Map.entry("brand!~=\"^Ac\"", List.of("Sensor:2")),
                Map.entry("up", List.of("Sensor:1")),
                Map.entry("!up", List.of("Sensor:2")),
                Map.entry("!up;speed>60", List.of("Sensor:2")),
                Map.entry("(speed>60|brand==\"Acme\");up", List.of("Sensor:1")),
                Map.entry("many==9", List.of("Sensor:1")),
                Map.entry("place[city]==\"Berlin\"", List.of("Sensor:1")),
                Map.entry("place[city]", List.of("Sensor:1")),
                Map.entry("place[street]", List.of()),
                Map.entry("words[en]==\"red\"", List.of("Sensor:1")),
                Map.entry("words[en]==\"rouge\"", List.of()),
                Map.entry("words[*]==\"rouge\"", List.of("Sensor:1")),
                Map.entry("room==urn:ngsi-ld:Room:1", List.of("Sensor:1")),
                Map.entry("room>\"urn\"", List.of()),
                Map.entry("createdAt>2026-03-01T08:30:00Z", List.of("Sensor:2")),
                Map.entry("speed.createdAt>2026-03-01T08:30:00Z", List.of("Sensor:2")),
                Map.entry("speed.modifiedAt<2026-03-01T08:30:00Z", List.of("Sensor:1")),
                Map.entry("createdAt<=2026-03-01T08:00:00Z;speed", List.of("Sensor:1")));
        expected.forEach(
                (q, ids) -> assertThat(found("type", "Sensor", "q", q)).as(q).isEqualTo(ids));
        assertThat(found("type", "Sensor", "q", "kind==commercial")).isEmpty();
        assertThat(found("type", "Sensor", "q", "kind==commercial", "expandValues", "kind"))
                .containsExactly("Sensor:1");
        assertThat(found("type", "Sensor", "q", "place[city]==\"Berlin\"", "jsonKeys", "place"))
                .containsExactly("Sensor:1");
    }

    @Test
    void qLooksAtLinkedEntitiesAsFarAsTheyComeAlong() {
        String[] inline = {"type", "Sensor", "join", "inline", "q", ""};
        for (Map.Entry<String, List<String>> one : Map.of(
                        "room{name}==\"Hall\"", List.of("Sensor:1"),
                        "room{Room:name}==\"Attic\"", List.of("Sensor:2"),
                        "room{House:name}==\"Hall\"", List.<String>of(),
                        "room{name}~=\"a|A\"", List.of("Sensor:1", "Sensor:2"),
                        "room{name}==\"Hall\"|speed>60", List.of("Sensor:1", "Sensor:2"))
                .entrySet()) {
            inline[5] = one.getKey();
            assertThat(found(inline)).as(one.getKey()).isEqualTo(one.getValue());
        }
        assertThat(found("type", "Sensor", "join", "flat", "joinLevel", "2", "q", "room{in{floors}}>2", "pick", "id"))
                .containsExactly("Sensor:1");
        assertThat(doors.entities("type", "Sensor", "q", "room{name}==\"Hall\"").status())
                .isEqualTo(400);
        assertThat(doors.entities("type", "Sensor", "join", "flat", "q", "room{in{floors}}>2")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void scopesNarrowDown() {
        assertThat(found("type", "Sensor", "scopeQ", "/Alder/North")).containsExactly("Sensor:1");
        assertThat(found("type", "Sensor", "scopeQ", "/Alder/#")).containsExactly("Sensor:1", "Sensor:2");
        assertThat(found("type", "Sensor", "scopeQ", "/Alder/+;/Birch")).containsExactly("Sensor:2");
        assertThat(found("type", "*", "scopeQ", "/#")).containsExactly("Sensor:1", "Sensor:2");
        assertThat(found("type", "Sensor", "scopeQ", "/Birch,/Nowhere", "q", "speed>60"))
                .containsExactly("Sensor:2");
        doors.call("PATCH", "entities/urn:ngsi-ld:Sensor:1", "{\"scope\":\"/Elm\"}");
        assertThat(found("type", "Sensor", "scopeQ", "/Alder/#")).containsExactly("Sensor:2");
        assertThat(found("type", "Sensor", "scopeQ", "/Elm")).containsExactly("Sensor:1");
        doors.call("DELETE", "entities/urn:ngsi-ld:Sensor:1", "");
        assertThat(found("type", "*", "scopeQ", "/Elm")).isEmpty();
    }

    @Test
    void everyRelationOfPlacesIsDecided() {
        String around = "[[[7,43],[8,43],[8,44],[7,44],[7,43]]]";
        for (String[] asked : new String[][] {
            {"near;maxDistance==5000", "Point", "[7.43,43.74]", "Sensor:1"},
            {"near;maxDistance==500", "Point", "[7.43,43.74]", ""},
            {"near;minDistance==5000", "Point", "[7.43,43.74]", "Sensor:2"},
            {"near;maxDistance==2000", "LineString", "[[7.4,43.7],[7.43,43.74]]", "Sensor:1"},
            {"within", "Polygon", around, "Sensor:1"},
            {"within", "MultiPolygon", "[" + around + "]", "Sensor:1"},
            {"disjoint", "Polygon", around, "Sensor:2"},
            {"intersects", "LineString", "[[1,48.5],[4,48.5]]", "Sensor:2"},
            {"intersects", "MultiPoint", "[[7.42,43.73],[2.5,48.5]]", "Sensor:1,Sensor:2"},
            {"contains", "Point", "[2.5,48.5]", "Sensor:2"},
            {"contains", "MultiLineString", "[[[2.1,48.1],[2.2,48.2]]]", "Sensor:2"},
            {"equals", "Point", "[7.42,43.73]", "Sensor:1"},
            {"equals", "Polygon", "[[[2,48],[2,49],[3,49],[3,48],[2,48]]]", "Sensor:2"},
            {"overlaps", "Polygon", "[[[2.5,48.5],[4,48.5],[4,50],[2.5,50],[2.5,48.5]]]", "Sensor:2"},
        }) {
            assertThat(String.join(
                            ",",
                            found("type", "Sensor", "georel", asked[0], "geometry", asked[1], "coordinates", asked[2])))
                    .as(String.join(" ", asked))
                    .isEqualTo(asked[3]);
        }
        assertThat(found(
                        "type",
                        "Sensor",
                        "georel",
                        "within",
                        "geometry",
                        "Polygon",
                        "coordinates",
                        around,
                        "geoproperty",
                        "operationSpace"))
                .isEmpty();
        assertThat(doors.entities(
                                "type",
                                "Sensor",
                                "georel",
                                "disjoint",
                                "geometry",
                                "Polygon",
                                "coordinates",
                                around,
                                "count",
                                "true")
                        .raw()
                        .getHeader("NGSILD-Results-Count"))
                .isEqualTo("1");
    }

    @Test
    void aBodyAsksTheSame() {
        QueryDoors.Reply reply = doors.query("""
                {"type":"Query","entities":[{"type":"Sensor","idPattern":"Sensor:2"},{"id":["urn:ngsi-ld:Room:1"],"type":"Room"}],
                 "pick":["id","name","speed"]}""");
        assertThat(reply.ids()).containsExactly("urn:ngsi-ld:Sensor:2", "urn:ngsi-ld:Room:1");
        assertThat(reply.json().at("/1/name/value").stringValue()).isEqualTo("Hall");
        assertThat(reply.json().get(0).has("brand")).isFalse();
        assertThat(doors.query("""
                {"type":"Query","entities":[{"type":"Sensor"}],"q":"speed>1","scopeQ":"/Alder/#",
                 "geoQ":{"georel":"near;maxDistance==5000","geometry":"Point","coordinates":[7.43,43.74]}}""").ids()).containsExactly("urn:ngsi-ld:Sensor:1");
        assertThat(doors.query("""
                {"type":"Query","entities":[{"type":"Sensor"}],"ordering":{"orderBy":["speed;desc"]}}""").ids()).containsExactly("urn:ngsi-ld:Sensor:2", "urn:ngsi-ld:Sensor:1");
        assertThat(doors.query("""
                {"type":"Query","entities":[{"id":"urn:ngsi-ld:Sensor:1","idPattern":"Sensor:2","type":"Sensor"}]}""").ids()).containsExactly("urn:ngsi-ld:Sensor:1");
        assertThat(doors.call(
                                "POST",
                                "entityOperations/query?options=keyValues&limit=1&count=true",
                                "{\"type\":\"Query\",\"entities\":[{\"type\":\"Sensor\"}],\"attrs\":[\"brand\"]}")
                        .raw()
                        .getHeader("NGSILD-Results-Count"))
                .isEqualTo("2");
    }

    @Test
    void pagesAreFollowedForthAndBack() {
        for (int n = 10; n < 35; n++) {
            doors.created("{\"id\":\"urn:ngsi-ld:Tree:%d\",\"type\":\"Tree\",\"n\":%d}".formatted(n, n));
        }
        List<String> pages = new ArrayList<>();
        List<String> forth = new ArrayList<>();
        String path = "entities?type=Tree&limit=10&q=n%3E0";
        String last = path;
        while (!path.isEmpty()) {
            QueryDoors.Reply page = doors.get(path);
            pages.add(page.body());
            forth.addAll(page.ids());
            last = path;
            path = page.link("next");
        }
        assertThat(forth).hasSize(25).doesNotHaveDuplicates();
        assertThat(doors.get("entities?type=Tree&limit=10").link("prev")).isEmpty();
        String back = doors.get(last).link("prev");
        for (int page = pages.size() - 2; page >= 0; page--) {
            QueryDoors.Reply before = doors.get(back);
            assertThat(before.body()).isEqualTo(pages.get(page));
            assertThat(doors.get(before.link("next")).body()).isEqualTo(pages.get(page + 1));
            back = before.link("prev");
        }
        assertThat(back).isEmpty();

        QueryDoors.Reply second = doors.get("entities?type=Tree&limit=10&offset=10");
        assertThat(second.body()).isEqualTo(pages.get(1));
        assertThat(second.link("next")).contains("offset=20").doesNotContain("cursor");
        assertThat(second.link("prev")).contains("offset=0");
        assertThat(doors.get(second.link("next")).body()).isEqualTo(pages.get(2));
        assertThat(doors.get("entities?type=Tree&limit=10&offset=20").link("next"))
                .isEmpty();
        assertThat(doors.get("entities?type=Tree&offset=100").json().size()).isZero();
    }

    @Test
    void oneEntityIsFoundByItsTypeToo() {
        assertThat(doors.get("entities/urn:ngsi-ld:Sensor:1?type=Sensor").status())
                .isEqualTo(200);
        assertThat(doors.get("entities/urn:ngsi-ld:Sensor:1?type=Room,Sensor").status())
                .isEqualTo(200);
        assertThat(doors.get("entities/urn:ngsi-ld:Sensor:1?type=Sensor;Webcam").status())
                .isEqualTo(404);
    }
}

package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every parameter of a query, wrong: refused with the standard's type, its name and the place of the fault. */
final class BadQueryApiTest {
    private static final String BAD = "BadRequestData";
    private static final String INVALID = "InvalidRequest";
    private static final String DEEP = "(".repeat(1_000) + "n" + ")".repeat(1_000);

    private final QueryDoors doors = new QueryDoors();

    @AfterEach
    void close() throws Exception {
        doors.close();
    }

    private void refused(QueryDoors.Reply reply, String what, String type, String mentioned) {
        assertThat(reply.status()).as(what + " " + reply.body()).isEqualTo(400);
        assertThat(reply.raw().getContentType()).isEqualTo("application/problem+json");
        assertThat(reply.json().path("type").stringValue()).as(what).isEqualTo(NgsiLdFault.TYPES + type);
        assertThat(reply.json().path("detail").stringValue()).as(what).contains(mentioned);
        assertThat(reply.json().path("remedy").stringValue()).as(what).isNotBlank();
    }

    @Test
    void whatIsWrongInAParameterIsNamed() {
        Map<String, List<String>> wrong = Map.ofEntries(
                Map.entry("id", List.of("nouri", "urn:x:1,,urn:x:2", "urn:x:1,no uri", "a".repeat(2_000))),
                Map.entry(
                        "idPattern",
                        List.of("(", "[", "a{2000}", "((a{99}){99}){99}", "(?<!a)b", "\\1", "a".repeat(600))),
                Map.entry(
                        "type",
                        List.of(
                                "",
                                ",",
                                "A,,B",
                                "A;",
                                ";A",
                                "(A",
                                "A)",
                                "A;;B",
                                "a b",
                                "()",
                                "A(",
                                DEEP,
                                "A,".repeat(500))),
                Map.entry("attrs", List.of("", ",", "a,,b", "a b", "a{b}", "<", "x,".repeat(300) + "y")),
                Map.entry(
                        "pick",
                        List.of(
                                "",
                                "a,,b",
                                "a{",
                                "a{}",
                                "a}",
                                "a{{b}",
                                "a{,b}",
                                "a;b",
                                "a||b",
                                "{a}",
                                "a,a",
                                "a{b{".repeat(20))),
                Map.entry("omit", List.of("", "a,", "a{b", "(a)", "a b")),
                Map.entry(
                        "q",
                        List.of(
                                "",
                                "=",
                                "==5",
                                "n==",
                                "n==5;",
                                ";n",
                                "n;;n",
                                "n==5)",
                                "(n",
                                DEEP,
                                "n==\"a",
                                "n>4..5",
                                "n>true",
                                "n~=(",
                                "n~=\"(\"",
                                "n<<5",
                                "n=5",
                                "a{b",
                                "a{}",
                                "a{b}c",
                                "a.b{c}",
                                "a[",
                                "a[]",
                                "a[b",
                                "!",
                                "!n==5",
                                "n;".repeat(500) + "n",
                                "n==" + "1,".repeat(500) + "1",
                                "a" + ".b".repeat(50),
                                "|",
                                "n|",
                                "n==5,",
                                "n==..5")),
                Map.entry("csf", List.of("", "))bad((", "n==", DEEP)),
                Map.entry(
                        "scopeQ",
                        List.of(
                                "", "/", "//", "/A/", "/A//B", "/A/#/B", "/A;;/B", "(/A", "/A)", "/a b", "/A,", "/+#",
                                DEEP)),
                Map.entry("lang", List.of("", "!!", "fr;q=x", ";", "a".repeat(3_000))),
                Map.entry("datasetId", List.of("", "nouri", "@none,,urn:x:1", "@all")),
                Map.entry("join", List.of("", "yes", "INLINE", "inline,flat")),
                Map.entry("local", List.of("", "yes", "1", "TRUE")),
                Map.entry("count", List.of("", "maybe", "1")),
                Map.entry("limit", List.of("", "-1", "1001", "x", "1.5", "99999999999999999999", "0")),
                Map.entry("offset", List.of("", "-1", "10001", "x", "1e3")),
                Map.entry(
                        "cursor",
                        List.of(
                                "",
                                "x",
                                "AAAA",
                                "WzAsMV0=WzAs",
                                "WzAsMSwyXQ",
                                "W10",
                                "e30",
                                "bnVsbA",
                                "A".repeat(9_000))),
                Map.entry(
                        "orderBy",
                        List.of(
                                "",
                                ",",
                                "n,,m",
                                "n;up",
                                "n;",
                                ";asc",
                                "a{b}",
                                "n;asc;desc",
                                "location;dist-asc",
                                "a,".repeat(20) + "b")),
                Map.entry("expandValues", List.of("", ",", "a b")),
                Map.entry("jsonKeys", List.of("", "a,,b")));
        wrong.forEach((parameter, values) -> values.forEach(value -> {
            String[] asked = parameter.equals("type")
                    ? new String[] {parameter, value}
                    : new String[] {"type", "T", parameter, value};
            refused(
                    doors.entities(asked),
                    parameter + "=" + value.substring(0, Math.min(60, value.length())),
                    BAD,
                    parameter);
        }));
        for (String[] asked : new String[][] {
            {"options", "unknown"}, {"options", "keyValues,unknown"}, {"format", "xml"}, {"format", ""}
        }) {
            refused(doors.entities("type", "T", asked[0], asked[1]), asked[0], INVALID, asked[0].substring(0, 6));
        }
        refused(doors.get("entities?type=T&unknown=1"), "unknown", INVALID, "unknown");
        refused(doors.get("entities?type=T&type=U"), "type twice", INVALID, "type");
        refused(doors.get("entities/nouri"), "path", BAD, "path");
    }

    @Test
    void theFaultHasItsPlace() {
        for (String[] asked : new String[][] {
            {"q", "n==5;;m", "q cannot be read at character 6"},
            {"q", "speed>4..5", "q cannot be read at character 8"},
            {"q", "a{b==5", "q cannot be read at character 4"},
            {"scopeQ", "/A/#/B", "scopeQ cannot be read at character 7"},
            {"type", "A,(B;C", "type cannot be read at character 7"},
            {"pick", "id,a{b", "pick cannot be read at character 7"},
            {"orderBy", "n;up", "orderBy cannot be read at character 3"},
            {"attrs", "ab,,c", "attrs has an empty value at character 4"},
            {"idPattern", "ab(", "idPattern"},
        }) {
            refused(
                    doors.entities(
                            asked[0].equals("type")
                                    ? new String[] {asked[0], asked[1]}
                                    : new String[] {"type", "T", asked[0], asked[1]}),
                    asked[1],
                    BAD,
                    asked[2]);
        }
    }

    @Test
    void placesThatCannotBeAskedForAreRefusedWithTheReason() {
        StringBuilder ring = new StringBuilder("[[");
        for (int n = 0; n < 10_000; n++) {
            double angle = 2 * Math.PI * n / 10_000;
            ring.append("[%.5f,%.5f],".formatted(Math.cos(angle), Math.sin(angle)));
        }
        String many = ring.append("[1.00000,0.00000]]]").toString();
        for (String[] asked : new String[][] {
            {"near", "Point", "[1,1]", "georel"},
            {"near;maxDistance==0", "Point", "[1,1]", "georel cannot be read at character 19"},
            {"near;maxDistance==-5", "Point", "[1,1]", "georel"},
            {"near;maxDistance==inf", "Point", "[1,1]", "georel"},
            {"near;maxDistance==1e400", "Point", "[1,1]", "georel"},
            {"near;maxDistance==5;minDistance==1", "Point", "[1,1]", "georel"},
            {"near;maxDistance=5", "Point", "[1,1]", "georel"},
            {"beside", "Point", "[1,1]", "georel cannot be read at character 1"},
            {"within;maxDistance==5", "Point", "[1,1]", "georel"},
            {"", "Point", "[1,1]", "georel"},
            {"within", "Circle", "[1,1]", "coordinates"},
            {"within", "Point", "{", "coordinates is no JSON"},
            {"within", "Point", "[200,1]", "±180"},
            {"within", "Point", "[1]", "position"},
            {"within", "Point", "7", "position"},
            {"within", "Point", "\"7,8\"", "position"},
            {"within", "LineString", "[[1,1]]", "two positions"},
            {"within", "Polygon", "[[[0,0],[1,1],[0,1]]]", "four positions"},
            {"within", "Polygon", "[[[0,0],[1,1],[0,1],[1,0],[0,0]]]", "Self-intersection at [0.5,0.5]"},
            {"within", "MultiPolygon", "[[[[0,0],[1,1],[0,1],[1,0],[0,0]]]]", "Self-intersection"},
            {"within", "Polygon", "[[[0,0],[2,0],[2,2],[0,2],[0,0]],[[5,5],[6,5],[6,6],[5,5]]]", "Hole"},
            {"within", "Polygon", many, "at most 2000 positions"},
        }) {
            refused(
                    doors.entities("type", "T", "georel", asked[0], "geometry", asked[1], "coordinates", asked[2]),
                    asked[0] + asked[1],
                    BAD,
                    asked[3]);
        }
        for (String part :
                List.of("georel=within", "geometry=Point", "coordinates=%5B1,1%5D", "geoproperty=location")) {
            refused(doors.get("entities?type=T&" + part), part, BAD, "geo-query lacks");
        }
        refused(
                doors.entities("type", "T", "orderBy", "location;dist-asc", "orderFrom", "[1"),
                "orderFrom",
                BAD,
                "orderFrom is no JSON");
        refused(
                doors.query(
                        "{\"type\":\"Query\",\"entities\":[{\"type\":\"T\"}],\"geoQ\":{\"georel\":\"within\",\"geometry\":\"Polygon\",\"coordinates\":%s}}"
                                .formatted(many)),
                "body",
                BAD,
                "at most 2000 positions");
    }

    @Test
    void whatContradictsItselfIsRefused() {
        for (String[] asked : new String[][] {
            {"type", "*", "local", "false"},
            {"type", "T", "attrs", "a", "pick", "b"},
            {"type", "T", "attrs", "a", "omit", "b"},
            {"type", "T", "pick", "a", "omit", "a"},
            {"type", "T", "joinLevel", "1"},
            {"type", "T", "containedBy", "urn:x:1"},
            {"type", "T", "join", "inline", "joinLevel", "0"},
            {"type", "T", "join", "inline", "joinLevel", "11"},
            {"type", "T", "join", "inline", "containedBy", "nouri"},
            {"type", "T", "pick", "a{b}"},
            {"type", "T", "join", "inline", "omit", "a{b{c}}"},
            {"type", "T", "q", "a{b}==1"},
            {"type", "T", "join", "flat", "q", "a{b{c}}==1"},
            {"type", "T", "geometryProperty", "location"},
            {"type", "T", "limit", "0"},
            {"type", "T", "offset", "5", "cursor", "WzAsMV0"},
            {"type", "T", "collation", "de"},
            {"type", "T", "orderBy", "n", "orderFrom", "[1,1]"},
            {"type", "T", "orderBy", "n", "orderGeometry", "Point"},
            {"type", "T", "orderBy", "n", "collation", "!!nope"},
            {"type", "T", "orderBy", "n", "collation", "de-u-co-phonebk"},
            {"type", "T", "orderBy", "n", "cursor", "WzAsMV0"},
            {"id", "urn:x:1"},
            {"attrs", "createdAt"},
            {"q", "modifiedAt>2020-01-01T00:00:00Z"},
            {"scopeQ", "/A"},
            {"idPattern", "a"},
            {"local", "false"},
        }) {
            QueryDoors.Reply reply = doors.entities(asked);
            assertThat(reply.status())
                    .as(String.join(" ", asked) + reply.body())
                    .isEqualTo(400);
            assertThat(reply.json().path("type").stringValue())
                    .as(String.join(" ", asked))
                    .isEqualTo(NgsiLdFault.TYPES + BAD);
        }
        for (String name : List.of("entityMap", "splitEntities")) {
            QueryDoors.Reply reply = doors.entities("type", "T", name, "true");
            assertThat(reply.status()).isEqualTo(422);
            assertThat(reply.json().path("detail").stringValue()).contains(name);
            assertThat(doors.entities("type", "T", name, "false").status()).isEqualTo(200);
        }
    }

    @Test
    void bodiesThatAreNoQueryAreRefused() {
        for (String body : List.of(
                "{\"type\":\"NotQuery\",\"entities\":[{\"type\":\"T\"}]}",
                "{\"entities\":[{\"type\":\"T\"}]}",
                "{\"type\":\"Query\"}",
                "{\"type\":\"Query\",\"entities\":[]}",
                "{\"type\":\"Query\",\"entities\":{}}",
                "{\"type\":\"Query\",\"entities\":[7]}",
                "{\"type\":\"Query\",\"entities\":[{\"id\":\"urn:x:1\"}]}",
                "{\"type\":\"Query\",\"entities\":[{\"type\":\"T\",\"id\":\"not a uri\"}]}",
                "{\"type\":\"Query\",\"entities\":[{\"type\":\"T\",\"id\":[\"urn:x:1\",5]}]}",
                "{\"type\":\"Query\",\"entities\":[{\"type\":\"T\",\"more\":1}]}",
                "{\"type\":\"Query\",\"entities\":[{\"type\":\"T\"}],\"attrs\":[]}",
                "{\"type\":\"Query\",\"entities\":[{\"type\":\"T\"}],\"pick\":[7]}",
                "{\"type\":\"Query\",\"entities\":[{\"type\":\"T\"}],\"q\":42}",
                "{\"type\":\"Query\",\"entities\":[{\"type\":\"T\"}],\"q\":\"((\"}",
                "{\"type\":\"Query\",\"entities\":[{\"type\":\"T\"}],\"geoQ\":7}",
                "{\"type\":\"Query\",\"entities\":[{\"type\":\"T\"}],\"geoQ\":{\"georel\":\"within\",\"geometry\":\"Point\",\"coordinates\":7}}",
                "{\"type\":\"Query\",\"entities\":[{\"type\":\"T\"}],\"geoQ\":{\"more\":\"x\"}}",
                "{\"type\":\"Query\",\"entities\":[{\"type\":\"T\"}],\"join\":\"inline\",\"joinLevel\":0}",
                "{\"type\":\"Query\",\"entities\":[{\"type\":\"T\"}],\"join\":\"inline\",\"joinLevel\":\"1\"}",
                "{\"type\":\"Query\",\"entities\":[{\"type\":\"T\"}],\"temporalQ\":{\"timerel\":\"after\",\"timeAt\":\"2020-01-01T00:00:00Z\"}}",
                "{\"type\":\"Query\",\"entities\":[{\"type\":\"T\"}],\"ordering\":{\"orderBy\":[\"location;dist-asc\"]}}",
                "{\"type\":\"Query\",\"entities\":[{\"type\":\"T\"}],\"ordering\":{\"orderBy\":[\"location;dist-asc\"],\"coordinates\":\"8,40\"}}",
                "{\"type\":\"Query\",\"entities\":[{\"type\":\"T\"}],\"ordering\":{\"orderBy\":[\"id\"],\"geometry\":5}}",
                "{\"type\":\"Query\",\"entities\":[{\"type\":\"T\"}],\"unknown\":1}")) {
            QueryDoors.Reply reply = doors.query(body);
            assertThat(reply.status()).as(body + reply.body()).isEqualTo(400);
            assertThat(reply.json().path("type").stringValue()).as(body).isEqualTo(NgsiLdFault.TYPES + BAD);
        }
        for (String body : List.of("{", "[]", "7", "null", "")) {
            assertThat(doors.query(body).status()).as(body).isIn(400, 415);
        }
        assertThat(doors.call(
                                "POST",
                                "entityOperations/query?lang=fr",
                                "{\"type\":\"Query\",\"entities\":[{\"type\":\"T\"}],\"lang\":\"fr\"}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    @Timeout(60)
    void hostilePatternsEnd() {
        doors.created(
                "{\"id\":\"urn:x:%s\",\"type\":\"T\",\"text\":\"%s!\"}".formatted("a".repeat(500), "a".repeat(50_000)));
        for (String pattern : List.of("(a+)+$", "(a|aa)+$", "(.*a){25}", "((a*)*)*b")) {
            assertThat(doors.entities("type", "T", "idPattern", pattern).status())
                    .isEqualTo(200);
            assertThat(doors.entities("type", "T", "q", "text~=\"%s\"".formatted(pattern))
                            .status())
                    .isEqualTo(200);
        }
    }
}

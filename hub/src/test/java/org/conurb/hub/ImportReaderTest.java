package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.conurb.kernel.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class ImportReaderTest {
    private static Map<String, JsonNode> cells(String json) {
        Map<String, JsonNode> cells = new LinkedHashMap<>();
        Json.mapper().readTree(json).properties().forEach(one -> cells.put(one.getKey(), one.getValue()));
        return cells;
    }

    private static String read(String attributes, String cells) {
        return read("", attributes, cells);
    }

    /** The attributes that are made, or the faults. */
    private static String read(String members, String attributes, String json) {
        Map<String, JsonNode> cells = cells(json);
        ImportMapping mapping = Json.mapper()
                .readValue(
                        "{\"type\":\"Thing\",\"id\":\"urn:x:{k}\"%s,\"attributes\":[%s]}"
                                .formatted(members, attributes),
                        ImportMapping.class);
        cells.putIfAbsent("k", Documents.text("1"));
        List<ImportRow.Fault> faults = new ArrayList<>();
        ObjectNode read = new ImportReader(mapping, new java.util.LinkedHashSet<>(List.of("k", "a", "b", "c")), false)
                .read(new ImportRow(1, 1, cells, null), faults);
        if (read == null) {
            return faults.toString();
        }
        read.remove("id");
        read.remove("type");
        return read.toString();
    }

    private static String column(String members) {
        return "{\"name\":\"x\",\"column\":\"a\"%s}".formatted(members);
    }

    @Test
    void eachKindIsMade() {
        assertThat(read(column(""), "{\"a\":\"hi\"}")).isEqualTo("{\"x\":{\"type\":\"Property\",\"value\":\"hi\"}}");
        assertThat(read(column(",\"kind\":\"Relationship\""), "{\"a\":\"urn:y:1\"}"))
                .isEqualTo("{\"x\":{\"type\":\"Relationship\",\"object\":\"urn:y:1\"}}");
        assertThat(read(
                        "{\"name\":\"x\",\"kind\":\"Relationship\",\"template\":\"urn:ngsi-ld:Ward:{a}\"}",
                        "{\"a\":\"St Roman/é\"}"))
                .isEqualTo("{\"x\":{\"type\":\"Relationship\",\"object\":\"urn:ngsi-ld:Ward:St%20Roman%2F%C3%A9\"}}");
        assertThat(read("{\"name\":\"x\",\"template\":\"{a}, {b}\"}", "{\"a\":\"Rue\",\"b\":5}"))
                .isEqualTo("{\"x\":{\"type\":\"Property\",\"value\":\"Rue, 5\"}}");
        assertThat(read("{\"name\":\"x\",\"template\":\"{a}, {b}\"}", "{\"a\":\"Rue\"}"))
                .isEqualTo("{}");
        assertThat(read(column(",\"kind\":\"VocabProperty\""), "{\"a\":\"open\"}"))
                .isEqualTo("{\"x\":{\"type\":\"VocabProperty\",\"vocab\":\"open\"}}");
        assertThat(read(column(",\"kind\":\"JsonProperty\""), "{\"a\":\"{\\\"y\\\":[1]}\"}"))
                .isEqualTo("{\"x\":{\"type\":\"JsonProperty\",\"json\":{\"y\":[1]}}}");
        assertThat(read(
                        column(",\"kind\":\"ListProperty\",\"separator\":\"|\",\"datatype\":\"number\""),
                        "{\"a\":\"1| 2|\"}"))
                .isEqualTo("{\"x\":{\"type\":\"ListProperty\",\"valueList\":[1,2]}}");
        assertThat(read(column(",\"separator\":\"; \""), "{\"a\":\"red; blue\"}"))
                .isEqualTo("{\"x\":{\"type\":\"Property\",\"value\":[\"red\",\"blue\"]}}");
        assertThat(read(
                        "{\"name\":\"x\",\"kind\":\"LanguageProperty\",\"column\":\"a\",\"language\":\"fr\"},"
                                + "{\"name\":\"x\",\"kind\":\"LanguageProperty\",\"column\":\"b\",\"language\":\"en\"}",
                        "{\"a\":\"Rue\",\"b\":\"Street\"}"))
                .isEqualTo(
                        "{\"x\":{\"type\":\"LanguageProperty\",\"languageMap\":{\"fr\":\"Rue\",\"en\":\"Street\"}}}");
    }

    @Test
    void eachDatatypeIsRead() {
        for (String[] one : new String[][] {
            {"number", "\"12\"", "12"},
            {"number", "\"-0.50\"", "-0.5"},
            {"number", "\"1e3\"", "1000"},
            {"number", "7.25", "7.25"},
            {"boolean", "\"Yes\"", "true"},
            {"boolean", "\"0\"", "false"},
            {"json", "\"[1,{}]\"", "[1,{}]"},
            {"text", "5", "\"5\""},
            {"date", "\"2026-03-01\"", "{\"@type\":\"Date\",\"@value\":\"2026-03-01\"}"},
            {"dateTime", "\"2026-03-01T08:00:00+01:00\"", "{\"@type\":\"DateTime\",\"@value\":\"2026-03-01T07:00:00Z\"}"
            },
            {"dateTime", "\"2026-03-01 08:00\"", "{\"@type\":\"DateTime\",\"@value\":\"2026-03-01T08:00:00Z\"}"},
        }) {
            assertThat(read(column(",\"datatype\":\"%s\"".formatted(one[0])), "{\"a\":%s}".formatted(one[1])))
                    .isEqualTo("{\"x\":{\"type\":\"Property\",\"value\":%s}}".formatted(one[2]));
        }
    }

    @Test
    void patternsAndZonesAreOfTheMappingOrOfTheAttribute() {
        assertThat(read(
                        ",\"pattern\":\"MM/dd/yyyy hh:mm:ss a\",\"zone\":\"America/New_York\"",
                        column(",\"datatype\":\"dateTime\""),
                        "{\"a\":\"07/16/2015 12:39:01 pm\"}"))
                .contains("2015-07-16T16:39:01Z");
        assertThat(read(
                        ",\"pattern\":\"MM/dd/yyyy\",\"zone\":\"America/New_York\"",
                        column(",\"datatype\":\"dateTime\",\"pattern\":\"dd.MM.yyyy\",\"zone\":\"+01:00\""),
                        "{\"a\":\"16.07.2015\"}"))
                .contains("2015-07-15T23:00:00Z");
        // In the hour that there is twice the first is meant, and that there is not is moved on.
        String zone = ",\"zone\":\"Europe/Paris\"";
        assertThat(read(zone, column(",\"datatype\":\"dateTime\""), "{\"a\":\"2025-10-26T02:30:00\"}"))
                .contains("2025-10-26T00:30:00Z");
        assertThat(read(zone, column(",\"datatype\":\"dateTime\""), "{\"a\":\"2025-03-30T02:30:00\"}"))
                .contains("2025-03-30T01:30:00Z");
        assertThat(read(
                        column(",\"datatype\":\"number\",\"observedAt\":\"b\""),
                        "{\"a\":\"1\",\"b\":\"2026-03-01T08:00:00Z\"}"))
                .isEqualTo("{\"x\":{\"type\":\"Property\",\"value\":1,\"observedAt\":\"2026-03-01T08:00:00Z\"}}");
    }

    @Test
    void placesAreReadFromTwoColumnsFromTextAndFromGeometries() {
        String geo = ",\"kind\":\"GeoProperty\"";
        String point = "{\"x\":{\"type\":\"GeoProperty\",\"value\":{\"type\":\"Point\",\"coordinates\":[7.4,43.7]}}}";
        assertThat(read("{\"name\":\"x\",\"latitude\":\"a\",\"longitude\":\"b\"}", "{\"a\":\"43.7\",\"b\":7.4}"))
                .isEqualTo(point);
        assertThat(read("{\"name\":\"x\",\"latitude\":\"a\",\"longitude\":\"b\"}", "{}"))
                .isEqualTo("{}");
        assertThat(read(column(geo), "{\"a\":\"POINT (7.4 43.7)\"}")).isEqualTo(point);
        assertThat(read(column(geo), "{\"a\":\"SRID=4326;point(7.4 43.7)\"}")).isEqualTo(point);
        assertThat(read(column(geo), "{\"a\":{\"type\":\"Point\",\"coordinates\":[7.4,43.7]}}"))
                .isEqualTo(point);
        assertThat(read(column(geo), "{\"a\":\"{\\\"type\\\":\\\"Point\\\",\\\"coordinates\\\":[7.4,43.7]}\"}"))
                .isEqualTo(point);
        for (String wkt : List.of(
                "LINESTRING (0 0, 1 1)",
                "POLYGON ((0 0, 4 0, 4 4, 0 0), (1 1, 2 1, 2 2, 1 1))",
                "MULTIPOINT ((0 0), (1 1))",
                "MULTILINESTRING ((0 0, 1 1), (2 2, 3 3))",
                "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 0)))")) {
            assertThat(read(column(geo), "{\"a\":\"%s\"}".formatted(wkt)))
                    .as(wkt)
                    .containsIgnoringCase(wkt.substring(0, wkt.indexOf(' ')));
        }
    }

    @Test
    void cellsThatAreNotWhatTheyShouldBeAreFaultsOfTheirColumn() {
        String geo = ",\"kind\":\"GeoProperty\"";
        for (String[] one : new String[][] {
            {",\"datatype\":\"number\"", "\"1,000\""},
            {",\"datatype\":\"number\"", "\"NaN\""},
            {",\"datatype\":\"number\"", "\"1e999\""},
            {",\"datatype\":\"number\"", "[1]"},
            {",\"datatype\":\"boolean\"", "\"maybe\""},
            {",\"datatype\":\"date\"", "\"2026-02-30\""},
            {",\"datatype\":\"dateTime\"", "\"yesterday\""},
            {",\"datatype\":\"dateTime\",\"pattern\":\"HH:mm\"", "\"10:00\""},
            {",\"datatype\":\"json\"", "\"{\""},
            {"", "\"a\\u0000b\""},
            {"", "{\"y\":1}"},
            {",\"kind\":\"Relationship\"", "\"no uri\""},
            {",\"kind\":\"VocabProperty\"", "\"no term\""},
            {geo, "\"POINT (200 95)\""},
            {geo, "\"POINT EMPTY\""},
            {geo, "\"POINT (1\""},
            {geo, "\"%s\"".formatted("GEOMETRYCOLLECTION(".repeat(40_000))},
            {geo, "{\"type\":\"Point\",\"coordinates\":[1]}"},
            {geo, "\"{\""},
        }) {
            assertThat(read(column(one[0]), "{\"a\":%s}".formatted(one[1])))
                    .as(one[0] + " " + one[1].substring(0, Math.min(40, one[1].length())))
                    .startsWith("[Fault[column=a, reason=");
        }
        assertThat(read(column(",\"observedAt\":\"b\""), "{\"a\":\"1\",\"b\":\"then\"}"))
                .contains("column=b");
    }

    @Test
    void idsAreOfColumnsOrOfTheContent() {
        ImportMapping byContent = Json.mapper()
                .readValue(
                        "{\"type\":\"https://example.org/Thing\",\"attributes\":[{\"name\":\"x\",\"column\":\"a\"}]}",
                        ImportMapping.class);
        ImportReader reader = new ImportReader(byContent, new java.util.LinkedHashSet<>(List.of("a", "b")), false);
        List<String> ids = new ArrayList<>();
        for (String cells : List.of("{\"a\":\"1\",\"b\":\"2\"}", "{\"b\":\"2\",\"a\":\"1\"}", "{\"a\":\"1\"}")) {
            ObjectNode read = reader.read(new ImportRow(1, 1, cells(cells), null), new ArrayList<>());
            ids.add(read.path("id").stringValue());
        }
        assertThat(ids.get(0))
                .matches("urn:ngsi-ld:Thing:[0-9a-f]{32}")
                .isEqualTo(ids.get(1))
                .isNotEqualTo(ids.get(2));
    }

    @Test
    void aGuessNamesTypesByWhatCellsHold() {
        List<ImportRow> rows = List.of(new ImportRow(1, 2, cells("""
                        {"CASE_ID":"A1","OPEN_DT":"01/16/2015 12:39:01 PM","ZIP":"02114","Ward":"3","Location":"45 Garden St","shape":"POINT(1 2)","on":"yes","more":{"a":1}}"""), null), new ImportRow(2, 3, cells("""
                        {"CASE_ID":"A2","OPEN_DT":"02/09/2015 12:09:47 PM","ZIP":"02121","Ward":"4","Location":"1 Elm St","on":"no"}"""), null));
        ImportMapping guess = new ImportGuess(rows, ZoneId.of("America/New_York"))
                .of("311 cases.csv", rows.getFirst().cells().keySet());
        assertThat(Json.mapper().valueToTree(guess).toString())
                .isEqualTo(Json.mapper().readTree("""
                {"type":"Imported","id":"urn:ngsi-ld:Imported:{CASE_ID}","zone":"America/New_York","attributes":[
                 {"name":"caseId","column":"CASE_ID"},
                 {"name":"openDt","column":"OPEN_DT","datatype":"dateTime","pattern":"MM/dd/yyyy hh:mm:ss a"},
                 {"name":"zip","column":"ZIP"},
                 {"name":"ward","column":"Ward","datatype":"number"},
                 {"name":"location2","column":"Location"},
                 {"name":"location","kind":"GeoProperty","column":"shape"},
                 {"name":"on","column":"on","datatype":"boolean"},
                 {"name":"more","kind":"JsonProperty","column":"more"}]}""").toString());
    }
}

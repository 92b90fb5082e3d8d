package org.conurb.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.conurb.hub.ImportDoors.counts;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The real requests of two cities, which lie beside the repository. */
final class Open311ImportStoreTest {
    private static final Path REQUESTS = Optional.ofNullable(System.getenv("CONURB_SHARED"))
            .map(Path::of)
            .orElse(Path.of("..", "..", "shared"))
            .resolve("data")
            .resolve("open311");

    /** As in docs/import.md. */
    private static final String BOSTON = """
            {"type":"ServiceRequest","id":"urn:ngsi-ld:ServiceRequest:{CASE_ENQUIRY_ID}",
             "zone":"America/New_York","pattern":"MM/dd/yyyy hh:mm:ss a",
             "attributes":[
              {"name":"requestedAt","column":"OPEN_DT","datatype":"dateTime"},
              {"name":"expectedAt","column":"TARGET_DT","datatype":"dateTime"},
              {"name":"closedAt","column":"CLOSED_DT","datatype":"dateTime"},
              {"name":"status","column":"CASE_STATUS"},
              {"name":"title","column":"CASE_TITLE"},
              {"name":"serviceName","column":"TYPE"},
              {"name":"agency","column":"Department"},
              {"name":"statusNotes","column":"CLOSURE_REASON"},
              {"name":"address","column":"Location"},
              {"name":"ward","kind":"Relationship","template":"urn:ngsi-ld:Ward:{ward}"},
              {"name":"location","latitude":"LATITUDE","longitude":"LONGITUDE"}]}""";

    private static final String CHICAGO = """
            {"type":"ServiceRequest","id":"urn:ngsi-ld:ServiceRequest:{service_request_id}","attributes":[
              {"name":"requestedAt","column":"requested_datetime","datatype":"dateTime"},
              {"name":"status","column":"status"},
              {"name":"notes","column":"notes","datatype":"json"},
              {"name":"location","latitude":"lat","longitude":"long"}]}""";

    @TempDir
    Path folder;

    private static String boston() throws IOException {
        StringBuilder table = new StringBuilder();
        try (Stream<Path> files = Files.list(REQUESTS.resolve("boston-2015"))) {
            for (Path file : files.sorted().toList()) {
                try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
                    String text = new String(in.readAllBytes(), UTF_8);
                    table.append(table.isEmpty() ? text : text.substring(text.indexOf('\n') + 1));
                }
            }
        }
        return table.toString();
    }

    @Test
    void theRequestsOfBostonAndChicagoAreImportedAndUndone() throws Exception {
        assumeThat(REQUESTS)
                .as("skipped: real requests are not at %s", REQUESTS)
                .isDirectory();
        try (ImportDoors city = new ImportDoors(folder)) {
            String table = boston();
            JsonNode run = city.imported("boston.csv", table, BOSTON);
            assertThat(run.path("state").stringValue()).isEqualTo("done");
            assertThat(counts(run)).isEqualTo("8948 read, 8948 created, 0 updated, 0 unchanged, 0 refused");
            assertThat(city.doors
                            .get(
                                    "entities?type=ServiceRequest&limit=0&count=true&q=status==%22Open%22;requestedAt%3E=2015-06-01T00:00:00Z")
                            .header("NGSILD-Results-Count"))
                    .isNotEqualTo("0");
            assertThat(city.entity("urn:ngsi-ld:ServiceRequest:101001248559")
                            .at("/requestedAt/value/@value")
                            .stringValue())
                    .isEqualTo("2015-01-16T17:39:01Z");

            String chicago = Files.readString(REQUESTS.resolve("chicago-2015-requests-50.json"));
            assertThat(counts(city.imported("chicago.json", chicago, CHICAGO))).startsWith("50 read, 50 created");

            assertThat(counts(city.imported(
                            "again.csv",
                            table.substring(
                                    0, 200_000 + table.substring(200_000).indexOf("\n10100") + 1),
                            BOSTON)))
                    .contains(" 0 created, 0 updated,")
                    .contains(" 0 refused");
            JsonNode undone = city.undone(run.path("id").stringValue());
            assertThat(undone.at("/counts/reverted").asInt()).isEqualTo(8_948);
            assertThat(city.doors
                            .get("entities?type=ServiceRequest&limit=1000")
                            .json()
                            .size())
                    .isEqualTo(50);
        }
    }

    @Test
    void aGuessFitsTheRequestsOfBoston() throws Exception {
        assumeThat(REQUESTS)
                .as("skipped: real requests are not at %s", REQUESTS)
                .isDirectory();
        try (ImportDoors city = new ImportDoors(folder)) {
            String id = city.taken("service_requests.csv", boston());
            JsonNode preview = city.preview(id, null).json();
            assertThat(preview.at("/mapping/id").stringValue())
                    .isEqualTo("urn:ngsi-ld:ServiceRequests:{CASE_ENQUIRY_ID}");
            assertThat(preview.at("/mapping/attributes/0/latitude").stringValue())
                    .isEqualTo("LATITUDE");
            assertThat(preview.at("/mapping/attributes").findValuesAsString("datatype"))
                    .contains("dateTime");
            assertThat(preview.path("rows").findValues("faults")).allMatch(JsonNode::isEmpty);
            assertThat(List.copyOf(preview.path("rows").findValuesAsString("what")))
                    .hasSize(20)
                    .containsOnly("create");
        }
    }
}

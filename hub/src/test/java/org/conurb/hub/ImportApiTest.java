package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.conurb.hub.ImportDoors.IMPORTS;
import static org.conurb.hub.ImportDoors.counts;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.conurb.hub.Doors.Reply;
import org.conurb.kernel.OrganisationId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class ImportApiTest {
    private static final String TREES = """
            tree_no,species,height,planted,lat,lon
            1,Olive,4.5,12.03.2019,43.731,7.42
            2,"Palm, royal",11,01.02.2001,43.732,7.421
            3,Pine,8,30.11.1987,43.733,7.422
            """;
    private static final String MAPPING = """
            {"type":"Tree","id":"urn:ngsi-ld:Tree:{tree_no}","attributes":[
              {"name":"species","column":"species"},
              {"name":"height","column":"height","datatype":"number","unitCode":"MTR"},
              {"name":"planted","column":"planted","datatype":"date","pattern":"dd.MM.yyyy"},
              {"name":"location","latitude":"lat","longitude":"lon"}]}""";

    @TempDir
    Path folder;

    private ImportDoors city;

    @BeforeEach
    void open() {
        city = new ImportDoors(folder);
    }

    @AfterEach
    void close() throws Exception {
        city.close();
    }

    private static String mapping(String... attributes) {
        return "{\"type\":\"Tree\",\"id\":\"urn:ngsi-ld:Tree:{tree_no}\",\"attributes\":[%s]}"
                .formatted(String.join(",", attributes));
    }

    private static String many(int from, int to) {
        return "tree_no,height\n"
                + IntStream.range(from, to).mapToObj(n -> n + "," + n + "\n").collect(Collectors.joining());
    }

    private static final String HEIGHTS =
            mapping("{\"name\":\"height\",\"column\":\"height\",\"datatype\":\"number\"}");

    @Test
    void aTableBecomesEntities() throws Exception {
        JsonNode run = city.imported("trees.csv", TREES, MAPPING);

        assertThat(run.path("state").stringValue()).isEqualTo("done");
        assertThat(counts(run)).isEqualTo("3 read, 3 created, 0 updated, 0 unchanged, 0 refused");
        assertThat(city.entity("urn:ngsi-ld:Tree:2")).isEqualTo(ImportDoors.json("""
                {"id":"urn:ngsi-ld:Tree:2","type":"Tree",
                 "species":{"type":"Property","value":"Palm, royal"},
                 "height":{"type":"Property","value":11,"unitCode":"MTR"},
                 "planted":{"type":"Property","value":{"@type":"Date","@value":"2001-02-01"}},
                 "location":{"type":"GeoProperty","value":{"type":"Point","coordinates":[7.421,43.732]}}}"""));
        assertThat(city.hub.count("change")).isEqualTo(3);
        assertThat(city.audit.actions())
                .containsExactly("import.file-received", "import.started", "entities.created", "import.done");
        assertThat(city.filesKept()).isZero();
        assertThat(city.doors.get(IMPORTS).json().at("/items/0/id")).isEqualTo(run.path("id"));
    }

    @Test
    void aPreviewProposesAMappingAndChangesNothing() {
        String id = city.taken("street_trees.csv", TREES);
        JsonNode preview = city.preview(id, null).json();

        assertThat(preview.path("mapping")).isEqualTo(ImportDoors.json("""
                {"type":"StreetTrees","id":"urn:ngsi-ld:StreetTrees:{tree_no}","zone":"America/New_York","attributes":[
                  {"name":"location","kind":"GeoProperty","latitude":"lat","longitude":"lon"},
                  {"name":"treeNo","column":"tree_no","datatype":"number"},
                  {"name":"species","column":"species"},
                  {"name":"height","column":"height","datatype":"number"},
                  {"name":"planted","column":"planted","datatype":"date","pattern":"dd.MM.yyyy"}]}"""));
        assertThat(preview.at("/rows/0/entity/height/value").asDouble()).isEqualTo(4.5);
        assertThat(preview.at("/rows/0/what").stringValue()).isEqualTo("create");
        assertThat(preview.at("/columns/1/samples").size()).isEqualTo(3);
        assertThat(city.hub.count("entity")).isZero();

        city.imported("trees.csv", TREES, MAPPING);
        assertThat(city.preview(id, MAPPING).json().path("rows").findValuesAsString("what"))
                .containsExactly("update", "update", "update");
    }

    @Test
    void whatIsThereIsUpdatedOrReplacedAndWhatIsTheSameStays() {
        city.imported("trees.csv", TREES, MAPPING);
        String more = "tree_no,height\n1,5\n2,11\n4,1\n";

        JsonNode run = city.imported("heights.csv", more, HEIGHTS);
        assertThat(counts(run)).isEqualTo("3 read, 1 created, 2 updated, 0 unchanged, 0 refused");
        assertThat(city.entity("urn:ngsi-ld:Tree:1").at("/species/value").stringValue())
                .isEqualTo("Olive");
        assertThat(counts(city.imported("heights.csv", more, HEIGHTS)))
                .isEqualTo("3 read, 0 created, 0 updated, 3 unchanged, 0 refused");
        assertThat(city.hub.count("change")).isEqualTo(6);

        city.imported("heights.csv", more, HEIGHTS.replaceFirst("\\{", "{\"existing\":\"replace\","));
        assertThat(city.entity("urn:ngsi-ld:Tree:1").has("species")).isFalse();
    }

    @Test
    void rowsThatAreWrongAreToldAndTheOthersAreTaken() {
        String table = """
                tree_no,species,height,planted,lat,lon
                1,Olive,tall,12.03.2019,43.7,7.4
                2,Palm,11
                ,Pine,8,30.11.1987,43.7,7.4
                4,Cedar,9,31.02.1987,97,7.4
                5,Fig,2,01.01.2020,43.7,
                6,=1+1,3,01.01.2020,43.7,7.4
                7,Elm,3,01.01.2020,43.7,7.4
                """;
        JsonNode run = city.imported("trees.csv", table, MAPPING);

        assertThat(counts(run)).isEqualTo("7 read, 2 created, 0 updated, 0 unchanged, 5 refused");
        assertThat(city.faults(run.path("id").stringValue()))
                .containsExactly(
                        "1 height This is not a number.",
                        "2 - The row has 3 cells, the header 6.",
                        "3 tree_no It is empty, and the id needs it.",
                        "4 planted This is not a day of that pattern.",
                        "4 lon location is no geometry on the earth: longitude is within ±180 and latitude within ±90.",
                        "5 lon This is not a place: one of latitude and longitude is empty.");
        assertThat(city.entity("urn:ngsi-ld:Tree:6").at("/species/value").stringValue())
                .isEqualTo("=1+1");
    }

    @Test
    void theReportIsATableThatNoSpreadsheetComputes() {
        String id = city.imported(
                        "t.csv",
                        "tree_no,\"=cmd|' /C calc'!A1\"\n1,x\n",
                        mapping("{\"name\":\"height\",\"column\":\"=cmd|' /C calc'!A1\",\"datatype\":\"number\"}"))
                .path("id")
                .stringValue();
        Reply report = city.doors.get(IMPORTS + "/" + id + "/errors?format=csv");
        assertThat(report.body())
                .isEqualTo(
                        "row,line,column,entity,reason\r\n1,2,\"'=cmd|' /C calc'!A1\",,\"This is not a number.\"\r\n");
        assertThat(report.header("Content-Disposition")).contains("import-" + id + "-errors.csv");
    }

    @Test
    void undoingGivesBackWhatWasAndLeavesWhatOthersChangedSince() {
        city.imported("trees.csv", TREES, MAPPING);
        String run = city.imported("more.csv", many(2, 7), HEIGHTS).path("id").stringValue();
        assertThat(city.entity("urn:ngsi-ld:Tree:2").at("/height/value").asInt())
                .isEqualTo(2);
        city.doors.patch("entities/urn:ngsi-ld:Tree:3/attrs/height", "{\"value\":77}");
        city.doors.patch("entities/urn:ngsi-ld:Tree:5/attrs/height", "{\"value\":78}");
        city.doors.delete("entities/urn:ngsi-ld:Tree:6");

        JsonNode undone = city.undone(run);
        assertThat(undone.path("state").stringValue()).isEqualTo("undone");
        assertThat(undone.at("/counts/reverted").asInt()).isEqualTo(2);
        assertThat(undone.at("/counts/kept").asInt()).isEqualTo(3);
        assertThat(city.entity("urn:ngsi-ld:Tree:2").at("/height/value").asInt())
                .isEqualTo(11);
        assertThat(city.entity("urn:ngsi-ld:Tree:2").at("/height/unitCode").stringValue())
                .isEqualTo("MTR");
        assertThat(city.entity("urn:ngsi-ld:Tree:3").at("/height/value").asInt())
                .isEqualTo(77);
        assertThat(city.entity("urn:ngsi-ld:Tree:5").at("/height/value").asInt())
                .isEqualTo(78);
        assertThat(city.doors.get("entities/urn:ngsi-ld:Tree:4").status()).isEqualTo(404);
        assertThat(city.doors
                        .get(IMPORTS + "/" + run + "/errors")
                        .json()
                        .path("items")
                        .findValuesAsString("entity"))
                .containsExactly("urn:ngsi-ld:Tree:3", "urn:ngsi-ld:Tree:5", "urn:ngsi-ld:Tree:6");
        assertThat(city.doors.call("POST", IMPORTS + "/" + run + "/undo", null).status())
                .isEqualTo(409);
    }

    @Test
    void whatOthersChangedWhileTheRunWentOnIsLeftToo() {
        String table = "tree_no,height\n1,1\n"
                + IntStream.range(1_000, 1_250).mapToObj(n -> n + ",1\n").collect(Collectors.joining())
                + "1,2\n";
        AtomicInteger asked = new AtomicInteger();
        city.standing(caller -> {
            if (asked.incrementAndGet() == 2) {
                throw new IllegalStateException("Cut here");
            }
            return true;
        });
        String id = city.taken("t.csv", table);
        city.start(id, HEIGHTS);
        assertThatThrownBy(() -> city.work().step()).hasMessage("Cut here");
        city.doors.patch("entities/urn:ngsi-ld:Tree:1/attrs/height", "{\"value\":9}");
        city.toTheEnd();
        assertThat(city.entity("urn:ngsi-ld:Tree:1").at("/height/value").asInt())
                .isEqualTo(2);

        assertThat(city.undone(id).at("/counts/kept").asInt()).isEqualTo(1);
        assertThat(city.entity("urn:ngsi-ld:Tree:1").at("/height/value").asInt())
                .isEqualTo(2);
    }

    @Test
    void aRunThatWasCutGoesOnBehindItsLastChunkAndDoesNoRowTwice() {
        AtomicInteger asked = new AtomicInteger();
        city.standing(caller -> {
            if (asked.incrementAndGet() == 3) {
                throw new IllegalStateException("Cut here");
            }
            return true;
        });
        String id = city.taken("t.csv", many(0, 450));
        city.start(id, HEIGHTS);

        assertThatThrownBy(() -> city.work().step()).hasMessage("Cut here");
        assertThat(counts(city.run(id))).startsWith("400 read, 400 created");
        assertThat(city.run(id).path("state").stringValue()).isEqualTo("running");
        ImportWork again = city.work();
        again.start();
        Hub.await(
                "the run has ended",
                () -> city.run(id).path("state").stringValue().equals("done"));
        again.close();
        assertThat(counts(city.run(id))).isEqualTo("450 read, 450 created, 0 updated, 0 unchanged, 0 refused");
        assertThat(city.hub.count("change")).isEqualTo(450);
        assertThat(city.hub.count("import_entity")).isEqualTo(450);
    }

    @Test
    void aRunUnderWayIsEndedByUndoingIt() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        city.standing(caller -> {
            if (asked.incrementAndGet() == 2) {
                throw new IllegalStateException("Cut here");
            }
            return true;
        });
        String id = city.taken("t.csv", many(0, 450));
        city.start(id, HEIGHTS);
        assertThatThrownBy(() -> city.work().step()).hasMessage("Cut here");

        assertThat(city.undone(id).at("/counts/reverted").asInt()).isEqualTo(200);
        assertThat(city.doors.get("entities?type=Tree").json().size()).isZero();
        assertThat(city.filesKept()).isZero();
    }

    @Test
    void aRunStopsWhereItsCallerMayNotGoOn() {
        city.standing(caller -> false);
        JsonNode run = city.imported("t.csv", TREES, MAPPING);
        assertThat(run.path("state").stringValue()).isEqualTo("stopped");
        assertThat(run.path("fault").stringValue()).contains("may not go on");
        assertThat(city.hub.count("entity")).isZero();
    }

    @Test
    void aRunWhoseFileIsGoneStopsAndSaysSo() {
        String id = city.taken("t.csv", TREES);
        city.start(id, MAPPING);
        city.files.keepOnly(Set.of());
        city.toTheEnd();
        assertThat(city.run(id).path("state").stringValue()).isEqualTo("stopped");
        assertThat(city.run(id).path("fault").stringValue()).contains("Its file is gone");
    }

    @Test
    void theSameKeyIsOneImportOfOneFile() throws Exception {
        Reply first = city.send("t.csv", TREES, "Idempotency-Key", "k");
        Reply second = city.send("t.csv", TREES, "Idempotency-Key", "k");
        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
        assertThat(city.filesKept()).isEqualTo(1);
        assertThat(city.send("t.csv", TREES + "9,Oak,1,01.01.2000,43,7\n", "Idempotency-Key", "k")
                        .status())
                .isEqualTo(422);
        assertThat(city.filesKept()).isEqualTo(1);
        assertThat(city.hub.count("import_run")).isEqualTo(1);
    }

    @Test
    void aFileThatWaitsCanBeDiscardedAndOneThatWasStartedCannot() throws Exception {
        String id = city.taken("t.csv", TREES);
        assertThat(city.doors.delete(IMPORTS + "/" + id).status()).isEqualTo(204);
        assertThat(city.filesKept()).isZero();
        assertThat(city.doors.get(IMPORTS + "/" + id).status()).isEqualTo(404);

        String started = city.imported("t.csv", TREES, MAPPING).path("id").stringValue();
        assertThat(city.doors.delete(IMPORTS + "/" + started).status()).isEqualTo(409);
        assertThat(city.start(started, MAPPING).status()).isEqualTo(409);
        assertThat(city.preview(started, MAPPING).status()).isEqualTo(409);
    }

    @Test
    void anotherOrganisationSeesNothingOfIt() {
        String id = city.imported("t.csv", TREES, MAPPING).path("id").stringValue();
        city.as(Hub.OFFICER);
        city.access.readable("police").writable("police");
        for (String path : List.of("", "/errors")) {
            assertThat(city.doors.get(IMPORTS + "/" + id + path).status()).isEqualTo(404);
        }
        assertThat(city.doors.call("POST", IMPORTS + "/" + id + "/undo", null).status())
                .isEqualTo(404);
        assertThat(city.doors.delete(IMPORTS + "/" + id).status()).isEqualTo(404);
        assertThat(city.doors.get(IMPORTS).json().path("items").size()).isZero();
    }

    @Test
    void whoMayNotImportMayNotSendAFile() throws Exception {
        city.access.writable("police");
        assertThat(city.send("t.csv", TREES).status()).isEqualTo(403);
        assertThat(city.filesKept()).isZero();
    }

    @Test
    void entitiesBelongToAnOrganisationThatTheCallerMayWriteFor() {
        String id = city.taken("t.csv", TREES);
        String police = MAPPING.replaceFirst("\\{", "{\"owner\":\"police\",");
        assertThat(city.start(id, police).status()).isEqualTo(403);
        assertThat(city.preview(id, police).status()).isEqualTo(403);
        assertThat(city.run(id).path("state").stringValue()).isEqualTo("ready");

        city.access.writable("fire", "police").readable("fire", "police");
        assertThat(city.start(id, police).status()).isEqualTo(202);
        city.toTheEnd();
        assertThat(counts(city.run(id))).startsWith("3 read, 3 created");
        assertThat(city.hub.as(
                        new OrganisationId("police"),
                        () -> city.hub.entities.stored("urn:ngsi-ld:Tree:1").isPresent()))
                .isTrue();
    }

    @Test
    void idsOfOthersAreToldAsTakenAndLeft() {
        city.as(Hub.OFFICER);
        city.access.readable("police").writable("police");
        city.imported("t.csv", TREES, MAPPING);
        city.as(Hub.DISPATCHER);
        city.access.readable("fire").writable("fire");
        JsonNode run = city.imported("t.csv", many(3, 6), HEIGHTS);
        assertThat(counts(run)).isEqualTo("3 read, 2 created, 0 updated, 0 unchanged, 1 refused");
        assertThat(city.faults(run.path("id").stringValue()))
                .containsExactly("1 - The id urn:ngsi-ld:Tree:3 is taken.");
    }

    @Test
    void aTenantHasImportsOfItsOwn() {
        Reply reply = city.send("t.csv", TREES, "NGSILD-Tenant", "north");
        String id = reply.json().path("id").stringValue();
        assertThat(city.doors.get(IMPORTS + "/" + id).status()).isEqualTo(404);
        assertThat(city.doors
                        .call(
                                "POST",
                                IMPORTS + "/" + id + "/start",
                                "{\"mapping\":%s}".formatted(MAPPING),
                                "NGSILD-Tenant",
                                "north")
                        .status())
                .isEqualTo(202);
        city.toTheEnd();
        assertThat(city.doors.get("entities/urn:ngsi-ld:Tree:1").status()).isEqualTo(404);
        assertThat(city.doors
                        .call("GET", "entities/urn:ngsi-ld:Tree:1", null, "NGSILD-Tenant", "north")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void typesThatARoomOwnsAreRefused() {
        String id = city.taken("t.csv", TREES);
        Reply reply = city.start(id, MAPPING.replace("\"Tree\"", "\"Incident\""));
        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.json().path("detail").stringValue()).startsWith("Incident belongs to");
        JsonNode guessed = city.preview(city.taken("Incident.csv", TREES), null).json();
        assertThat(guessed.path("fault").stringValue()).startsWith("Incident belongs to");
        assertThat(guessed.path("rows").size()).isZero();
    }

    @Test
    void aMappingThatIsWrongIsRefusedAndNothingIsChanged() {
        String id = city.taken("t.csv", TREES);
        List<String> wrong = new ArrayList<>(List.of(
                "{}",
                "{\"type\":\"Tree\"}",
                "{\"type\":\"Tree\",\"attributes\":[]}",
                "{\"type\":\"Tree\",\"attributes\":[null]}",
                MAPPING.replace("\"Tree\"", "\"a b\""),
                MAPPING.replace("{tree_no}", "{no_such}"),
                MAPPING.replace("{tree_no}", "7"),
                MAPPING.replaceFirst("\\{", "{\"existing\":\"drop\","),
                MAPPING.replaceFirst("\\{", "{\"zone\":\"Mars/Base\","),
                MAPPING.replaceFirst("\\{", "{\"pattern\":\"jj\","),
                MAPPING.replaceFirst("\\{", "{\"dialect\":{\"format\":\"csv\",\"encoding\":\"UTF-7\"},")));
        for (String attribute : List.of(
                "{\"name\":\"height\"}",
                "{\"column\":\"height\"}",
                "{\"name\":\"height\",\"column\":\"Height\"}",
                "{\"name\":\"id\",\"column\":\"height\"}",
                "{\"name\":\"a b\",\"column\":\"height\"}",
                "{\"name\":\"h\",\"column\":\"height\",\"template\":\"{height}\"}",
                "{\"name\":\"h\",\"latitude\":\"lat\"}",
                "{\"name\":\"h\",\"kind\":\"Property\",\"latitude\":\"lat\",\"longitude\":\"lon\"}",
                "{\"name\":\"h\",\"kind\":\"Thing\",\"column\":\"height\"}",
                "{\"name\":\"h\",\"column\":\"height\",\"datatype\":\"money\"}",
                "{\"name\":\"h\",\"kind\":\"Relationship\",\"column\":\"height\",\"datatype\":\"number\"}",
                "{\"name\":\"h\",\"kind\":\"Relationship\",\"column\":\"height\",\"unitCode\":\"MTR\"}",
                "{\"name\":\"h\",\"kind\":\"LanguageProperty\",\"column\":\"species\",\"language\":\"not a tag\"}",
                "{\"name\":\"h\",\"column\":\"height\",\"observedAt\":\"when\"}",
                "{\"name\":\"h\",\"column\":\"height\",\"separator\":\"\"}",
                "{\"name\":\"h\",\"column\":\"height\"},{\"name\":\"h\",\"column\":\"species\"}")) {
            wrong.add(mapping(attribute));
        }
        for (String one : wrong) {
            for (Reply reply : List.of(city.preview(id, one), city.start(id, one))) {
                assertThat(reply.status()).as(one + " " + reply.body()).isEqualTo(400);
                assertThat(reply.json().path("detail").stringValue()).isNotBlank();
                assertThat(reply.json().path("remedy").stringValue()).isNotBlank();
            }
        }
        assertThat(city.run(id).path("state").stringValue()).isEqualTo("ready");
        assertThat(city.hub.count("entity")).isZero();
    }

    @Test
    void runsAndFilesAreForgottenInTheirTime() throws Exception {
        String waiting = city.taken("t.csv", TREES);
        String ended = city.imported("t.csv", many(0, 3), HEIGHTS).path("id").stringValue();
        ImportStore store = new ImportStore(city.hub.transactions);
        List<OrganisationId> owners = new ArrayList<>();
        var early = city.hub.clock.instant().minus(Duration.ofHours(1));
        var late = city.hub.clock.instant().plus(Duration.ofHours(1));

        assertThat(city.hub.transactions.asSystem(() -> store.forgetReady(early, owners)))
                .isEmpty();
        assertThat(city.hub.transactions.<Integer>asSystem(
                        () -> store.forget(early).count()))
                .isZero();
        assertThat(city.hub.transactions.asSystem(() -> store.forgetReady(late, owners)))
                .hasToString("[" + waiting + "]");
        assertThat(owners).containsExactly(Hub.FIRE);
        assertThat(city.hub.transactions.<Integer>asSystem(
                        () -> store.forget(late).count()))
                .isEqualTo(1);
        assertThat(city.doors.get(IMPORTS + "/" + ended).status()).isEqualTo(404);
        assertThat(city.hub.count("import_entity")).isZero();
        assertThat(city.hub.count("entity")).isEqualTo(3);
    }

    @Test
    void anOrganisationHasSoManyUnfinishedImportsAtATime() {
        for (int n = 0; n < 20; n++) {
            city.taken("t.csv", TREES);
        }
        assertThat(city.send("t.csv", TREES).status()).isEqualTo(409);
    }
}

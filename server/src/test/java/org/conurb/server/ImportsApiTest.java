package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.conurb.kernel.Json;
import org.conurb.server.TestSite.Call;
import org.conurb.server.TestSite.Reply;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Files that come in as they do from outside: long, cut, from whom they may, and over the end of the program. */
class ImportsApiTest {
    private static final String IMPORTS = "/api/hub/imports";
    private static final String MAPPING = """
            {"type":"Bench","id":"urn:ngsi-ld:Bench:{no}","attributes":[
              {"name":"seats","column":"seats","datatype":"number"},
              {"name":"note","column":"note"},
              {"name":"location","latitude":"lat","longitude":"lon"}]}""";

    private final TestSite site = TestSite.shared();

    private static String benches(int rows, String note) {
        return IntStream.range(0, rows)
                .mapToObj(n -> "%d,%d,43.73,7.42,%s\n".formatted(n, n % 7, note))
                .collect(Collectors.joining("", "no,seats,lat,lon,note\n", ""));
    }

    private static Reply send(Call call, String name, String file) {
        return call.send(
                "POST", IMPORTS + "?name=" + name, file.getBytes(StandardCharsets.UTF_8), "application/octet-stream");
    }

    private static String started(Call call, String name, String file, String mapping) {
        String id = send(call, name, file).expect(201).json().path("id").asString();
        call.post(IMPORTS + "/" + id + "/start", Map.of("mapping", Json.mapper().readTree(mapping)))
                .expect(202);
        return id;
    }

    private static JsonNode run(Call call, String id) {
        return call.get(IMPORTS + "/" + id).expect(200).json();
    }

    private static JsonNode ended(Call call, String id) {
        TestSite.await(
                "the end of the import",
                () -> !List.of("running", "undoing")
                        .contains(run(call, id).path("state").asString()));
        return run(call, id);
    }

    /** Whether a file with these words is there. */
    private static boolean keeps(TestSite at, String words) {
        Path folder = at.data.resolve("imports");
        try (Stream<Path> all = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
            for (Path file : all.toList()) {
                if (Files.exists(file)
                        && new String(Files.readAllBytes(file), StandardCharsets.UTF_8).contains(words)) {
                    return true;
                }
            }
            return false;
        } catch (NoSuchFileException gone) {
            return keeps(at, words);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFileLongerThanAnyOtherBodyIsTakenImportedAndUndone() {
        Call officer = site.asClientOf("town-hall", "data-officer");
        String file = benches(300, "x".repeat(40_000)); // 12 MB
        String id = started(officer, "benches.csv", file, MAPPING);

        JsonNode done = ended(officer, id);
        assertThat(done.path("state").asString()).as(done.toString()).isEqualTo("done");
        assertThat(done.at("/counts/created").asInt()).isEqualTo(300);
        assertThat(officer.get("/ngsi-ld/v1/entities/urn:ngsi-ld:Bench:5")
                        .expect(200)
                        .json()
                        .at("/seats/value")
                        .asInt())
                .isEqualTo(5);
        officer.post(IMPORTS + "/" + id + "/undo", Map.of()).expect(202);
        assertThat(ended(officer, id).at("/counts/reverted").asInt()).isEqualTo(300);
        officer.get("/ngsi-ld/v1/entities/urn:ngsi-ld:Bench:5").expect(404);
    }

    @Test
    void onlyThoseWhoMayImportSendFilesAndOnlyTheirOrganisationSeesThem() {
        assertThat(send(site.asNobody(), "t.csv", benches(1, "")).status()).isEqualTo(401);
        Reply refused = send(site.asClientOf("fire", "dispatcher"), "t.csv", benches(1, ""));
        assertThat(refused.expect(403).json().path("remedy").asString()).isNotBlank();

        Call officer = site.asClientOf("town-hall", "data-officer");
        String id = send(officer, "t.csv", benches(1, "a"))
                .expect(201)
                .json()
                .path("id")
                .asString();
        site.asClientOf("fire", "data-officer").get(IMPORTS + "/" + id).expect(404);
        officer.delete(IMPORTS + "/" + id).expect(204);
        assertThat(send(officer, "t.csv", "no,no\n1,2\n")
                        .expect(400)
                        .json()
                        .path("detail")
                        .asString())
                .contains("Two columns are named no");
        officer.send("POST", IMPORTS, "a\n1\n".getBytes(StandardCharsets.UTF_8), "text/csv")
                .expect(400);
    }

    @Test
    void ofAFileThatEndsEarlyNothingStays() throws Exception {
        String words = "cut-" + UUID.randomUUID();
        JsonNode client = site.asInstaller()
                .post(
                        "/api/identity/clients",
                        Map.of("name", "cut", "organisation", "control-room", "roles", List.of("data-officer")))
                .expect(201)
                .json();
        String token = site.token(
                client.path("clientId").asString(), client.path("clientSecret").asString());
        try (Socket socket = new Socket("localhost", site.address().getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST " + IMPORTS + "?name=" + words + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                            + token + "\r\nContent-Length: 100000\r\n\r\na,b\n1," + words + "\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            TestSite.await("the file begins to be written", () -> keeps(site, words));
        }
        TestSite.await("it is gone", () -> !keeps(site, words));
        assertThat(site.with(token).get(IMPORTS).expect(200).text()).doesNotContain(words);
    }

    @Test
    void aRunGoesOnWhereTheProgramWasKilled() throws Exception {
        try (TestSite own = TestSite.up(TestSite.temporaryFolder("conurb import "))) {
            Call installer = own.asInstaller();
            int rows = 6_000;
            String id = started(installer, "benches.csv", benches(rows, "a"), MAPPING);
            TestSite.await(
                    "it has begun", () -> run(installer, id).at("/counts/read").asInt() > 0);
            own.kill();
            own.restart();

            JsonNode done = ended(own.asInstaller(), id);
            assertThat(done.path("state").asString()).as(done.toString()).isEqualTo("done");
            assertThat(done.at("/counts/read").asInt()).isEqualTo(rows);
            assertThat(done.at("/counts/created").asInt()).isEqualTo(rows);
            assertThat(own.asInstaller()
                            .get("/ngsi-ld/v1/entities?type=Bench&limit=0&count=true")
                            .expect(200)
                            .header("NGSILD-Results-Count"))
                    .isEqualTo(String.valueOf(rows));
        }
    }

    @Test
    void theCommandLineProposesImportsReportsAndUndoes() throws Exception {
        Path folder = Files.createTempDirectory("conurb import ");
        Path file = Files.writeString(
                folder.resolve("litter_bins.csv"), "bin_id,litres,lat,lon\n1,50,43.7,7.4\n2,many,43.7,7.4\n");
        Path mapping = Files.writeString(folder.resolve("mapping.json"), """
                {"type":"LitterBin","id":"urn:ngsi-ld:LitterBin:{bin_id}",
                 "attributes":[{"name":"litres","column":"litres","datatype":"number"}]}""");
        String proposed = admin(folder, 0, "import", file.toString());
        assertThat(proposed).contains("\"type\" : \"LitterBins\"").contains("urn:ngsi-ld:LitterBins:{bin_id}");

        String imported = admin(
                folder, 3, "import", file.toString(), "--mapping", mapping.toString(), "--organisation", "town-hall");
        assertThat(imported).contains("is done: 1 created, 0 updated, 0 unchanged, 1 refused");
        try (Stream<Path> made = Files.list(folder)) {
            Path report = made.filter(one -> one.getFileName().toString().endsWith("-errors.csv"))
                    .findFirst()
                    .orElseThrow();
            assertThat(Files.readString(report)).contains("2,3,\"litres\",,\"This is not a number.\"");
            String id = report.getFileName().toString().replaceAll("import-(.*)-errors.csv", "$1");
            assertThat(admin(folder, 3, "import", "--undo", id, "--organisation", "town-hall"))
                    .contains("is undone: 1 entities given back, 0 left");
            assertThat(admin(folder, 0, "import", "--list", "--organisation", "town-hall"))
                    .contains("litter_bins.csv");
        }
        assertThat(admin(folder, 1, "import", file.toString(), "--mapping", file.toString()))
                .contains("is no JSON");
        assertThat(admin(folder, 1, "import", folder.resolve("none.csv").toString()))
                .contains("cannot be read");
        assertThat(admin(folder, 0, "import", "--help")).contains("--mapping").contains("--undo");
    }

    private String admin(Path in, int exit, String... arguments) throws Exception {
        List<String> line = TestSite.commandLine(
                Stream.concat(Stream.of("admin", "--data", site.data.toString()), Stream.of(arguments))
                        .toList());
        Process process = new ProcessBuilder(line)
                .directory(in.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isEqualTo(exit);
        return output;
    }
}

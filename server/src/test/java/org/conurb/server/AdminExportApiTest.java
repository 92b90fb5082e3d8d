package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.conurb.kernel.Json;
import org.conurb.server.TestSite.Call;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class AdminExportApiTest {
    /** More than one answer tells of one attribute. */
    private static final int LONG = 1_050;
    /** Told in one call, so changed in one moment: no page may end between them. */
    private static final int TOGETHER = 150;

    private final TestSite site = TestSite.shared();
    private final Call dispatch = site.asInstaller().header("Conurb-Organisation", "control-room");

    @TempDir
    Path temporary;

    @Test
    void allEntitiesAndTheirWholePastAreWrittenOnceInOpenFormats() throws Exception {
        String incident = dispatch.post("/api/incidents", IncidentsApiTest.smoke())
                .expect(201)
                .json()
                .path("id")
                .asString();
        String gauge = "urn:ngsi-ld:Gauge:" + UUID.randomUUID();
        dispatch.post("/ngsi-ld/v1/entities", Map.of("id", gauge, "type", "Gauge", "level", property(0)))
                .expect(201);
        for (int level = 1; level < LONG; level += TOGETHER) {
            dispatch.post(
                            "/ngsi-ld/v1/temporal/entities/" + gauge + "/attrs",
                            Map.of(
                                    "level",
                                    IntStream.range(level, Math.min(LONG, level + TOGETHER))
                                            .mapToObj(AdminExportApiTest::property)
                                            .toList()))
                    .expect(204);
        }
        Path folder = temporary.resolve("all of it");

        assertThat(TestSite.admin(site.data, "export", folder.toString()))
                .contains("entities and their history")
                .contains(folder.toString());

        List<JsonNode> entities = lines(folder.resolve("entities.ndjson"));
        List<String> ids =
                entities.stream().map(one -> one.path("id").asString()).toList();
        assertThat(ids)
                .as("what several organisations see, too")
                .doesNotHaveDuplicates()
                .contains(incident, gauge);
        assertThat(entities).allSatisfy(one -> assertThat(one.has("@context")).isTrue());
        Set<String> levels = new HashSet<>();
        lines(folder.resolve("history.ndjson")).stream()
                .filter(one -> one.path("id").asString().equals(gauge))
                .forEach(one -> one.path("level")
                        .forEach(instance -> levels.add(instance.path("value").asString())));
        assertThat(levels).hasSize(LONG);
        assertThat(lines(folder.resolve("history.ndjson")).stream()
                        .map(one -> one.path("id").asString())
                        .filter(incident::equals))
                .hasSize(1);

        assertThat(Files.readString(folder.resolve("audit-checkpoint.txt"))).contains("\u2014 ");
        assertThat(Json.mapper()
                        .readTree(Files.readAllBytes(folder.resolve("city.json")))
                        .path("id")
                        .asString())
                .isEqualTo("alder");
        for (String line : Files.readAllLines(folder.resolve("SHA256SUMS"))) {
            String[] parts = line.split("  ", 2);
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(folder.resolve(parts[1])));
            assertThat(HexFormat.of().formatHex(sum)).as(parts[1]).isEqualTo(parts[0]);
        }
        try (Stream<Path> files = Files.list(folder);
                Stream<Path> beside = Files.list(temporary)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "README.md",
                            "SHA256SUMS",
                            "audit-checkpoint.txt",
                            "audit-key.txt",
                            "city.json",
                            "entities.ndjson",
                            "history.ndjson");
            assertThat(beside).containsExactly(folder);
        }
    }

    @Test
    void aFolderThatIsThereIsLeftAsItIs() throws Exception {
        Path folder = Files.createDirectory(temporary.resolve("there"));
        Path kept = Files.writeString(folder.resolve("kept"), "as it was");
        Process process = new ProcessBuilder(TestSite.commandLine(
                        List.of("admin", "--data", site.data.toString(), "export", folder.toString())))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(output).contains("is there already");
        assertThat(kept).hasContent("as it was");
    }

    private static Map<String, Object> property(int value) {
        return Map.of("type", "Property", "value", value);
    }

    private static List<JsonNode> lines(Path file) throws Exception {
        return Files.readAllLines(file).stream()
                .map(line -> Json.mapper().readTree(line))
                .toList();
    }
}

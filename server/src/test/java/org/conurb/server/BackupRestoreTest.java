package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class BackupRestoreTest {
    private static String admin(Path data, String... arguments) throws IOException, InterruptedException {
        List<String> line = new java.util.ArrayList<>(List.of("admin", "--data", data.toString()));
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(TestSite.commandLine(line))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    @Test
    void aBackUpTakenWhileTheSiteWorksComesBackEqual() throws Exception {
        Path backups = TestSite.temporaryFolder("conurb backups ");
        Path restored = TestSite.temporaryFolder("conurb restored ");
        JsonNode before;
        try (TestSite site = TestSite.up(TestSite.temporaryFolder("conurb backed up "))) {
            for (int i = 0; i < 50; i++) {
                site.asInstaller()
                        .post("/api/incidents", IncidentsApiTest.smoke())
                        .expect(201);
            }
            before = site.asInstaller()
                    .get("/api/incidents?state=all&limit=500")
                    .expect(200)
                    .json();
            admin(site.data, "backup", backups.toString());
            assertThat(site.asInstaller()
                            .get("/api/system")
                            .json()
                            .path("backup")
                            .path("lastAt")
                            .isNull())
                    .isFalse();
        }
        try (Stream<Path> taken = Files.list(backups)) {
            admin(
                    restored,
                    "restore",
                    taken.filter(Files::isDirectory).findFirst().orElseThrow().toString());
        }
        try (TestSite site = TestSite.up(restored)) {
            assertThat(site.asInstaller()
                            .get("/api/incidents?state=all&limit=500")
                            .expect(200)
                            .json())
                    .isEqualTo(before);
            assertThat(admin(restored, "verify-audit")).contains("sound");
            String id = before.path("items").get(0).path("id").asString();
            site.asInstaller().get("/ngsi-ld/v1/entities/" + id).expect(200);
            site.asInstaller()
                    .patch("/api/incidents/" + id, Map.of("priority", 4))
                    .expect(200);
        }
    }
}

package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.conurb.kernel.Json;
import org.conurb.store.Database;
import org.conurb.store.EmbeddedSettings;
import org.junit.jupiter.api.Test;

/** A site on a PostgreSQL that it did not start itself. */
class ExternalDatabaseTest {
    private final Path elsewhere = TestSite.temporaryFolder("conurb elsewhere ");
    private final Path data = TestSite.temporaryFolder("conurb without postgres ");

    @Test
    void aSiteRunsOnADatabaseThatTheEnvironmentNames() throws Exception {
        EmbeddedSettings settings = EmbeddedSettings.of(elsewhere, 0, Clock.systemUTC(), new SecureRandom());
        try (Database others = Database.embedded(settings)) {
            List<String> environment = environment(others.port().orElseThrow());
            try (TestSite site = TestSite.of(data, command(environment, "up", "--port", "0"))) {
                site.asInstaller()
                        .post("/api/incidents", IncidentsApiTest.smoke())
                        .expect(201);

                assertThat(data.resolve("postgres")).doesNotExist();
                assertThat(run(command(environment, "admin", "organisations"), 0))
                        .contains("city");
                assertThat(run(command(environment, "admin", "verify-audit"), 0))
                        .contains("sound");
                assertThat(run(command(environment, "admin", "backup", data + "-backup"), 1))
                        .contains("pg_basebackup");
                assertThat(run(command(List.of("env"), "admin", "verify-audit"), 1))
                        .contains("CONURB_DATABASE_URL");
            }
        }
    }

    private List<String> environment(int port) throws IOException {
        String password = Json.mapper()
                .readTree(Files.readAllBytes(elsewhere.resolve("keys").resolve("database.json")))
                .path("postgres")
                .asString();
        return List.of(
                "env",
                "CONURB_DATABASE_URL=jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port),
                "CONURB_DATABASE_USER=postgres",
                "CONURB_DATABASE_PASSWORD=" + password);
    }

    private List<String> command(List<String> environment, String... arguments) {
        List<String> line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--data", data.toString()));
        List<String> command = new ArrayList<>(environment);
        command.addAll(TestSite.commandLine(line));
        return command;
    }

    private static String run(List<String> command, int exit) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isEqualTo(exit);
        return output;
    }
}

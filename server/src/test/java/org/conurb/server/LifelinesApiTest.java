package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.conurb.kernel.Json;
import org.conurb.server.TestSite.Call;
import org.conurb.server.TestSite.Reply;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What everything else hangs on: the event stream, the audit log, health, the description of the doors. */
class LifelinesApiTest {
    private final TestSite site = TestSite.shared();
    private final Call installer = site.asInstaller();

    @Test
    void anIncidentAppearsOnTheEventStreamWithWhatAConsoleShows() throws Exception {
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        HttpRequest request = HttpRequest.newBuilder(site.address().resolve("/api/events?types=Incident"))
                .header("Authorization", "Bearer " + bootstrapToken())
                .build();
        HttpResponse<java.io.InputStream> stream = site.http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        assertThat(stream.statusCode()).isEqualTo(200);
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            Thread.ofVirtual().start(() -> read(reader, lines));
            TestSite.await("hello", () -> lines.stream().anyMatch(l -> l.contains("hello")));

            String id = installer
                    .post("/api/incidents", IncidentsApiTest.smoke())
                    .expect(201)
                    .json()
                    .path("id")
                    .asString();

            TestSite.await("the change", () -> lines.stream().anyMatch(l -> l.startsWith("data:") && l.contains(id)));
            String data = lines.stream().filter(l -> l.contains(id)).findFirst().orElseThrow();
            assertThat(data).contains("\"incidentType\":\"fire.smoke\"").contains("\"state\":\"open\"");
        }
    }

    @Test
    void anEntryIsProvedToBeInTheLog() {
        String entry = installer
                .post("/api/incidents", IncidentsApiTest.smoke())
                .expect(201)
                .header("Conurb-Audit");

        TestSite.await(
                "the entry has its place",
                () -> installer
                                .get("/api/audit/proofs/inclusion?entry=" + entry)
                                .status()
                        == 200);
        JsonNode proof = installer
                .get("/api/audit/proofs/inclusion?entry=" + entry)
                .expect(200)
                .json();
        assertThat(proof.path("size").asLong())
                .isGreaterThan(proof.path("index").asLong());
        Reply checkpoint = installer.get("/api/audit/checkpoint").expect(200);
        assertThat(checkpoint.header("Content-Type")).startsWith("text/plain");
        assertThat(checkpoint.text()).contains("alder").contains("\u2014 ");
        installer.get("/api/audit/tile/0/000").expect(proof.path("size").asLong() >= 256 ? 200 : 404);
        installer.get("/api/audit/proofs/inclusion?entry=nonsense").expect(400);
        long size = Long.parseLong(checkpoint.text().lines().skip(1).findFirst().orElseThrow());
        assertThat(installer
                        .get("/api/audit/proofs/consistency?from=1&to=" + size)
                        .expect(200)
                        .json()
                        .path("hashes")
                        .isArray())
                .isTrue();
    }

    @Test
    void theOperationsPageNamesEachComponent() {
        JsonNode system = installer.get("/api/system").expect(200).json();

        assertThat(system.path("components").findValuesAsString("name"))
                .contains("audit.sequencer", "back-up", "database", "disk", "housekeeping", "hub.cursors", "hub.events")
                .contains("hub.notifications", "hub.sequencer", "identity.installation-client", "video.recorder")
                .contains("warnings.sources");
        assertThat(system.path("version").asString()).isEqualTo(Version.CURRENT);
        Instant startedAt = Instant.parse(system.path("startedAt").asString());
        Instant now = Instant.parse(system.path("now").asString());
        assertThat(startedAt).isBefore(now);
        for (JsonNode component : system.path("components")) {
            assertThat(Instant.parse(component.path("since").asString()))
                    .as("since when %s is so", component)
                    .isBetween(startedAt, now);
            if (!component.path("state").asString().equals("ok")) {
                assertThat(component.path("remedy").asString())
                        .as("what to do: %s", component)
                        .isNotBlank();
            }
        }
        assertThat(system.path("disk").path("freeBytes").asLong()).isPositive();
        assertThat(system.path("sequencers").propertyNames()).containsExactlyInAnyOrder("audit", "changes");
        for (JsonNode sequencer : system.path("sequencers")) {
            assertThat(sequencer.path("lag").asLong(-1)).isNotNegative();
        }
        assertThat(system.path("queues").path("notifications").path("waiting").asInt(-1))
                .isNotNegative();
        assertThat(system.path("backup").path("lastAt").isNull()).isTrue();
        assertThat(system.path("backup").path("ageSeconds").isNull()).isTrue();
        assertThat(component(system, "back-up").path("remedy").asString()).contains("./conurb admin backup");
        site.asNobody().get("/actuator/health/liveness").expect(200);
        site.asNobody().get("/actuator/health/readiness").expect(200);
        assertThat(installer.get("/actuator/prometheus").expect(200).text()).contains("jvm_memory");
    }

    @Test
    void theInstallationClientIsWarnedOfWhileItLives() {
        JsonNode system = installer.get("/api/system").expect(200).json();

        JsonNode client = component(system, "identity.installation-client");
        assertThat(client.path("state").asString()).isEqualTo("warning");
        assertThat(client.path("remedy").asString()).contains("./conurb admin bootstrap disable");
        assertThat(system.path("state").asString()).isNotEqualTo("ok");
    }

    private static JsonNode component(JsonNode system, String name) {
        return system.path("components")
                .valueStream()
                .filter(one -> one.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyComponentHasANameInEachLanguage() throws IOException {
        List<String> components = installer
                .get("/api/system")
                .expect(200)
                .json()
                .path("components")
                .findValuesAsString("name");
        for (String language : List.of("en", "fr", "es", "zh", "ar")) {
            JsonNode names = Json.mapper()
                    .readTree(Files.readAllBytes(TestSite.ROOT.resolve("console/src/i18n/" + language + ".json")))
                    .path("system")
                    .path("names");
            assertThat(names.propertyNames())
                    .as("names in %s", language)
                    .containsAll(components.stream()
                            .map(name -> name.replaceAll("[^a-z]", "_"))
                            .toList());
        }
    }

    @Test
    void theDoorsDescribeThemselves() {
        JsonNode api = installer.get("/api/openapi.json").expect(200).json();

        assertThat(api.path("openapi").asString()).startsWith("3.1");
        assertThat(api.path("paths").propertyNames())
                .contains("/api/incidents", "/api/units", "/api/warnings", "/api/grants", "/api/system");
        assertThat(site.asNobody()
                        .get("/.well-known/openid-configuration")
                        .expect(200)
                        .json()
                        .path("issuer")
                        .asString())
                .isNotBlank();
    }

    @Test
    void aClientIsMadeAndItsEndClosesEveryDoorAtOnce() {
        JsonNode made = installer
                .post(
                        "/api/identity/clients",
                        Map.of(
                                "name",
                                "short-lived",
                                "organisation",
                                firstOrganisation(),
                                "roles",
                                List.of("dispatcher")))
                .expect(201)
                .json();
        Call client = site.with(site.token(
                made.path("clientId").asString(), made.path("clientSecret").asString()));
        client.get("/api/incidents").expect(200);

        installer
                .delete("/api/identity/clients/" + made.path("clientId").asString())
                .expect(204);

        TestSite.await(
                "the token is refused", () -> client.get("/api/incidents").status() == 401);
    }

    @Test
    void aClientIsMadeForAnyOrganisationThatTheInstallerAdministers() {
        JsonNode organisations = installer.get("/api/city").expect(200).json().path("organisations");
        for (JsonNode organisation : organisations) {
            installer
                    .post(
                            "/api/identity/clients",
                            Map.of(
                                    "name", "for all",
                                    "organisation", organisation.path("id").asString(),
                                    "roles", List.of("dispatcher")))
                    .expect(201);
        }
    }

    @Test
    void aGrantIsTakenForAnOpenCaseAndEnded() {
        String id = installer
                .post("/api/incidents", IncidentsApiTest.smoke())
                .expect(201)
                .json()
                .path("id")
                .asString();
        JsonNode grant = installer
                .post("/api/grants", Map.of("purpose", "dispatch", "case", id))
                .expect(201)
                .json();
        assertThat(grant.path("until").asString()).isNotBlank();
        installer
                .header("Conurb-Purpose", grant.path("id").asString())
                .get("/api/incidents/" + id)
                .expect(200);
        installer.delete("/api/grants/" + grant.path("id").asString()).expect(204);

        JsonNode without = installer
                .header("Conurb-Purpose", grant.path("id").asString())
                .get("/api/incidents/" + id)
                .expect(200)
                .json();
        assertThat(without.has("description")).isFalse();
        assertThat(without.has("caller")).isFalse();
    }

    @Test
    void theConsoleIsServedWithAStrictPolicy() {
        Reply page = site.asNobody().get("/").expect(200);

        assertThat(page.text()).contains("<div id=\"root\">");
        assertThat(page.header("Content-Security-Policy"))
                .contains("script-src 'self'")
                .doesNotContain("unsafe-eval");
        assertThat(site.asNobody().get("/system").expect(200).text()).isEqualTo(page.text());
    }

    private String firstOrganisation() {
        return installer
                .get("/api/city")
                .expect(200)
                .json()
                .path("organisations")
                .get(0)
                .path("id")
                .asString();
    }

    private String bootstrapToken() throws IOException {
        JsonNode bootstrap = Json.mapper().readTree(Files.readAllBytes(site.data.resolve("bootstrap.json")));
        return site.token(
                bootstrap.path("clientId").asString(),
                bootstrap.path("clientSecret").asString());
    }

    private static void read(BufferedReader reader, List<String> lines) {
        try {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }
}

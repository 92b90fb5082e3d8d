package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
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
                .contains("back-up", "disk")
                .anyMatch(name -> name.contains("audit"))
                .anyMatch(name -> name.contains("hub"));
        assertThat(system.path("disk").path("freeBytes").asLong()).isPositive();
        site.asNobody().get("/actuator/health/liveness").expect(200);
        site.asNobody().get("/actuator/health/readiness").expect(200);
        assertThat(installer.get("/actuator/prometheus").expect(200).text()).contains("jvm_memory");
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
        JsonNode bootstrap = org.conurb.kernel.Json.mapper()
                .readTree(java.nio.file.Files.readAllBytes(site.data.resolve("bootstrap.json")));
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

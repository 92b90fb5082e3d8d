package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.conurb.server.TestSite.Call;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class BackupRestoreTest {
    private static final String BENCH = "urn:ngsi-ld:Bench:1";

    @Test
    void aBackUpTakenWhileTheSiteWorksComesBackEqual() throws Exception {
        Path backups = TestSite.temporaryFolder("conurb backups ");
        Path restored = TestSite.temporaryFolder("conurb restored ");
        Map<String, JsonNode> before;
        Map<String, JsonNode> meanwhile = new ConcurrentHashMap<>();
        Set<String> within;
        try (TestSite site = TestSite.up(TestSite.temporaryFolder("conurb backed up "))) {
            fill(site.asInstaller());
            before = seen(site.asInstaller());
            AtomicBoolean on = new AtomicBoolean(true);
            Thread writer = Thread.ofVirtual().start(() -> write(site.asInstaller(), on, meanwhile));
            TestSite.await("the writer is at work", () -> meanwhile.size() > 20);
            within = Set.copyOf(meanwhile.keySet());
            TestSite.admin(site.data, "backup", backups.toString());
            on.set(false);
            writer.join();
            assertThat(meanwhile).hasSizeGreaterThan(within.size());
            JsonNode backup =
                    site.asInstaller().get("/api/system").expect(200).json().path("backup");
            assertThat(backup.path("lastAt").isNull()).isFalse();
            assertThat(backup.path("ageSeconds").asLong(-1)).isBetween(0L, 600L);
        }
        try (Stream<Path> taken = Files.list(backups)) {
            TestSite.admin(
                    restored,
                    "restore",
                    taken.filter(Files::isDirectory).findFirst().orElseThrow().toString());
        }
        try (TestSite site = TestSite.up(restored)) {
            Call call = site.asInstaller();
            assertThat(seen(call)).isEqualTo(before);
            assertThat(incidents(call))
                    .as("what was written meanwhile is whole, and there where it was acknowledged before")
                    .containsKeys(within.toArray(String[]::new))
                    .allSatisfy((id, incident) -> assertThat(incident).isEqualTo(meanwhile.get(id)));
            assertThat(TestSite.admin(restored, "verify-audit")).contains("sound");
            call.patch("/api/incidents/" + within.iterator().next(), Map.of("priority", 4))
                    .expect(200);
        }
    }

    /** Something of each kind, with a past. */
    private static void fill(Call call) {
        call.post(
                        "/api/identity/people",
                        Map.of("username", "ada", "name", "Ada L.", "roles", Map.of("city", List.of("dispatcher"))))
                .expect(201);
        for (int i = 0; i < 20; i++) {
            call.post("/api/units", Map.of("callSign", "E" + i, "kind", "engine", "place", IncidentsApiTest.PLACE))
                    .expect(201);
        }
        call.post("/ngsi-ld/v1/entities", Map.of("id", BENCH, "type", "Bench", "seats", property(1)))
                .expect(201);
        for (int seats = 2; seats < 6; seats++) {
            call.patch("/ngsi-ld/v1/entities/" + BENCH + "/attrs", Map.of("seats", property(seats)))
                    .expect(204);
        }
    }

    private static Map<String, Object> property(int value) {
        return Map.of("type", "Property", "value", value);
    }

    private static Map<String, JsonNode> seen(Call call) {
        Map<String, JsonNode> seen = new LinkedHashMap<>();
        for (String path : List.of(
                "/api/identity/people",
                "/api/units?limit=500",
                "/ngsi-ld/v1/entities?type=Unit&limit=100",
                "/ngsi-ld/v1/entities?type=Bench",
                "/ngsi-ld/v1/temporal/entities/" + BENCH
                        + "?timeproperty=modifiedAt&timerel=after&timeAt=2020-01-01T00:00:00Z")) {
            seen.put(path, call.get(path).expect(200).json());
        }
        assertThat(seen.values()).allMatch(answer -> answer.toString().length() > 50);
        return seen;
    }

    /** Opens incidents until it is told to stop; remembers each as the site showed it when it was committed. */
    private static void write(Call call, AtomicBoolean on, Map<String, JsonNode> written) {
        while (on.get()) {
            String id = call.post("/api/incidents", IncidentsApiTest.smoke())
                    .expect(201)
                    .json()
                    .path("id")
                    .asString();
            written.put(id, incident(call, id));
        }
    }

    private static Map<String, JsonNode> incidents(Call call) {
        Map<String, JsonNode> found = new LinkedHashMap<>();
        List<String> ids = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = call.get("/api/incidents?state=all&limit=500" + after)
                    .expect(200)
                    .json();
            ids.addAll(page.path("items").findValuesAsString("id"));
            after = page.path("next").isNull()
                    ? ""
                    : "&after=" + page.path("next").asString();
        } while (!after.isEmpty());
        ids.forEach(id -> found.put(id, incident(call, id)));
        return found;
    }

    /** Without the grant of who looks, which is made when somebody does. */
    private static JsonNode incident(Call call, String id) {
        ObjectNode shown =
                (ObjectNode) call.get("/api/incidents/" + id).expect(200).json();
        shown.remove("grant");
        return shown;
    }
}

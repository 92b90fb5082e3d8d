package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.conurb.server.TestSite.Call;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class IncidentsApiTest {
    static final Map<String, Object> PLACE = Map.of("type", "Point", "coordinates", List.of(7.4246, 43.7311));

    private final TestSite site = TestSite.shared();
    private final Call installer = site.asInstaller();

    static Map<String, Object> smoke() {
        return Map.of(
                "type",
                "fire.smoke",
                "priority",
                1,
                "place",
                PLACE,
                "description",
                "Smoke at the school",
                "caller",
                Map.of("name", "A. Caller", "phone", "5550100"));
    }

    @Test
    void anIncidentIsOpenedReadAssignedReleasedAndClosed() {
        JsonNode opened = installer.post("/api/incidents", smoke()).expect(201).json();
        String id = "/api/incidents/" + opened.path("id").asString();
        JsonNode unit = installer
                .post("/api/units", Map.of("callSign", "T-" + UUID.randomUUID(), "kind", "engine", "place", PLACE))
                .expect(201)
                .json();

        JsonNode assigned = installer
                .post(id + "/units", Map.of("unit", unit.path("id").asString()))
                .expect(200)
                .json();
        assertThat(assigned.path("units").get(0).path("callSign")).isEqualTo(unit.path("callSign"));
        installer.delete(id + "/units/" + unit.path("id").asString()).expect(200);
        installer.patch(id, Map.of("state", "closed")).expect(200);

        JsonNode closed = installer.get(id).expect(200).json();
        assertThat(closed.path("state").asString()).isEqualTo("closed");
        assertThat(closed.path("caller").path("phone").asString()).isEqualTo("5550100");
        assertThat(installer.get(id + "/timeline").json().path("items").findValuesAsString("kind"))
                .containsExactly("opened", "assigned", "released", "closed");
    }

    @Test
    void theAnswerToAChangeNamesItsAuditEntry() {
        TestSite.Reply reply = installer.post("/api/incidents", smoke()).expect(201);

        assertThat(UUID.fromString(reply.header("Conurb-Audit")).version()).isEqualTo(7);
        assertThat(reply.header("Location")).startsWith("/api/incidents/urn:ngsi-ld:Incident:");
    }

    @Test
    void aRetryWithTheSameKeyIsOneIncident() {
        String key = UUID.randomUUID().toString();
        TestSite.Reply first = installer
                .header("Idempotency-Key", key)
                .post("/api/incidents", smoke())
                .expect(201);
        TestSite.Reply second = installer
                .header("Idempotency-Key", key)
                .post("/api/incidents", smoke())
                .expect(201);

        assertThat(second.text()).isEqualTo(first.text());
        assertThat(second.header("Conurb-Audit")).isEqualTo(first.header("Conurb-Audit"));
        installer
                .header("Idempotency-Key", key)
                .post("/api/incidents", Map.of("type", "fire.smoke", "place", PLACE))
                .expect(422);
    }

    @Test
    void aClientMayChooseTheId() {
        String id = UUID.randomUUID().toString();
        JsonNode opened = installer
                .post("/api/incidents", Map.of("id", id, "type", "fire.smoke", "place", PLACE))
                .expect(201)
                .json();

        assertThat(opened.path("id").asString()).isEqualTo("urn:ngsi-ld:Incident:" + id);
        installer.get("/api/incidents/" + id).expect(200);
        installer
                .post("/api/incidents", Map.of("id", id, "type", "fire.smoke", "place", PLACE))
                .expect(409);
    }

    @Test
    void anIncidentIsALinkedEntityThatOnlyItsOwnDoorChanges() {
        String id = installer
                .post("/api/incidents", smoke())
                .expect(201)
                .json()
                .path("id")
                .asString();

        JsonNode entity =
                installer.get("/ngsi-ld/v1/entities/" + id).expect(200).json();
        assertThat(entity.path("type").asString()).isEqualTo("Incident");
        assertThat(entity.path("state").path("value").asString()).isEqualTo("open");
        TestSite.Reply refused = installer
                .patch(
                        "/ngsi-ld/v1/entities/" + id + "/attrs",
                        Map.of("state", Map.of("type", "Property", "value", "closed")))
                .expect(409);
        assertThat(refused.json().path("remedy").asString()).contains("/api/incidents");
    }

    @Test
    void anEntitysIdMayBeAnyUriEvenOneWithSlashes() {
        String id = "https://example.org/things/" + UUID.randomUUID();
        installer
                .post(
                        "/ngsi-ld/v1/entities",
                        Map.of("id", id, "type", "Bench", "seats", Map.of("type", "Property", "value", 3)))
                .expect(201);
        String path = "/ngsi-ld/v1/entities/" + java.net.URLEncoder.encode(id, java.nio.charset.StandardCharsets.UTF_8);

        assertThat(installer.get(path).expect(200).json().path("id").asString()).isEqualTo(id);
        installer.delete(path).expect(204);
    }

    @Test
    void listsArePagedWithoutGapsOrRepeats() {
        for (int i = 0; i < 5; i++) {
            installer.post("/api/incidents", smoke()).expect(201);
        }
        JsonNode all =
                installer.get("/api/incidents?state=all&limit=500").expect(200).json();
        List<String> whole = all.path("items").findValuesAsString("number");
        List<String> paged = new java.util.ArrayList<>();
        String after = "";
        do {
            JsonNode page = installer
                    .get("/api/incidents?state=all&limit=3" + (after.isEmpty() ? "" : "&after=" + after))
                    .expect(200)
                    .json();
            paged.addAll(page.path("items").findValuesAsString("number"));
            after = page.path("next").isNull() ? "" : page.path("next").asString();
        } while (!after.isEmpty());

        assertThat(paged).containsExactlyElementsOf(whole);
    }
}

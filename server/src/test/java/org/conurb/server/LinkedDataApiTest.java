package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.conurb.server.TestSite.Call;
import org.conurb.server.TestSite.Reply;
import org.junit.jupiter.api.Test;

/** What NGSI-LD clients meet at the edge of the whole program. */
class LinkedDataApiTest {
    private final TestSite site = TestSite.shared();
    private final Call installer = site.asInstaller();

    private static Map<String, Object> bench(String id, int seats) {
        return Map.of("id", id, "type", "Bench", "seats", Map.of("type", "Property", "value", seats));
    }

    @Test
    void aHostedContextIsServedToWhoeverIsToldOfItsNames() {
        String location = installer
                .post("/ngsi-ld/v1/jsonldContexts", Map.of("@context", Map.of("seats", "https://example.org/seats")))
                .expect(201)
                .header("Location");

        assertThat(site.asNobody()
                        .get(location)
                        .expect(200)
                        .json()
                        .at("/@context/seats")
                        .stringValue())
                .isEqualTo("https://example.org/seats");
        site.asNobody().get(location + "?details=true").expect(401);
        site.asNobody().get("/ngsi-ld/v1/jsonldContexts").expect(401);
        site.asNobody().delete(location).expect(401);
        String id = "urn:ngsi-ld:Bench:" + UUID.randomUUID();
        Call own = installer.header(
                "Link",
                "<%s>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"".formatted(location));
        own.post("/ngsi-ld/v1/entities", bench(id, 3)).expect(201);
        assertThat(installer
                        .get("/ngsi-ld/v1/entities/" + id)
                        .expect(200)
                        .json()
                        .has("https://example.org/seats"))
                .isTrue();
        assertThat(own.get("/ngsi-ld/v1/entities/" + id).expect(200).json().has("seats"))
                .isTrue();
        installer.delete("/ngsi-ld/v1/entities/" + id).expect(204);
        installer.delete(location).expect(204);
    }

    @Test
    void tenantsAreMadeByAnAdministratorAndKeptApart() {
        String name = "t-" + UUID.randomUUID().toString().substring(0, 8);
        Call tenant = installer.header("NGSILD-Tenant", name);
        Reply unknown = tenant.get("/ngsi-ld/v1/entities?type=Bench").expect(404);
        assertThat(unknown.json().path("type").stringValue()).endsWith("/NonexistentTenant");
        installer.post("/api/hub/tenants", Map.of("name", name)).expect(201);
        String id = "urn:ngsi-ld:Bench:" + UUID.randomUUID();
        Reply created = tenant.post("/ngsi-ld/v1/entities", bench(id, 4)).expect(201);
        assertThat(created.header("NGSILD-Tenant")).isEqualTo(name);

        tenant.get("/ngsi-ld/v1/entities/" + id).expect(200);
        installer.get("/ngsi-ld/v1/entities/" + id).expect(404);
        assertThat(tenant.get("/ngsi-ld/v1/types")
                        .expect(200)
                        .json()
                        .path("typeList")
                        .toString())
                .isEqualTo("[\"Bench\"]");
        assertThat(tenant.get("/ngsi-ld/v1/info/sourceIdentity")
                        .expect(200)
                        .json()
                        .path("contextSourceAlias")
                        .stringValue())
                .isEqualTo("alder." + name);
        installer.delete("/api/hub/tenants/" + name).expect(409);
        tenant.delete("/ngsi-ld/v1/entities/" + id).expect(204);
        installer.delete("/api/hub/tenants/" + name).expect(204);
        tenant.get("/ngsi-ld/v1/types").expect(404);
        site.asNobody().header("NGSILD-Tenant", name).get("/ngsi-ld/v1/types").expect(401);
    }

    @Test
    void aKeyOfOneTenantIsNoKeyOfAnother() {
        String name = "t-" + UUID.randomUUID().toString().substring(0, 8);
        installer.post("/api/hub/tenants", Map.of("name", name)).expect(201);
        String id = "urn:ngsi-ld:Bench:" + UUID.randomUUID();
        Call once = installer.header("Idempotency-Key", UUID.randomUUID().toString());
        once.post("/ngsi-ld/v1/entities", bench(id, 4)).expect(201);
        once.header("NGSILD-Tenant", name)
                .post("/ngsi-ld/v1/entities", bench(id, 4))
                .expect(422);
        installer.delete("/ngsi-ld/v1/entities/" + id).expect(204);
    }

    @Test
    void whatHttpRefusesIsAProblemInTheStandardsTerms() {
        for (String[] call : new String[][] {
            {"PUT", "/ngsi-ld/v1/entityOperations/query", "application/json", "405", "/problems/method-not-allowed"},
            {"POST", "/ngsi-ld/v1/entities", "text/plain", "415", "/problems/unsupported-media-type"},
            {
                "POST",
                "/ngsi-ld/v1/entities",
                "application/json",
                "400",
                "https://uri.etsi.org/ngsi-ld/errors/InvalidRequest"
            },
            {
                "POST",
                "/ngsi-ld/v1/nothing",
                "application/json",
                "404",
                "https://uri.etsi.org/ngsi-ld/errors/ResourceNotFound"
            }
        }) {
            Reply reply = installer
                    .send(call[0], call[1], "{".getBytes(StandardCharsets.UTF_8), call[2])
                    .expect(Integer.parseInt(call[3]));
            assertThat(reply.header("Content-Type")).as(call[1]).isEqualTo("application/problem+json");
            assertThat(reply.json().path("type").stringValue()).isEqualTo(call[4]);
            assertThat(reply.json().path("remedy").stringValue()).isNotBlank();
        }
    }
}

package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.conurb.hub.Doors.Reply;
import org.conurb.kernel.Caller;
import org.conurb.testkit.FakeAccess;
import org.conurb.testkit.FakeAudit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TenantsApiTest {
    private static final String SENSOR = "{\"id\":\"urn:ngsi-ld:Sensor:1\",\"type\":\"Sensor\",\"speed\":%d}";

    private final Hub hub = new Hub();
    private final FakeAccess access = FakeAccess.to("fire", "police");
    private final FakeAudit audit = new FakeAudit();
    private Caller caller = Hub.DISPATCHER;
    private final Doors doors = doors(false);

    private Doors doors(boolean onFirstUse) {
        Tenants tenants = new Tenants(hub.transactions, access, audit, hub.clock, new TenantSettings(onFirstUse));
        EntityRetrieval retrieval = new EntityRetrieval(
                hub.transactions, hub.entities, new EntityFinder(hub.transactions), Model.load(), access);
        EntityDoor door = new EntityDoor(hub.entities, Model.load(), access, audit);
        return new Doors(
                hub,
                () -> caller,
                List.of(new TenantFilter(tenants)),
                new TenantController(tenants),
                new EntityController(
                        door, new EntityPurge(door, retrieval, hub.transactions, access, audit), hub.contexts),
                new QueryController(retrieval, hub.contexts));
    }

    @AfterEach
    void close() throws Exception {
        hub.close();
    }

    private Reply in(String tenant, String method, String path, String body) {
        return doors.call(method, path, body, "NGSILD-Tenant", tenant);
    }

    private void made(String tenant) {
        assertThat(doors.post("/api/hub/tenants", "{\"name\":\"%s\"}".formatted(tenant))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void whatIsInOneTenantIsNotThereForAnother() {
        made("north");
        made("south");
        assertThat(in("north", "POST", "entities", SENSOR.formatted(1)).status())
                .isEqualTo(201);
        assertThat(in("south", "POST", "entities", SENSOR.formatted(2)).status())
                .isEqualTo(201);
        assertThat(doors.post("entities", SENSOR.formatted(3)).status()).isEqualTo(201);

        assertThat(in("north", "GET", "entities?type=Sensor&options=keyValues", null)
                        .json()
                        .at("/0/speed")
                        .asInt())
                .isEqualTo(1);
        assertThat(in("south", "GET", "entities?q=speed==1", null).json().size())
                .isZero();
        assertThat(in("south", "DELETE", "entities/urn:ngsi-ld:Sensor:1", null).status())
                .isEqualTo(204);
        assertThat(in("north", "GET", "entities/urn:ngsi-ld:Sensor:1", null).status())
                .isEqualTo(200);
        assertThat(doors.get("entities/urn:ngsi-ld:Sensor:1?options=keyValues")
                        .json()
                        .at("/speed")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void answersTellTheirTenantAlsoWhereTheyAreProblems() {
        made("north");
        assertThat(in("north", "GET", "entities?type=Sensor", null).header("NGSILD-Tenant"))
                .isEqualTo("north");
        assertThat(in("north", "GET", "entities/urn:x:none", null).header("NGSILD-Tenant"))
                .isEqualTo("north");
        assertThat(doors.get("entities?type=Sensor").header("NGSILD-Tenant")).isNull();
    }

    @Test
    void aTenantThatIsNotIsRefusedByName() {
        for (String method : List.of("GET", "DELETE", "PATCH", "POST")) {
            Reply reply = in("nowhere", method, "entities/urn:x:1", method.equals("GET") ? null : "{}");
            assertThat(reply.status()).as(method).isEqualTo(404);
            assertThat(reply.json().get("type").stringValue()).isEqualTo(NgsiLdFault.TYPES + "NonexistentTenant");
            assertThat(reply.json().get("remedy").stringValue()).contains("/api/hub/tenants");
        }
        assertThat(in("nowhere", "POST", "entities", SENSOR.formatted(1)).status())
                .isEqualTo(404);
        assertThat(hub.count("entity")).isZero();
    }

    @Test
    void aNameThatIsNoneIsRefused() {
        for (String name : List.of("", " ", "a b", "a/b", "ö", "x".repeat(51), "a,b", "*", "a\u0000")) {
            Reply reply = in(name, "GET", "entities?type=Sensor", null);
            assertThat(reply.status()).as(name).isEqualTo(400);
            assertThat(reply.json().get("type").stringValue()).endsWith("/BadRequestData");
            assertThat(reply.header("NGSILD-Tenant")).isNull();
        }
        for (String body : List.of("{}", "{\"name\":\"\"}", "{\"name\":\"a b\"}", "{\"name\":null}")) {
            assertThat(doors.post("/api/hub/tenants", body).status()).as(body).isEqualTo(400);
        }
    }

    @Test
    void aTenantComesWithWhatIsCreatedInItWhereSettingsSaySo() {
        Doors open = doors(true);
        assertThat(open.call("GET", "entities?type=Sensor", null, "NGSILD-Tenant", "new")
                        .status())
                .isEqualTo(404);
        assertThat(open.call("POST", "entities", "{\"no\":1}", "NGSILD-Tenant", "new")
                        .status())
                .isEqualTo(400);
        assertThat(hub.count("tenant")).isZero();
        assertThat(open.call("POST", "entities", SENSOR.formatted(1), "NGSILD-Tenant", "new")
                        .status())
                .isEqualTo(201);
        assertThat(open.call("GET", "entities?type=Sensor", null, "NGSILD-Tenant", "new")
                        .json()
                        .size())
                .isEqualTo(1);
        assertThat(doors.get("/api/hub/tenants").json().at("/items/0/name").stringValue())
                .isEqualTo("new");
    }

    @Test
    void onlyAnEmptyTenantIsDeletedWhoeverHasSomethingInIt() {
        made("north");
        caller = Hub.OFFICER;
        assertThat(in("north", "POST", "entities", SENSOR.formatted(1)).status())
                .isEqualTo(201);
        caller = Hub.DISPATCHER;
        Reply full = doors.delete("/api/hub/tenants/north");
        assertThat(full.status()).isEqualTo(409);

        caller = Hub.OFFICER;
        assertThat(in("north", "DELETE", "entities/urn:ngsi-ld:Sensor:1", null).status())
                .isEqualTo(204);
        caller = Hub.DISPATCHER;
        assertThat(doors.delete("/api/hub/tenants/north").status()).isEqualTo(204);
        assertThat(doors.delete("/api/hub/tenants/north").status()).isEqualTo(404);
        assertThat(in("north", "GET", "entities?type=Sensor", null).status()).isEqualTo(404);
        assertThat(audit.actions()).contains("tenant.created", "tenant.deleted");
    }

    @Test
    void whatIsWrittenWhileATenantIsDeletedKeepsIt() {
        made("north");
        assertThat(in("north", "GET", "entities?type=Sensor", null).status()).isEqualTo(200);
        hub.as(
                Hub.FIRE,
                () -> hub.transactions.jdbc().sql("delete from hub.tenant").update());
        assertThat(in("north", "POST", "entities", SENSOR.formatted(1)).status())
                .isEqualTo(201);
        assertThat(doors.get("/api/hub/tenants/north").status()).isEqualTo(200);
        assertThat(doors.delete("/api/hub/tenants/north").status()).isEqualTo(409);
    }

    @Test
    void tenantsAreMadeAndSeenByThoseWhoMay() {
        made("north");
        assertThat(doors.post("/api/hub/tenants", "{\"name\":\"north\"}").status())
                .isEqualTo(409);
        access.writable("police").readable("police");
        assertThat(doors.post("/api/hub/tenants", "{\"name\":\"south\"}").status())
                .isEqualTo(403);
        assertThat(doors.get("/api/hub/tenants").status()).isEqualTo(404);
        assertThat(doors.delete("/api/hub/tenants/north").status()).isEqualTo(404);
        assertThat(hub.count("tenant")).isEqualTo(1);
    }
}

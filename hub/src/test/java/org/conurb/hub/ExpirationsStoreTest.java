package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.conurb.testkit.TestClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** GS CIM 009 clause 4.22. */
final class ExpirationsStoreTest {
    private static final String BRIEF = """
            {"id":"urn:ngsi-ld:Lamp:1","type":"Lamp","expiresAt":"2026-03-01T09:00:00Z","power":1}""";
    private static final String PARTLY = """
            {"id":"urn:ngsi-ld:Lamp:2","type":"Lamp",
             "power":[{"value":1},{"value":2,"datasetId":"urn:d:1","expiresAt":"2026-03-01T09:00:00Z"}],
             "brand":{"value":"Acme","sold":{"value":true,"expiresAt":"2026-03-01T10:00:00Z"}}}""";

    private final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");
    private final EntityDoors doors = new EntityDoors(clock);
    private final Expirations expirations =
            new Expirations(doors.hub.transactions, doors.hub.entities, doors.audit, clock);

    @AfterEach
    void close() throws Exception {
        doors.close();
    }

    private int found(String q) {
        return doors.get("entities?type=Lamp&q=" + q).json().size();
    }

    private List<String> changes() {
        return doors.hub.transactions.asSystem(() -> doors.hub
                .transactions
                .jdbc()
                .sql("select what || ' ' || array_to_string(names, ' ') from hub.change order by rid")
                .query(String.class)
                .list());
    }

    @Test
    void anEntityIsGoneForReadersAtItsMomentAndDeletedSoonAfter() {
        doors.created(BRIEF);
        assertThat(doors.read("urn:ngsi-ld:Lamp:1").has("expiresAt")).isFalse();
        assertThat(doors.get("entities/urn:ngsi-ld:Lamp:1?options=sysAttrs")
                        .json()
                        .path("expiresAt")
                        .stringValue())
                .isEqualTo("2026-03-01T09:00:00Z");
        clock.advance(Duration.ofMinutes(59));
        assertThat(expirations.step()).isZero();
        assertThat(found("power")).isEqualTo(1);

        clock.advance(Duration.ofMinutes(1));
        assertThat(doors.get("entities/urn:ngsi-ld:Lamp:1").status()).isEqualTo(404);
        assertThat(found("power")).isZero();
        assertThat(doors.get("entities?type=Lamp&count=true").header("NGSILD-Results-Count"))
                .isEqualTo("0");
        assertThat(doors.patch("entities/urn:ngsi-ld:Lamp:1", "{\"power\":2}").status())
                .isEqualTo(404);
        assertThat(doors.delete("entities/urn:ngsi-ld:Lamp:1").status()).isEqualTo(404);

        assertThat(expirations.step()).isEqualTo(1);
        assertThat(changes()).containsExactly("C power", "D power");
        assertThat(doors.audit.entries().getLast().action()).isEqualTo("entity.expired");
        assertThat(doors.audit.entries().getLast().owner()).isEqualTo(Hub.FIRE);
        assertThat(doors.hub.count("attribute") + doors.hub.count("entity_type"))
                .isZero();
        assertThat(expirations.step()).isZero();
    }

    @Test
    void whatHasExpiredCanBeCreatedAnewBeforeItIsDeleted() {
        doors.created(BRIEF);
        clock.advance(Duration.ofHours(1));
        doors.created(BRIEF.replace("09:00", "11:00"));
        assertThat(changes()).containsExactly("C power", "D power", "C power");
        assertThat(expirations.step()).isZero();
        assertThat(found("power")).isEqualTo(1);
        assertThat(doors.get("entities/urn:ngsi-ld:Lamp:1?options=sysAttrs")
                        .json()
                        .path("createdAt")
                        .stringValue())
                .startsWith("2026-03-01T09:00:00");
    }

    @Test
    void instancesOfAttributesExpireByThemselves() {
        doors.created(PARTLY);
        assertThat(doors.read("urn:ngsi-ld:Lamp:2").path("power").size()).isEqualTo(2);
        clock.advance(Duration.ofHours(1));
        JsonNode read = doors.read("urn:ngsi-ld:Lamp:2");
        assertThat(read.at("/power/value").asInt()).isEqualTo(1);
        assertThat(read.at("/brand/sold/value").booleanValue()).isTrue();
        assertThat(found("power==2")).isZero();
        assertThat(found("power==1")).isEqualTo(1);

        assertThat(expirations.step()).isEqualTo(1);
        assertThat(changes()).containsExactly("C power brand", "U power");
        assertThat(expirations.step()).isZero();
        clock.advance(Duration.ofHours(1));
        assertThat(doors.read("urn:ngsi-ld:Lamp:2").at("/brand").has("sold")).isFalse();
        assertThat(expirations.step()).isEqualTo(1);
        assertThat(changes()).endsWith("U brand");
        assertThat(doors.read("urn:ngsi-ld:Lamp:2").at("/brand/value").stringValue())
                .isEqualTo("Acme");
    }

    @Test
    void theMomentIsMovedAndTakenAwayLikeAnyMember() {
        doors.created(BRIEF);
        doors.patch("entities/urn:ngsi-ld:Lamp:1", "{\"expiresAt\":\"2026-03-01T12:00:00Z\"}");
        clock.advance(Duration.ofHours(2));
        assertThat(found("power")).isEqualTo(1);
        doors.patch("entities/urn:ngsi-ld:Lamp:1", "{\"power\":2}");
        clock.advance(Duration.ofHours(1));
        doors.patch("entities/urn:ngsi-ld:Lamp:1", "{\"expiresAt\":\"urn:ngsi-ld:null\"}");
        clock.advance(Duration.ofHours(10));
        assertThat(found("power==2")).isEqualTo(1);
        assertThat(expirations.step()).isZero();
        doors.patch("entities/urn:ngsi-ld:Lamp:1", "{\"power\":{\"value\":3,\"expiresAt\":\"2026-03-02T00:00:00Z\"}}");
        doors.put("entities/urn:ngsi-ld:Lamp:1", "{\"power\":4}");
        clock.advance(Duration.ofDays(1));
        assertThat(expirations.step()).isZero();
        assertThat(found("power==4")).isEqualTo(1);
    }

    @Test
    void manyGoInBatches() {
        StringBuilder all = new StringBuilder();
        for (int n = 0; n < 250; n++) {
            all.append(n == 0 ? "[" : ",").append(BRIEF.replace("Lamp:1", "Lamp:" + n));
        }
        assertThat(doors.post("entityOperations/create", all.append("]").toString())
                        .status())
                .isEqualTo(201);
        clock.advance(Duration.ofHours(1));
        assertThat(expirations.step()).isEqualTo(200);
        assertThat(expirations.step()).isEqualTo(50);
        assertThat(doors.audit.actions()).contains("entities.expired");
    }

    @Test
    void whatExpiresIsFoundByItsIndexAlone() {
        String plan = doors.hub.transactions.asSystem(() -> {
            doors.hub.transactions.jdbc().sql("set local enable_seqscan = off").update();
            return String.join(
                    "\n",
                    doors.hub
                            .transactions
                            .jdbc()
                            .sql(
                                    "explain select iid from hub.entity where expires_at <= now() order by expires_at limit 200")
                            .query(String.class)
                            .list());
        });
        assertThat(plan).contains("Index").doesNotContain("Sort");
    }
}

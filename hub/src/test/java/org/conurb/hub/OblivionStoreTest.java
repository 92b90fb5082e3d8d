package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.hub.Hub.FIRE;
import static org.conurb.hub.Hub.POLICE;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Retained;
import org.conurb.testkit.TestClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OblivionStoreTest {
    private static final String INCIDENT = "urn:ngsi-ld:Incident:1";
    private static final String ENGINE = "urn:ngsi-ld:Unit:1";

    private final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");
    private final Hub hub = new Hub(clock);
    private final Oblivion oblivion = new Oblivion(hub.transactions, Model.load());

    @AfterEach
    void close() throws Exception {
        hub.close();
    }

    @Test
    void positionsGoSoonerThanTheRestOfAUnitsHistory() {
        hub.put(unit(7.1));
        clock.advance(Duration.ofDays(20));
        hub.put(unit(7.2));
        clock.advance(Duration.ofDays(20));

        assertThat(forget(oblivion.positions(), Duration.ofDays(30)).owners()).isEqualTo(Map.of(FIRE, 1));
        assertThat(history(ENGINE)).containsExactlyInAnyOrder("callSign", "location");
        assertThat(forget(oblivion.positions(), Duration.ofDays(30)).count()).isZero();
        assertThat(forget(oblivion.history("units"), Duration.ofDays(30)).owners())
                .isEqualTo(Map.of(FIRE, 1));
        assertThat(history(ENGINE)).containsExactly("location");
        assertThat(hub.as(FIRE, () -> hub.entities.find(ENGINE))).isPresent();
    }

    @Test
    void nothingGoesOfAUnitThatAnswersAnOpenIncidentNorOfTheIncident() {
        hub.put(incident("open"));
        hub.put(unit(7.1).with("incident", Attribute.relationship(INCIDENT)));
        clock.advance(Duration.ofDays(4000));

        assertThat(forgetAll()).isZero();

        hub.put(incident("closed"));
        assertThat(forgetAll()).isEqualTo(3);
        assertThat(history(ENGINE)).isEmpty();
        assertThat(history(INCIDENT)).containsExactlyInAnyOrder("state", "state"); // it goes with the incident
    }

    @Test
    void whatWasDeletedLongAgoLeavesNoRowAndWhatWasDeletedLatelyDoes() {
        hub.put(sensor("old", FIRE));
        hub.put(sensor("new", POLICE));
        hub.as(FIRE, () -> delete("old"));
        clock.advance(Duration.ofDays(20));
        hub.as(POLICE, () -> delete("new"));
        clock.advance(Duration.ofDays(20));

        Retained.Forgotten gone = forget(oblivion.history("entities"), Duration.ofDays(30));
        // of each the value; of the old one also the mark of its deletion, and its tombstone
        assertThat(gone.owners()).isEqualTo(Map.of(FIRE, 3, POLICE, 1));
        assertThat(hub.count("entity")).isEqualTo(1);
        assertThat(history("urn:x:new")).containsExactly("level");
    }

    @Test
    void aHistoryWithoutAnEntityIsKeptAsLongAsItIsAddedTo() {
        EvolutionRows rows = new EvolutionRows(hub.transactions);
        hub.transactions.doAs(
                List.of(FIRE), () -> rows.create(FIRE, "urn:x:old", List.of("Sensor"), level(), clock.instant()));
        clock.advance(Duration.ofDays(20));
        hub.transactions.doAs(List.of(FIRE), () -> {
            rows.create(FIRE, "urn:x:new", List.of("Sensor"), level(), clock.instant());
            rows.add(rows.lock("urn:x:old").orElseThrow(), List.of("Gauge"), level(), clock.instant());
        });
        clock.advance(Duration.ofDays(20));

        assertThat(forget(oblivion.history("entities"), Duration.ofDays(30)).count())
                .isEqualTo(1);
        assertThat(history("urn:x:old")).containsExactly("level");
        assertThat(forget(oblivion.history("entities"), Duration.ofDays(10)).count())
                .isEqualTo(4); // an instance and a row each
        assertThat(hub.count("entity") + hub.count("past_type")).isZero();
    }

    private static HistoryRows level() {
        HistoryRows rows = new HistoryRows();
        rows.add(
                "level",
                org.conurb.kernel.Json.mapper()
                        .createObjectNode()
                        .put("type", "Property")
                        .put("value", 1)
                        .put("observedAt", "2020-01-01T00:00:00Z"));
        return rows;
    }

    @Test
    void aCaseIsForgottenWithItsHistoryAndOthersLearnThatItIsGone() {
        hub.put(incident("closed"));
        hub.transactions.doAsSystem(() -> hub.entities.forget(INCIDENT));

        assertThat(hub.count("entity")).isZero();
        assertThat(hub.count("attribute")).isZero();
        assertThat(hub.count("attribute_instance")).isZero();
        assertThat(hub.count("past_type")).isZero();
        assertThat(sql("select what from hub.change order by rid")).containsExactly("C", "D");
    }

    @Test
    void oneTransactionTakesOneBatch() {
        many("Sensor", "level", 2_500);
        Retained history = oblivion.history("entities");
        assertThat(forget(history, Duration.ofDays(30)).more()).isTrue();
        assertThat(hub.count("attribute_instance")).isEqualTo(11_500);
        assertThat(forget(history, Duration.ofDays(30)).count()).isEqualTo(1_000);
        assertThat(forget(history, Duration.ofDays(30)).more()).isFalse();
        assertThat(hub.count("attribute_instance")).isEqualTo(10_000);
    }

    @Test
    void forgettingWalksItsIndexAndReadsNoTable() {
        many("Unit", "location", 500);
        many("Sensor", "level", 500);
        hub.transactions.doAsSystem(() -> {
            hub.transactions.jdbc().sql("""
                    insert into hub.entity (id, organisation_id, kind, at, created_at, deleted_at, version, document)
                    select 'urn:x:' || n, 'fire', 'Sensor', now(), now(), case when n <= 5000 then now() end, 1, ''
                      from generate_series(1, 10000) n
                    """).update();
        });

        assertThat(plan(Oblivion.FORGET_POSITIONS))
                .contains("attribute_instance_position")
                .doesNotContain("Seq Scan on attribute_instance");
        assertThat(plan(Oblivion.FORGET_HISTORY))
                .contains("attribute_instance_age")
                .doesNotContain("Seq Scan on attribute_instance");
        assertThat(plan(Oblivion.FORGET_DELETED)).contains("entity_deleted").doesNotContain("Seq Scan on entity");
    }

    /** That many old rows, and 10,000 of today. */
    private void many(String kind, String name, int old) {
        hub.transactions.doAsSystem(() -> hub.transactions
                .jdbc()
                .sql("""
                        insert into hub.attribute_instance
                               (tenant, organisation_id, iid, kind, name, dataset, at, recorded_at, value)
                        select '', 'fire', n, :kind, :name, '', x.at, x.at, '1'
                          from generate_series(1, 10000 + :old) n,
                               lateral (select :now::timestamptz - case when n <= :old then 99 else 0 end * interval '1 day' as at) x
                        """)
                .param("kind", kind)
                .param("name", name)
                .param("old", old)
                .param("now", clock.instant().toString())
                .update());
    }

    private String plan(String statement) {
        return hub.transactions.asSystem(() -> String.join(
                "\n",
                hub.transactions
                        .jdbc()
                        .sql("explain (costs off) " + statement)
                        .param("kinds", new String[] {"Sensor"})
                        .param(
                                "before",
                                clock.instant().minus(Duration.ofDays(30)).atOffset(java.time.ZoneOffset.UTC))
                        .param("most", Retained.BATCH)
                        .query(String.class)
                        .list()));
    }

    private int forgetAll() {
        return List.of("incidents", "units", "warnings", "entities").stream()
                        .mapToInt(retention -> forget(oblivion.history(retention), Duration.ofDays(30))
                                .count())
                        .sum()
                + forget(oblivion.positions(), Duration.ofDays(30)).count();
    }

    private Retained.Forgotten forget(Retained retained, Duration kept) {
        Instant before = clock.instant().minus(kept);
        return hub.transactions.asSystem(() -> retained.forget().apply(before));
    }

    private boolean delete(String name) {
        hub.entities.delete(Hub.DISPATCHER, "urn:x:" + name);
        return true;
    }

    private List<String> history(String id) {
        return sql("select name from hub.attribute_instance join hub.entity using (iid) where id = '" + id + "'");
    }

    private List<String> sql(String text) {
        return hub.transactions.asSystem(
                () -> hub.transactions.jdbc().sql(text).query(String.class).list());
    }

    private static Entity unit(double longitude) {
        return Entity.of(ENGINE, "Unit", FIRE)
                .with("callSign", Attribute.property("E1"))
                .with("location", Attribute.geo(Map.of("type", "Point", "coordinates", List.of(longitude, 43.7))));
    }

    private static Entity incident(String state) {
        return Entity.of(INCIDENT, "Incident", FIRE).with("state", Attribute.property(state));
    }

    private static Entity sensor(String name, OrganisationId owner) {
        return Entity.of("urn:x:" + name, "Sensor", owner).with("level", Attribute.property(1));
    }
}

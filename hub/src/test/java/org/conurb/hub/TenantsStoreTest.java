package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.conurb.hub.Hub.FIRE;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.conurb.store.Transactions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two tenants of one organisation, and the wall between them. */
final class TenantsStoreTest {
    private static final String ID = "urn:ngsi-ld:Sensor:1";
    private static final List<String> TABLES =
            List.of("entity", "entity_type", "attribute", "place", "attribute_instance", "change");

    private final Hub hub = new Hub();

    @AfterEach
    void close() throws Exception {
        hub.close();
    }

    private <T> T in(String tenant, Supplier<T> work) {
        return Transactions.within(tenant, () -> hub.as(FIRE, work));
    }

    private void put(String tenant, int speed) {
        Transactions.within(tenant, () -> {
            hub.put(Entity.of(ID, "Sensor", FIRE)
                    .with("speed", Attribute.property(speed))
                    .with("location", Attribute.geo(java.util.Map.of("type", "Point", "coordinates", List.of(7, 43)))));
            return 0;
        });
    }

    private long rows(String tenant, String table) {
        return in(
                tenant,
                () -> hub.transactions
                        .jdbc()
                        .sql("select count(*) from hub." + table)
                        .query(Long.class)
                        .single());
    }

    @Test
    void theSameIdIsAnotherEntityInEachTenant() {
        put("", 1);
        put("north", 2);
        put("south", 3);
        put("north", 4);

        assertThat(speed("")).isEqualTo(1);
        assertThat(speed("north")).isEqualTo(4);
        assertThat(speed("south")).isEqualTo(3);
    }

    private Object speed(String tenant) {
        return in(
                tenant,
                () -> ((Attribute.Property) hub.entities
                                .find(ID)
                                .orElseThrow()
                                .attribute("speed")
                                .orElseThrow())
                        .value());
    }

    @Test
    void plainSqlOfOneTenantSeesAndChangesNoRowOfAnother() {
        put("north", 2);

        for (String table : TABLES) {
            assertThat(rows("north", table)).as(table).isPositive();
            assertThat(rows("south", table)).as(table).isZero();
            assertThat(rows("", table)).as(table).isZero();
        }
        int changed = in(
                "south",
                () -> hub.transactions
                        .jdbc()
                        .sql("update hub.entity set version = 99")
                        .update());
        assertThat(changed).isZero();
        assertThatThrownBy(() -> in(
                        "south",
                        () -> hub.transactions
                                .jdbc()
                                .sql(
                                        "insert into hub.entity_type (tenant, kind, organisation_id, iid) values ('north', 'Sensor', 'fire', 1)")
                                .update()))
                .hasStackTraceContaining("row-level security");
    }

    @Test
    void whatIsWrittenToATenantListsIt() {
        put("north", 2);

        assertThat(hub.transactions.asSystem(() -> hub.transactions
                        .jdbc()
                        .sql("select name from hub.tenant where not empty")
                        .query(String.class)
                        .list()))
                .containsExactly("north");
    }

    @Test
    void roomsFollowTheDefaultTenantOnly() {
        List<String> told = new ArrayList<>();
        Changes changes = hub.changes();
        changes.follow("test.all", Set.of(), change -> told.add(change.owner() + " " + change.id()));
        put("north", 2);
        hub.put(Entity.of("urn:ngsi-ld:Sensor:2", "Sensor", FIRE).with("speed", Attribute.property(5)));

        Hub.await("the change of the default tenant", () -> !told.isEmpty());
        assertThat(told).containsExactly("fire urn:ngsi-ld:Sensor:2");
    }
}

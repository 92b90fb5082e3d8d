package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.hub.Hub.FIRE;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** That rows say what the document says, by whichever statement they were written. */
final class EntityRowsStoreTest {
    private static final String ID = "urn:ngsi-ld:Vehicle:1";
    private static final int LONG = EntityStatement.SHORT + 3;

    private final Hub hub = new Hub();

    @AfterEach
    void close() throws Exception {
        hub.close();
    }

    private static Entity vehicle(String id) {
        return Entity.of(id, "Vehicle", FIRE);
    }

    private static Entity named(String id, Entity entity) {
        return new Entity(id, entity.type(), entity.owner(), entity.attributes());
    }

    private static Attribute at(double longitude) {
        return Attribute.geo(Map.of("type", "Point", "coordinates", List.of(longitude, 43.73)));
    }

    private static Attribute counting(int values) {
        return Attribute.property(IntStream.range(0, values).boxed().toList());
    }

    /** Rows of an entity as an index has them. */
    private List<String> rows(String id) {
        return hub.transactions.asSystem(() -> hub.transactions
                .jdbc()
                .sql("""
                        select a.kind || ' ' || a.name || ' ' || a.n || ' ' || coalesce(a.number::text, a.text) || ' ' || a.listed as told
                          from hub.attribute a join hub.entity e using (iid) where e.id = :id
                        union all
                        select p.kind || ' ' || p.name || ' in ' || p.cell from hub.place p join hub.entity e using (iid) where e.id = :id
                        union all
                        select 'is ' || t.kind from hub.entity_type t join hub.entity e using (iid) where e.id = :id
                        order by told
                        """)
                .param("id", id)
                .query(String.class)
                .list());
    }

    private void together(Entity... entities) {
        hub.transactions.doAs(Set.of(FIRE), () -> {
            Drafts drafts = hub.entities.drafts();
            drafts.lock(List.of(entities).stream().map(Entity::id).toList());
            for (Entity entity : entities) {
                drafts.put(entity.id(), FIRE, Documents.of(entity));
            }
            hub.entities.write(drafts);
        });
    }

    @Test
    void oneAloneIsWrittenAsAmongOthers() {
        for (int values : List.of(0, 1, 3, LONG)) {
            String alone = ID + values;
            String among = ID + values + "-among";
            Entity first = vehicle(alone).with("codes", counting(values)).with("location", at(7.42));
            Entity then = vehicle(alone).with("codes", counting(2)).with("location", at(7.5));

            hub.put(first);
            together(named(among, first), vehicle(ID + values + "-other"));
            assertThat(rows(alone)).isEqualTo(rows(among));

            hub.put(then);
            together(named(among, then), vehicle(ID + values + "-other").with("codes", counting(1)));
            assertThat(rows(alone)).isEqualTo(rows(among));
        }
    }

    @Test
    void rowsThatAreNoLongerTrueGo() {
        hub.put(vehicle(ID)
                .with("codes", counting(LONG))
                .with("location", at(7.42))
                .with("speed", Attribute.property(3)));
        List<String> before = rows(ID);

        hub.put(vehicle(ID)
                .with("codes", counting(2))
                .with("location", at(7.5))
                .with("speed", Attribute.property("fast")));

        assertThat(rows(ID))
                .hasSize(6)
                .contains(
                        "Vehicle codes 0 0 true", "Vehicle codes 1 1 true", "Vehicle speed 0 fast false", "is Vehicle")
                .filteredOn(row -> row.contains("location in"))
                .hasSize(1)
                .doesNotContainAnyElementsOf(before);
    }

    @Test
    void anAttributeThatBecomesAPlaceOrNoneHasItsRowsAlone() {
        hub.put(vehicle(ID).with("where", Attribute.property("depot")));
        hub.put(vehicle(ID).with("where", at(7.42)));
        assertThat(rows(ID)).noneMatch(row -> row.contains("depot")).anyMatch(row -> row.contains("where in"));

        hub.put(vehicle(ID).with("where", Attribute.property("depot")));
        assertThat(rows(ID)).contains("Vehicle where 0 depot false").noneMatch(row -> row.contains("where in"));

        hub.put(vehicle(ID));
        assertThat(rows(ID)).containsExactly("is Vehicle");
    }
}

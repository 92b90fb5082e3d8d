package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.conurb.hub.Hub.DISPATCHER;
import static org.conurb.hub.Hub.FIRE;
import static org.conurb.hub.Hub.OFFICER;
import static org.conurb.hub.Hub.POLICE;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.conurb.kernel.ConurbException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class EntitiesStoreTest {
    private static final String ID = "urn:ngsi-ld:Incident:0199e3a0-0000-7000-8000-000000000001";

    private final Hub hub = new Hub();

    @AfterEach
    void close() throws Exception {
        hub.close();
    }

    private static Entity incident() {
        return Entity.of(ID, "Incident", FIRE)
                .with("priority", Attribute.property(1))
                .with("state", Attribute.property("open"))
                .with("location", Attribute.geo(Map.of("type", "Point", "coordinates", List.of(7.42, 43.73))))
                .with("assignedUnit", Attribute.relationship(List.of()))
                .with("words", Attribute.language(Map.of("en", "fire", "fr", "feu")))
                .with("speed", Attribute.property(3.5, Instant.parse("2026-03-01T08:00:00Z")));
    }

    @Test
    void whatIsPutIsFoundAlike() {
        hub.put(incident());

        assertThat(hub.as(FIRE, () -> hub.entities.find(ID))).contains(incident());
    }

    @Test
    void anotherOrganisationFindsNothing() {
        hub.put(incident());

        assertThat(hub.as(POLICE, () -> hub.entities.find(ID))).isEmpty();
        assertThat(hub.as(
                        POLICE,
                        () -> hub.transactions
                                .jdbc()
                                .sql(
                                        "select (select count(*) from hub.attribute) + (select count(*) from hub.change) + (select count(*) from hub.attribute_instance)")
                                .query(Long.class)
                                .single()))
                .isZero();
    }

    @Test
    void nobodyWritesForAnOrganisationOutsideTheWall() {
        assertThatThrownBy(() -> hub.as(POLICE, () -> {
                    hub.entities.put(DISPATCHER, incident());
                    return 0;
                }))
                .hasStackTraceContaining("row-level security");
    }

    @Test
    void unchangedAttributesMakeNoHistoryAndAnUnchangedEntityNoChange() {
        hub.put(incident());
        long history = hub.count("attribute_instance");
        hub.put(incident());
        assertThat(hub.count("attribute_instance")).isEqualTo(history);
        assertThat(hub.count("change")).isEqualTo(1);

        hub.put(incident().with("priority", Attribute.property(2)));
        assertThat(hub.count("attribute_instance")).isEqualTo(history + 1);
        assertThat(hub.count("change")).isEqualTo(2);
        assertThat(names()).containsExactly("priority");
    }

    private List<String> names() {
        return hub.transactions.asSystem(() -> hub.transactions
                .jdbc()
                .sql("select unnest(names) from hub.change where what = 'U'")
                .query(String.class)
                .list());
    }

    @Test
    void anAttributeThatIsLeftOutGoesAwayAndLeavesAMark() {
        hub.put(incident());
        hub.put(Entity.of(ID, "Incident", FIRE).with("priority", Attribute.property(1)));

        assertThat(hub.as(FIRE, () -> hub.entities.find(ID)).orElseThrow().attributes())
                .containsOnlyKeys("priority");
        assertThat(hub.count("attribute")).isEqualTo(1);
        assertThat(hub.count("place")).isZero();
        assertThat(hub.transactions.asSystem(() -> hub.transactions
                        .jdbc()
                        .sql("select name from hub.attribute_instance where shape is null order by name")
                        .query(String.class)
                        .list()))
                .containsExactly("assignedUnit", "location", "speed", "state", "words");
    }

    @Test
    void aDeletedEntityIsGoneButItsHistoryStaysAndItsIdCanComeBack() {
        hub.put(incident());
        hub.transactions.doAs(List.of(FIRE), () -> hub.entities.delete(DISPATCHER, ID));
        assertThat(hub.as(FIRE, () -> hub.entities.find(ID))).isEqualTo(Optional.empty());
        assertThat(hub.count("entity_type") + hub.count("attribute") + hub.count("place"))
                .isZero();
        assertThat(hub.count("attribute_instance")).isEqualTo(12);

        hub.put(incident());
        assertThat(hub.as(FIRE, () -> hub.entities.find(ID))).contains(incident());
        assertThat(hub.count("entity")).isEqualTo(1);
    }

    @Test
    void anIdThatAnotherOrganisationHasIsTaken() {
        hub.put(incident());

        assertThatThrownBy(() ->
                        hub.put(new Entity(ID, "Incident", POLICE, incident().attributes())))
                .isInstanceOf(ConurbException.class)
                .hasMessageContaining("taken");
        assertThat(hub.as(POLICE, () -> hub.entities.find(ID))).isEmpty();
        assertThat(OFFICER.organisation()).isEqualTo(POLICE);
    }

    @Test
    void aRoomCannotWriteWhatAClientCouldNot() {
        assertThatThrownBy(() -> hub.put(Entity.of("no uri", "Incident", FIRE))).isInstanceOf(ConurbException.class);
        assertThatThrownBy(() -> hub.put(incident()
                        .with("location", Attribute.geo(Map.of("type", "Point", "coordinates", List.of(200, 0))))))
                .isInstanceOf(ConurbException.class);
        assertThatThrownBy(() -> hub.put(incident().with("text", Attribute.property("a\0b"))))
                .isInstanceOf(ConurbException.class);
    }
}

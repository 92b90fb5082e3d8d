package org.conurb.incidents;

import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.conurb.store.Retained;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class RetentionStoreTest {
    private static final Duration KEPT = Duration.ofDays(100);

    @AutoClose
    private final Room room = new Room();

    @Test
    void whatWasClosedLongAgoGoesWithTimelineAssignmentsAndEntityAndTheRestStays() {
        Incident old = closed();
        Incident open = room.opened();
        room.clock.advance(KEPT.dividedBy(2));
        Incident recent = closed();
        room.clock.advance(KEPT.dividedBy(2).plusSeconds(1));

        assertThat(forget().owners()).isEqualTo(Map.of(Room.FIRE, 1));

        assertThat(count("incidents.incident where id = '%s'".formatted(old.id())))
                .isZero();
        assertThat(count("incidents.mark where incident_id = '%s'".formatted(old.id())))
                .isZero();
        assertThat(count("incidents.assignment where incident_id = '%s'".formatted(old.id())))
                .isZero();
        assertThat(count("hub.entity where id = '%s'".formatted(old.urn()))).isZero();
        assertThat(count("hub.change where what = 'D' and entity_id = '%s'".formatted(old.urn())))
                .isOne();
        assertThat(room.find(open.id()).open()).isTrue();
        assertThat(room.marks(recent.id())).contains("assigned", "closed");
        assertThat(forget().count()).isZero();
    }

    @Test
    void reopenedIsNotOver() {
        Incident incident = closed();
        room.in(() ->
                room.incidents.change(room.dispatcher, incident.id(), Optional.empty(), Room.patch(null, "open")));
        room.clock.advance(KEPT.plusSeconds(1));
        assertThat(forget().count()).isZero();
    }

    @Test
    void oneTransactionTakesAFew() {
        for (int i = 0; i < 21; i++) {
            Incident incident = room.opened();
            close(incident);
        }
        room.clock.advance(KEPT.plusSeconds(1));
        assertThat(forget().more()).isTrue();
        assertThat(forget()).isEqualTo(new Retained.Forgotten(1, Map.of(Room.FIRE, 1), false));
    }

    @Test
    void forgettingWalksItsIndex() {
        room.transactions.doAs(
                java.util.Set.of(Room.FIRE),
                () -> room.transactions.jdbc().sql("""
                        insert into incidents.incident (id, organisation_id, kind, cell, at, number, priority, state,
                               latitude, longitude, description, closed_at, modified_at, version)
                        select gen_random_uuid(), 'fire', 'fire.smoke', 0, x.at, n, 2, 'closed', 43, 7, '', x.at, x.at, 1
                          from generate_series(1, 5000) n,
                               lateral (select timestamptz '2026-01-01' + n * interval '1 hour' as at) x
                        """).update());
        String plan = room.transactions.asSystem(() -> String.join(
                "\n",
                room.transactions
                        .jdbc()
                        .sql("explain " + IncidentStore.FORGET)
                        .param("before", Instant.parse("2026-01-02T00:00:00Z").atOffset(UTC))
                        .param("most", 20)
                        .query(String.class)
                        .list()));
        assertThat(plan).contains("incident_closed").doesNotContain("Seq Scan");
    }

    private Incident closed() {
        Incident incident = room.opened();
        room.assign(incident, room.unit("E" + incident.number()));
        return close(incident);
    }

    private Incident close(Incident incident) {
        return room.in(() ->
                room.incidents.change(room.dispatcher, incident.id(), Optional.empty(), Room.patch(null, "closed")));
    }

    private Retained.Forgotten forget() {
        return room.transactions.asSystem(() ->
                room.incidents.retained().forget().apply(room.clock.instant().minus(KEPT)));
    }

    private long count(String from) {
        return room.transactions.asSystem(() -> room.transactions
                .jdbc()
                .sql("select count(*) from " + from)
                .query(Long.class)
                .single());
    }
}

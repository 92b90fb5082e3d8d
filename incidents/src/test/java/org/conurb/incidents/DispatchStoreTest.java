package org.conurb.incidents;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.conurb.kernel.City.UnitState;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class DispatchStoreTest {
    @AutoClose
    private final Room room = new Room();

    private static Map<String, Object> at(double longitude, double latitude) {
        return Map.of("type", "Point", "coordinates", List.of(longitude, latitude));
    }

    private Unit unit(String callSign, String kind, double longitude) {
        return room.in(
                () -> room.units.add(room.dispatcher, new NewUnit(null, callSign, kind, at(longitude, 43.7311))));
    }

    private Incident incident(String type, double longitude) {
        return room.in(() -> room.incidents.open(
                room.dispatcher, new NewIncident(null, type, null, at(longitude, 43.7311), "", null)));
    }

    private Units.Reported report(Unit unit, String code) {
        return room.in(() -> room.incidents.report(room.dispatcher, unit.id(), new StatusReport(code, null)));
    }

    private List<Proposal> proposals(Incident incident) {
        Proposals.Found found = room.in(() -> room.proposals.find(room.dispatcher, incident.id()));
        return room.proposals.rank(found, 50);
    }

    private static List<String> codes(Proposal proposal) {
        return proposal.reasons().stream().map(Reason::code).toList();
    }

    @Test
    void theNearestUnitOfAWantedKindComesFirst() {
        Incident incident = incident("fire.smoke", 7.42);
        unit("A1", "ambulance", 7.4201);
        unit("E-far", "engine", 7.45);
        unit("E-near", "engine", 7.43);

        List<Proposal> found = proposals(incident);

        assertThat(found).extracting(Proposal::callSign).containsExactly("E-near", "E-far", "A1");
        assertThat(found.getFirst().suits()).isTrue();
        assertThat(found.getFirst().estimated()).isTrue(); // there is no map in this room
        assertThat(found.getFirst().seconds()).isBetween(60L, 180L);
        assertThat(codes(found.getFirst())).containsExactly("kind-wanted", "estimated");
        assertThat(codes(found.getLast())).containsExactly("kind-unasked", "estimated");
        assertThat(found.getLast().suits()).isFalse();
    }

    @Test
    void unitsThatAreBusyOrOutOfServiceComeLastAndSayWhy() {
        Incident incident = incident("fire.smoke", 7.42);
        Unit busy = unit("E-busy", "engine", 7.4201);
        Unit broken = unit("E-broken", "engine", 7.4202);
        unit("E-free", "engine", 7.45);
        room.assign(incident("fire.smoke", 7.5), busy);
        report(broken, "6");

        List<Proposal> found = proposals(incident);

        assertThat(found).extracting(Proposal::callSign).containsExactly("E-free", "E-busy", "E-broken");
        assertThat(codes(found.get(1))).contains("busy");
        assertThat(found.get(2).reasons()).contains(Reason.of("not-available", "state", UnitState.OUT_OF_SERVICE));
    }

    @Test
    void unitsThatAnswerAlreadyAreNotProposed() {
        Incident incident = incident("fire.smoke", 7.42);
        room.assign(incident, unit("E1", "engine", 7.43));

        assertThat(proposals(incident)).isEmpty();
    }

    @Test
    void aUnitThatMayNotBeSentIsToldButDoesNotSuit() {
        Incident incident = incident("fire.smoke", 7.42);
        unit("E1", "engine", 7.43);
        room.access.writable("police");

        assertThat(proposals(incident).getFirst().suits()).isFalse();
        assertThat(codes(proposals(incident).getFirst())).contains("may-not-send");
    }

    @Test
    void withoutAPurposeNoPlaceIsGivenAwayByATime() {
        Incident incident = incident("fire.smoke", 7.42);
        unit("E1", "engine", 7.43);
        room.access.withoutPurpose();

        Proposal only = proposals(incident).getFirst();

        assertThat(only.seconds()).isNull();
        assertThat(only.metres()).isNull();
        assertThat(codes(only)).contains("place-withheld").doesNotContain("estimated");
    }

    @Test
    void aPlaceOfLongAgoIsToldAsSuch() {
        Incident incident = incident("fire.smoke", 7.42);
        unit("E1", "engine", 7.43);
        room.clock.advance(Duration.ofMinutes(11));

        assertThat(proposals(incident).getFirst().reasons()).contains(Reason.of("place-old", "seconds", 660L));
    }

    @Test
    void anOpenIncidentNearInPlaceTimeAndTypeIsAPossibleDuplicate() {
        Incident first = incident("fire.building", 7.4200);
        incident("fire.smoke", 7.4500);
        Incident call = incident("fire.smoke", 7.4210);

        List<Duplicate> found = room.in(() -> room.duplicates.of(room.dispatcher, call));

        assertThat(found).extracting(Duplicate::incident).containsExactly(first.urn());
        assertThat(found.getFirst().metres()).isBetween(75L, 85L);
        assertThat(found.getFirst().reasons()).extracting(Reason::code).containsExactly("near", "opened", "like-type");
    }

    @Test
    void aStormElsewhereHidesNoDuplicate() {
        Incident first = incident("fire.smoke", 7.4200);
        for (int i = 0; i < 41; i++) {
            incident("fire.smoke", 7.4300 + i * 1e-4);
        }
        Incident call = incident("fire.smoke", 7.4210);

        assertThat(room.in(() -> room.duplicates.of(room.dispatcher, call)))
                .extracting(Duplicate::incident)
                .containsExactly(first.urn());
    }

    @Test
    void aDuplicateMayBeOnTheOtherSideOfTheDateLine() {
        Incident first = incident("fire.smoke", 179.9995);
        Incident call = incident("fire.smoke", -179.9995);

        assertThat(room.in(() -> room.duplicates.of(room.dispatcher, call)))
                .extracting(Duplicate::incident)
                .containsExactly(first.urn());
    }

    @Test
    void whatIsClosedLongAgoOrOfAnotherSortIsNoDuplicate() {
        incident("medical.person", 7.4200 + 0.0015); // another sort counts within 100 m only
        Incident closed = incident("fire.smoke", 7.4201);
        room.in(() ->
                room.incidents.change(room.dispatcher, closed.id(), Optional.empty(), Room.patch(null, "closed")));
        incident("fire.smoke", 7.4202);
        room.clock.advance(Duration.ofHours(3));
        Incident call = incident("fire.smoke", 7.4200);

        assertThat(room.in(() -> room.duplicates.of(room.dispatcher, call))).isEmpty();
    }

    @Test
    void theTimesOfEachUnitAreKeptFromAssignedToCleared() {
        Incident incident = incident("fire.smoke", 7.42);
        Unit engine = unit("E1", "engine", 7.43);
        var sent = room.clock.instant();
        room.assign(incident, engine);
        room.clock.advance(Duration.ofMinutes(1));
        report(engine, "3");
        room.clock.advance(Duration.ofMinutes(1));
        report(engine, "3");
        room.clock.advance(Duration.ofMinutes(3));
        report(engine, "4");
        room.clock.advance(Duration.ofMinutes(30));
        Units.Reported cleared = report(engine, "2");

        Assignment times = room.in(() -> room.units.sentTo(incident.id())).getFirst();
        assertThat(times.assignedAt()).isEqualTo(sent);
        assertThat(times.enRouteAt()).contains(sent.plus(Duration.ofMinutes(1)));
        assertThat(times.onSceneAt()).contains(sent.plus(Duration.ofMinutes(5)));
        assertThat(times.clearedAt()).contains(sent.plus(Duration.ofMinutes(35)));
        assertThat(cleared.after().incident()).isEmpty();
        assertThat(room.marks(incident.id()))
                .containsExactly("opened", "assigned", "status", "status", "status", "status", "released");
        assertThat(room.in(() -> room.entities.find(incident.urn()))
                        .orElseThrow()
                        .attribute("assignedUnit"))
                .isEmpty();
    }

    @Test
    void anOddStatusIsTakenAndTold() {
        Incident incident = incident("fire.smoke", 7.42);
        Unit engine = unit("E1", "engine", 7.43);

        assertThat(report(engine, "4").odd()).containsExactly("not-assigned");
        report(engine, "2");
        room.assign(incident, engine);
        assertThat(report(engine, "4").odd()).containsExactly("en-route-unsaid");
        assertThat(report(engine, "3").odd()).containsExactly("went-back");
        assertThat(room.in(() -> room.timeline.of(incident.id())).getLast().facts())
                .containsEntry("odd", "went-back");
    }

    @Test
    void theTimesAreReadByKeys() {
        String plan = room.in(() -> {
            room.transactions.jdbc().sql("set local enable_seqscan = off").update();
            return String.join(
                    "\n",
                    room.transactions
                            .jdbc()
                            .sql("""
                                    explain select u.call_sign from incidents.assignment a join incidents.unit u on u.id = a.unit_id
                                     where a.incident_id in (:one) and (a.released_at is null or not :current)
                                     order by a.assigned_at limit 10
                                    """)
                            .param("one", new java.util.UUID(0, 1))
                            .param("current", true)
                            .query(String.class)
                            .list());
        });
        assertThat(plan).contains("assignment_pkey", "unit_pkey").doesNotContain("Seq Scan");
    }
}

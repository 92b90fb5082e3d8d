package org.conurb.incidents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.conurb.hub.Attribute;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.City.UnitState;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.Denied;
import org.conurb.kernel.NotFound;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class IncidentsStoreTest {
    @AutoClose
    private final Room room = new Room();

    @Test
    void anOpenedIncidentTakesThePriorityOfItsTypeAndANumber() {
        Incident incident = room.opened();

        assertThat(incident.priority()).isEqualTo(2);
        assertThat(incident.label()).matches("I-\\d+");
        assertThat(room.find(incident.id())).isEqualTo(incident);
        assertThat(room.marks(incident.id())).containsExactly("opened");
        assertThat(room.audit.actions()).containsExactly("incident.opened");
    }

    @Test
    void othersSeeAnIncidentAsAnEntity() {
        Incident incident = room.opened();

        assertThat(room.in(() -> room.entities.find(incident.urn()))
                        .orElseThrow()
                        .attribute("state"))
                .contains(Attribute.property("open"));
    }

    @Test
    void anAssignedUnitIsHeldByOneIncidentAtATime() {
        Incident first = room.opened();
        Incident second = room.opened();
        Unit engine = room.unit("E1");
        room.assign(first, engine);

        assertThat(room.in(() -> room.units.find(room.dispatcher, engine.id()))
                        .status()
                        .state())
                .isEqualTo(UnitState.ASSIGNED);
        assertThatThrownBy(() -> room.assign(second, engine)).isInstanceOf(Conflict.class);
        assertThat(room.marks(second.id())).containsExactly("opened");
    }

    @Test
    void assigningTheSameUnitAgainChangesNothing() {
        Incident incident = room.opened();
        Unit engine = room.unit("E1");

        Incident once = room.assign(incident, engine);
        Incident twice = room.assign(incident, engine);

        assertThat(twice.version()).isEqualTo(once.version());
        assertThat(room.marks(incident.id())).containsExactly("opened", "assigned");
    }

    @Test
    void closingReleasesEveryUnit() {
        Incident incident = room.opened();
        Unit engine = room.unit("E1");
        Unit ladder = room.unit("L1");
        room.assign(incident, engine);
        room.assign(incident, ladder);

        room.in(() ->
                room.incidents.change(room.dispatcher, incident.id(), Optional.empty(), Room.patch(null, "closed")));

        assertThat(room.in(() -> room.units.list(room.dispatcher, "", "", 10))).allSatisfy(unit -> {
            assertThat(unit.incident()).isEmpty();
            assertThat(unit.status().state()).isEqualTo(UnitState.AVAILABLE);
        });
        assertThat(room.find(incident.id()).closedAt()).contains(room.clock.instant());
        assertThat(room.incidents.isOpen(incident.urn())).isFalse();
    }

    @Test
    void aClosedIncidentTakesNoUnitUntilItIsReopened() {
        Incident incident = room.opened();
        Unit engine = room.unit("E1");
        room.in(() ->
                room.incidents.change(room.dispatcher, incident.id(), Optional.empty(), Room.patch(null, "closed")));

        assertThatThrownBy(() -> room.assign(incident, engine)).isInstanceOf(Conflict.class);
        room.in(() ->
                room.incidents.change(room.dispatcher, incident.id(), Optional.empty(), Room.patch(null, "open")));
        assertThat(room.assign(incident, engine).open()).isTrue();
        assertThat(room.marks(incident.id())).containsExactly("opened", "closed", "reopened", "assigned");
    }

    @Test
    void aStatusReportIsAMarkOfTheIncidentThatTheUnitAnswers() {
        Incident incident = room.opened();
        Unit engine = room.unit("E1");
        room.assign(incident, engine);

        room.in(() -> room.incidents.report(room.dispatcher, engine.id(), new StatusReport("3", null)));

        assertThat(room.in(() -> room.timeline.of(incident.id())).getLast().facts())
                .containsEntry("unit", "E1")
                .containsEntry("state", "EN_ROUTE");
    }

    @Test
    void aNoteIsToldToEveryOpenScreen() {
        Incident incident = room.opened();

        room.in(() -> {
            room.incidents.note(room.dispatcher, incident.id(), "Smoke is white now");
            return "noted";
        });

        assertThat(room.in(
                        () -> room.entities.find(incident.urn()).orElseThrow().attribute("version")))
                .contains(Attribute.property(incident.version() + 1));
        assertThat(room.marks(incident.id())).containsExactly("opened", "note");
    }

    @Test
    void aChangeOfAnOldVersionIsRefused() {
        Incident incident = room.opened();
        room.in(() -> room.incidents.change(room.dispatcher, incident.id(), Optional.of(1), Room.patch(1, null)));

        assertThatThrownBy(() -> room.in(() ->
                        room.incidents.change(room.dispatcher, incident.id(), Optional.of(1), Room.patch(3, null))))
                .isInstanceOf(Conflict.class);
        assertThat(room.find(incident.id()).priority()).isEqualTo(1);
    }

    @Test
    void anOldPositionNeverReplacesANewerOne() {
        Unit engine = room.unit("E1");
        PositionReport old = new PositionReport(
                engine.urn(),
                Map.of("type", "Point", "coordinates", List.of(1, 1)),
                room.clock.instant().minusSeconds(60));

        assertThat(room.in(() -> room.units.locate(room.dispatcher, List.of(old))))
                .isZero();
        assertThat(room.in(() -> room.units.find(room.dispatcher, engine.id())).position())
                .isEqualTo(engine.position());
    }

    @Test
    void positionsEnterTheAuditOncePerUnitAndHour() {
        Unit engine = room.unit("E1");
        PositionReport fix = new PositionReport(engine.urn(), Room.TOWN_HALL, null);
        room.in(() -> room.units.locate(room.dispatcher, List.of(fix)));
        room.in(() -> room.units.locate(room.dispatcher, List.of(fix)));

        assertThat(room.audit.actions()).containsOnlyOnce("unit.positions");
    }

    @Test
    void aCallSignIsUniqueInItsOrganisation() {
        room.unit("E1");

        assertThatThrownBy(() -> room.unit("E1")).isInstanceOf(Conflict.class);
    }

    @Test
    void anotherOrganisationsIncidentIsNotThere() {
        Incident incident = room.opened();
        room.access.readable("police").writable("police");

        assertThatThrownBy(() -> room.find(incident.id())).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> room.transactions.as(
                        Set.of(Room.POLICE), () -> room.incidents.find(room.dispatcher, incident.id())))
                .isInstanceOf(NotFound.class);
    }

    @Test
    void whoMayOnlyReadIsToldSo() {
        Incident incident = room.opened();
        room.access.writable("police");

        assertThatThrownBy(() -> room.in(() ->
                        room.incidents.change(room.dispatcher, incident.id(), Optional.empty(), Room.patch(1, null))))
                .isInstanceOf(Denied.class);
    }

    @Test
    void everyWrongMemberIsRefusedAndNothingIsKept() {
        Map<String, NewIncident> wrong = new HashMap<>();
        wrong.put("type", new NewIncident(null, "no.such", 1, Room.TOWN_HALL, "", null));
        wrong.put("no type", new NewIncident(null, null, 1, Room.TOWN_HALL, "", null));
        wrong.put("priority", new NewIncident(null, "fire.smoke", 5, Room.TOWN_HALL, "", null));
        wrong.put("no place", new NewIncident(null, "fire.smoke", 1, null, "", null));
        wrong.put(
                "off earth",
                new NewIncident(
                        null, "fire.smoke", 1, Map.of("type", "Point", "coordinates", List.of(7.4, 143.0)), "", null));
        wrong.put("text", new NewIncident(null, "fire.smoke", 1, Room.TOWN_HALL, "x".repeat(10_001), null));
        wrong.put("caller", new NewIncident(null, "fire.smoke", 1, Room.TOWN_HALL, "", List.of(1)));
        wrong.put("id", new NewIncident("not-an-id", "fire.smoke", 1, Room.TOWN_HALL, "", null));

        assertThat(wrong)
                .allSatisfy((what, incident) -> assertThatThrownBy(
                                () -> room.in(() -> room.incidents.open(room.dispatcher, incident)))
                        .as(what)
                        .isInstanceOf(BadRequest.class));
        assertThat(room.in(() -> room.incidents.list(room.dispatcher, List.of("open", "closed"), Long.MAX_VALUE, 10)))
                .isEmpty();
    }

    @Test
    void anIdThatIsTakenIsAConflict() {
        Incident first = room.opened();
        NewIncident again = new NewIncident(first.urn(), "fire.smoke", 1, Room.TOWN_HALL, "", null);

        assertThatThrownBy(() -> room.in(() -> room.incidents.open(room.dispatcher, again)))
                .isInstanceOf(Conflict.class);
    }
}

package org.conurb.incidents;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.conurb.hub.Entities;
import org.conurb.kernel.Caller;
import org.conurb.kernel.City;
import org.conurb.kernel.City.Text;
import org.conurb.kernel.City.UnitState;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;
import org.conurb.store.Transactions;
import org.conurb.streets.Streets;
import org.conurb.streets.StreetsFolder;
import org.conurb.testkit.FakeAccess;
import org.conurb.testkit.FakeAudit;
import org.conurb.testkit.TestClock;
import org.conurb.testkit.TestIds;
import org.conurb.testkit.TestStore;

/** This room on a real database, with a small city around it. */
final class Room implements AutoCloseable {
    static final OrganisationId FIRE = new OrganisationId("fire");
    static final OrganisationId POLICE = new OrganisationId("police");
    static final Map<String, Object> TOWN_HALL = Map.of("type", "Point", "coordinates", List.of(7.4246, 43.7311));

    final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");
    final FakeAccess access = FakeAccess.to("fire", "police");
    final FakeAudit audit = new FakeAudit();
    final Transactions transactions = TestStore.with("hub", "incidents");
    final Entities entities;
    final Units units;
    final Timeline timeline;
    final Incidents incidents;
    final Proposals proposals;
    final Duplicates duplicates;
    final Caller dispatcher = caller(FIRE, Role.DISPATCHER);

    Room() {
        Ids ids = TestIds.seeded(clock);
        City city = city();
        entities = new Entities(transactions, clock);
        timeline = new Timeline(new TimelineStore(transactions.jdbc()), ids, clock);
        units = new Units(transactions, timeline, entities, access, audit, city, ids, clock);
        incidents = new Incidents(transactions, units, timeline, entities, access, audit, city, ids, clock);
        Streets streets = new Streets(new StreetsFolder(Path.of("target", "no-streets")));
        proposals = new Proposals(incidents, units, streets, access, city, clock);
        duplicates = new Duplicates(incidents, units, city, new IncidentsSettings(300, Duration.ofHours(2)), clock);
    }

    static Caller caller(OrganisationId organisation, Role role) {
        return new Caller(
                "person:" + organisation + "-" + role.code(),
                role.code() + " of " + organisation,
                organisation,
                Optional.empty(),
                Set.of(role),
                Optional.empty(),
                Optional.empty());
    }

    <T> T in(Supplier<T> work) {
        return transactions.as(Set.of(FIRE, POLICE), work);
    }

    Incident opened() {
        return in(() -> incidents.open(dispatcher, smoke()));
    }

    Unit unit(String callSign) {
        return in(() -> units.add(dispatcher, new NewUnit(null, callSign, "engine", TOWN_HALL)));
    }

    Incident assign(Incident incident, Unit unit) {
        return in(() -> incidents.assign(dispatcher, incident.id(), unit.id()));
    }

    Incident find(UUID id) {
        return in(() -> incidents.find(dispatcher, id));
    }

    List<String> marks(UUID incident) {
        return in(() -> timeline.of(incident).stream().map(Mark::kind).toList());
    }

    static NewIncident smoke() {
        return new NewIncident(
                null, "fire.smoke", null, TOWN_HALL, "Smoke from a window", Map.of("name", "A. Caller", "phone", "1"));
    }

    static IncidentPatch patch(Integer priority, String state) {
        return new IncidentPatch(null, priority, null, null, null, state);
    }

    private static City city() {
        return new City(
                "test",
                "Test",
                ZoneId.of("Europe/Paris"),
                List.of(Locale.ENGLISH),
                List.of(
                        new City.Organisation(FIRE, Text.of("en", "Fire"), "fire"),
                        new City.Organisation(POLICE, Text.of("en", "Police"), "police")),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                List.of(
                        new City.IncidentType("fire.smoke", Text.of("en", "Smoke"), 2, List.of("engine")),
                        new City.IncidentType("fire.building", Text.of("en", "Fire"), 1, List.of("engine", "ladder")),
                        new City.IncidentType("medical.person", Text.of("en", "Person"), 2, List.of("ambulance"))),
                List.of(new City.Priority(1, Text.of("en", "Urgent"), Duration.ofMinutes(1))),
                List.of(
                        new City.UnitKind("engine", Text.of("en", "Engine")),
                        new City.UnitKind("ambulance", Text.of("en", "Ambulance"))),
                List.of(
                        new City.UnitStatus("2", Text.of("en", "Available"), UnitState.AVAILABLE),
                        new City.UnitStatus("A", Text.of("en", "Assigned"), UnitState.ASSIGNED),
                        new City.UnitStatus("3", Text.of("en", "En route"), UnitState.EN_ROUTE),
                        new City.UnitStatus("4", Text.of("en", "On scene"), UnitState.ON_SCENE),
                        new City.UnitStatus("6", Text.of("en", "Out of service"), UnitState.OUT_OF_SERVICE)),
                List.of(),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty());
    }

    @Override
    public void close() {
        TestStore.giveBack(transactions);
    }
}

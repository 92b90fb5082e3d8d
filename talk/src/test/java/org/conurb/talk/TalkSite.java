package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.conurb.hub.Attribute;
import org.conurb.hub.Changes;
import org.conurb.hub.Entities;
import org.conurb.hub.Entity;
import org.conurb.kernel.Action;
import org.conurb.kernel.Caller;
import org.conurb.kernel.City;
import org.conurb.kernel.City.Text;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;
import org.conurb.store.Database;
import org.conurb.store.Transactions;
import org.conurb.testkit.FakeAudit;
import org.conurb.testkit.TestClock;
import org.conurb.testkit.TestIds;
import org.conurb.testkit.TestStore;

/** This room on a real database and a real hub, with a small city around it; can be started anew on the same database. */
final class TalkSite implements AutoCloseable {
    static final OrganisationId CONTROL = new OrganisationId("control");
    static final OrganisationId FIRE = new OrganisationId("fire");
    static final OrganisationId POLICE = new OrganisationId("police");
    static final OrganisationId SCHOOL = new OrganisationId("school");
    static final Participant DISPATCH = new Participant("sip:dispatch-1@elm", null, CONTROL);
    static final Participant DUTY = new Participant("sip:duty@elm", null, CONTROL);
    static final Participant FIRE_CHIEF = new Participant("sip:fire-chief@elm", null, FIRE);
    static final Participant POLICE_DESK = new Participant("sip:police-desk@elm", null, POLICE);

    final City city;
    final Path folder;
    final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");
    final FakeAudit audit = new FakeAudit();
    final Database database;
    final Transactions transactions;
    final GrantedAccess access;
    final Entities entities;
    final Changes changes;
    final Ids ids;
    final UnitRoster roster;
    final GroupRules rules;
    final SiteParticipants participants;
    final GroupMembers members;
    final GroupDirectory directory;
    final TemporaryGroups temporary;
    final EmergencyRecords emergencies;
    final TalkMessages messages;
    final Attachments attachments;
    final List<GroupChange> told = new CopyOnWriteArrayList<>();

    private TalkSite(City city, Database database, Ids ids) {
        folder = Path.of("target", "attachments-" + UUID.randomUUID());
        this.city = city;
        this.database = database;
        this.ids = ids;
        transactions = database.transactions();
        access = new GrantedAccess(city);
        changes = new Changes(transactions, clock);
        entities = new Entities(transactions, clock, changes);
        roster = new UnitRoster(transactions, entities, clock);
        rules = new GroupRules(city, access);
        participants = new SiteParticipants(city, roster, rules, access, transactions);
        members = new GroupMembers(city, rules, participants, roster);
        directory = new GroupDirectory(transactions, members, clock);
        StandingGroups standing =
                new StandingGroups(city, transactions, rules, members, participants, roster, entities, clock);
        IncidentGroups incidents = new IncidentGroups(
                city,
                transactions,
                directory,
                standing,
                rules,
                members,
                participants,
                roster,
                entities,
                audit,
                ids,
                clock);
        temporary = new TemporaryGroups(
                transactions, directory, members, participants, entities, access, audit, ids, clock, 100);
        emergencies = new EmergencyRecords(transactions, participants, directory, entities, audit, ids, clock);
        emergencies.start();
        messages = new TalkMessages(transactions, directory, rules, participants, city, access, audit, clock);
        attachments =
                new Attachments(transactions, new AttachmentFiles(folder, 1_000), messages, access, audit, ids, clock);
        new TalkGroups(roster, standing, directory, incidents, emergencies, changes, Optional::empty).start();
        directory.follow(told::add);
    }

    /** Where the control room lets fire and police talk, and the school nothing. */
    static TalkSite open() {
        return open(
                city(List.of(shared(FIRE, Action.READ, Action.CHANGE), shared(POLICE, Action.READ, Action.CHANGE))));
    }

    static TalkSite open(City city) {
        return new TalkSite(
                city, TestStore.database("hub", "talk"), TestIds.seeded(TestClock.at("2026-03-01T08:00:00Z")));
    }

    /** Stops this one, and goes on with another program on the same database. */
    TalkSite restart(City with) {
        stop();
        return new TalkSite(with, database, ids);
    }

    /** What the control room lets another do. */
    static City.Grant shared(OrganisationId consumer, Action... actions) {
        return new City.Grant(CONTROL, Optional.of(consumer), Set.of("TalkGroup", "TalkEmergency"), Set.of(actions));
    }

    static City city(List<City.Grant> grants) {
        return new City(
                "elm",
                "Elm",
                ZoneId.of("Europe/Paris"),
                List.of(Locale.ENGLISH),
                List.of(
                        new City.Organisation(CONTROL, Text.of("en", "Control"), "control-room"),
                        new City.Organisation(FIRE, Text.of("en", "Fire"), "fire"),
                        new City.Organisation(POLICE, Text.of("en", "Police"), "police"),
                        new City.Organisation(SCHOOL, Text.of("en", "School"), "school")),
                List.of(
                        seat("dispatch-1", "Dispatch 1", CONTROL, Role.DISPATCHER),
                        seat("duty", "Duty commander", CONTROL, Role.COMMANDER),
                        seat("fire-chief", "Fire chief", FIRE, Role.COMMANDER),
                        seat("police-desk", "Police desk", POLICE, Role.DISPATCHER),
                        seat("head", "Head teacher", SCHOOL, Role.COMMANDER)),
                grants,
                Optional.empty(),
                List.of(),
                List.of(new City.IncidentType("fire.smoke", Text.of("en", "Smoke"), 2, List.of("engine"))),
                List.of(new City.Priority(1, Text.of("en", "Urgent"), Duration.ofMinutes(1))),
                List.of(new City.UnitKind("engine", Text.of("en", "Engine"))),
                List.of(new City.UnitStatus("2", Text.of("en", "Available"), City.UnitState.AVAILABLE)),
                List.of(),
                Map.of(),
                List.of(),
                List.of(
                        new City.TalkGroupPolicy("blaze", Text.of("en", "Blaze"), List.of(CONTROL, FIRE), false),
                        new City.TalkGroupPolicy(
                                "joint", Text.of("en", "Joint"), List.of(CONTROL, FIRE, POLICE), true)),
                List.of(),
                Optional.empty());
    }

    private static City.Seat seat(String id, String name, OrganisationId organisation, Role role) {
        return new City.Seat(id, Text.of("en", name), organisation, role);
    }

    static Caller caller(OrganisationId organisation, Role role, String seat) {
        return new Caller(
                "person:" + organisation + "-" + role.code(),
                role.code() + " of " + organisation,
                organisation,
                Optional.of(seat),
                Set.of(role),
                Optional.empty(),
                Optional.empty());
    }

    static Caller dispatcher() {
        return caller(CONTROL, Role.DISPATCHER, "dispatch-1");
    }

    <T> T in(Caller caller, Supplier<T> work) {
        return transactions.as(access.owners(caller), work);
    }

    // ---- what other rooms write

    UUID unit(OrganisationId owner, String callSign) {
        UUID id = ids.next();
        unit(id, owner, callSign);
        return id;
    }

    void unit(UUID id, OrganisationId owner, String callSign) {
        put(Entity.of(Ids.urn("Unit", id), "Unit", owner).with("callSign", Attribute.property(callSign)));
    }

    /** @param units that are assigned to it; all others are not any more */
    void incident(UUID id, String state, UUID... units) {
        Entity entity = Entity.of(Ids.urn("Incident", id), "Incident", CONTROL)
                .with("number", Attribute.property("I-7"))
                .with("incidentType", Attribute.property("fire.smoke"))
                .with("priority", Attribute.property(2))
                .with("state", Attribute.property(state))
                .with("openedAt", Attribute.property(Instant.EPOCH));
        List<String> assigned = new ArrayList<>();
        for (UUID unit : units) {
            assigned.add(Ids.urn("Unit", unit));
        }
        put(assigned.isEmpty() ? entity : entity.with("assignedUnit", Attribute.relationship(assigned)));
    }

    void put(Entity entity) {
        transactions.doAs(
                Set.of(entity.owner()), () -> entities.put(Caller.system("incidents", entity.owner()), entity));
    }

    // ---- what talk makes of it

    Participant participant(UUID unit) {
        return participants.unit(roster.find(unit).orElseThrow());
    }

    /** The one that is open for the incident, as soon as it is there. */
    GroupFacts group(UUID incident) {
        await("a group", () -> found(incident).isPresent());
        return found(incident).orElseThrow();
    }

    Optional<GroupFacts> found(UUID incident) {
        return directory.of(DISPATCH).stream()
                .filter(facts -> facts.incident().equals(Optional.of(Ids.urn("Incident", incident))))
                .findFirst();
    }

    /** Everything that was written before has been handled when this comes back. */
    void caughtUp() {
        UUID mark = unit(SCHOOL, "mark " + ids.next());
        await("the follower", () -> roster.find(mark).isPresent());
    }

    static void await(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("still waiting for " + what).isLessThan(until);
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    void stop() {
        changes.close();
        emergencies.close();
    }

    @Override
    public void close() {
        stop();
        TestStore.giveBack(database);
    }
}

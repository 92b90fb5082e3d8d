package org.conurb.talk;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.conurb.hub.Attribute;
import org.conurb.hub.ChangeHandler;
import org.conurb.hub.Entities;
import org.conurb.hub.Entity;
import org.conurb.hub.EntityChange;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Caller;
import org.conurb.kernel.City;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;

/**
 * A group for every incident that has units, as the hub tells of them: opened when the first is assigned, with the units and
 * the seats that lead in the organisations involved, and closed with the incident. Group, followers, entity, audit entry
 * and the place in the stream of changes are one transaction; those who decide calls hear of it after the commit.
 */
final class IncidentGroups implements ChangeHandler {
    static final String CURSOR = "talk-groups.incidents";
    static final Set<String> TYPES = Set.of("Incident", "Unit");

    private final City city;
    private final Transactions transactions;
    private final GroupStore store;
    private final AffiliationStore affiliations;
    private final EmergencyStore emergencies;
    private final GroupDirectory directory;
    private final StandingGroups standing;
    private final GroupRules rules;
    private final GroupMembers members;
    private final SiteParticipants participants;
    private final UnitRoster roster;
    private final Entities entities;
    private final Audit audit;
    private final Ids ids;
    private final Clock clock;
    private final Consumer<List<Outcome>> outcomes = this::finish;

    /** What is to be done when all of a batch is handled. */
    private record Outcome(Optional<UnitRoster.News> news, Collection<UUID> groups) {}

    IncidentGroups(
            City city,
            Transactions transactions,
            GroupDirectory directory,
            StandingGroups standing,
            GroupRules rules,
            GroupMembers members,
            SiteParticipants participants,
            UnitRoster roster,
            Entities entities,
            Audit audit,
            Ids ids,
            Clock clock) {
        this.city = city;
        this.transactions = transactions;
        this.store = new GroupStore(transactions.jdbc());
        this.affiliations = new AffiliationStore(transactions.jdbc());
        this.emergencies = new EmergencyStore(transactions.jdbc());
        this.directory = directory;
        this.standing = standing;
        this.rules = rules;
        this.members = members;
        this.participants = participants;
        this.roster = roster;
        this.entities = entities;
        this.audit = audit;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public void handle(EntityChange change) {
        if (change.type().equals("Unit")) {
            unit(change);
        } else {
            Ids.parse("Incident", change.id()).ifPresent(id -> incident(id, change));
        }
    }

    // ---- units

    private void unit(EntityChange change) {
        Optional<UnitRoster.News> news =
                change.entity().isPresent() ? roster.learn(change.entity().get()) : roster.forget(change.id());
        if (news.isEmpty()) {
            return;
        }
        if (change.kind() == EntityChange.Kind.CREATED) {
            news.flatMap(UnitRoster.News::unit).map(participants::unit).ifPresent(standing::joined);
        }
        String unit = participants.unitId(news.get().id());
        transactions.gather(
                outcomes, new Outcome(news, directory.concerning(news.get().organisation(), unit)));
    }

    /** Has the group read again once what happens here is committed. */
    private void later(GroupRow group) {
        transactions.gather(outcomes, new Outcome(Optional.empty(), List.of(group.id())));
    }

    /** Of a batch of changes at once: first its units are known, then the groups that are others by it are read again. */
    private void finish(List<Outcome> batch) {
        roster.write(batch.stream().flatMap(outcome -> outcome.news().stream()).toList());
        List<UUID> groups =
                batch.stream().flatMap(outcome -> outcome.groups().stream()).toList();
        transactions.afterCommit(() -> directory.refresh(groups));
    }

    // ---- incidents

    private void incident(UUID id, EntityChange change) {
        Optional<GroupRow> before = store.ofIncident(id);
        boolean over = change.entity()
                .map(entity -> !UnitRoster.text(entity, "state").equals("open"))
                .orElse(true);
        if (over) {
            before.filter(GroupRow::isOpen).ifPresent(this::close);
            return;
        }
        Entity entity = change.entity().orElseThrow();
        List<UnitRoster.Known> units = units(entity);
        if (before.filter(GroupRow::isOpen).isEmpty() && units.isEmpty()) {
            return;
        }
        open(id, entity, before, units);
    }

    private List<UnitRoster.Known> units(Entity incident) {
        List<UnitRoster.Known> units = new ArrayList<>();
        if (incident.attribute("assignedUnit").orElse(null) instanceof Attribute.Relationship assigned) {
            for (String urn : assigned.ids()) {
                Ids.parse("Unit", urn).flatMap(roster::fetch).ifPresent(units::add);
            }
        }
        return units;
    }

    private void open(UUID id, Entity incident, Optional<GroupRow> before, List<UnitRoster.Known> units) {
        OrganisationId owner = incident.owner();
        Set<OrganisationId> involved = new LinkedHashSet<>(List.of(owner));
        units.forEach(unit -> involved.add(unit.organisation()));
        Optional<City.TalkGroupPolicy> policy = rules.policy(involved);
        boolean fresh = before.filter(GroupRow::isOpen).isEmpty();
        GroupRow now = before.map(row -> row.with(
                        owner,
                        name(incident),
                        priority(incident),
                        row.recorded() && !fresh || isRecorded(policy),
                        policy.map(City.TalkGroupPolicy::id)))
                .orElseGet(() -> new GroupRow(
                        ids.next(),
                        owner,
                        GroupFacts.Origin.INCIDENT,
                        clock.instant(),
                        name(incident),
                        Optional.of(id),
                        priority(incident),
                        isRecorded(policy),
                        policy.map(City.TalkGroupPolicy::id),
                        Optional.empty()));
        List<String> wanted =
                units.stream().map(unit -> participants.unitId(unit.id())).toList();
        List<String> had = before.map(row -> store.members(row.id())).orElse(List.of());
        if (before.filter(now::equals).isPresent() && had.equals(wanted)) {
            return;
        }
        store.put(now);
        store.members(now, wanted);
        follow(now, units, fresh ? Optional.empty() : Optional.of(had));
        Map<Participant, Membership> in = members.of(now, wanted);
        entities.put(
                Caller.system("talk", owner),
                GroupEntity.of(now, in.keySet(), emergencies.urgency(now.urn()), participants));
        long out = involved.stream()
                .filter(organisation -> rules.reach(organisation, owner) == Reach.NONE)
                .count();
        record(
                fresh ? "talk-group.opened" : "talk-group.changed",
                now,
                Map.of(
                        "incident",
                        incident.id(),
                        "units",
                        String.valueOf(wanted.size()),
                        "members",
                        String.valueOf(in.size()),
                        "organisations-without-agreement",
                        String.valueOf(out)));
        later(now);
    }

    /** What is recorded once stays recorded while the group is open: nobody is recorded less than they were told. */
    private static boolean isRecorded(Optional<City.TalkGroupPolicy> policy) {
        return policy.map(City.TalkGroupPolicy::recorded).orElse(true);
    }

    /**
     * Units that are new follow at once, and so do the seats that lead where an organisation is new; who left may stay away.
     *
     * @param had units that it had; empty for a group that opens
     */
    private void follow(GroupRow group, List<UnitRoster.Known> units, Optional<List<String>> had) {
        Set<OrganisationId> engaged = organisations(units);
        Set<OrganisationId> before =
                had.map(members::units).map(IncidentGroups::organisations).orElse(Set.of());
        List<Participant> followers = new ArrayList<>();
        members.liaisons(group.owner(), engaged).stream()
                .filter(seat -> had.isEmpty()
                        || !seat.organisation().equals(group.owner()) && !before.contains(seat.organisation()))
                .forEach(seat -> followers.add(participants.seat(seat)));
        List<String> there = had.orElse(List.of());
        units.stream()
                .filter(unit -> !there.contains(participants.unitId(unit.id())))
                .filter(unit -> rules.reach(unit.organisation(), group.owner()) != Reach.NONE)
                .forEach(unit -> followers.add(participants.unit(unit)));
        affiliations.add(followers, group.id(), clock.instant());
        List<String> stay =
                units.stream().map(unit -> participants.unitId(unit.id())).toList();
        there.stream().filter(unit -> !stay.contains(unit)).forEach(unit -> affiliations.remove(unit, group.id()));
    }

    private static Set<OrganisationId> organisations(List<UnitRoster.Known> units) {
        Set<OrganisationId> organisations = new LinkedHashSet<>();
        units.forEach(unit -> organisations.add(unit.organisation()));
        return organisations;
    }

    private void close(GroupRow group) {
        GroupRow closed = group.closed(clock.instant());
        store.put(closed);
        affiliations.clear(group.id());
        List<String> units = store.members(group.id());
        entities.put(
                Caller.system("talk", group.owner()),
                GroupEntity.of(closed, members.of(closed, units).keySet(), Urgency.ROUTINE, participants));
        record(
                "talk-group.closed",
                closed,
                Map.of("incident", closed.incidentUrn().orElse("")));
        later(closed);
    }

    private void record(String action, GroupRow group, Map<String, String> facts) {
        audit.record(
                AuditEntry.of(Caller.system("talk", group.owner()), action, GroupRules.KIND, group.urn(), group.owner())
                        .with(facts));
    }

    /** As {@code I-12 Smoke}. */
    private String name(Entity incident) {
        String type = UnitRoster.text(incident, "incidentType");
        return UnitRoster.text(incident, "number")
                + city.incidentType(type)
                        .map(known -> " " + rules.words(known.name()))
                        .orElse("");
    }

    private static int priority(Entity incident) {
        return incident.attribute("priority").orElse(null) instanceof Attribute.Property priority
                        && priority.value() instanceof Number number
                ? Math.clamp(number.longValue(), 1, 4)
                : 4;
    }
}

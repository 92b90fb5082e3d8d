package org.conurb.talk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.conurb.hub.Entities;
import org.conurb.kernel.Caller;
import org.conurb.kernel.City;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;

/**
 * The groups that are always there: one for each policy in the city folder's {@code talk-groups}, and one for each
 * organisation that responds. Their ids follow from the city's and their own names, so that they stay.
 */
final class StandingGroups {
    private final City city;
    private final Transactions transactions;
    private final GroupStore store;
    private final AffiliationStore affiliations;
    private final GroupRules rules;
    private final GroupMembers members;
    private final SiteParticipants participants;
    private final UnitRoster roster;
    private final Entities entities;
    private final Clock clock;

    StandingGroups(
            City city,
            Transactions transactions,
            GroupRules rules,
            GroupMembers members,
            SiteParticipants participants,
            UnitRoster roster,
            Entities entities,
            Clock clock) {
        this.city = city;
        this.transactions = transactions;
        this.store = new GroupStore(transactions.jdbc());
        this.affiliations = new AffiliationStore(transactions.jdbc());
        this.rules = rules;
        this.members = members;
        this.participants = participants;
        this.roster = roster;
        this.entities = entities;
        this.clock = clock;
    }

    static UUID idOf(City city, OrganisationId organisation) {
        return id(city, "organisation " + organisation);
    }

    static UUID idOf(City city, City.TalkGroupPolicy policy) {
        return id(city, "policy " + policy.id());
    }

    private static UUID id(City city, String name) {
        return UUID.nameUUIDFromBytes(("talk-group " + city.id() + " " + name).getBytes(UTF_8));
    }

    /** Brings rows and entities to what the city folder says now; while the program starts. */
    void settle() {
        List<GroupRow> wanted = wanted();
        Set<UUID> ids = wanted.stream().map(GroupRow::id).collect(Collectors.toSet());
        transactions.doAsSystem(() -> {
            wanted.forEach(this::settle);
            store.standingBut(ids).forEach(gone -> {
                GroupRow closed = gone.closed(clock.instant());
                store.put(closed);
                affiliations.clear(closed.id());
                publish(closed);
            });
        });
    }

    private List<GroupRow> wanted() {
        List<GroupRow> wanted = new ArrayList<>();
        for (City.TalkGroupPolicy policy : city.talkGroupPolicies()) {
            wanted.add(row(
                    idOf(city, policy),
                    policy.members().getFirst(),
                    rules.words(policy.name()),
                    policy.recorded(),
                    Optional.of(policy.id())));
        }
        for (City.Organisation organisation : rules.responding()) {
            boolean recorded = rules.policy(Set.of(organisation.id()))
                    .map(City.TalkGroupPolicy::recorded)
                    .orElse(true);
            wanted.add(row(
                    idOf(city, organisation.id()),
                    organisation.id(),
                    rules.words(organisation.name()),
                    recorded,
                    Optional.empty()));
        }
        return wanted;
    }

    private GroupRow row(UUID id, OrganisationId owner, String name, boolean recorded, Optional<String> policy) {
        return new GroupRow(
                id,
                owner,
                GroupFacts.Origin.STANDING,
                clock.instant(),
                name,
                Optional.empty(),
                0,
                recorded,
                policy,
                Optional.empty());
    }

    private void settle(GroupRow wanted) {
        Optional<GroupRow> before = store.find(wanted.id());
        GroupRow now = before.map(row -> row.with(wanted.owner(), wanted.name(), 0, wanted.recorded(), wanted.policy()))
                .orElse(wanted);
        if (before.filter(now::equals).isEmpty()) {
            store.put(now);
        }
        if (before.filter(GroupRow::isOpen).isEmpty()) {
            affiliations.add(followers(now), now.id(), clock.instant());
        }
        publish(now);
    }

    /** Who follows without having said so (implicit affiliation, TS 23.280 10.8.3.1): they may leave. */
    private List<Participant> followers(GroupRow group) {
        List<Participant> followers = new ArrayList<>();
        if (group.policy().isPresent()) {
            rules.liaisons(members.organisations(group)).forEach(seat -> followers.add(participants.seat(seat)));
        } else {
            rules.seats(Set.of(group.owner())).forEach(seat -> followers.add(participants.seat(seat)));
            roster.of(group.owner()).forEach(unit -> followers.add(participants.unit(unit)));
        }
        return followers;
    }

    private void publish(GroupRow group) {
        entities.put(
                Caller.system("talk", group.owner()),
                GroupEntity.of(
                        group,
                        members.of(group, List.of()).keySet(),
                        new EmergencyStore(transactions.jdbc()).urgency(group.urn()),
                        participants));
    }

    /** A unit that is new follows its organisation's group; in the current transaction. */
    void joined(Participant unit) {
        UUID own = idOf(city, unit.organisation());
        if (store.find(own).filter(GroupRow::isOpen).isPresent()) {
            affiliations.add(List.of(unit), own, clock.instant());
        }
    }

    static String urn(UUID id) {
        return Ids.urn(GroupRules.KIND, id);
    }
}

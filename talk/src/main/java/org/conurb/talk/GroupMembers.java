package org.conurb.talk;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.conurb.kernel.City;
import org.conurb.kernel.OrganisationId;

/** Who is in a group now: seats first, so that dispatchers hear first. From memory. */
final class GroupMembers {
    private final City city;
    private final GroupRules rules;
    private final SiteParticipants participants;
    private final UnitRoster roster;

    GroupMembers(City city, GroupRules rules, SiteParticipants participants, UnitRoster roster) {
        this.city = city;
        this.rules = rules;
        this.participants = participants;
        this.roster = roster;
    }

    /** @param kept MCPTT IDs of units, or of who was called */
    Map<Participant, Membership> of(GroupRow group, Collection<String> kept) {
        Map<Participant, Membership> members = new LinkedHashMap<>();
        switch (group.origin()) {
            case STANDING -> standing(group, members);
            case INCIDENT -> incident(group, kept, members);
            case TEMPORARY -> temporary(group, kept, members);
            case PRIVATE -> {} // those of a call are in no rows
        }
        return members;
    }

    /** Organisations of a group of the city folder, its own first; those that its owner let in. */
    Set<OrganisationId> organisations(GroupRow group) {
        List<OrganisationId> wanted = group.policy()
                .flatMap(this::policy)
                .map(City.TalkGroupPolicy::members)
                .orElse(List.of());
        return rules.admitted(group.owner(), wanted);
    }

    private Optional<City.TalkGroupPolicy> policy(String id) {
        return city.talkGroupPolicies().stream()
                .filter(policy -> policy.id().equals(id))
                .findFirst();
    }

    private void standing(GroupRow group, Map<Participant, Membership> members) {
        Set<OrganisationId> organisations = organisations(group);
        for (City.Seat seat : rules.seats(organisations)) {
            add(members, participants.seat(seat), rules.seat(seat, group.owner(), true));
        }
        if (group.policy().isEmpty()) {
            Set<OrganisationId> all = rules.admitted(
                    group.owner(),
                    city.organisations().stream().map(City.Organisation::id).toList());
            for (City.Seat seat : rules.liaisons(all)) {
                add(members, participants.seat(seat), rules.seat(seat, group.owner(), false));
            }
        }
        for (OrganisationId organisation : organisations) {
            for (UnitRoster.Known unit : roster.of(organisation)) {
                add(members, participants.unit(unit), rules.unit(organisation, group.owner()));
            }
        }
    }

    private void incident(GroupRow group, Collection<String> kept, Map<Participant, Membership> members) {
        List<UnitRoster.Known> units = units(kept);
        Set<OrganisationId> engaged = new LinkedHashSet<>();
        units.forEach(unit -> engaged.add(unit.organisation()));
        for (City.Seat seat : liaisons(group.owner(), engaged)) {
            add(
                    members,
                    participants.seat(seat),
                    rules.seat(seat, group.owner(), engaged.contains(seat.organisation())));
        }
        for (UnitRoster.Known unit : units) {
            add(members, participants.unit(unit), rules.unit(unit.organisation(), group.owner()));
        }
    }

    List<City.Seat> liaisons(OrganisationId owner, Collection<OrganisationId> engaged) {
        return rules.liaisons(rules.admitted(owner, engaged));
    }

    /** Of those that are known. */
    List<UnitRoster.Known> units(Collection<String> mcpttIds) {
        List<UnitRoster.Known> units = new ArrayList<>();
        mcpttIds.forEach(id -> participants.unitOf(id).flatMap(roster::find).ifPresent(units::add));
        return units;
    }

    private void temporary(GroupRow group, Collection<String> kept, Map<Participant, Membership> members) {
        for (String id : kept) {
            Optional<Membership> how = participants
                    .seatOf(id)
                    .flatMap(seat -> rules.seat(seat, group.owner(), true))
                    .or(() -> participants
                            .unitOf(id)
                            .flatMap(roster::find)
                            .flatMap(unit -> rules.unit(unit.organisation(), group.owner())));
            participants.find(id).ifPresent(who -> add(members, who, how));
        }
    }

    private static void add(Map<Participant, Membership> members, Participant who, Optional<Membership> how) {
        how.ifPresent(membership -> members.putIfAbsent(who, membership));
    }
}

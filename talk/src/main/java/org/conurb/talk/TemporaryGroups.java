package org.conurb.talk;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.conurb.hub.Entities;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;

/** Groups that people make for the time being, of participants and of other groups (regroup, TS 23.379 10.6.2.5). */
final class TemporaryGroups {
    private static final int MOST_NAMED = 1_000;

    private final Transactions transactions;
    private final GroupStore store;
    private final AffiliationStore affiliations;
    private final GroupDirectory directory;
    private final GroupMembers members;
    private final SiteParticipants participants;
    private final Entities entities;
    private final Access access;
    private final Audit audit;
    private final Ids ids;
    private final Clock clock;
    private final int mostOpen;

    /** @param mostOpen of one organisation */
    TemporaryGroups(
            Transactions transactions,
            GroupDirectory directory,
            GroupMembers members,
            SiteParticipants participants,
            Entities entities,
            Access access,
            Audit audit,
            Ids ids,
            Clock clock,
            int mostOpen) {
        this.transactions = transactions;
        this.store = new GroupStore(transactions.jdbc());
        this.affiliations = new AffiliationStore(transactions.jdbc());
        this.directory = directory;
        this.members = members;
        this.participants = participants;
        this.entities = entities;
        this.access = access;
        this.audit = audit;
        this.ids = ids;
        this.clock = clock;
        this.mostOpen = mostOpen;
    }

    /**
     * Opens one, whose members follow it at once. In the current transaction.
     *
     * @param who makes it: a member too
     * @param wanted MCPTT IDs, ids of seats, URNs of units, or URNs of groups whose members are meant
     */
    GroupRow open(
            Caller caller, Participant who, @Nullable String name, @Nullable List<String> wanted, boolean recorded) {
        access.demand(caller, Action.CREATE, GroupRules.KIND, caller.organisation(), "new");
        if (store.temporary(caller.organisation()) >= mostOpen) {
            throw new Conflict(
                    "talk-groups-full",
                    "%s has %d temporary groups.".formatted(caller.organisation(), mostOpen),
                    "End one that is needed no more: DELETE /api/talk/groups/{id}.");
        }
        GroupRow group = new GroupRow(
                ids.next(),
                caller.organisation(),
                GroupFacts.Origin.TEMPORARY,
                clock.instant(),
                name(name),
                Optional.empty(),
                0,
                recorded,
                Optional.empty(),
                Optional.empty());
        Set<Participant> called = called(who, wanted == null ? List.of() : wanted);
        List<String> kept = called.stream().map(Participant::mcpttId).toList();
        Map<Participant, Membership> in = new LinkedHashMap<>(members.of(group, kept));
        List<Participant> out =
                called.stream().filter(one -> !in.containsKey(one)).toList();
        if (!out.isEmpty()) {
            throw new BadRequest(
                    "talk-member",
                    "%s belongs to %s, which %s has not let into its groups."
                            .formatted(
                                    participants.name(out.getFirst()),
                                    out.getFirst().organisation(),
                                    group.owner()),
                    "Leave it out, or have the city folder grant TalkGroup to it.");
        }
        if (in.size() < 2) {
            throw new BadRequest("talk-members", "A group has at least two members.", "Name whom to call, as members.");
        }
        store.put(group);
        store.members(group, kept);
        affiliations.add(in.keySet(), group.id(), clock.instant());
        published(caller, group, in, "talk-group.opened");
        return group;
    }

    private Set<Participant> called(Participant who, List<String> wanted) {
        Set<Participant> called = new LinkedHashSet<>();
        called.add(who);
        if (wanted.size() > MOST_NAMED) {
            throw new BadRequest(
                    "talk-members",
                    "%d members are named.".formatted(wanted.size()),
                    "Name at most %d, or groups that have them.".formatted(MOST_NAMED));
        }
        for (String one : wanted) {
            called.addAll(named(who, one));
            if (called.size() > TalkGroup.MOST) {
                throw new BadRequest(
                        "talk-members", "The group has too many members.", "At most %d.".formatted(TalkGroup.MOST));
            }
        }
        return called;
    }

    /** A group's members are named by who is in it. */
    private List<Participant> named(Participant who, @Nullable String text) {
        if (text == null) {
            throw new BadRequest("talk-member", "A member is null.", "Leave it out.");
        }
        Optional<GroupFacts> group = directory
                .find(text)
                .filter(facts -> facts.group().membership(who).isPresent());
        if (group.isPresent()) {
            return List.copyOf(group.get().group().members().keySet());
        }
        return List.of(participants.named(text).orElseThrow(() -> new NotFound("participant", text)));
    }

    /** In the current transaction. */
    void close(Caller caller, UUID id) {
        GroupRow group = store.hold(id)
                .filter(GroupRow::isOpen)
                .orElseThrow(() -> new NotFound("talkgroup", Ids.urn(GroupRules.KIND, id)));
        access.demand(caller, Action.DELETE, GroupRules.KIND, group.owner(), group.urn());
        if (group.origin() != GroupFacts.Origin.TEMPORARY) {
            throw new Conflict(
                    "talk-group-kept",
                    "%s is no temporary group.".formatted(group.name()),
                    "It ends with its incident, or when the city folder has it no more.");
        }
        GroupRow closed = group.closed(clock.instant());
        Map<Participant, Membership> in = members.of(closed, store.members(id));
        store.put(closed);
        affiliations.clear(id);
        published(caller, closed, in, "talk-group.closed");
    }

    private void published(Caller caller, GroupRow group, Map<Participant, Membership> in, String action) {
        entities.put(caller, GroupEntity.of(group, in.keySet(), Urgency.ROUTINE, participants));
        audit.record(AuditEntry.of(caller, action, GroupRules.KIND, group.urn(), group.owner())
                .with(Map.of("members", String.valueOf(in.size()), "recorded", String.valueOf(group.recorded()))));
        transactions.afterCommit(() -> directory.refresh(new ArrayList<>(List.of(group.id()))));
    }

    private static String name(@Nullable String text) {
        if (text == null || text.isBlank() || text.length() > 80 || text.chars().anyMatch(Character::isISOControl)) {
            throw new BadRequest("talk-group-name", "A group's name is 1 to 80 characters.", "Send it as name.");
        }
        return text.strip();
    }
}

package org.conurb.talk;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.conurb.hub.Changes;
import org.conurb.hub.Entities;
import org.conurb.store.Retained;
import org.conurb.store.Transactions;

/** Brings groups to life when the program starts, in the one order that works, and to who decides the calls. */
final class TalkGroups {
    private final UnitRoster roster;
    private final StandingGroups standing;
    private final GroupDirectory directory;
    private final IncidentGroups incidents;
    private final EmergencyRecords emergencies;
    private final Changes changes;
    private final Supplier<Optional<ControllingFunction>> site;

    TalkGroups(
            UnitRoster roster,
            StandingGroups standing,
            GroupDirectory directory,
            IncidentGroups incidents,
            EmergencyRecords emergencies,
            Changes changes,
            Supplier<Optional<ControllingFunction>> site) {
        this.roster = roster;
        this.standing = standing;
        this.directory = directory;
        this.incidents = incidents;
        this.emergencies = emergencies;
        this.changes = changes;
        this.site = site;
    }

    void start() {
        roster.load();
        standing.settle();
        directory.load();
        Optional<ControllingFunction> calls = site.get();
        directory.follow(change -> {
            calls.ifPresent(change::tell);
            if (change instanceof GroupChange.Closed gone) {
                emergencies.closed(gone.group());
            }
        });
        emergencies.resume(calls);
        changes.follow(IncidentGroups.CURSOR, IncidentGroups.TYPES, incidents);
    }

    /** Groups that closed long ago, with their entities. */
    static Retained retained(Transactions transactions, Entities entities) {
        GroupStore store = new GroupStore(transactions.jdbc());
        return Retained.by("talk", "talk groups", before -> {
            List<GroupRow> gone = store.forget(before);
            gone.forEach(group -> entities.forget(group.urn()));
            return Retained.Forgotten.of(gone.stream().map(GroupRow::owner).toList());
        });
    }
}

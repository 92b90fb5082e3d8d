package org.conurb.talk;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;

/**
 * The groups there are now, and who follows them. What is in the database holds: whoever changes it there has the group
 * read again after the commit, and who asked for it is told what is different. Safe for many threads.
 */
final class GroupDirectory {
    /** To how many groups one may be affiliated (N2), as the controlling function has it. */
    static final int N2 = 100;

    private final Transactions transactions;
    private final GroupStore store;
    private final AffiliationStore affiliations;
    private final GroupMembers members;
    private final Clock clock;
    private final Map<String, Held> groups = new ConcurrentHashMap<>();
    private final List<Consumer<GroupChange>> listeners = new ArrayList<>();

    /** @param kept as {@link GroupMembers#of} takes it */
    private record Held(GroupRow row, Set<String> kept, GroupFacts facts, Set<Participant> affiliated) {}

    private record Read(GroupRow row, List<String> kept, List<String> affiliated) {}

    GroupDirectory(Transactions transactions, GroupMembers members, Clock clock) {
        this.transactions = transactions;
        this.store = new GroupStore(transactions.jdbc());
        this.affiliations = new AffiliationStore(transactions.jdbc());
        this.members = members;
        this.clock = clock;
    }

    /** All that are open; while the program starts. */
    void load() {
        List<UUID> open = transactions.asSystem(
                () -> store.open().stream().map(GroupRow::id).toList());
        refresh(open);
    }

    /** Told of all that is there, and from now on of what changes; one after the other, and must not wait long. */
    synchronized void follow(Consumer<GroupChange> listener) {
        listeners.add(listener);
        for (Held held : new TreeMap<>(groups).values()) {
            listener.accept(new GroupChange.Opened(held.facts));
            held.affiliated.forEach(who -> listener.accept(new GroupChange.Affiliated(who, held.row.urn())));
        }
    }

    Optional<GroupFacts> find(String urn) {
        return Optional.ofNullable(groups.get(urn)).map(Held::facts);
    }

    Optional<GroupRow> row(String urn) {
        return Optional.ofNullable(groups.get(urn)).map(Held::row);
    }

    /** Those that one is a member of: of incidents the most urgent first, then by name. */
    List<GroupFacts> of(Participant who) {
        return groups.values().stream()
                .filter(held -> held.facts.group().membership(who).isPresent())
                .sorted((one, other) -> {
                    int urgent = Integer.compare(rank(one.row), rank(other.row));
                    return urgent != 0 ? urgent : one.row.name().compareTo(other.row.name());
                })
                .map(Held::facts)
                .toList();
    }

    private static int rank(GroupRow row) {
        return row.priority() == 0 ? 9 : row.priority();
    }

    int size() {
        return groups.size();
    }

    Set<Participant> affiliated(String urn) {
        return Optional.ofNullable(groups.get(urn)).map(Held::affiliated).orElse(Set.of());
    }

    /** @return false where it is no member, or follows {@link #N2} groups */
    boolean affiliate(Participant who, String urn) {
        Held held = groups.get(urn);
        if (held == null || held.facts.group().membership(who).isEmpty()) {
            return false;
        }
        UUID id = held.row.id();
        boolean added = transactions.asSystem(() -> {
            if (held.affiliated.contains(who)) {
                return true;
            }
            if (affiliations.count(who.mcpttId()) >= N2) {
                return false;
            }
            affiliations.add(List.of(who), id, clock.instant());
            transactions.afterCommit(() -> refresh(List.of(id)));
            return true;
        });
        return added;
    }

    void deaffiliate(Participant who, String urn) {
        Ids.parse(GroupRules.KIND, urn)
                .ifPresent(id -> transactions.doAsSystem(() -> {
                    affiliations.remove(who.mcpttId(), id);
                    transactions.afterCommit(() -> refresh(List.of(id)));
                }));
    }

    /** Groups whose members are others when a unit is new, gone or called otherwise. */
    List<UUID> concerning(OrganisationId organisation, String unit) {
        return groups.values().stream()
                .filter(held -> held.row.origin() == GroupFacts.Origin.STANDING
                        ? members.organisations(held.row).contains(organisation)
                        : held.kept.contains(unit))
                .map(held -> held.row.id())
                .toList();
    }

    /** Reads these again, outside any transaction. */
    synchronized void refresh(Collection<UUID> ids) {
        for (UUID id : new LinkedHashSet<>(ids)) {
            Optional<Read> read = transactions.asSystem(() -> store.find(id)
                    .filter(GroupRow::isOpen)
                    .map(row -> new Read(row, store.members(id), affiliations.of(id))));
            if (read.isPresent()) {
                put(read.get());
            } else if (groups.remove(Ids.urn(GroupRules.KIND, id)) != null) {
                tell(new GroupChange.Closed(Ids.urn(GroupRules.KIND, id)));
            }
        }
    }

    private void put(Read read) {
        GroupRow row = read.row;
        Map<Participant, Membership> in = members.of(row, read.kept);
        GroupFacts facts = new GroupFacts(
                GroupRules.group(row.urn(), GroupEntity.kind(row.origin()), row.owner(), in),
                row.name(),
                row.origin(),
                row.incidentUrn(),
                row.recorded());
        Set<String> following = new LinkedHashSet<>(read.affiliated);
        Set<Participant> affiliated = new LinkedHashSet<>();
        in.keySet().stream().filter(who -> following.contains(who.mcpttId())).forEach(affiliated::add);
        Held held = new Held(row, Set.copyOf(read.kept), facts, affiliated);
        @Nullable Held before = groups.put(row.urn(), held);
        if (before == null || !before.facts.equals(facts)) {
            tell(new GroupChange.Opened(facts));
        }
        Set<Participant> stayed = before == null ? Set.of() : before.affiliated;
        for (Participant who : stayed) {
            if (!affiliated.contains(who)) {
                tell(new GroupChange.Deaffiliated(who, row.urn()));
            }
        }
        for (Participant who : affiliated) {
            if (!stayed.contains(who)) {
                tell(new GroupChange.Affiliated(who, row.urn()));
            }
        }
    }

    private void tell(GroupChange change) {
        listeners.forEach(listener -> Objects.requireNonNull(listener).accept(change));
    }
}

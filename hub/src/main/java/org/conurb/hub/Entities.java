package org.conurb.hub;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.conurb.kernel.Caller;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A room's one way into the shared memory: what others may know, written in the room's own transaction. The room has
 * asked {@code Access} and writes its own audit entry. Safe for many threads.
 */
public final class Entities {
    private final Transactions transactions;
    private final Clock clock;
    private final EntityRows rows;
    private final List<Runnable> onCommit = new ArrayList<>();

    public Entities(Transactions transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
        this.rows = new EntityRows(transactions);
    }

    /** Whose changes are numbered as soon as they are committed. */
    public Entities(Transactions transactions, Clock clock, Changes changes) {
        this(transactions, clock);
        onCommit(changes.sequencer()::wake);
    }

    /** Told after each commit that changed something; named before the first write. */
    void onCommit(Runnable listener) {
        onCommit.add(listener);
    }

    /**
     * Creates or replaces the whole entity, in the current transaction; unchanged attributes make no history, and an
     * unchanged entity no change.
     *
     * @throws org.conurb.kernel.ConurbException where id, names or a geometry break a rule of NGSI-LD
     */
    public void put(Caller caller, Entity entity) {
        write(entity.owner(), Documents.of(entity));
    }

    /** As {@link #put}, for an entity that is new as far as the room knows: one round trip where it is. */
    public void add(Caller caller, Entity entity) {
        ObjectNode document = Documents.of(entity);
        if (!create(entity.owner(), document)) {
            write(entity.owner(), document);
        }
    }

    /** Deletes in the current transaction; the history stays. Nothing happens where there is no such entity. */
    public void delete(Caller caller, String id) {
        locked(id).ifPresent(this::erase);
    }

    /**
     * Deletes in the current transaction with all history, as if it had never been: for what is over and kept no longer.
     * Others learn of it as of any deletion. Nothing happens where there is no such entity. Runs as the system role.
     */
    public void forget(String id) {
        rows.lock(id).ifPresent(found -> {
            if (!found.deleted()) {
                erase(found);
            }
            rows.forget(found.iid());
        });
    }

    /** Within the current transaction, and behind its wall. */
    public Optional<Entity> find(String id) {
        return rows.find(id).map(found -> Documents.entity(found.document(), found.owner()));
    }

    /** The living entity of that id, locked until the transaction ends. */
    Optional<Stored> locked(String id) {
        return rows.lock(id).filter(found -> !found.deleted());
    }

    Optional<Stored> stored(String id) {
        return rows.find(id);
    }

    /** Creates or replaces. */
    void write(OrganisationId owner, ObjectNode document) {
        Optional<Stored> before = rows.lock(document.path("id").stringValue());
        if (before.isPresent()) {
            replace(before.get(), owner, document);
        } else if (!create(owner, document)) {
            throw taken(document); // by somebody behind the wall, or at this moment
        }
    }

    /** @throws NgsiLdFault where the id is taken by a living entity */
    void writeNew(OrganisationId owner, ObjectNode document) {
        if (!create(owner, document)) {
            Stored before = rows.lock(document.path("id").stringValue())
                    .filter(Stored::deleted)
                    .orElseThrow(() -> taken(document));
            replace(before, owner, document);
        }
    }

    private static NgsiLdFault taken(ObjectNode document) {
        return NgsiLdFault.taken("entity", document.path("id").stringValue());
    }

    private boolean create(OrganisationId owner, ObjectNode document) {
        boolean created = rows.create(owner, document, now());
        if (created) {
            changed();
        }
        return created;
    }

    /** @return whether anything differed */
    boolean replace(Stored before, OrganisationId owner, ObjectNode document) {
        ObjectNode old = before.deleted() ? Documents.none() : before.seen();
        Collection<String> differing = differing(old, document);
        if (differing.isEmpty()
                && same(old.get("type"), document.get("type"))
                && same(old.get("scope"), document.get("scope"))
                && owner.equals(before.owner())) {
            return false;
        }
        rows.change(before, owner, document, differing, now());
        changed();
        return true;
    }

    void erase(Stored before) {
        rows.delete(before, now());
        changed();
    }

    private static Collection<String> differing(ObjectNode old, ObjectNode document) {
        Collection<String> names = new ArrayList<>();
        for (String name : EntityRows.attributes(document)) {
            if (!same(old.get(name), document.get(name))) {
                names.add(name);
            }
        }
        for (String name : EntityRows.attributes(old)) {
            if (!document.has(name)) {
                names.add(name);
            }
        }
        return names;
    }

    /** Whether both would be written alike: members in the same order, 1 apart from 1.0. */
    static boolean same(@Nullable JsonNode a, @Nullable JsonNode b) {
        if (a == b || a == null || b == null) {
            return a == b;
        }
        if (a.getNodeType() != b.getNodeType() || a.size() != b.size()) {
            return false;
        }
        if (!a.isContainer()) {
            return a.isString()
                    ? a.stringValue().equals(b.stringValue())
                    : a.toString().equals(b.toString());
        }
        Iterator<String> namesOfA = a.propertyNames().iterator();
        Iterator<String> namesOfB = b.propertyNames().iterator();
        while (namesOfA.hasNext()) {
            if (!namesOfA.next().equals(namesOfB.next())) {
                return false;
            }
        }
        Iterator<JsonNode> valuesOfB = b.iterator();
        for (JsonNode value : a) {
            if (!same(value, valuesOfB.next())) {
                return false;
            }
        }
        return true;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private void changed() {
        onCommit.forEach(transactions::afterCommit);
    }
}

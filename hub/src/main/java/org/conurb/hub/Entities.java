package org.conurb.hub;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.conurb.kernel.Caller;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Together;
import org.conurb.store.Transactions;
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
        try {
            write(entity.owner(), document, false);
        } catch (Drafts.Collided collided) {
            write(entity.owner(), document);
        }
    }

    /**
     * As {@link #add} for several, each once, with as many statements as for one.
     *
     * @throws org.conurb.kernel.Conflict where one is there already; the transaction must not be committed then
     */
    public void add(Caller caller, List<Entity> entities) {
        Drafts drafts = drafts();
        entities.forEach(entity -> drafts.put(entity.id(), entity.owner(), Documents.of(entity)));
        try {
            write(drafts);
        } catch (Drafts.Collided collided) {
            throw NgsiLdFault.taken("entity", String.join(", ", collided.ids()));
        }
    }

    /** The same for a document as {@link EntityReader} gives it. */
    void write(OrganisationId owner, ObjectNode document) {
        write(owner, document, true);
    }

    private void write(OrganisationId owner, ObjectNode document, boolean lookFirst) {
        String id = document.path("id").stringValue();
        Drafts drafts = drafts();
        if (lookFirst) {
            drafts.lock(List.of(id));
        }
        drafts.put(id, owner, document);
        try {
            write(drafts);
        } catch (Drafts.Collided collided) {
            throw lookFirst
                    ? NgsiLdFault.taken("entity", id)
                    : collided; // by somebody behind the wall, or at this moment
        }
    }

    /** Deletes in the current transaction; the history stays. Nothing happens where there is no such entity. */
    public void delete(Caller caller, String id) {
        erase(id);
    }

    private void erase(String id) {
        Drafts drafts = drafts();
        drafts.lock(List.of(id));
        if (drafts.find(id).isPresent()) {
            drafts.put(id, drafts.owner(id), null);
            write(drafts);
        }
    }

    /**
     * Deletes in the current transaction with all history, as if it had never been: for what is over and kept no longer.
     * Others learn of it as of any deletion. Nothing happens where there is no such entity. Runs as the system role.
     */
    public void forget(String id) {
        erase(id);
        rows.lock(id, now()).ifPresent(found -> rows.forget(found.iid()));
    }

    /** Within the current transaction, and behind its wall. */
    public Optional<Entity> find(String id) {
        return rows.find(id, now()).map(found -> Documents.entity(found.document(), found.owner()));
    }

    Optional<Stored> stored(String id) {
        return rows.find(id, now());
    }

    /** For changes of several entities in the current transaction. */
    Drafts drafts() {
        return new Drafts(rows, now());
    }

    /**
     * Writes what the drafts became.
     *
     * @throws Drafts.Collided where an id is taken
     */
    void write(Drafts drafts) {
        if (!drafts.isEmpty()) {
            drafts.write();
            written();
        }
    }

    /** For small changes that are committed with what else comes at the same moment. */
    <W> Together<W> together(Together.Work<W> work) {
        return new Together<>(transactions, work);
    }

    /** Something was written in the current transaction. */
    void written() {
        onCommit.forEach(transactions::afterCommit);
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}

package org.conurb.hub;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Audit;
import org.conurb.kernel.Caller;
import org.conurb.kernel.OrganisationId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one caller does with entities in one transaction: {@code Access} is asked for each, all are written together, and
 * the audit log is told. A wish that is refused throws, changes nothing and leaves the others as they are.
 */
final class EntityTransaction {
    private final Caller caller;
    private final Entities entities;
    private final Drafts drafts;
    private final Model model;
    private final Access access;
    private final Sight sight;
    private final EntityAudit deeds = new EntityAudit();

    EntityTransaction(Caller caller, Entities entities, Model model, Access access) {
        this(caller, entities, model, access, entities.drafts());
    }

    /** @param drafts which others use too in the current transaction; who made them writes them */
    EntityTransaction(Caller caller, Entities entities, Model model, Access access, Drafts drafts) {
        this.caller = caller;
        this.entities = entities;
        this.drafts = drafts;
        this.model = model;
        this.access = access;
        this.sight = new Sight(access, model, caller, drafts.at());
    }

    /** Locks what is there of these; before all else. */
    void lock(Collection<String> ids) {
        drafts.lock(ids);
    }

    /** Whether it lives, as far as this transaction sees. */
    boolean lives(String id) {
        return drafts.find(id).isPresent();
    }

    /** Whether a locked entity is as it was when it was looked at, or at least what was asked for. */
    boolean isStill(Stored looked, Predicate<ObjectNode> asked) {
        return drafts.find(looked.id())
                .filter(document -> drafts.version(looked.id()) == looked.version() || asked.test(document))
                .isPresent();
    }

    boolean hasRow(String id) {
        return drafts.hasRow(id);
    }

    /** For which the caller acts. */
    OrganisationId organisation() {
        return caller.organisation();
    }

    /** As it is by now, not to be changed; empty where it does not live. */
    Optional<ObjectNode> find(String id) {
        return drafts.find(id);
    }

    /** How often the row of a locked entity was written; 0 where there is none. */
    long version(String id) {
        return drafts.version(id);
    }

    void create(ObjectNode document) {
        create(document, caller.organisation());
    }

    void create(ObjectNode document, OrganisationId owner) {
        String id = document.path("id").stringValue();
        if (lives(id)) {
            throw NgsiLdFault.taken("entity", id);
        }
        List<String> types = Stored.types(document);
        model.demandFree(types);
        types.forEach(type -> access.demand(caller, Action.CREATE, Access.entities(type), owner, id));
        put(id, "created", owner, document, types);
    }

    /** Whether the caller may know that it is there. */
    boolean sees(String id) {
        return drafts.find(id)
                .map(document -> sight.reads(Stored.types(document), drafts.owner(id)))
                .orElse(false);
    }

    /**
     * Changes an entity that lives.
     *
     * @param ofTypes which it must have
     * @param edit gives the whole document from the kept one, which it leaves as it is
     */
    void change(String id, TypeSelection ofTypes, UnaryOperator<ObjectNode> edit) {
        ObjectNode kept = demand(id, ofTypes, Action.CHANGE);
        OrganisationId owner = drafts.owner(id);
        ObjectNode next = edit.apply(kept);
        List<String> types = Stored.types(next);
        if (!types.equals(Stored.types(kept))) {
            model.demandFree(types);
            types.forEach(type -> access.demand(caller, Action.CHANGE, Access.entities(type), owner, id));
        }
        put(id, "changed", owner, next, types);
    }

    void delete(String id, TypeSelection ofTypes) {
        ObjectNode kept = demand(id, ofTypes, Action.DELETE);
        put(id, "deleted", drafts.owner(id), null, Stored.types(kept));
    }

    private ObjectNode demand(String id, TypeSelection ofTypes, Action action) {
        ObjectNode kept = drafts.find(id).orElseThrow(() -> NgsiLdFault.absent("entity", id));
        List<String> types = Stored.types(kept);
        OrganisationId owner = drafts.owner(id);
        if (!sight.reads(types, owner) || !ofTypes.selects(types)) {
            throw NgsiLdFault.absent("entity", id);
        }
        model.demandFree(types);
        types.forEach(type -> access.demand(caller, action, Access.entities(type), owner, id));
        return kept;
    }

    private void put(String id, String verb, OrganisationId owner, @Nullable ObjectNode next, List<String> types) {
        if (next != null) {
            EntityReader.demandBounds(next);
        }
        drafts.put(id, owner, next)
                .ifPresent(changed -> deeds.add(id, verb, types.getFirst(), owner, next == null ? Set.of() : changed));
    }

    /**
     * Writes all of it.
     *
     * @throws Drafts.Collided where an id to be created is taken
     */
    void write(Audit audit) {
        entities.write(drafts);
        tell(audit);
    }

    /** Tells the audit log, where the drafts are written by others; the entry, where anything was done. */
    Optional<UUID> tell(Audit audit) {
        return deeds.record(audit, owner -> caller);
    }
}

package org.conurb.hub;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.conurb.kernel.Audit;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.ConurbException;
import org.conurb.store.Answer;
import org.conurb.store.Change;

/**
 * Many entities in one transaction (GS CIM 009 clauses 5.6.7 to 5.6.10 and 5.6.20): each by itself, in the order of the
 * list; what is refused is told, and the others are done.
 */
final class EntityBatch {
    private static final int MOST_ATTEMPTS = 5;

    private final EntityDoor door;
    private final Audit audit;

    EntityBatch(EntityDoor door, Audit audit) {
        this.door = door;
        this.audit = audit;
    }

    /** What is done with each; whether that made it. */
    @FunctionalInterface
    interface Deed {
        boolean on(EntityTransaction transaction, BatchItem item);
    }

    static boolean create(EntityTransaction transaction, BatchItem item) {
        transaction.create(item.read());
        return true;
    }

    static boolean replace(EntityTransaction transaction, BatchItem item) {
        return upsert(transaction, item, false);
    }

    static boolean update(EntityTransaction transaction, BatchItem item) {
        return upsert(transaction, item, true);
    }

    private static boolean upsert(EntityTransaction transaction, BatchItem item, boolean update) {
        if (!transaction.lives(item.id())) {
            transaction.create(item.read());
            return true;
        }
        if (!transaction.sees(item.id())) {
            throw NgsiLdFault.taken("entity", item.id());
        }
        transaction.change(
                item.id(),
                TypeSelection.EVERY,
                kept -> update
                        ? EntityMerge.update(kept, item.read()).document()
                        : EntityMerge.whole(kept, item.read()));
        return false;
    }

    static boolean overwrite(EntityTransaction transaction, BatchItem item) {
        transaction.change(
                item.id(),
                TypeSelection.EVERY,
                kept -> EntityMerge.append(kept, item.read(), true).document());
        return false;
    }

    /** What is there already stays, and is told; the rest is appended all the same. */
    static boolean append(EntityTransaction transaction, BatchItem item) {
        Set<String> refused = new LinkedHashSet<>();
        transaction.change(item.id(), TypeSelection.EVERY, kept -> {
            EntityMerge.Result result = EntityMerge.append(kept, item.read(), false);
            result.refused().keySet().forEach(name -> refused.add(Names.iri(name)));
            return result.document();
        });
        if (!refused.isEmpty()) {
            throw NgsiLdFault.badData(
                    "These attributes are there already, and noOverwrite was asked: %s."
                            .formatted(String.join(", ", refused)),
                    "The others were appended. Leave noOverwrite out to overwrite these.");
        }
        return false;
    }

    static boolean merge(EntityTransaction transaction, BatchItem item) {
        transaction.change(item.id(), TypeSelection.EVERY, kept -> EntityMerge.merge(kept, item.read()));
        return false;
    }

    static boolean delete(EntityTransaction transaction, BatchItem item) {
        transaction.delete(item.id(), TypeSelection.EVERY);
        return false;
    }

    /** Tells who was made, where some were and nothing was refused; nothing, where none was; else of each. */
    Answer run(Caller caller, Change change, List<BatchItem> items, Deed deed) {
        Set<String> collided = new HashSet<>();
        for (int attempt = 1; ; attempt++) {
            try {
                return change.commit(() -> once(caller, items, deed, collided));
            } catch (Drafts.Collided again) {
                collided.addAll(again.ids());
                if (attempt == MOST_ATTEMPTS) {
                    throw new Conflict(
                            "entities-collided",
                            "Others keep creating entities of this batch at this moment.",
                            "Send the batch again; nothing of it was done.");
                }
            }
        }
    }

    /** BatchEntityError (clause 5.2.17). */
    static Map<String, Object> error(String id, ConurbException refused) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("entityId", id);
        error.put("error", NgsiLdProblems.details(refused));
        return error;
    }

    private Answer once(Caller caller, List<BatchItem> items, Deed deed, Set<String> collided) {
        EntityTransaction transaction = door.begin(caller);
        Set<String> ids = new LinkedHashSet<>();
        items.stream().filter(item -> item.fault() == null).forEach(item -> ids.add(item.id()));
        if (!ids.isEmpty()) {
            transaction.lock(ids);
        }
        Set<String> made = new LinkedHashSet<>();
        Set<String> done = new LinkedHashSet<>();
        List<Map<String, Object>> errors = new ArrayList<>();
        for (BatchItem item : items) {
            try {
                if (item.fault() != null) {
                    throw item.fault();
                }
                if (collided.contains(item.id()) && !transaction.hasRow(item.id())) {
                    throw NgsiLdFault.taken("entity", item.id());
                }
                if (deed.on(transaction, item)) {
                    made.add(item.id());
                }
                done.add(item.id());
            } catch (ConurbException refused) {
                errors.add(error(item.id(), refused));
            }
        }
        transaction.write(audit);
        if (!errors.isEmpty()) {
            return Answer.ok(Map.of("success", done, "errors", errors)).status(207);
        }
        return made.isEmpty() ? Answer.noContent() : Answer.ok(made).status(201);
    }
}

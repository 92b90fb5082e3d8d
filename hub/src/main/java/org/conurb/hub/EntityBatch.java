package org.conurb.hub;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.conurb.kernel.Audit;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.OrganisationId;
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
        return upsert(transaction, item, transaction.organisation(), false);
    }

    static boolean update(EntityTransaction transaction, BatchItem item) {
        return upsert(transaction, item, transaction.organisation(), true);
    }

    /**
     * @param owner of one that is made
     * @param update whether one that is there keeps attributes that are not sent
     */
    static boolean upsert(EntityTransaction transaction, BatchItem item, OrganisationId owner, boolean update) {
        if (!transaction.lives(item.id())) {
            transaction.create(item.read(), owner);
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
        return again(collided -> change.commit(() -> answer(once(caller, items, deed, collided))));
    }

    /**
     * Does work that begins anew where somebody makes the same entities at that moment.
     *
     * @param work whole transactions, told which ids collided before
     */
    <T> T again(Function<Set<String>, T> work) {
        Set<String> collided = new HashSet<>();
        for (int attempt = 1; ; attempt++) {
            try {
                return work.apply(collided);
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

    /** What became of a batch, in the order of its items. */
    record Outcome(Set<String> made, Set<String> done, List<Refusal> refused) {}

    /** @param place of the item in the batch, from 0 */
    record Refusal(int place, BatchItem item, ConurbException why) {}

    /** BatchEntityError (clause 5.2.17). */
    static Map<String, Object> error(String id, ConurbException refused) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("entityId", id);
        error.put("error", NgsiLdProblems.details(refused));
        return error;
    }

    private static Answer answer(Outcome outcome) {
        if (!outcome.refused().isEmpty()) {
            List<Map<String, Object>> errors = outcome.refused().stream()
                    .map(one -> error(one.item().id(), one.why()))
                    .toList();
            return Answer.ok(Map.of("success", outcome.done(), "errors", errors))
                    .status(207);
        }
        return outcome.made().isEmpty()
                ? Answer.noContent()
                : Answer.ok(outcome.made()).status(201);
    }

    /** Within the current transaction, which must not be committed where it throws. */
    Outcome once(Caller caller, List<BatchItem> items, Deed deed, Set<String> collided) {
        EntityTransaction transaction = door.begin(caller);
        Set<String> ids = new LinkedHashSet<>();
        items.stream().filter(item -> item.fault() == null).forEach(item -> ids.add(item.id()));
        if (!ids.isEmpty()) {
            transaction.lock(ids);
        }
        Outcome outcome = new Outcome(new LinkedHashSet<>(), new LinkedHashSet<>(), new ArrayList<>());
        for (int place = 0; place < items.size(); place++) {
            BatchItem item = items.get(place);
            try {
                if (item.fault() != null) {
                    throw item.fault();
                }
                if (collided.contains(item.id()) && !transaction.hasRow(item.id())) {
                    throw NgsiLdFault.taken("entity", item.id());
                }
                if (deed.on(transaction, item)) {
                    outcome.made().add(item.id());
                }
                outcome.done().add(item.id());
            } catch (ConurbException refused) {
                outcome.refused().add(new Refusal(place, item, refused));
            }
        }
        transaction.write(audit);
        return outcome;
    }
}

package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.conurb.kernel.Access;
import org.conurb.kernel.Audit;
import org.conurb.kernel.Caller;
import org.conurb.kernel.ConurbException;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.conurb.store.Transactions;
import tools.jackson.databind.node.ObjectNode;

/**
 * Deletes all entities that a query finds, or some of their attributes (GS CIM 009 clauses 5.6.21, 6.4.3.3): batch by
 * batch, each in a transaction of its own, so that others need not wait for all of it.
 */
final class EntityPurge {
    private static final int BATCH = 500;
    private static final int MOST_BATCHES = 200;
    private static final int MOST_ERRORS = 1_000;

    private final EntityDoor door;
    private final EntityRetrieval retrieval;
    private final Transactions transactions;
    private final Access access;
    private final Audit audit;

    EntityPurge(EntityDoor door, EntityRetrieval retrieval, Transactions transactions, Access access, Audit audit) {
        this.door = door;
        this.retrieval = retrieval;
        this.transactions = transactions;
        this.access = access;
        this.audit = audit;
    }

    /**
     * What goes.
     *
     * @param keep attributes that stay; empty where not only attributes go
     * @param drop attributes that go; the same
     */
    record Wish(EntityQuery query, Set<String> keep, Set<String> drop) {
        static Wish of(HttpServletRequest request, LdContext context) {
            Map<String, String> given = new LinkedHashMap<>(Parameters.of(request, Parameters.PURGE));
            EntityQuery query = EntityQuery.of(given, context);
            Wish wish = new Wish(query, names("keep", given, context), names("drop", given, context));
            if (!wish.keep.isEmpty() && !wish.drop.isEmpty()) {
                throw NgsiLdFault.badData("keep and drop contradict each other.", "Send one of them.");
            }
            boolean ofSome = !query.ids().isEmpty() && !(wish.keep.isEmpty() && wish.drop.isEmpty());
            if (!ofSome) {
                query.demandSelective();
            }
            return wish;
        }

        private static Set<String> names(String parameter, Map<String, String> given, LdContext context) {
            return EntityQuery.list(parameter, given.get(parameter), 200).stream()
                    .map(name -> name.equals("scope") ? name : EntityReader.attributeName(context, name))
                    .collect(Collectors.toUnmodifiableSet());
        }

        boolean ofAttributes() {
            return !keep.isEmpty() || !drop.isEmpty();
        }

        UnaryOperator<ObjectNode> edit() {
            return kept -> {
                ObjectNode rest = kept.deepCopy();
                rest.remove(EntityStep.attributes(kept).stream()
                        .filter(name -> keep.isEmpty() ? drop.contains(name) : !keep.contains(name))
                        .toList());
                if (drop.contains("scope")) {
                    rest.remove("scope");
                }
                return rest;
            };
        }
    }

    /** Nothing is told where all went; what may not be changed by the caller stays, and is told with what went. */
    Answer purge(Caller caller, Change change, Wish wish) {
        Optional<Answer> before = change.answered();
        if (before.isPresent()) {
            return before.get();
        }
        List<String> gone = new ArrayList<>();
        List<Map<String, Object>> errors = new ArrayList<>();
        Optional<Cursor> after = Optional.of(Cursor.START);
        for (int batch = 0; after.isPresent(); batch++) {
            if (batch == MOST_BATCHES || errors.size() > MOST_ERRORS) {
                throw NgsiLdFault.tooManyResults(
                        "More entities match than one request purges: %d went, %d may not be purged by you."
                                .formatted(gone.size(), errors.size()),
                        errors.isEmpty() ? "Send it again for the rest." : "Narrow it down to what you may purge.");
            }
            EntityQuery part = wish.query.page(BATCH, after.get());
            after = transactions.as(access.owners(caller), () -> batch(caller, wish, part, gone, errors));
        }
        return change.commit(() -> errors.isEmpty()
                ? Answer.noContent()
                : Answer.ok(Map.of("success", gone, "errors", errors)).status(207));
    }

    private Optional<Cursor> batch(
            Caller caller, Wish wish, EntityQuery part, List<String> gone, List<Map<String, Object>> errors) {
        Found.Page page = retrieval.query(caller, part);
        EntityTransaction transaction = door.begin(caller);
        List<String> ids =
                page.entities().stream().map(found -> found.stored().id()).toList();
        if (!ids.isEmpty()) {
            transaction.lock(ids);
        }
        for (Found found : page.entities()) {
            String id = found.stored().id();
            if (!transaction.isStill(
                    found.stored(), document -> part.matches(document, Stored.types(document), link -> null))) {
                continue; // it changed before it was locked
            }
            try {
                if (wish.ofAttributes()) {
                    transaction.change(id, TypeSelection.EVERY, wish.edit());
                } else {
                    transaction.delete(id, TypeSelection.EVERY);
                }
                gone.add(id);
            } catch (ConurbException refused) {
                errors.add(EntityBatch.error(id, refused));
            }
        }
        transaction.write(audit);
        return page.next();
    }
}

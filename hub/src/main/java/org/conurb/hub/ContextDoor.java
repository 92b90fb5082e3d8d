package org.conurb.hub;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What clients do with kept @contexts (GS CIM 009 clause 5.13). */
final class ContextDoor {
    private static final String KIND = "LdContext";
    private static final int MOST = 1_000;

    private final Transactions transactions;
    private final ContextStore store;
    private final ContextLibrary library;
    private final ContextUses uses;
    private final Contexts contexts;
    private final Access access;
    private final Audit audit;
    private final Clock clock;
    private final Ids ids;

    ContextDoor(
            Transactions transactions,
            ContextLibrary library,
            ContextUses uses,
            Contexts contexts,
            Access access,
            Audit audit,
            Clock clock,
            Ids ids) {
        this.transactions = transactions;
        this.store = new ContextStore(transactions);
        this.library = library;
        this.uses = uses;
        this.contexts = contexts;
        this.access = access;
        this.audit = audit;
        this.clock = clock;
        this.ids = ids;
    }

    Answer add(Caller caller, Change change, JsonNode context) {
        contexts.of(context);
        return change.commit(() -> {
            String id = Ids.urn(KIND, ids.next());
            access.demand(caller, Action.CREATE, KIND, caller.organisation(), id);
            if (store.count(caller.organisation()) >= MOST) {
                throw NgsiLdFault.unsupported(
                        "%s has %d hosted contexts already.".formatted(caller.organisation(), MOST),
                        "Delete those that are not used.");
            }
            Instant now = clock.instant();
            store.put(new ContextRow(
                    id,
                    ContextRow.Kind.HOSTED,
                    Optional.of(caller.organisation()),
                    Optional.empty(),
                    context.toString(),
                    now,
                    Optional.empty(),
                    now,
                    0));
            audit.record(AuditEntry.of(caller, "context.added", KIND, id, caller.organisation()));
            return Answer.noContent().status(201).with("Location", ContextLibrary.path(id));
        });
    }

    List<ContextRow> list(Caller caller, @Nullable String kind, String after, int limit) {
        access.demand(caller, Action.READ, KIND, caller.organisation(), "");
        uses.note();
        return transactions.as(Set.of(), () -> store.list(kind, after, limit));
    }

    ContextRow get(Caller caller, String id) {
        access.demand(caller, Action.READ, KIND, caller.organisation(), id);
        uses.note();
        return transactions.as(Set.of(), () -> found(id));
    }

    /** To anybody who knows its address: who is told of an entity must be able to read its names. */
    JsonNode served(String id) {
        ContextRow row = transactions.as(Set.of(), () -> found(id));
        if (row.kind() == ContextRow.Kind.CACHED) {
            throw NgsiLdFault.unsupported(
                    "%s is the copy of a context from elsewhere, which is not served.".formatted(id),
                    "Fetch it from %s.".formatted(row.url().orElse("")));
        }
        uses.count(row.id());
        return row.context();
    }

    private ContextRow found(String id) {
        return store.find(id).orElseThrow(() -> NgsiLdFault.absent("@context", id));
    }

    Answer delete(Caller caller, Change change, String id) {
        return change.commit(() -> {
            ContextRow row = found(id);
            demand(caller, Action.DELETE, row);
            store.delete(row.id());
            record(caller, "context.deleted", row);
            return Answer.noContent();
        });
    }

    /** What is of elsewhere is fetched anew; the copy at hand stays where that fails. */
    Answer reload(Caller caller, Change change, String id) {
        ContextRow row = transactions.as(Set.of(), () -> found(id));
        demand(caller, Action.CHANGE, row);
        String url = row.url()
                .orElseThrow(() -> NgsiLdFault.badData(
                        "%s is kept here and from nowhere else.".formatted(id),
                        "Leave reload out to delete it; only a cached context is loaded anew."));
        library.reload(url);
        return change.commit(() -> {
            record(caller, "context.reloaded", row);
            return Answer.noContent();
        });
    }

    /** Copies belong to nobody: whoever may in the own organisation, may. */
    private void demand(Caller caller, Action action, ContextRow row) {
        access.demand(caller, action, KIND, row.owner().orElse(caller.organisation()), row.id());
    }

    private void record(Caller caller, String action, ContextRow row) {
        audit.record(AuditEntry.of(caller, action, KIND, row.id(), row.owner().orElse(caller.organisation()))
                .with(Map.of("kind", row.kind().code())));
        transactions.afterCommit(library::forget);
    }
}

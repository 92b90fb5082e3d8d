package org.conurb.warnings;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.conurb.hub.Entities;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Cell;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Retained;
import org.conurb.store.Transactions;
import org.conurb.warnings.WarningStore.Document;

/**
 * Warnings from receipt to end. All methods but {@link #endDue} want a transaction. A message acts on those it refers to
 * only within one organisation and one status: a test never cancels what is meant.
 */
final class Warnings {
    private static final int MOST_ENDED_AT_ONCE = 100;

    private final Transactions transactions;
    private final WarningStore store;
    private final Entities entities;
    private final Access access;
    private final Audit audit;
    private final WarningsSettings settings;
    private final Ids ids;
    private final Clock clock;

    Warnings(
            Transactions transactions,
            Entities entities,
            Access access,
            Audit audit,
            WarningsSettings settings,
            Ids ids,
            Clock clock) {
        this.transactions = transactions;
        this.store = new WarningStore(transactions.jdbc());
        this.entities = entities;
        this.access = access;
        this.audit = audit;
        this.settings = settings;
        this.ids = ids;
        this.clock = clock;
    }

    /** @param fresh false where the same document was taken in before; nothing changed then */
    record Taken(Warning warning, boolean fresh) {}

    /** Takes a message in for who asks; refused where Access does. */
    Taken post(Caller caller, OrganisationId owner, CapAlert alert, Document document) {
        access.demand(caller, Action.CREATE, Warning.KIND, owner, alert.identifier());
        return take(caller, owner, alert, document, false);
    }

    /**
     * Takes a message in.
     *
     * @param renews whether another message of the same sender and identifier is an older form of this one, as with
     *     entries of an Atom index; in CAP proper an identifier is used once
     * @throws Conflict where the same message came before with other content
     */
    Taken take(Caller caller, OrganisationId owner, CapAlert alert, Document document, boolean renews) {
        store.lock(owner);
        CapAlert.Reference self = new CapAlert.Reference(alert.sender(), alert.identifier(), alert.sent());
        Optional<Warning> before = store.find(owner, self);
        if (before.isPresent()) {
            if (store.document(before.get().id()).same(document) || renews) {
                return new Taken(before.get(), false);
            }
            throw new Conflict(
                    "warning-differs",
                    "Message %s of %s came before with other content.".formatted(alert.identifier(), alert.sender()),
                    "A changed message is an Update with an identifier of its own that refers to the first.");
        }
        List<Warning> versions =
                renews ? store.versions(owner, alert.sender(), alert.identifier()) : List.<Warning>of();
        Warning warning = warning(owner, alert, versions);
        store.insert(warning, WarningPlace.of(alert).map(WarningPlace::cell).map(Cell::id), document);
        entities.put(caller, AlertEntity.of(warning));
        alert.effect()
                .ifPresent(effect -> alert.references().forEach(reference -> {
                    store.refer(warning, reference, effect);
                    store.find(owner, reference)
                            .filter(found -> found.alert().status().equals(alert.status()))
                            .ifPresent(found -> become(caller, found, effect, warning));
                }));
        versions.stream()
                .filter(version -> version.alert().sent().isBefore(alert.sent()))
                .forEach(version -> become(caller, version, WarningState.SUPERSEDED, warning));
        audit.record(entry(
                caller,
                "warning.received",
                warning,
                Map.of("state", warning.state().code())));
        return new Taken(warning, true);
    }

    private Warning warning(OrganisationId owner, CapAlert alert, List<Warning> versions) {
        Instant now = clock.instant();
        Instant assumed = now.plus(settings.assumedValidity());
        Optional<Instant> told = alert.expires();
        Instant expires = told.orElseGet(() -> alert.infos().stream()
                .map(info -> info.expires() == null ? assumed : info.expires())
                .max(Instant::compareTo)
                .orElse(assumed));
        boolean renewed = versions.stream().anyMatch(v -> v.alert().sent().isAfter(alert.sent()));
        WarningState state = !alert.warns()
                ? WarningState.ENDED
                : store.effectOn(owner, alert)
                        .orElseGet(() -> renewed
                                ? WarningState.SUPERSEDED
                                : expires.isAfter(now) ? WarningState.ACTIVE : WarningState.ENDED);
        return new Warning(ids.next(), owner, now, state, expires, told.isEmpty(), alert);
    }

    /** An active warning may become anything, a superseded one may still be cancelled; the rest stays as it is. */
    private void become(Caller caller, Warning warning, WarningState state, Warning because) {
        boolean may = warning.state() == WarningState.ACTIVE
                || (warning.state() == WarningState.SUPERSEDED && state == WarningState.CANCELLED);
        if (may) {
            change(caller, warning, state, Map.of("by", because.urn()));
        }
    }

    private void change(Caller caller, Warning warning, WarningState state, Map<String, String> facts) {
        store.change(warning.id(), state, clock.instant());
        Warning changed = warning.in(state);
        entities.put(caller, AlertEntity.of(changed));
        audit.record(entry(caller, "warning." + state.code(), changed, facts));
    }

    private static AuditEntry entry(Caller caller, String action, Warning warning, Map<String, String> facts) {
        CapAlert alert = warning.alert();
        Map<String, String> all = new LinkedHashMap<>(facts);
        all.put("sender", shortened(alert.sender()));
        all.put("identifier", shortened(alert.identifier()));
        all.put("msgType", alert.msgType());
        all.put("status", alert.status());
        return AuditEntry.of(caller, action, Warning.KIND, warning.urn(), warning.organisation())
                .with(all);
    }

    private static String shortened(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }

    Warning find(Caller caller, UUID id) {
        Warning warning = store.find(id).orElseThrow(() -> new NotFound(Warning.KIND, id.toString()));
        access.demand(caller, Action.READ, Warning.KIND, warning.organisation(), id.toString());
        return warning;
    }

    Document document(Caller caller, UUID id) {
        find(caller, id);
        return store.document(id);
    }

    WarningStore.Found list(Caller caller, Optional<Boolean> active, Optional<UUID> after, int most) {
        return store.list(access.predicate(caller, Action.READ, Warning.KIND), active, after, most);
    }

    /**
     * Ends warnings whose time is over, each organisation in transactions of its own.
     *
     * @return how many
     */
    int endDue() {
        int ended = 0;
        Instant now = clock.instant();
        for (OrganisationId organisation : transactions.asSystem(() -> store.ownersOfDue(now))) {
            int some;
            do {
                some = transactions.as(List.of(organisation), () -> endSome(organisation, now));
                ended += some;
            } while (some == MOST_ENDED_AT_ONCE);
        }
        return ended;
    }

    private int endSome(OrganisationId organisation, Instant now) {
        Caller caller = Caller.system("warnings", organisation);
        List<Warning> due = store.due(organisation, now, MOST_ENDED_AT_ONCE);
        due.forEach(warning -> change(caller, warning, WarningState.ENDED, Map.of()));
        return due.size();
    }

    /** Warnings that are over, and what the hub knows of them. */
    Retained retained() {
        return Retained.by("warnings", "warnings", before -> {
            List<WarningStore.Over> over = store.over(before, MOST_ENDED_AT_ONCE);
            over.forEach(warning -> entities.forget(Ids.urn(Warning.KIND, warning.id())));
            store.forget(over);
            Map<OrganisationId, Integer> owners = new HashMap<>();
            over.forEach(warning -> owners.merge(warning.organisation(), 1, Integer::sum));
            return new Retained.Forgotten(over.size(), owners, over.size() == MOST_ENDED_AT_ONCE);
        });
    }
}

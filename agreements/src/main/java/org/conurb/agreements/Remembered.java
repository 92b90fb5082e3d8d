package org.conurb.agreements;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * What is known of grants without asking the database: grants (read again after three seconds, as another process may have
 * ended them, and what stands under one ends within five), uses that are in the audit log already, and cases that were open within the last second. What a transaction
 * wrote is known to it at once, to others when it has committed, and to nobody when it has not. Safe for many threads.
 */
final class Remembered {
    private static final Duration GRANT_HOLDS = Duration.ofSeconds(3);
    private static final Duration OPEN_HOLDS = Duration.ofSeconds(1);
    private static final int MOST = 20_000;

    private final Transactions transactions;
    private final Memo<Key, Held> grants = new Memo<>(MOST);
    private final Memo<Use, Boolean> uses = new Memo<>(MOST);
    private final Memo<Case, Instant> openCases = new Memo<>(MOST);

    /** How a grant is asked for. */
    sealed interface Key {
        /** By its id. */
        record Named(UUID id) implements Key {}

        /** By what it is derived from. */
        record Derived(OrganisationId organisation, String subject, String purpose, Optional<String> caseId)
                implements Key {}

        static Derived of(PurposeGrant grant) {
            return new Derived(grant.organisation(), grant.subject(), grant.purpose(), grant.caseId());
        }
    }

    /** Things of one kind and case that were seen under a grant within an hour. */
    record Use(UUID grant, String kind, Optional<String> caseId, long hour) {}

    private record Held(PurposeGrant grant, Instant readAt) {}

    private record Case(OrganisationId organisation, String id) {}

    Remembered(Transactions transactions) {
        this.transactions = transactions;
    }

    /** The grant, whatever its state, if it was read lately. */
    Optional<PurposeGrant> grant(Key key, Instant now) {
        Pending pending = pending();
        Held held = pending == null ? null : pending.grants.get(key);
        if (held == null) {
            held = grants.get(key);
        }
        return held == null || !fresh(held.readAt(), now, GRANT_HOLDS) ? Optional.empty() : Optional.of(held.grant());
    }

    /** A grant as it was read or written in this transaction. */
    void grant(PurposeGrant grant, Instant now) {
        Pending pending = begin();
        Held held = new Held(grant, now);
        pending.grants.put(new Key.Named(grant.id()), held);
        if (grant.derived()) {
            pending.grants.put(Key.of(grant), held);
        }
    }

    boolean used(Use use) {
        Pending pending = pending();
        return pending != null && pending.uses.contains(use) || uses.get(use) != null;
    }

    /** That the current transaction wrote this use to the audit log. */
    void use(Use use) {
        begin().uses.add(use);
    }

    boolean open(OrganisationId organisation, String caseId, Instant now) {
        Instant seen = openCases.get(new Case(organisation, caseId));
        return seen != null && fresh(seen, now, OPEN_HOLDS);
    }

    void opened(OrganisationId organisation, String caseId, Instant now) {
        openCases.put(new Case(organisation, caseId), now);
    }

    private static boolean fresh(Instant seen, Instant now, Duration holds) {
        return Duration.between(seen, now).abs().compareTo(holds) < 0;
    }

    private @Nullable Pending pending() {
        return (Pending) TransactionSynchronizationManager.getResource(this);
    }

    private Pending begin() {
        Pending before = pending();
        if (before != null) {
            return before;
        }
        Pending pending = new Pending();
        TransactionSynchronizationManager.bindResource(this, pending);
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                TransactionSynchronizationManager.unbindResourceIfPossible(Remembered.this);
            }
        });
        transactions.afterCommit(() -> {
            pending.grants.forEach(grants::put);
            pending.uses.forEach(use -> uses.put(use, true));
        });
        return pending;
    }

    /** What the current transaction wrote; confined to its thread. */
    private static final class Pending {
        private final Map<Key, Held> grants = new HashMap<>();
        private final Set<Use> uses = new HashSet<>();
    }
}

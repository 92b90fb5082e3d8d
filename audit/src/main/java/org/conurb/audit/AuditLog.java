package org.conurb.audit;

import static java.time.ZoneOffset.UTC;
import static java.time.temporal.ChronoUnit.MILLIS;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.store.Transactions;

/**
 * Writes entries into the log, each in its caller's transaction, and erases persons from it. An entry gets its place in
 * the Merkle tree after the commit, from the sequencer; a rolled-back one leaves nothing. Safe for many threads.
 */
public final class AuditLog implements Audit {
    static final int MAX_THING = 500;

    private final Transactions transactions;
    private final Clock clock;
    private final Ids ids;
    private final RandomGenerator salts;
    private final String site;
    private final Follower follower;

    /**
     * @param salts cryptographically strong
     * @param site id of the city
     */
    AuditLog(Transactions transactions, Clock clock, Ids ids, RandomGenerator salts, String site, Follower follower) {
        this.transactions = transactions;
        this.clock = clock;
        this.ids = ids;
        this.salts = salts;
        this.site = site;
        this.follower = follower;
    }

    @Override
    public UUID record(AuditEntry entry) {
        if (!transactions.active()) {
            throw new IllegalStateException("An audit entry is written in the transaction that it tells of");
        }
        UUID id = ids.next();
        Instant at = clock.instant().truncatedTo(MILLIS);
        insert(id, at, entry, Leaf.of(id, at, site, entry, salts));
        if (!entry.action().endsWith(".read") && !entry.action().startsWith("grant.")) {
            transactions.audited(id);
        }
        transactions.afterCommit(follower::committed);
        return id;
    }

    /** Entries committed by this process that have no place in the log yet: a second's worth, while all is well. */
    public long lag() {
        return follower.lag();
    }

    private void insert(UUID id, Instant at, AuditEntry entry, Leaf leaf) {
        List<Leaf.Personal> personal = leaf.personal();
        transactions
                .jdbc()
                .sql("""
                        with entry as (
                            insert into audit.entry (id, organisation_id, kind, thing, action, at, leaf)
                                values (:id, :organisation, :kind, :thing, :action, :at, :leaf)),
                        pending as (insert into audit.pending (entry) values (:id))
                        insert into audit.personal (entry, name, organisation_id, salt, value)
                            select :id, name, :organisation, salt, value
                              from unnest(:names::text[], :salts::bytea[], :values::text[]) as p (name, salt, value)
                        """)
                .param("id", id)
                .param("organisation", entry.owner().value())
                .param("kind", Leaf.clean(entry.kind()))
                .param("thing", Leaf.cut(Leaf.clean(entry.id()), MAX_THING))
                .param("action", entry.action())
                .param("at", at.atOffset(UTC))
                .param("leaf", leaf.bytes())
                .param("names", personal.stream().map(Leaf.Personal::name).toArray(String[]::new))
                .param("salts", personal.stream().map(Leaf.Personal::salt).toArray(byte[][]::new))
                .param("values", personal.stream().map(Leaf.Personal::value).toArray(String[]::new))
                .update();
    }

    /**
     * Erases a person: deletes every salt and value that is this subject, so that the entries stay, and stay proven, and
     * tell of nobody. The erasure is itself an entry, which tells how many and not whom. Runs as the system role, so
     * outside any other transaction.
     *
     * @param by the data officer
     * @param subject as {@code person:<uuid>}
     * @return how many values were erased
     */
    public int erase(Caller by, String subject) {
        if (!subject.startsWith("person:")) {
            throw new IllegalArgumentException("Only persons are erased, not " + subject);
        }
        return transactions.asSystem(() -> {
            int erased = transactions
                    .jdbc()
                    .sql("delete from audit.personal where value = :subject and value like 'person:%'")
                    .param("subject", subject)
                    .update();
            record(AuditEntry.of(by, "audit.erased", "AuditEntry", "personal", by.organisation())
                    .with(Map.of("values", String.valueOf(erased))));
            return erased;
        });
    }
}

package org.conurb.audit;

import static java.time.temporal.ChronoUnit.MILLIS;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
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
    private final Consumer<List<Row>> writer = this::insert;

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
        transactions.gatherLast(writer, new Row(id, at, entry, Leaf.of(id, at, site, entry, salts)));
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

    /** The entries of one transaction. */
    private void insert(List<Row> rows) {
        List<Secret> secrets = new ArrayList<>();
        for (Row row : rows) {
            row.leaf.personal().forEach(value -> secrets.add(new Secret(row, value)));
        }
        transactions
                .jdbc()
                .sql("""
                        with entry as (
                            insert into audit.entry (id, organisation_id, kind, thing, action, at, leaf)
                                select * from unnest(:ids::uuid[], :organisations::text[], :kinds::text[],
                                       :things::text[], :actions::text[], :moments::timestamptz[], :leaves::bytea[])),
                        pending as (insert into audit.pending (entry) select unnest(:ids::uuid[]))
                        insert into audit.personal (entry, organisation_id, name, salt, value)
                            select * from unnest(:entries::uuid[], :owners::text[], :names::text[], :salts::bytea[],
                                   :values::text[])
                        """)
                .param("ids", texts(rows, row -> row.id.toString()))
                .param("organisations", texts(rows, row -> row.entry.owner().value()))
                .param("kinds", texts(rows, row -> Leaf.clean(row.entry.kind())))
                .param("things", texts(rows, row -> Leaf.cut(Leaf.clean(row.entry.id()), MAX_THING)))
                .param("actions", texts(rows, row -> row.entry.action()))
                .param("moments", texts(rows, row -> row.at.toString()))
                .param("leaves", rows.stream().map(row -> row.leaf.bytes()).toArray(byte[][]::new))
                .param("entries", texts(secrets, secret -> secret.row.id.toString()))
                .param(
                        "owners",
                        texts(secrets, secret -> secret.row.entry.owner().value()))
                .param("names", texts(secrets, secret -> secret.personal.name()))
                .param(
                        "salts",
                        secrets.stream().map(secret -> secret.personal.salt()).toArray(byte[][]::new))
                .param("values", texts(secrets, secret -> secret.personal.value()))
                .update();
    }

    private static <T> String[] texts(List<T> from, Function<T, String> text) {
        return from.stream().map(text).toArray(String[]::new);
    }

    private record Row(UUID id, Instant at, AuditEntry entry, Leaf leaf) {}

    private record Secret(Row row, Leaf.Personal personal) {}

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

package org.conurb.audit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.conurb.testkit.TestClock;
import org.conurb.testkit.TestIds;
import org.conurb.testkit.TestStore;

/** A log on a fresh PostgreSQL, whose sequencer steps when told and whose clock stands still. */
final class LogFixture implements AutoCloseable {
    static final List<OrganisationId> ALL = List.of(AuditFixtures.FIRE, AuditFixtures.POLICE);

    final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");
    final Transactions transactions = TestStore.with("store", "audit");
    final LogKey key = new LogKey("alder.conurb/audit", LogKey.generate());
    final AuditLog log = new AuditLog(transactions, clock, TestIds.seeded(clock), new Random(1), "alder", () -> {});
    final Sequencer sequencer = sequencer(2000);
    final TreeStore tree = new TreeStore(transactions.jdbc());

    Sequencer sequencer(int batch) {
        return new Sequencer(
                transactions,
                key,
                clock,
                new AuditSettings(Path.of("unused"), "", Duration.ofSeconds(2), Duration.ofDays(7), batch));
    }

    UUID record(AuditEntry entry) {
        return transactions.as(ALL, () -> log.record(entry));
    }

    void record(int from, int to) {
        transactions.doAs(ALL, () -> {
            for (int number = from; number < to; number++) {
                UUID written = log.record(AuditFixtures.opened(number));
                assert written.version() == 7;
            }
        });
    }

    /** Steps until nothing waits, then signs. */
    void settle() {
        while (sequencer.step() > 0) {
            clock.advance(Duration.ofMillis(1));
        }
        clock.advance(Duration.ofSeconds(3));
        sequencer.step();
    }

    AuditVerifier.Report verify() {
        return AuditVerifier.verify(transactions, key.verifier().text(), Optional.empty());
    }

    /** What somebody with the superuser's password does. */
    int asSuperuser(String sql) {
        return transactions.asSystem(() -> {
            transactions.jdbc().sql("set local role none").update();
            return transactions.jdbc().sql(sql).update();
        });
    }

    long count(String sql) {
        return transactions.asSystem(
                () -> transactions.jdbc().sql(sql).query(Long.class).single());
    }

    @Override
    public void close() {
        TestStore.giveBack(transactions);
    }
}

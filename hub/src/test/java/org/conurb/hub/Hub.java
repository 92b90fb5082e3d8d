package org.conurb.hub;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.conurb.kernel.Caller;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Database;
import org.conurb.store.Transactions;
import org.conurb.testkit.TestStore;

/** The hub over a database of its own, for tests. */
final class Hub implements AutoCloseable {
    static final OrganisationId FIRE = new OrganisationId("fire");
    static final OrganisationId POLICE = new OrganisationId("police");
    static final Caller DISPATCHER = Caller.system("test", FIRE);
    static final Caller OFFICER = Caller.system("test", POLICE);
    static final ChangeSettings QUICK = new ChangeSettings(Duration.ofMillis(100), 3, Duration.ofMillis(5));

    final Database database = TestStore.database("store", "hub");
    final Transactions transactions = database.transactions();
    final Clock clock;
    final Entities entities;
    final Contexts contexts = new Contexts();
    private final List<AutoCloseable> parts = new ArrayList<>();

    Hub() {
        this(Clock.systemUTC());
    }

    Hub(Clock clock) {
        this.clock = clock;
        this.entities = new Entities(transactions, clock);
    }

    Changes changes() {
        Changes changes = new Changes(transactions, clock, QUICK);
        entities.onCommit(changes.sequencer()::wake);
        parts.add(changes);
        return changes;
    }

    void put(Entity entity) {
        transactions.doAs(Set.of(entity.owner()), () -> entities.put(Caller.system("test", entity.owner()), entity));
    }

    <T> T as(OrganisationId owner, Supplier<T> work) {
        return transactions.as(Set.of(owner), work);
    }

    long count(String table) {
        return transactions.asSystem(() -> transactions
                .jdbc()
                .sql("select count(*) from hub." + table)
                .query(Long.class)
                .single());
    }

    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Not within 20 s: " + what);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
        }
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable part : parts.reversed()) {
            part.close();
        }
        database.close();
    }
}

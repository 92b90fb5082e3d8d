package org.conurb.hub;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.conurb.kernel.Access;
import org.conurb.kernel.Audit;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;
import org.conurb.outbound.OutboundHttp;
import org.conurb.outbound.OutboundPolicy;
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
    final OutboundHttp outbound = new OutboundHttp(OutboundPolicy.parse(List.of("127.0.0.1")));
    final ContextUses uses;
    final ContextLibrary library;
    final Contexts contexts;
    private final List<AutoCloseable> parts = new ArrayList<>();

    Hub() {
        this(Clock.systemUTC());
    }

    Hub(Clock clock) {
        this.clock = clock;
        this.entities = new Entities(transactions, clock);
        ContextSettings settings = new ContextSettings(Duration.ofSeconds(5), Duration.ofHours(24), 10);
        this.uses = new ContextUses(transactions, clock);
        this.library = new ContextLibrary(
                transactions,
                new ContextFetch(transactions, outbound, settings, clock, new Ids(clock, new Random(2))),
                uses,
                settings,
                clock,
                "http://hub.test");
        this.contexts = new Contexts(library);
    }

    Changes changes() {
        Changes changes = new Changes(transactions, clock, QUICK);
        entities.onCommit(changes.sequencer()::wake);
        parts.add(changes);
        return changes;
    }

    /** The doors of entities, and what a test has beside them. */
    Object[] withEntities(Access access, Audit audit, Object... more) {
        Model model = Model.load();
        EntityDoor door = new EntityDoor(entities, model, access, audit);
        EntityRetrieval retrieval =
                new EntityRetrieval(transactions, entities, new EntityFinder(transactions), model, access);
        List<Object> all = new ArrayList<>(List.of(more));
        all.add(new EntityController(door, new EntityPurge(door, retrieval, transactions, access, audit), contexts));
        all.add(new AttributeController(door, contexts));
        all.add(new QueryController(retrieval, contexts));
        return all.toArray();
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
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Not within 60 s: " + what);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
        }
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable part : parts.reversed()) {
            part.close();
        }
        library.close();
        outbound.close();
        TestStore.giveBack(database);
    }
}

package org.conurb.hub;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.conurb.store.Retained;
import org.conurb.store.Transactions;

/**
 * The one stream of changes: numbers what was committed, and durable cursors on it by which rooms and doors learn what
 * others wrote. Close it before the database.
 */
public final class Changes implements AutoCloseable {
    private final Transactions transactions;
    private final Clock clock;
    private final ChangeSettings settings;
    private final Sequencer sequencer;
    private final List<Follower> followers = new CopyOnWriteArrayList<>();

    /** With usual settings; starts numbering at once. */
    public Changes(Transactions transactions, Clock clock) {
        this(transactions, clock, ChangeSettings.usual());
    }

    Changes(Transactions transactions, Clock clock, ChangeSettings settings) {
        this.transactions = transactions;
        this.clock = clock;
        this.settings = settings;
        this.sequencer = new Sequencer(transactions, clock, settings.poll());
        sequencer.onNumbered(last -> followers.forEach(Follower::wake));
        sequencer.start();
    }

    /**
     * Handles every change of those types in the default tenant from now on, once each and in order, on a thread of its own; goes on after a
     * restart where it stopped. Call it while the program starts.
     *
     * @param cursor stable name, as {@code incidents.alerts}
     * @param types short names; empty for all
     */
    public void follow(String cursor, Set<String> types, ChangeHandler handler) {
        Set<String> wanted = Set.copyOf(types);
        followRows(cursor, found -> wanted.isEmpty() || found.stream().anyMatch(wanted::contains), row -> {
            if (row.isShown()) {
                handler.handle(row.toChange());
            }
        });
    }

    /** @param wanted asked with the types of an entity, inside a transaction of the system role */
    void followRows(String cursor, Predicate<List<String>> wanted, Consumer<ChangeRow> handler) {
        transactions.doAsSystem(() -> transactions
                .jdbc()
                .sql("""
                        insert into hub.cursor (name, seq, at)
                        select :name, last, :at from hub.sequencer where name = 'changes'
                            on conflict (name) do nothing
                        """)
                .param("name", cursor)
                .param("at", clock.instant().atOffset(ZoneOffset.UTC))
                .update());
        Follower follower = new Follower(cursor, wanted, handler, transactions, clock, settings);
        followers.add(follower);
        follower.start();
    }

    /** Committed changes that wait for their number, up to 10,001; asks the database. */
    public long lag() {
        return sequencer.lag();
    }

    Sequencer sequencer() {
        return sequencer;
    }

    List<Follower> followers() {
        return followers;
    }

    /** Changes that every cursor has handled; events can be asked for again until they go. */
    Retained retained() {
        return Retained.by("changes", "changes", this::forget);
    }

    /** Looks at the oldest only: numbers and moments rise together. */
    private Retained.Forgotten forget(Instant before) {
        return Retained.Forgotten.rows(transactions
                .jdbc()
                .sql("""
                        delete from hub.change where seq in (
                          select seq from (
                            select seq, at from hub.change where seq is not null order by seq limit :most) oldest
                           where at < :before
                             and seq <= coalesce((select min(seq) from hub.cursor), 9223372036854775807))
                        returning organisation_id
                        """)
                .param("before", before.atOffset(ZoneOffset.UTC))
                .param("most", Retained.BATCH));
    }

    @Override
    public void close() {
        followers.forEach(Follower::close);
        sequencer.close();
    }

    static Duration backOff(int attempts, Duration first, Duration most) {
        Duration wait = first.multipliedBy(1L << Math.min(attempts, 20));
        return wait.compareTo(most) > 0 ? most : wait;
    }
}

package org.conurb.hub;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import org.conurb.kernel.Health;
import org.conurb.store.Transactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Numbers changes whose transactions have committed, one batch a transaction, under a lock that holds for the whole
 * database: a number, once seen, never has a smaller one appear after it. Woken by commits of this process; looks by
 * itself every second for those of others.
 */
final class Sequencer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sequencer.class);
    private static final int BATCH = 2_000;
    private static final long LOCK = 0x636f6e757262_01L;
    /** Commits of this while are numbered together: fifty transactions a second at most. */
    private static final Duration GATHER = Duration.ofMillis(20);

    private static final Duration LATE = Duration.ofSeconds(10);

    private final Transactions transactions;
    private final Clock clock;
    private final Duration poll;
    private final List<LongConsumer> listeners = new CopyOnWriteArrayList<>();
    private final Worker worker = new Worker("hub-sequencer", this::run);
    private volatile Instant lastRun;
    private volatile Instant stateSince;
    private volatile boolean failing;
    private volatile long last;

    Sequencer(Transactions transactions, Clock clock, Duration poll) {
        this.transactions = transactions;
        this.clock = clock;
        this.poll = poll;
        this.lastRun = clock.instant();
        this.stateSince = lastRun;
    }

    void start() {
        worker.start();
    }

    /** Told the highest number after each batch, on the sequencer's thread; must not block. */
    void onNumbered(LongConsumer listener) {
        listeners.add(listener);
    }

    /** Something committed. */
    void wake() {
        worker.wake();
    }

    /** The highest number given as far as this process knows. */
    long last() {
        return last;
    }

    private void run() {
        while (!worker.closed()) {
            try {
                boolean woken = worker.await(poll);
                int numbered;
                do {
                    numbered = number();
                } while (numbered == BATCH && !worker.closed());
                turn(false);
                if (numbered > 0) {
                    worker.pause(GATHER);
                }
                if (!woken) {
                    observe();
                }
            } catch (RuntimeException e) {
                if (!failing) {
                    LOG.atWarn().setCause(e).log("hub.sequencer-failed");
                }
                turn(true);
                worker.pause(poll);
            }
        }
    }

    private void turn(boolean nowFailing) {
        if (failing != nowFailing) {
            failing = nowFailing;
            stateSince = clock.instant();
        }
        if (!nowFailing) {
            lastRun = clock.instant();
        }
    }

    /** Another process may have numbered. */
    private void observe() {
        long known = transactions.asSystem(() -> transactions
                .jdbc()
                .sql("select last from hub.sequencer where name = 'changes'")
                .query(Long.class)
                .single());
        announce(known);
    }

    private void announce(long highest) {
        if (highest > last) {
            last = highest;
            listeners.forEach(listener -> listener.accept(highest));
        }
    }

    /**
     * Numbers one batch and tells listeners; returns how many. Rows are found again by their place, which nobody changes under
     * the lock: by any other column the planner, which takes rows without a number for few, compares each with each.
     */
    int number() {
        List<Long> numbered = transactions.asSystem(() -> {
            transactions
                    .jdbc()
                    .sql("select 1 from pg_advisory_xact_lock(:lock)")
                    .param("lock", LOCK)
                    .query(Integer.class)
                    .single();
            return transactions
                    .jdbc()
                    .sql("""
                            with fresh as materialized (
                              select f.place, row_number() over (order by f.rid) as n
                                from (select ctid as place, rid from hub.change where seq is null order by rid limit %d) f
                            ), s as (
                              update hub.sequencer set last = last + (select count(*) from fresh)
                               where name = 'changes' and exists (select from fresh)
                              returning old.last as base
                            )
                            update hub.change c set seq = s.base + fresh.n from fresh, s where c.ctid = fresh.place
                            returning c.seq
                            """.formatted(BATCH))
                    .query(Long.class)
                    .list();
        });
        numbered.stream().mapToLong(Long::longValue).max().ifPresent(this::announce);
        return numbered.size();
    }

    /** How many committed changes wait for a number, up to 10,001. */
    long lag() {
        return transactions.asSystem(() -> transactions
                .jdbc()
                .sql("select count(*) from (select from hub.change where seq is null limit 10001) waiting")
                .query(Long.class)
                .single());
    }

    Health.Reading read() {
        boolean late = lastRun.plus(LATE).plus(poll).isBefore(clock.instant());
        return failing || late
                ? new Health.Reading(
                        "hub.sequencer",
                        Health.State.DEGRADED,
                        failing ? stateSince : lastRun,
                        "Changes are saved and not yet told to anybody; last number %d.".formatted(last),
                        "See whether the database answers; numbering goes on by itself.")
                : new Health.Reading(
                        "hub.sequencer", Health.State.OK, stateSince, "Last number %d.".formatted(last), "");
    }

    @Override
    public void close() {
        worker.close();
    }
}

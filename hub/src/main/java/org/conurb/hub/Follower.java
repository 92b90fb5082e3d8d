package org.conurb.hub;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Health;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * One durable cursor, whose thread alone uses it. Handles in batches; where one fails, goes change by change until it is past it. The cursor's row
 * is locked meanwhile, so two processes never handle the same change.
 */
final class Follower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final int BATCH = 50;
    private static final int WANTED = -1;
    private static final Set<String> DATABASE_AWAY = Set.of("database-away", "database-busy", "database-full");
    private static final Duration SAVE_EVERY = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final String name;
    private final Predicate<List<String>> wanted;
    private final Consumer<ChangeRow> handler;
    private final Transactions transactions;
    private final Clock clock;
    private final ChangeSettings settings;
    private final Worker worker;
    private volatile int failures;
    private volatile long parked;
    private volatile long position = -1;
    private volatile long skipped;
    private Instant savedAt = Instant.EPOCH;
    private volatile Instant stateSince;
    private volatile @Nullable String fault;

    Follower(
            String name,
            Predicate<List<String>> wanted,
            Consumer<ChangeRow> handler,
            Transactions transactions,
            Clock clock,
            ChangeSettings settings) {
        this.name = name;
        this.wanted = wanted;
        this.handler = handler;
        this.transactions = transactions;
        this.clock = clock;
        this.settings = settings;
        this.stateSince = clock.instant();
        this.worker = new Worker("hub-follower-" + name, this::run);
    }

    void start() {
        parked = transactions.asSystem(() -> transactions
                .jdbc()
                .sql("select count(*) from hub.parked where cursor = :name")
                .param("name", name)
                .query(Long.class)
                .single());
        worker.start();
    }

    void wake() {
        worker.wake();
    }

    private void run() {
        int size = BATCH;
        while (!worker.closed()) {
            try {
                if (step(size) < size) {
                    size = BATCH;
                    worker.await(settings.poll());
                }
            } catch (HandlerFailed failed) {
                if (failed.batch == 1) {
                    failedAlone(failed);
                }
                size = 1;
            } catch (RuntimeException e) {
                unreachable(e);
            }
        }
    }

    /** Handles up to {@code size} changes in one transaction; returns how many it looked at. */
    private int step(int size) {
        int passed = pass(size);
        if (passed != WANTED) {
            return passed;
        }
        int read = transactions.asSystem(() -> {
            long after = Math.max(
                    skipped,
                    transactions
                            .jdbc()
                            .sql("select seq from hub.cursor where name = :name for update")
                            .param("name", name)
                            .query(Long.class)
                            .single());
            List<ChangeRow> rows = transactions
                    .jdbc()
                    .sql("select %s from hub.change where seq > :after order by seq limit %d"
                            .formatted(ChangeRow.COLUMNS, size))
                    .param("after", after)
                    .query(ChangeRow::of)
                    .list();
            for (ChangeRow row : rows) {
                if (wanted.test(row.types())) {
                    handle(row, size);
                }
            }
            if (!rows.isEmpty()) {
                move(rows.getLast().seq());
            }
            return rows.size();
        });
        if (read > 0) {
            well();
        }
        return read;
    }

    /**
     * Looks without a lock whether anything is wanted; what is not is passed over in memory, and on disk only once a
     * second, since a commit for each would cost more than looking again after a restart.
     *
     * @return how many were passed over, or {@link #WANTED} where one is wanted
     */
    private int pass(int size) {
        return transactions.asSystem(() -> {
            if (position < 0) {
                position = transactions
                        .jdbc()
                        .sql("select seq from hub.cursor where name = :name")
                        .param("name", name)
                        .query(Long.class)
                        .single();
            }
            List<Glimpse> rows = transactions
                    .jdbc()
                    .sql("select seq, kinds from hub.change where seq > :after order by seq limit %d".formatted(size))
                    .param("after", Math.max(skipped, position))
                    .query((row, n) -> new Glimpse(row.getLong("seq"), List.of((String[])
                            row.getArray("kinds").getArray())))
                    .list();
            if (rows.isEmpty()) {
                return 0;
            }
            if (rows.stream().anyMatch(row -> wanted.test(row.types))) {
                return WANTED;
            }
            skipped = rows.getLast().seq;
            if (clock.instant().isAfter(savedAt.plus(SAVE_EVERY))) {
                savedAt = clock.instant();
                move(skipped);
            }
            return rows.size();
        });
    }

    private record Glimpse(long seq, List<String> types) {}

    private void handle(ChangeRow row, int size) {
        try {
            handler.accept(row);
        } catch (TransientDataAccessException | RecoverableDataAccessException | TransactionException later) {
            throw later;
        } catch (ConurbException e) {
            if (DATABASE_AWAY.contains(e.code())) {
                throw e;
            }
            throw new HandlerFailed(row, size, e);
        } catch (RuntimeException e) {
            throw new HandlerFailed(row, size, e);
        }
    }

    private void move(long seq) {
        transactions
                .jdbc()
                .sql("update hub.cursor set seq = :seq, attempts = 0, fault = null, at = :at where name = :name")
                .param("seq", seq)
                .param("at", clock.instant().atOffset(ZoneOffset.UTC))
                .param("name", name)
                .update();
        transactions.afterCommit(() -> position = seq);
    }

    private void well() {
        if (failures > 0) {
            failures = 0;
            fault = null;
            stateSince = clock.instant();
        }
    }

    /** Counts the try, or parks the change. */
    private void failedAlone(HandlerFailed failed) {
        String told = String.valueOf(failed.getCause());
        String reason = told.length() > 500 ? told.substring(0, 500) : told;
        try {
            int attempts = transactions.asSystem(() -> {
                int tried = transactions
                        .jdbc()
                        .sql(
                                "update hub.cursor set attempts = attempts + 1, fault = :fault where name = :name returning attempts")
                        .param("fault", reason.replace("\0", ""))
                        .param("name", name)
                        .query(Integer.class)
                        .single();
                if (tried >= settings.tries()) {
                    park(failed.row, reason.replace("\0", ""));
                }
                return tried;
            });
            if (attempts >= settings.tries()) {
                parked++;
                LOG.atError()
                        .addKeyValue("cursor", name)
                        .addKeyValue("seq", failed.row.seq())
                        .setCause(failed.getCause())
                        .log("hub.change-parked");
                well();
            } else {
                pause(attempts - 1, reason);
            }
        } catch (RuntimeException e) {
            unreachable(e);
        }
    }

    private void park(ChangeRow row, String reason) {
        transactions
                .jdbc()
                .sql("""
                        insert into hub.parked (cursor, seq, organisation_id, entity_id, fault, at)
                        values (:cursor, :seq, :owner, :entity, :fault, :at)
                        """)
                .param("cursor", name)
                .param("seq", row.seq())
                .param("owner", row.owner().value())
                .param("entity", row.id())
                .param("fault", reason)
                .param("at", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        move(row.seq());
    }

    /** The database's own trouble is nobody's poison: wait and try again for ever. */
    private void unreachable(RuntimeException e) {
        if (failures == 0) {
            LOG.atWarn().addKeyValue("cursor", name).setCause(e).log("hub.follower-failed");
        }
        pause(failures, String.valueOf(e.getMessage()));
    }

    private void pause(int attempt, String reason) {
        if (failures++ == 0) {
            stateSince = clock.instant();
        }
        fault = reason;
        worker.pause(Changes.backOff(attempt, settings.retryAfter(), LONGEST_WAIT));
    }

    Health.Reading read(long last) {
        String component = "hub.cursor." + name;
        String trouble = fault;
        if (trouble != null) {
            return new Health.Reading(
                    component,
                    Health.State.DEGRADED,
                    stateSince,
                    "Change %d fails: %s".formatted(Math.max(skipped, position) + 1, trouble),
                    "It is tried %d times, then parked.".formatted(settings.tries()));
        }
        if (parked > 0) {
            return new Health.Reading(
                    component,
                    Health.State.DEGRADED,
                    stateSince,
                    "%d changes could not be handled and are parked.".formatted(parked),
                    "Look at them in hub.parked; delete the rows once their effect is mended.");
        }
        return new Health.Reading(
                component,
                Health.State.OK,
                stateSince,
                "%d behind.".formatted(Math.max(0, last - Math.max(skipped, position))),
                "");
    }

    @Override
    public void close() {
        worker.close();
    }

    private static final class HandlerFailed extends RuntimeException {
        private final transient ChangeRow row;
        private final int batch;

        HandlerFailed(ChangeRow row, int batch, RuntimeException cause) {
            super(cause);
            this.row = row;
            this.batch = batch;
        }
    }
}

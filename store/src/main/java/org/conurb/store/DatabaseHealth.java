package org.conurb.store;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.conurb.kernel.Health;
import org.jspecify.annotations.Nullable;

/** Asks the database every few seconds how it is, so that {@link #read} need not. */
final class DatabaseHealth implements Health, AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(3);
    private static final long SLOW_MILLIS = 1_000;

    private final Clock clock;
    private final Transactions transactions;
    private final HikariDataSource pool;
    private final String version;
    private final Optional<Supervisor> supervisor;
    private final ScheduledExecutorService timer;
    private volatile Reading last;

    DatabaseHealth(
            Clock clock,
            Transactions transactions,
            HikariDataSource pool,
            String version,
            Optional<Supervisor> supervisor) {
        this.clock = clock;
        this.transactions = transactions;
        this.pool = pool;
        this.version = version;
        this.supervisor = supervisor;
        this.last = new Reading("database", State.OK, clock.instant(), "PostgreSQL " + version, "");
        this.timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("database-health").factory());
        timer.scheduleWithFixedDelay(this::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public Reading read() {
        return last;
    }

    private void look() {
        try {
            long start = System.nanoTime();
            transactions.asSystem(() ->
                    transactions.jdbc().sql("select 1").query(Integer.class).single());
            long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
            @Nullable HikariPoolMXBean bean = pool.getHikariPoolMXBean();
            int waiting = bean == null ? 0 : bean.getThreadsAwaitingConnection();
            String detail = "PostgreSQL %s answers in %d ms; %d of %d connections busy, %d callers wait; %d restarts"
                    .formatted(
                            version,
                            millis,
                            bean == null ? 0 : bean.getActiveConnections(),
                            pool.getMaximumPoolSize(),
                            waiting,
                            supervisor.map(Supervisor::restarts).orElse(0));
            boolean slow = millis > SLOW_MILLIS || waiting > 0;
            tell(
                    slow ? State.DEGRADED : State.OK,
                    detail,
                    slow
                            ? "Look for other programs that use the disk or the processors, and for long queries in log/."
                            : "");
        } catch (RuntimeException e) {
            tell(
                    State.DOWN,
                    "PostgreSQL does not answer: " + e.getMessage(),
                    supervisor.isPresent()
                            ? "It is being restarted. If this lasts, see log/postgres in the data folder and the free disk space."
                            : "Check that the external PostgreSQL runs and can be reached.");
        }
    }

    private void tell(State state, String detail, String remedy) {
        Instant since = last.state() == state ? last.since() : clock.instant();
        last = new Reading("database", state, since, detail, remedy);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}

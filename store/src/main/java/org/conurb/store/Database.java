package org.conurb.store;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.conurb.kernel.Health;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * The one database of a site: our own PostgreSQL in the data folder ({@link #embedded}), or somebody's by URL ({@link
 * #external}). It is refused where what it acknowledges could be lost. Close it last; closing stops our own.
 */
public final class Database implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final Duration ONCE_KEPT = Duration.ofDays(7);

    private final Clock clock;
    private final HikariDataSource application;
    private final HikariDataSource system;
    private final Transactions transactions;
    private final Migrator migrator;
    private final DatabaseHealth health;
    private final Optional<Embedded> embedded;
    private boolean closed;

    /** What only our own PostgreSQL has. */
    private record Embedded(Supervisor supervisor, Cluster cluster, Login superuser, FolderLock lock) {}

    private Database(
            Login owner,
            Login application,
            Login system,
            PoolSettings pools,
            Clock clock,
            Optional<Embedded> embedded) {
        this.clock = clock;
        this.embedded = embedded;
        this.migrator = new Migrator(owner);
        this.application = Pool.open(
                "application",
                application,
                pools.applicationMax(),
                pools.applicationIdle(),
                pools.patience(),
                pools.statement());
        this.system = Pool.open(
                "system", system, pools.systemMax(), pools.systemIdle(), pools.patience(), Pool.SYSTEM_STATEMENT);
        this.transactions = new Transactions(new RoutedDataSource(this.application, this.system));
        try {
            String version = verify();
            this.health = new DatabaseHealth(
                    clock, transactions, this.application, version, embedded.map(Embedded::supervisor));
        } catch (RuntimeException e) {
            closePools();
            throw e;
        }
    }

    /**
     * Starts our own PostgreSQL, or adopts the one that a killed server left; returns when it serves.
     *
     * @throws org.conurb.kernel.ConurbException naming the remedy, where the folder is in use, cannot be used, or the
     *     cluster is not durable
     */
    public static Database embedded(EmbeddedSettings settings) {
        return embedded(settings, FolderLock.claim(settings.data()));
    }

    /** The same on a folder that is claimed already; the lock is let go when the database is closed. */
    public static Database embedded(EmbeddedSettings settings, FolderLock lock) {
        Path data = settings.data();
        @Nullable Supervisor supervisor = null;
        try {
            Cluster cluster = Cluster.of(settings);
            boolean lost = !Passwords.present(data);
            Passwords passwords = lost ? Passwords.create(data, settings.random()) : Passwords.read(data);
            if (!cluster.exists()) {
                cluster.create(passwords.of(Passwords.SUPERUSER));
            } else if (lost) {
                Optional<Postmaster> running = Postmaster.running(cluster);
                if (running.isPresent()) {
                    running.get().stop();
                }
                cluster.resetPassword(passwords.of(Passwords.SUPERUSER));
            }
            Renewal renewal = new Renewal();
            supervisor = Supervisor.over(cluster, settings.port(), renewal);
            String server = server(supervisor.port());
            Login superuser = Login.of(server + "postgres", Passwords.SUPERUSER, passwords.of(Passwords.SUPERUSER));
            Roles.embed(superuser, passwords, lost);
            Database database = new Database(
                    login(server, passwords, Passwords.OWNER),
                    login(server, passwords, Passwords.APPLICATION),
                    login(server, passwords, Passwords.SYSTEM),
                    settings.pools(),
                    settings.clock(),
                    Optional.of(new Embedded(supervisor, cluster, superuser, lock)));
            renewal.database = database;
            return database;
        } catch (IOException | SQLException e) {
            abandon(supervisor, lock);
            throw new StoreFault(
                    "postgres-start",
                    "PostgreSQL in %s could not be started: %s".formatted(data, e.getMessage()),
                    "See log/ in the data folder.",
                    e);
        } catch (RuntimeException | Error e) {
            abandon(supervisor, lock);
            throw e;
        }
    }

    /**
     * Uses the cluster of a data folder whose server runs, in this process or in another; closing leaves it running.
     *
     * @return empty where none runs there
     */
    public static Optional<Database> attach(Path data, Clock clock) {
        try {
            OptionalInt port = Postmaster.port(Cluster.folderOf(data));
            if (port.isEmpty()) {
                return Optional.empty();
            }
            Passwords passwords = Passwords.read(data);
            String server = server(port.getAsInt());
            return Optional.of(new Database(
                    login(server, passwords, Passwords.OWNER),
                    login(server, passwords, Passwords.APPLICATION),
                    login(server, passwords, Passwords.SYSTEM),
                    new PoolSettings(2, 0, 2, 0, Duration.ofMinutes(10), Duration.ofSeconds(10)),
                    clock,
                    Optional.empty()));
        } catch (IOException e) {
            throw new StoreFault(
                    "data-folder",
                    "The data folder %s cannot be read: %s.".formatted(data, e.getMessage()),
                    "Run this as the user of the server.",
                    e);
        }
    }

    /** Uses somebody's PostgreSQL 18 with standard pools. */
    public static Database external(String url, String user, String password, Clock clock) {
        return external(url, user, password, PoolSettings.standard(), clock);
    }

    /**
     * Uses somebody's PostgreSQL 18.
     *
     * @param url as {@code jdbc:postgresql://host/database?sslmode=verify-full}
     * @param user may take the roles {@code conurb_owner}, {@code conurb_application} and {@code conurb_system}, or make
     *     them
     */
    public static Database external(String url, String user, String password, PoolSettings pools, Clock clock) {
        Login login = Login.of(url, user, password);
        try {
            Roles.adopt(login);
        } catch (SQLException e) {
            throw new StoreFault(
                    "database-external",
                    "The database %s cannot be used as %s: %s".formatted(url, user, e.getMessage()),
                    "Check address and password. Where %s may not make roles, run as administrator: %s"
                            .formatted(user, Roles.script(user)),
                    e);
        }
        return new Database(
                login.as(Passwords.OWNER),
                login.as(Passwords.APPLICATION),
                login.as(Passwords.SYSTEM),
                pools,
                clock,
                Optional.empty());
    }

    /** Brings the schemas to the form this program needs, in this order; quick where nothing changed. */
    public void migrate(List<Migrations> modules) {
        migrator.migrate(modules);
    }

    public Transactions transactions() {
        return transactions;
    }

    public Health health() {
        return health;
    }

    /** TCP port of our own PostgreSQL on the loopback address; empty for an external one. */
    public OptionalInt port() {
        return embedded.map(e -> OptionalInt.of(e.supervisor().port())).orElse(OptionalInt.empty());
    }

    /** Folder of our own cluster: inside the data folder, or elsewhere where PostgreSQL's user cannot enter that. */
    public Optional<Path> cluster() {
        return embedded.map(e -> e.cluster().folder());
    }

    /** Size of the database on disk, without the log of changes. */
    public long usedBytes() {
        return transactions.asSystem(() -> transactions
                .jdbc()
                .sql("select pg_database_size(current_database())")
                .query(Long.class)
                .single());
    }

    /** Answers to unsafe calls: their keys are kept for seven days. */
    public Retained answers() {
        return Retained.during(ONCE_KEPT, "answers", before -> {
            int gone = transactions
                    .jdbc()
                    .sql("""
                            delete from store.once where (caller, key) in
                                (select caller, key from store.once where at < :before order by at limit :most)
                            """)
                    .param("before", before.atOffset(ZoneOffset.UTC))
                    .param("most", Retained.BATCH)
                    .update();
            return new Retained.Forgotten(gone, Map.of(), gone == Retained.BATCH);
        });
    }

    /** Our own cluster's superuser, for back-up and restore. */
    Optional<Login> superuser() {
        return embedded.map(Embedded::superuser);
    }

    /** Process id of our own postmaster; empty while it restarts. */
    Optional<Long> pid() {
        return embedded.map(e -> e.supervisor().pid()).filter(pid -> pid > 0);
    }

    /** Gives connections back and stops our own PostgreSQL; at most ten seconds. A second call does nothing. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        health.close();
        closePools();
        embedded.ifPresent(e -> abandon(e.supervisor(), e.lock()));
    }

    private String verify() {
        try {
            transactions.asSystem(() -> Safety.verify(transactions.jdbc()));
            return transactions.as(List.of(), () -> Safety.verify(transactions.jdbc()));
        } catch (DatabaseFailure | DataAccessException | TransactionException e) {
            throw new StoreFault(
                    "database-unusable",
                    "The database does not answer as it should: %s".formatted(e.getMessage()),
                    "See the log of PostgreSQL.",
                    e);
        }
    }

    private void closePools() {
        application.close();
        system.close();
    }

    private static String server(int port) {
        return "jdbc:postgresql://127.0.0.1:%d/".formatted(port);
    }

    private static Login login(String server, Passwords passwords, String role) {
        return Login.of(server + Roles.DATABASE, role, passwords.of(role));
    }

    private static void abandon(@Nullable Supervisor supervisor, FolderLock lock) {
        if (supervisor != null) {
            supervisor.close();
        }
        lock.close();
    }

    /** After a restart of PostgreSQL: connections to the one before are of no use. */
    private static final class Renewal implements Runnable {
        private volatile @Nullable Database database;

        @Override
        public void run() {
            Database current = database;
            if (current != null) {
                Pool.renew(current.application);
                Pool.renew(current.system);
                LOG.atWarn().addKeyValue("pid", current.pid().orElse(-1L)).log("postgres.restarted");
            }
        }
    }
}

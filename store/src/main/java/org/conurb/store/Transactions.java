package org.conurb.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.conurb.kernel.OrganisationId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The only way to the database. Each transaction runs as the application role behind the second wall, or as the system
 * role; commit means on disk. A call inside a transaction of the same role joins it. Safe for many threads.
 */
public final class Transactions {
    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

    private static final int MOST_GATHERED = 500;
    private static final ScopedValue<String> TENANT = ScopedValue.newInstance();

    private final RoutedDataSource dataSource;
    private final TransactionTemplate template;
    private final JdbcClient jdbc;

    Transactions(RoutedDataSource dataSource) {
        this.dataSource = dataSource;
        this.template = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        this.template.setIsolationLevel(TransactionDefinition.ISOLATION_DEFAULT);
        this.jdbc = JdbcClient.create(dataSource);
    }

    /** The client for SQL inside these transactions. */
    public JdbcClient jdbc() {
        return jdbc;
    }

    /** The tenant that this thread works in; empty for the default one. */
    public static String tenant() {
        return TENANT.orElse("");
    }

    /**
     * Does the work, whose transactions see and write rows of that tenant only, where tables have one.
     *
     * @param tenant letters, digits, _ and -; empty for the default one
     */
    public static <T extends @Nullable Object, X extends Throwable> T within(
            String tenant, ScopedValue.CallableOp<T, X> work) throws X {
        return ScopedValue.where(TENANT, tenant).call(work);
    }

    /**
     * Runs as the application role. Rows of organisations outside {@code owners}, and of other tenants than {@link
     * #tenant}, do not exist for it.
     *
     * @param owners from {@code Access.owners}
     */
    public <T extends @Nullable Object> T as(Collection<OrganisationId> owners, Supplier<T> work) {
        return in(DatabaseRole.APPLICATION, () -> {
            behind(owners);
            return work.get();
        });
    }

    /**
     * Reads as the application role behind the same wall as {@link #as}, each statement on its own: one round trip a
     * statement, as READ COMMITTED gives each its own snapshot in any case. PostgreSQL refuses to write. Inside a
     * transaction it joins that.
     *
     * @param owners from {@code Access.owners}
     */
    public <T extends @Nullable Object> T read(Collection<OrganisationId> owners, Supplier<T> work) {
        if (active()) {
            return as(owners, work);
        }
        @Nullable Passage before = dataSource.enter(new Passage(DatabaseRole.APPLICATION, Passage.Kind.READS));
        try {
            behind(owners);
            return work.get();
        } catch (DataAccessException e) {
            throw DatabaseFailure.from(e).map(RuntimeException.class::cast).orElse(e);
        } finally {
            dataSource.enter(before);
        }
    }

    private void behind(Collection<OrganisationId> owners) {
        Objects.requireNonNull(dataSource.passage())
                .behind(new Passage.Wall(
                        owners.stream().map(OrganisationId::value).collect(Collectors.joining(",")), tenant()));
    }

    /**
     * Runs as the system role, which has no wall: for sequencers, cursors, timers and the door of identity; never with a
     * caller's SQL.
     */
    public <T extends @Nullable Object> T asSystem(Supplier<T> work) {
        return in(DatabaseRole.SYSTEM, work);
    }

    /** {@link #as} without a result. */
    public void doAs(Collection<OrganisationId> owners, Runnable work) {
        this.<@Nullable Void>as(owners, () -> {
            work.run();
            return null;
        });
    }

    /** {@link #asSystem} without a result. */
    public void doAsSystem(Runnable work) {
        this.<@Nullable Void>asSystem(() -> {
            work.run();
            return null;
        });
    }

    /**
     * Runs once the current transaction has committed, on its thread and outside it, so a transaction of its own may
     * follow; at once when there is none. It cannot undo the commit: a failure of it is only logged.
     */
    public void afterCommit(Runnable work) {
        Ending ending = ending();
        if (ending == null) {
            work.run();
        } else {
            ending.afterCommit.add(work);
        }
    }

    /**
     * Keeps a row of the current transaction until its work is done, so that rows that come one by one are written in one
     * statement, in their order; where the work fails they never are. A failure to write undoes the transaction.
     *
     * @param writer always the same object for rows that belong together
     * @throws IllegalStateException outside a transaction
     */
    public <T> void gather(Consumer<List<T>> writer, T row) {
        gathering(row).gather(writer, row);
    }

    /**
     * As {@link #gather}, for what ends every change: it is written after all else, and takes the commit with it in the
     * same round trip where this is the application role's.
     *
     * @param writer sends one statement for its rows and gathers nothing; there is one such writer
     */
    public <T> void gatherLast(Consumer<List<T>> writer, T row) {
        Ending ending = gathering(row);
        ending.gather(writer, row);
        ending.last = writer;
    }

    private Ending gathering(Object row) {
        Ending ending = ending();
        if (ending == null) {
            throw new IllegalStateException("A row outside a transaction: " + row);
        }
        return ending;
    }

    /** Whether this thread is inside a transaction. */
    public boolean active() {
        return TransactionSynchronizationManager.isActualTransactionActive();
    }

    /**
     * Told by the audit log: the answer to the current change carries this entry; the last one told wins.
     *
     * @throws IllegalStateException outside a transaction
     */
    public void audited(UUID entry) {
        Ending ending = ending();
        if (ending == null) {
            throw new IllegalStateException("An audit entry outside a transaction: " + entry);
        }
        ending.audited = entry;
    }

    /** The audit entry of the current transaction, if one was written. */
    Optional<UUID> audited() {
        Ending ending = ending();
        return ending == null ? Optional.empty() : Optional.ofNullable(ending.audited);
    }

    private <T extends @Nullable Object> T in(DatabaseRole wanted, Supplier<T> work) {
        if (active()) {
            DatabaseRole role = Objects.requireNonNull(dataSource.passage()).role();
            if (role != wanted) {
                throw new IllegalStateException("A transaction of role %s cannot go on as %s".formatted(role, wanted));
            }
            return work.get();
        }
        Ending ending = new Ending();
        TransactionSynchronizationManager.bindResource(this, ending);
        Passage passage = new Passage(wanted, Passage.Kind.TRANSACTION);
        @Nullable Passage before = dataSource.enter(passage);
        T result;
        try {
            result = template.execute(status -> {
                T done = work.get();
                ending.write(passage);
                return done;
            });
        } catch (DataAccessException | TransactionException e) {
            throw DatabaseFailure.from(e).map(RuntimeException.class::cast).orElse(e);
        } finally {
            dataSource.enter(before);
            TransactionSynchronizationManager.unbindResource(this);
        }
        ending.afterCommit.forEach(Transactions::follow);
        return result;
    }

    private @Nullable Ending ending() {
        return (Ending) TransactionSynchronizationManager.getResource(this);
    }

    private static void follow(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("transaction.after-commit.failed");
        }
    }

    /** What is told during a transaction and counts when it has ended; confined to its thread. */
    private static final class Ending {
        private final Map<Consumer<?>, List<?>> gathered = new LinkedHashMap<>();
        private final List<Runnable> afterCommit = new ArrayList<>();
        private @Nullable Consumer<?> last;
        private @Nullable UUID audited;

        @SuppressWarnings("unchecked") // a writer's list holds what came with that writer
        private <T> void gather(Consumer<List<T>> writer, T row) {
            List<T> rows = (List<T>) gathered.computeIfAbsent(writer, key -> new ArrayList<>());
            rows.add(row);
            if (rows.size() == MOST_GATHERED) {
                gathered.remove(writer);
                writer.accept(rows);
            }
        }

        private void write(Passage passage) {
            for (Consumer<?> next = next(); next != null; next = next()) {
                List<?> rows = Objects.requireNonNull(gathered.remove(next));
                if (next == last) {
                    passage.lastNow();
                }
                accept(next, rows);
            }
        }

        private @Nullable Consumer<?> next() {
            return gathered.keySet().stream()
                    .filter(writer -> writer != last)
                    .findFirst()
                    .or(() -> Optional.ofNullable(last).filter(gathered::containsKey))
                    .orElse(null);
        }

        @SuppressWarnings("unchecked") // as gather put them
        private static void accept(Consumer<?> writer, List<?> rows) {
            ((Consumer<List<?>>) writer).accept(rows);
        }
    }
}

package org.conurb.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
            jdbc.sql("select set_config('conurb.owners', ?, true), set_config('conurb.tenant', ?, true)")
                    .param(owners.stream().map(OrganisationId::value).collect(Collectors.joining(",")))
                    .param(tenant())
                    .query((row, n) -> n)
                    .single();
            return work.get();
        });
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
    @SuppressWarnings("unchecked") // a writer's list holds what came with that writer
    public <T> void gather(Consumer<List<T>> writer, T row) {
        Ending ending = ending();
        if (ending == null) {
            throw new IllegalStateException("A row outside a transaction: " + row);
        }
        List<T> rows = (List<T>) ending.gathered.computeIfAbsent(writer, key -> new ArrayList<>());
        rows.add(row);
        if (rows.size() == MOST_GATHERED) {
            ending.gathered.remove(writer);
            writer.accept(rows);
        }
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
            if (dataSource.role() != wanted) {
                throw new IllegalStateException(
                        "A transaction of role %s cannot go on as %s".formatted(dataSource.role(), wanted));
            }
            return work.get();
        }
        Ending ending = new Ending();
        TransactionSynchronizationManager.bindResource(this, ending);
        dataSource.enter(wanted);
        T result;
        try {
            result = template.execute(status -> {
                T done = work.get();
                ending.write();
                return done;
            });
        } catch (DataAccessException | TransactionException e) {
            throw DatabaseFailure.from(e).map(RuntimeException.class::cast).orElse(e);
        } finally {
            dataSource.leave();
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
        private @Nullable UUID audited;

        @SuppressWarnings("unchecked") // as gather put them
        private void write() {
            while (!gathered.isEmpty()) {
                Map.Entry<Consumer<?>, List<?>> first =
                        gathered.entrySet().iterator().next();
                gathered.remove(first.getKey());
                ((Consumer<List<?>>) first.getKey()).accept(first.getValue());
            }
        }
    }
}

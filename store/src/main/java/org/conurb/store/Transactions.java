package org.conurb.store;

import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.conurb.kernel.OrganisationId;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The only way to the database. Each transaction runs as the application role behind the second wall, or as the system
 * role; commit means on disk. A call inside a transaction of the same role joins it. Safe for many threads.
 */
public final class Transactions {
    private static final Object AUDITED = new Object();

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

    /**
     * Runs as the application role. Rows of organisations outside {@code owners} do not exist for it.
     *
     * @param owners from {@code Access.owners}
     */
    public <T extends @Nullable Object> T as(Collection<OrganisationId> owners, Supplier<T> work) {
        return in(DatabaseRole.APPLICATION, () -> {
            jdbc.sql("select set_config('conurb.owners', :owners, true)")
                    .param("owners", owners.stream().map(OrganisationId::value).collect(Collectors.joining(",")))
                    .query(String.class)
                    .single();
            return work.get();
        });
    }

    /** Runs as the system role: for sequencers, cursors, timers and the door of identity; never with a caller's SQL. */
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

    /** Runs once the current transaction has committed, on its thread; at once when there is none. */
    public void afterCommit(Runnable work) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            work.run();
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                work.run();
            }
        });
    }

    /** Whether this thread is inside a transaction. */
    public boolean active() {
        return TransactionSynchronizationManager.isActualTransactionActive();
    }

    /** Told by the audit log: the answer to the current change carries this entry; the last one told wins. */
    public void audited(UUID entry) {
        TransactionSynchronizationManager.unbindResourceIfPossible(AUDITED);
        TransactionSynchronizationManager.bindResource(AUDITED, entry);
    }

    /** The audit entry of the current transaction, if one was written. */
    Optional<UUID> audited() {
        return Optional.ofNullable((UUID) TransactionSynchronizationManager.getResource(AUDITED));
    }

    private <T extends @Nullable Object> T in(DatabaseRole wanted, Supplier<T> work) {
        if (active()) {
            if (dataSource.role() != wanted) {
                throw new IllegalStateException(
                        "A transaction of role %s cannot go on as %s".formatted(dataSource.role(), wanted));
            }
            return work.get();
        }
        dataSource.enter(wanted);
        try {
            return template.execute(status -> work.get());
        } finally {
            TransactionSynchronizationManager.unbindResourceIfPossible(AUDITED);
            dataSource.leave();
        }
    }
}

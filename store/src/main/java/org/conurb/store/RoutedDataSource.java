package org.conurb.store;

import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/** Hands out connections of the role that the current transaction runs as; without one there are none. */
final class RoutedDataSource extends AbstractRoutingDataSource {
    private final ThreadLocal<@Nullable DatabaseRole> role = new ThreadLocal<>();

    RoutedDataSource(DataSource application, DataSource system) {
        setTargetDataSources(Map.of(DatabaseRole.APPLICATION, application, DatabaseRole.SYSTEM, system));
        initialize();
    }

    @Nullable
    DatabaseRole role() {
        return role.get();
    }

    void enter(DatabaseRole entered) {
        role.set(entered);
    }

    void leave() {
        role.remove();
    }

    @Override
    protected Object determineCurrentLookupKey() {
        DatabaseRole current = role.get();
        if (current == null) {
            throw new IllegalStateException("SQL outside a transaction: use Transactions.as or asSystem");
        }
        return current;
    }
}

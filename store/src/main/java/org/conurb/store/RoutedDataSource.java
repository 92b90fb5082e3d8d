package org.conurb.store;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** Hands out connections of the role that the current transaction runs as; without one there are none. */
final class RoutedDataSource extends AbstractDataSource {
    private final ThreadLocal<@Nullable DatabaseRole> role = new ThreadLocal<>();
    private final DataSource application;
    private final DataSource system;

    RoutedDataSource(DataSource application, DataSource system) {
        this.application = application;
        this.system = system;
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
    public Connection getConnection() throws SQLException {
        return switch (role.get()) {
            case APPLICATION -> application.getConnection();
            case SYSTEM -> system.getConnection();
            case null -> throw new IllegalStateException("SQL outside a transaction: use Transactions.as or asSystem");
        };
    }

    @Override
    public Connection getConnection(String username, String password) {
        throw new UnsupportedOperationException("The role decides who signs in");
    }
}

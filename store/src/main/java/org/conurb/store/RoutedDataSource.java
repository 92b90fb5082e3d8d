package org.conurb.store;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** Hands out connections of the role that the current thread's passage runs as; without one there are none. */
final class RoutedDataSource extends AbstractDataSource {
    private final ThreadLocal<@Nullable Passage> passage = new ThreadLocal<>();
    private final DataSource application;
    private final DataSource system;

    RoutedDataSource(DataSource application, DataSource system) {
        this.application = application;
        this.system = system;
    }

    @Nullable
    Passage passage() {
        return passage.get();
    }

    /** @return the passage before, to be entered again afterwards */
    @Nullable
    Passage enter(@Nullable Passage entered) {
        Passage before = passage.get();
        if (entered == null) {
            passage.remove();
        } else {
            passage.set(entered);
        }
        return before;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Passage current = passage.get();
        if (current == null) {
            throw new IllegalStateException("SQL outside a transaction: use Transactions.as, read or asSystem");
        }
        return switch (current.role()) {
            case APPLICATION -> WalledConnection.over(application.getConnection(), current);
            case SYSTEM -> system.getConnection();
        };
    }

    @Override
    public Connection getConnection(String username, String password) {
        throw new UnsupportedOperationException("The role decides who signs in");
    }
}

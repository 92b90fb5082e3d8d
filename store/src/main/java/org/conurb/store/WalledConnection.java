package org.conurb.store;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the application role that saves round trips: the first statement of a transaction brings the second wall
 * with it, and the last one the commit. PostgreSQL takes the parts one after the other and stops at the first that fails, so
 * nothing is seen before the wall stands. Reads that make no transaction bring wall and read-only mode each time, and
 * PostgreSQL ends both with the statement.
 */
final class WalledConnection implements InvocationHandler {
    static final String WALL = "select set_config('conurb.owners', ?, true), set_config('conurb.tenant', ?, true)";
    private static final String READ_ONLY = ", set_config('transaction_read_only', 'on', true)";
    private static final int WALL_PARAMETERS = 2;

    private final Connection connection;
    private final Passage passage;

    private WalledConnection(Connection connection, Passage passage) {
        this.connection = connection;
        this.passage = passage;
    }

    static Connection over(Connection connection, Passage passage) {
        return (Connection) Proxy.newProxyInstance(
                WalledConnection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                new WalledConnection(connection, passage));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getName().equals("prepareStatement") && arguments != null && arguments.length == 1) {
            return prepare((String) arguments[0]);
        }
        if (method.getName().startsWith("prepare") || method.getName().equals("createStatement")) {
            throw new UnsupportedOperationException("Only prepareStatement(String) brings the wall with it");
        }
        return call(connection, method, arguments);
    }

    private PreparedStatement prepare(String sql) throws SQLException {
        Passage.@Nullable Wall wall = passage.missing();
        if (wall == null && !passage.last()) {
            return connection.prepareStatement(sql);
        }
        String before = wall == null ? "" : WALL + (passage.reads() ? READ_ONLY : "") + ";\n";
        PreparedStatement statement = connection.prepareStatement(before + sql + (passage.last() ? ";\ncommit" : ""));
        if (wall != null) {
            statement.setString(1, wall.owners());
            statement.setString(2, wall.tenant());
        }
        return (PreparedStatement) Proxy.newProxyInstance(
                WalledConnection.class.getClassLoader(),
                new Class<?>[] {PreparedStatement.class},
                new Prepared(statement, passage, wall != null));
    }

    private static @Nullable Object call(Object on, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(on, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    /** @param shifted whether the wall is its first part, whose result nobody asked for */
    private record Prepared(PreparedStatement statement, Passage passage, boolean shifted)
            implements InvocationHandler {
        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            switch (method.getName()) {
                case "executeQuery" -> {
                    run();
                    return statement.getResultSet();
                }
                case "executeUpdate" -> {
                    run();
                    return statement.getUpdateCount();
                }
                case "execute" -> {
                    return run();
                }
                case "addBatch", "executeBatch", "executeLargeUpdate", "executeLargeBatch", "clearParameters" ->
                    throw new UnsupportedOperationException(method.getName());
                default -> {
                    if (shifted && arguments != null && arguments.length > 1 && arguments[0] instanceof Integer index) {
                        arguments[0] = index + WALL_PARAMETERS;
                    }
                    return call(statement, method, arguments);
                }
            }
        }

        /** Whether there is a result set. */
        private boolean run() throws SQLException {
            boolean rows = statement.execute();
            if (shifted) {
                rows = statement.getMoreResults();
            }
            passage.done();
            return rows;
        }
    }
}

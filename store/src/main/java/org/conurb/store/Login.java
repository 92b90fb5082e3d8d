package org.conurb.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;

/**
 * How to reach a database.
 *
 * @param role taken right after sign-in; empty to stay who one is
 */
record Login(String url, String user, String password, String role) {
    static Login of(String url, String user, String password) {
        return new Login(url, user, password, "");
    }

    Login as(String other) {
        return new Login(url, user, password, other);
    }

    /** The same for another database of the same server. */
    Login to(String database) {
        return new Login(url.substring(0, url.lastIndexOf('/') + 1) + database, user, password, role);
    }

    /**
     * Plans are made once for all values: our statements say by themselves which index serves them, and planning one anew for
     * each list of owners costs more than running it.
     *
     * @param statement longest run of one statement; the connection is given up after half as much again, so that a
     *     database that hangs costs no more
     */
    Properties properties(Duration statement) {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("ApplicationName", "conurb");
        properties.setProperty("reWriteBatchedInserts", "true");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("connectTimeout", "3");
        properties.setProperty("loginTimeout", "5");
        properties.setProperty("socketTimeout", Long.toString(statement.toSeconds() * 3 / 2 + 1));
        properties.setProperty(
                "options",
                "-c statement_timeout=%d -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s -c plan_cache_mode=force_generic_plan%s"
                        .formatted(statement.toMillis(), role.isEmpty() ? "" : " -c role=" + role));
        return properties;
    }

    Connection connect(Duration statement) throws SQLException {
        return DriverManager.getConnection(url, properties(statement));
    }

    @Override
    public String toString() {
        return "Login[%s, %s, masked, %s]".formatted(url, user, role);
    }
}

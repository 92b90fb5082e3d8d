package org.conurb.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.postgresql.PGConnection;

/**
 * The three roles every database of ours has: the owner of all tables, who only migrates; the application, which serves
 * callers; the system, which runs sequencers and timers. None may bypass policies or make roles.
 */
final class Roles {
    static final String DATABASE = "conurb";

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<String> ALL = List.of(Passwords.OWNER, Passwords.APPLICATION, Passwords.SYSTEM);

    private Roles() {}

    /**
     * In a cluster of ours: each role signs in with its own password.
     *
     * @param superuser to the database {@code postgres}
     * @param fresh whether the passwords are new, and old ones must go
     */
    static void embed(Login superuser, Passwords passwords, boolean fresh) throws SQLException {
        try (Connection connection = superuser.connect(LIMIT);
                Statement statement = connection.createStatement()) {
            Set<String> there = names(statement);
            for (String role : ALL) {
                if (!there.contains(role)) {
                    statement.execute(
                            "create role %s login nosuperuser nobypassrls nocreatedb nocreaterole noreplication"
                                    .formatted(role));
                }
                if (fresh || !there.contains(role)) {
                    connection
                            .unwrap(PGConnection.class)
                            .alterUserPassword(role, passwords.of(role).toCharArray(), "scram-sha-256");
                }
            }
            try (ResultSet rows =
                    statement.executeQuery("select 1 from pg_database where datname = '%s'".formatted(DATABASE))) {
                if (rows.next()) {
                    return;
                }
            }
            statement.execute("create database %s owner %s".formatted(DATABASE, Passwords.OWNER));
            statement.execute("revoke all on database %s from public".formatted(DATABASE));
            statement.execute("grant connect on database %s to %s, %s"
                    .formatted(DATABASE, Passwords.APPLICATION, Passwords.SYSTEM));
        }
    }

    /** In somebody else's server: one user signs in and takes the role that each transaction needs. */
    static void adopt(Login user) throws SQLException {
        try (Connection connection = user.connect(LIMIT);
                Statement statement = connection.createStatement()) {
            Set<String> there = names(statement);
            for (String role : ALL) {
                if (!there.contains(role)) {
                    statement.execute(
                            "create role %s nologin nosuperuser nobypassrls nocreatedb nocreaterole".formatted(role));
                }
                if (!is(statement, "pg_has_role(current_user, '%s', 'set')".formatted(role))) {
                    statement.execute("grant %s to current_user".formatted(role));
                }
            }
            if (!is(
                    statement,
                    "has_database_privilege('%s', current_database(), 'create')".formatted(Passwords.OWNER))) {
                statement.execute("""
                        do $$ begin execute format('grant create, connect on database %%I to %s', current_database()); end $$
                        """.formatted(Passwords.OWNER));
            }
        }
    }

    /** What an administrator runs where we may not. */
    static String script(String user) {
        return ("create role %1$s nologin; create role %2$s nologin; create role %3$s nologin; "
                        + "grant %1$s, %2$s, %3$s to \"%4$s\"; grant create, connect on database <database> to %1$s;")
                .formatted(Passwords.OWNER, Passwords.APPLICATION, Passwords.SYSTEM, user);
    }

    private static Set<String> names(Statement statement) throws SQLException {
        Set<String> names = new HashSet<>();
        try (ResultSet rows = statement.executeQuery("select rolname from pg_roles")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    private static boolean is(Statement statement, String condition) throws SQLException {
        try (ResultSet rows = statement.executeQuery("select " + condition)) {
            return rows.next() && rows.getBoolean(1);
        }
    }
}

package org.conurb.testkit;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * How a database of some schemas is made as it was after its migrations: their tables empty but for those that a
 * migration fills, their sequences at the start.
 *
 * @param empty the statements, in one
 * @param kept a query that tells all rows of the tables which are not emptied, in one text
 * @param rows what it tells at first
 * @param relations how many tables and indexes there are
 */
record Emptying(String empty, String kept, String rows, int relations) {
    private static final String OURS =
            "relnamespace in (select oid from pg_namespace where nspname !~ '^pg_|^information_schema$')";
    /** What has held more is made anew: the planner would remember it. */
    private static final int PAGES = 100;

    static Emptying of(Connection superuser) throws SQLException {
        List<String> deletes = new ArrayList<>();
        List<String> filled = new ArrayList<>();
        for (String table : texts(superuser, "select oid::regclass from pg_class where relkind = 'r' and " + OURS)) {
            boolean empty = texts(superuser, "select 1 from %s limit 1".formatted(table))
                    .isEmpty();
            if (empty) {
                deletes.add("delete from " + table);
            } else {
                filled.add("(select string_agg(x::text, '|' order by x::text) from %s x)".formatted(table));
            }
        }
        for (String sequence : texts(superuser, "select oid::regclass from pg_class where relkind = 'S' and " + OURS)) {
            deletes.add("alter sequence %s restart".formatted(sequence));
        }
        String kept = "select concat_ws('|', %s)".formatted(String.join(", ", filled));
        return new Emptying(
                "set session_replication_role = replica; set lock_timeout = '2s'; " + String.join("; ", deletes),
                kept,
                texts(superuser, kept).getFirst(),
                relations(superuser));
    }

    /** Whether it is as it was now. */
    boolean empty(Connection superuser) {
        try (Statement statement = superuser.createStatement()) {
            superuser.setAutoCommit(false);
            statement.execute(empty);
            superuser.commit();
            superuser.setAutoCommit(true);
            return texts(superuser, kept).getFirst().equals(rows)
                    && relations(superuser) == relations
                    && texts(
                                    superuser,
                                    "select 1 from pg_class where relpages > %d and %s limit 1".formatted(PAGES, OURS))
                            .isEmpty();
        } catch (SQLException inUse) {
            return false;
        }
    }

    private static int relations(Connection superuser) throws SQLException {
        return Integer.parseInt(
                texts(superuser, "select count(*) from pg_class where " + OURS).getFirst());
    }

    private static List<String> texts(Connection superuser, String query) throws SQLException {
        try (Statement statement = superuser.createStatement();
                ResultSet found = statement.executeQuery(query)) {
            List<String> all = new ArrayList<>();
            while (found.next()) {
                all.add(found.getString(1));
            }
            return all;
        }
    }
}

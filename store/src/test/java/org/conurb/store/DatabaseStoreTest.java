package org.conurb.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import org.conurb.kernel.Health;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DatabaseStoreTest {
    private static final Sandbox SANDBOX = new Sandbox();
    private static Database database;
    private static Transactions store;

    @BeforeAll
    static void start() {
        database = SANDBOX.start("a city");
        store = database.transactions();
    }

    @AfterAll
    static void stop() {
        database.close();
        SANDBOX.close();
    }

    @Test
    void whatIsAcknowledgedIsOnDiskAndDamageIsNoticed() throws SQLException {
        assertThat(settings(
                        "fsync",
                        "synchronous_commit",
                        "full_page_writes",
                        "data_checksums",
                        "wal_level",
                        "jit",
                        "listen_addresses",
                        "unix_socket_directories",
                        "allow_alter_system"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "fsync", "on",
                        "synchronous_commit", "on",
                        "full_page_writes", "on",
                        "data_checksums", "on",
                        "wal_level", "replica",
                        "jit", "off",
                        "listen_addresses", "127.0.0.1",
                        "unix_socket_directories", "",
                        "allow_alter_system", "off"));
    }

    @Test
    void textIsOrderedTheSameOnAllMachines() throws SQLException {
        try (Connection connection = superuser();
                var rows = connection
                        .createStatement()
                        .executeQuery(
                                "select datlocprovider::text || datlocale from pg_database where datname = 'conurb'")) {
            rows.next();
            assertThat(rows.getString(1)).isEqualTo("bC.UTF-8");
        }
    }

    @Test
    void nobodyGetsInWithoutTheRightPassword() {
        for (String role : List.of("postgres", "conurb_owner", "conurb_application", "conurb_system")) {
            for (String password : new String[] {"", "wrong", role}) {
                Properties properties = new Properties();
                properties.setProperty("user", role);
                properties.setProperty("password", password);
                assertThatThrownBy(() -> DriverManager.getConnection(url(), properties))
                        .isInstanceOf(SQLException.class);
            }
        }
    }

    @Test
    void onlyScramIsSpokenAndOnlyOnLoopback() throws SQLException {
        try (Connection connection = superuser();
                var rows = connection
                        .createStatement()
                        .executeQuery("select auth_method || ' ' || address from pg_hba_file_rules")) {
            List<String> rules = new ArrayList<>();
            while (rows.next()) {
                rules.add(rows.getString(1));
            }
            assertThat(rules).containsExactly("scram-sha-256 127.0.0.1");
        }
    }

    @Test
    void passwordsAreReadableByUsOnlyAndNeverPrinted() throws Exception {
        Path file = SANDBOX.folder("a city").resolve("keys/database.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Passwords passwords = Passwords.read(SANDBOX.folder("a city"));
        assertThat(passwords.toString()).doesNotContain(passwords.of("postgres"));
        assertThat(database.superuser().orElseThrow().toString()).doesNotContain(passwords.of("postgres"));
    }

    @Test
    void runsAsAnUnprivilegedUser() throws Exception {
        Path status = Path.of("/proc", Long.toString(database.pid().orElseThrow()), "status");
        assumeTrue(Files.exists(status), "skipped: no /proc on this system");
        assertThat(Files.readAllLines(status).stream().filter(line -> line.startsWith("Uid:")))
                .noneMatch(line -> line.matches(".*\\t0(\\t.*|$)"));
    }

    @Test
    void noRoleOfOursMayBypassPolicies() throws SQLException {
        try (Connection connection = superuser();
                var rows = connection.createStatement().executeQuery("""
                        select count(*) filter (where rolsuper or rolbypassrls or rolcreatedb or rolcreaterole
                                                      or rolreplication), count(*)
                          from pg_roles where rolname like 'conurb\\_%'
                        """)) {
            rows.next();
            assertThat(rows.getInt(1)).isZero();
            assertThat(rows.getInt(2)).isEqualTo(3);
        }
    }

    @Test
    void aSecondServerOnTheSameFolderIsToldSo() {
        assertThatThrownBy(() -> Database.embedded(SANDBOX.settings("a city")))
                .isInstanceOf(StoreFault.class)
                .hasMessageContaining(
                        "Another Conurb (process " + ProcessHandle.current().pid() + ")");
    }

    @Test
    void aCommandJoinsTheRunningDatabaseAndLeavesItRunning() {
        try (Database visitor =
                Database.attach(SANDBOX.folder("a city"), Sandbox.CLOCK).orElseThrow()) {
            Transactions there = visitor.transactions();
            there.doAsSystem(() -> Sandbox.insert(there, Sandbox.FIRE, "visitor"));
        }
        assertThat(Sandbox.notes(store)).contains("visitor");
        assertThat(Database.attach(SANDBOX.folder("no city"), Sandbox.CLOCK)).isEmpty();
    }

    @Test
    void rowsOfOthersDoNotExist() {
        store.doAsSystem(() -> Sandbox.insert(store, Sandbox.FIRE, "wall-fire"));
        store.doAsSystem(() -> Sandbox.insert(store, Sandbox.POLICE, "wall-police"));

        assertThat(store.as(List.of(Sandbox.FIRE), DatabaseStoreTest::walls)).containsExactly("wall-fire");
        assertThat(store.as(List.of(Sandbox.FIRE, Sandbox.POLICE), DatabaseStoreTest::walls))
                .hasSize(2);
        assertThat(store.as(List.of(), DatabaseStoreTest::walls)).isEmpty();
        assertThat(store.asSystem(DatabaseStoreTest::walls)).hasSize(2);
        assertThatThrownBy(() ->
                        store.doAs(List.of(Sandbox.FIRE), () -> Sandbox.insert(store, Sandbox.POLICE, "not mine")))
                .hasRootCauseMessage("ERROR: new row violates row-level security policy for table \"thing\"");
    }

    @Test
    void ownersOfOneTransactionAreForgottenByTheNext() {
        store.doAs(List.of(Sandbox.FIRE), () -> Sandbox.insert(store, Sandbox.FIRE, "mine"));
        assertThat(store.asSystem(() -> store.jdbc()
                        .sql("select cardinality(store.owners())")
                        .query(Integer.class)
                        .single()))
                .isZero();
    }

    @Test
    void aListBehindTheWallUsesItsIndex() throws SQLException {
        store.doAsSystem(() -> store.jdbc().sql("""
                insert into trial.thing (organisation_id, kind, cell, at)
                    select 'org-' || n % 50, (array['Incident','Unit','Alert'])[n % 3 + 1], n, now() - n * interval '1 s'
                      from generate_series(1, 20000) n
                """).update());
        try (Connection connection = superuser()) {
            connection.createStatement().execute("analyze trial.thing");
        }
        String plan = store.as(
                List.of(new org.conurb.kernel.OrganisationId("org-7")),
                () -> String.join(
                        "\n", store.jdbc().sql("""
                                explain select * from trial.thing
                                 where kind = 'Unit' and cell between 100 and 900 and at > now() - interval '1 day'
                                """).query(String.class).list()));
        assertThat(plan).contains("thing_list").doesNotContain("Seq Scan");
        assertThat(plan.lines()
                        .filter(line -> line.contains("Index Cond"))
                        .findFirst()
                        .orElseThrow())
                .contains("organisation_id", "kind", "cell", "at >");
    }

    @Test
    void aTransactionKeepsItsRole() {
        assertThatThrownBy(() -> store.as(List.of(), () -> store.asSystem(() -> 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot go on as SYSTEM");
        assertThatThrownBy(() -> store.asSystem(() -> store.as(List.of(), () -> 1)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store.jdbc().sql("select 1").query().singleValue())
                .rootCause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("outside a transaction");
    }

    @Test
    void workAfterACommitIsOutsideOfIt() {
        AtomicBoolean seen = new AtomicBoolean();
        store.doAs(List.of(Sandbox.FIRE), () -> {
            Sandbox.insert(store, Sandbox.FIRE, "after");
            store.afterCommit(() -> seen.set(Sandbox.notes(store).contains("after")));
            store.afterCommit(() -> {
                throw new IllegalStateException("is logged, and undoes nothing");
            });
        });
        assertThat(seen).isTrue();

        AtomicBoolean ran = new AtomicBoolean();
        assertThatThrownBy(() -> store.doAs(List.of(), () -> {
                    store.afterCommit(() -> ran.set(true));
                    throw new IllegalArgumentException();
                }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(ran).isFalse();
    }

    @Test
    void aStartWhereNothingChangedDoesNotMigrate() {
        long start = System.nanoTime();
        database.migrate(Sandbox.SCHEMAS);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void tellsHowItIs() {
        Health.Reading reading = database.health().read();
        assertThat(reading.state()).isEqualTo(Health.State.OK);
        assertThat(reading.detail()).contains("PostgreSQL 18");
        assertThat(database.usedBytes()).isGreaterThan(1_000_000);
        assertThat(database.cluster()).contains(SANDBOX.folder("a city").resolve("postgres/cluster"));
    }

    @Test
    void anExternalDatabaseServesTheSame() throws Exception {
        try (Connection connection = superuser()) {
            connection.createStatement().execute("create database outside");
        }
        String password = Passwords.read(SANDBOX.folder("a city")).of("postgres");
        String url = url().replace("/conurb", "/outside");
        try (Database outside = Database.external(url, "postgres", password, Sandbox.CLOCK)) {
            outside.migrate(Sandbox.SCHEMAS);
            Transactions there = outside.transactions();
            there.doAs(List.of(Sandbox.FIRE), () -> Sandbox.insert(there, Sandbox.FIRE, "outside"));
            assertThat(Sandbox.notes(there)).containsExactly("outside");
            assertThat(there.as(
                            List.of(Sandbox.POLICE),
                            () -> there.jdbc()
                                    .sql("select count(*) from trial.thing")
                                    .query(Integer.class)
                                    .single()))
                    .isZero();
            assertThat(outside.port()).isEmpty();
        }
        assertThatThrownBy(() -> Database.external(url, "postgres", "wrong", Sandbox.CLOCK))
                .isInstanceOf(StoreFault.class)
                .hasMessageContaining("cannot be used as postgres");
    }

    @Test
    void anExternalDatabaseThatMayLoseWhatItAcknowledgesIsRefused() throws Exception {
        try (Connection connection = superuser()) {
            connection.createStatement().execute("create database careless");
            connection.createStatement().execute("alter database careless set synchronous_commit = off");
        }
        String password = Passwords.read(SANDBOX.folder("a city")).of("postgres");
        assertThatThrownBy(() ->
                        Database.external(url().replace("/conurb", "/careless"), "postgres", password, Sandbox.CLOCK))
                .isInstanceOf(StoreFault.class)
                .hasMessageContaining("synchronous_commit = off");
    }

    private static List<String> walls() {
        return store.jdbc()
                .sql("select note from trial.thing where note like 'wall-%' order by note")
                .query(String.class)
                .list();
    }

    private static Map<String, String> settings(String... names) throws SQLException {
        Map<String, String> values = new HashMap<>();
        try (Connection connection = superuser();
                var rows = connection.createStatement().executeQuery("select name, setting from pg_settings")) {
            while (rows.next()) {
                values.put(rows.getString(1), rows.getString(2));
            }
        }
        values.keySet().retainAll(List.of(names));
        return values;
    }

    private static String url() {
        return "jdbc:postgresql://127.0.0.1:%d/conurb".formatted(database.port().orElseThrow());
    }

    private static Connection superuser() throws SQLException {
        return database.superuser().orElseThrow().to("conurb").connect(Duration.ofSeconds(30));
    }
}

package org.conurb.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Health;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DatabaseFaultTest {
    private static final Sandbox SANDBOX = new Sandbox();

    /** Every test is done to the same cluster: it must stand them all, one after the other. */
    private static final Path CITY = SANDBOX.folder("a city");

    @BeforeAll
    static void create() {
        start().close();
    }

    @AfterAll
    static void clean() {
        SANDBOX.close();
    }

    @Test
    void refusesAClusterThatDoesNotFlush() throws Exception {
        Path careless = CITY.resolve("postgres/cluster/postgresql.auto.conf");
        for (String setting : List.of("fsync", "full_page_writes", "synchronous_commit")) {
            Files.writeString(careless, setting + " = off\n");

            assertThatThrownBy(() -> Database.embedded(Sandbox.settings(CITY, 0)))
                    .isInstanceOfSatisfying(
                            ConurbException.class, e -> assertThat(e.remedy()).contains("Set " + setting + " = on"))
                    .hasMessageContaining(setting + " = off");
            assertThat(Postmaster.port(careless.getParent())).isEmpty();
        }
        Files.writeString(careless, "");
    }

    @Test
    void stoppingLeavesNoProcess() {
        Database database = start();
        List<Long> family = family(database.pid().orElseThrow());
        assertThat(family).hasSizeGreaterThan(3);

        long start = System.nanoTime();
        database.close();
        database.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThat(Sandbox.within(Duration.ofSeconds(2), () -> family.stream().noneMatch(Sandbox::alive)))
                .isTrue();
    }

    @Test
    void adoptsWhatAKilledServerLeft() throws Exception {
        long orphan = killServer();
        assertThat(Sandbox.alive(orphan)).isTrue();

        try (Database database = Sandbox.started(Sandbox.settings(CITY, 0))) {
            assertThat(database.pid()).contains(orphan);
            assertThat(Sandbox.notes(database.transactions())).containsExactly("before the kill");

            kill(orphan, "KILL");
            assertThat(Sandbox.within(
                            Duration.ofSeconds(15),
                            () -> database.pid().filter(now -> now != orphan).isPresent()))
                    .as("what was adopted is watched")
                    .isTrue();
        }
        assertThat(Sandbox.within(Duration.ofSeconds(2), () -> !Sandbox.alive(orphan)))
                .isTrue();
    }

    @Test
    void replacesWhatAKilledServerLeftWhenSettingsDiffer() throws Exception {
        long orphan = killServer();
        int port = freePort();

        try (Database database = Sandbox.started(Sandbox.settings(CITY, port))) {
            assertThat(database.port()).hasValue(port);
            assertThat(database.pid()).isPresent().get().isNotEqualTo(orphan);
            assertThat(Sandbox.notes(database.transactions())).containsExactly("before the kill");
        }
        assertThat(Sandbox.alive(orphan)).isFalse();
    }

    @Test
    void recoversWhenServerAndPostgresWereKilled() throws Exception {
        long orphan = killServer();
        kill(orphan, "KILL");

        try (Database database = Sandbox.started(Sandbox.settings(CITY, 0))) {
            assertThat(Sandbox.notes(database.transactions())).containsExactly("before the kill");
        }
    }

    @Test
    void aPidFileOfAnotherProgramDoesNotHinderTheStart() throws Exception {
        Path file = CITY.resolve("postgres/cluster/postmaster.pid");
        Files.writeString(
                file,
                "%d\n/x\n1\n1\n\n127.0.0.1\n1 1\nready\n"
                        .formatted(ProcessHandle.current().pid()));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

        try (Database database = start()) {
            assertThat(database.pid())
                    .isPresent()
                    .get()
                    .isNotEqualTo(ProcessHandle.current().pid());
        }
    }

    @Test
    void nothingAcknowledgedIsLostWhenPostgresIsKilledAgainAndAgain() throws Exception {
        try (Database database = start()) {
            Transactions store = database.transactions();
            List<String> acknowledged;
            try (Writers writers = new Writers(store, 8)) {
                for (int kills = 0; kills < 5; kills++) {
                    int before = writers.count();
                    assertThat(Sandbox.within(Duration.ofSeconds(20), () -> writers.count() > before + 100))
                            .as("writes go on")
                            .isTrue();
                    long pid = database.pid().orElseThrow();
                    kill(pid, "KILL");
                    assertThat(Sandbox.within(
                                    Duration.ofSeconds(15),
                                    () -> database.pid()
                                            .filter(now -> now != pid)
                                            .isPresent()))
                            .as("back within 15 s")
                            .isTrue();
                }
                int before = writers.count();
                assertThat(Sandbox.within(Duration.ofSeconds(15), () -> writers.count() > before + 100))
                        .isTrue();
                writers.assertHonest();
                assertThat(writers.refused()).isPositive();
                writers.close();
                acknowledged = writers.soFar();
            }
            List<String> found = Sandbox.notes(store);
            assertThat(found).doesNotHaveDuplicates().containsAll(acknowledged);
            assertThat(Sandbox.within(
                            Duration.ofSeconds(10),
                            () -> database.health().read().detail().contains("5 restarts")))
                    .isTrue();
        }
    }

    @Test
    void aDatabaseThatHangsGivesHonestRefusals() throws Exception {
        PoolSettings impatient = new PoolSettings(4, 1, 2, 1, Duration.ofSeconds(2), Duration.ofSeconds(1));
        EmbeddedSettings like = Sandbox.settings(CITY, 0);
        try (Database database = Sandbox.started(
                new EmbeddedSettings(like.data(), 0, like.binaries(), impatient, like.clock(), like.random()))) {
            Transactions store = database.transactions();
            store.doAsSystem(() -> {});
            List<Long> family = family(database.pid().orElseThrow());
            for (long pid : family) {
                kill(pid, "STOP");
            }
            try {
                long start = System.nanoTime();
                assertThatThrownBy(() -> asks(store))
                        .isInstanceOfSatisfying(
                                ConurbException.class,
                                e -> assertThat(e.category().status()).isEqualTo(503));
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
                assertThat(Sandbox.within(
                                Duration.ofSeconds(40),
                                () -> database.health().read().state() != Health.State.OK))
                        .isTrue();
            } finally {
                for (long pid : family) {
                    kill(pid, "CONT");
                }
            }
            assertThat(Sandbox.within(Duration.ofSeconds(40), () -> serves(store)))
                    .isTrue();
        }
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> Database.embedded(Sandbox.settings(CITY, taken.getLocalPort())))
                    .isInstanceOf(StoreFault.class)
                    .hasMessageContaining("Port " + taken.getLocalPort());
        }
        start().close();
    }

    @Test
    void lostPasswordsAreSetAnew() throws Exception {
        long orphan = killServer();
        Files.delete(Passwords.file(CITY));
        try (Database database = Sandbox.started(Sandbox.settings(CITY, 0))) {
            assertThat(Sandbox.notes(database.transactions())).containsExactly("before the kill");
            assertThat(database.pid()).isPresent().get().isNotEqualTo(orphan);
        }
    }

    @Test
    void aFolderThatPostgresCannotEnterSendsTheClusterElsewhere() throws Exception {
        assumeTrue(ServerUser.find().switched(), "skipped: only root runs PostgreSQL as another user");
        Path closed = Files.createTempDirectory("conurb-closed-"); // rwx------
        try {
            Path cluster;
            try (Database database = Sandbox.started(Sandbox.settings(closed.resolve("data"), 0))) {
                cluster = database.cluster().orElseThrow();
                assertThat(cluster).startsWith(Path.of("/var/lib/conurb"));
                Transactions store = database.transactions();
                store.doAsSystem(() -> Sandbox.insert(store, Sandbox.FIRE, "elsewhere"));
            }
            try (Database again = Sandbox.started(Sandbox.settings(closed.resolve("data"), 0))) {
                assertThat(again.cluster()).contains(cluster);
                assertThat(Sandbox.notes(again.transactions())).containsExactly("elsewhere");
            }
            Folders.delete(cluster.getParent());
        } finally {
            Folders.delete(closed);
        }
    }

    private static Database start() {
        Database database = Sandbox.started(Sandbox.settings(CITY, 0));
        Sandbox.clear(database.transactions());
        return database;
    }

    /** A transaction without a statement says nothing to the database. */
    private static void asks(Transactions store) {
        store.doAs(
                List.of(),
                () -> store.jdbc().sql("select 1").query(Integer.class).single());
    }

    private static boolean serves(Transactions store) {
        try {
            asks(store);
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    /** Starts a server in another JVM, kills it with -9, and tells the process id of the PostgreSQL it leaves. */
    private static long killServer() throws Exception {
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Abandoned.class.getName(),
                        CITY.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
            String line;
            do {
                line = said.readLine();
                assertThat(line).as("the server started").isNotNull();
            } while (!line.startsWith("ready "));
            return Long.parseLong(line.split(" ")[1]);
        } finally {
            server.destroyForcibly();
            assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static List<Long> family(long pid) {
        ProcessHandle parent = ProcessHandle.of(pid).orElseThrow();
        return java.util.stream.Stream.concat(java.util.stream.Stream.of(parent), parent.descendants())
                .map(ProcessHandle::pid)
                .toList();
    }

    private static void kill(long pid, String signal) {
        Command.run(List.of("kill", "-" + signal, Long.toString(pid)), Path.of("/"), "", Duration.ofSeconds(5));
    }

    private static int freePort() throws Exception {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}

package org.conurb.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.conurb.kernel.Json;
import org.conurb.store.Database;
import org.conurb.store.EmbeddedSettings;
import org.conurb.store.Migrations;
import org.conurb.store.PoolSettings;
import org.conurb.store.Transactions;

/**
 * A real PostgreSQL for tests: one a JVM, started at first use in a temporary folder, stopped and removed when the JVM
 * ends. Each call of {@link #with} gives an empty database of its own; databases of the same schemas are copied from a
 * template, so only the first is migrated; what is given back is emptied and given again.
 */
public final class TestStore {
    private static final PoolSettings MANY =
            new PoolSettings(150, 0, 10, 0, Duration.ofSeconds(20), Duration.ofSeconds(10));
    private static final PoolSettings FEW =
            new PoolSettings(16, 0, 6, 0, Duration.ofSeconds(20), Duration.ofSeconds(10));
    private static final Map<List<String>, Template> TEMPLATES = new HashMap<>();
    private static final Map<Transactions, Spare> GIVEN = new IdentityHashMap<>();

    private static Optional<TestStore> running = Optional.empty();
    private static int made;

    /** What databases of some schemas are copied from, and those that were given back. */
    private record Template(String name, Emptying emptying, Deque<Spare> spare) {}

    private record Spare(Database database, Connection superuser, Template template) {}

    private final Path data;
    private final Database database;
    private final String password;

    private TestStore() throws IOException {
        data = Files.createTempDirectory("conurb-test-");
        Files.setPosixFilePermissions(data, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        database = Database.embedded(
                new EmbeddedSettings(data, 0, Optional.of(binaries()), MANY, Clock.systemUTC(), new SecureRandom()));
        password = Json.mapper()
                .readTree(data.resolve("keys/database.json"))
                .get("postgres")
                .asString();
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
    }

    /**
     * A fresh database with the schema {@code store} and those named, migrated in the order given.
     *
     * @param schemas modules on the class path, lower ones first
     */
    public static Transactions with(String... schemas) {
        return database(schemas).transactions();
    }

    /** As {@link #with}, for those who need the database itself; it is given back, not closed. */
    public static synchronized Database database(String... schemas) {
        TestStore store = running.orElseGet(TestStore::start);
        running = Optional.of(store);
        List<String> all =
                Stream.concat(Stream.of("store"), Stream.of(schemas)).distinct().toList();
        Template template = TEMPLATES.computeIfAbsent(all, store::template);
        Spare found = Optional.ofNullable(template.spare().poll()).orElseGet(() -> store.copy(template));
        GIVEN.put(found.database().transactions(), found);
        return found.database();
    }

    /**
     * Takes a database that nothing works on any more, for the next who asks for one of the same schemas: emptied, which
     * is quicker than a new one. One that cannot be made as it was is closed.
     */
    public static void giveBack(Database database) {
        giveBack(database.transactions());
    }

    /** As {@link #giveBack(Database)}, for those who asked {@link #with}; a second time does nothing. */
    public static synchronized void giveBack(Transactions transactions) {
        Optional.ofNullable(GIVEN.remove(transactions)).ifPresent(TestStore::takeBack);
    }

    private static void takeBack(Spare spare) {
        if (spare.template().emptying().empty(spare.superuser())) {
            spare.template().spare().push(spare);
        } else {
            spare.database().close();
            close(spare.superuser());
        }
    }

    /** Where PostgreSQL is unpacked once for all tests of this user. */
    public static Path binaries() {
        return Path.of(
                System.getProperty("java.io.tmpdir", "/tmp"), "conurb-binaries-" + System.getProperty("user.name"));
    }

    private static TestStore start() {
        try {
            return new TestStore();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Template template(List<String> schemas) {
        String name = "template_" + ++made;
        execute("create database %s owner conurb_owner".formatted(name));
        try (Database fresh = open(name)) {
            fresh.migrate(schemas.stream().map(Migrations::new).toList());
        }
        try (Connection superuser = superuser(name)) {
            return new Template(name, Emptying.of(superuser), new ArrayDeque<>());
        } catch (SQLException e) {
            throw new IllegalStateException(name, e);
        }
    }

    private Spare copy(Template template) {
        String name = "test_" + ++made;
        execute("create database %s template %s owner conurb_owner".formatted(name, template.name()));
        try {
            return new Spare(open(name), superuser(name), template);
        } catch (SQLException e) {
            throw new IllegalStateException(name, e);
        }
    }

    private Database open(String name) {
        return Database.external(url(name), "postgres", password, FEW, Clock.systemUTC());
    }

    private String url(String name) {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(database.port().orElseThrow(), name);
    }

    private Connection superuser(String name) throws SQLException {
        return DriverManager.getConnection(url(name), "postgres", password);
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void execute(String sql) {
        try (Connection connection = superuser("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private void stop() {
        database.close();
        try (Stream<Path> tree = Files.walk(data)) {
            List<Path> deepestFirst = new ArrayList<>(tree.toList());
            for (Path path : deepestFirst.reversed()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException left) {
            // the system's own cleaning takes it
        }
    }
}

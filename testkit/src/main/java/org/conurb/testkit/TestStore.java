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
import java.util.ArrayList;
import java.util.HashMap;
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
 * template, so only the first is migrated.
 */
public final class TestStore {
    private static final PoolSettings MANY =
            new PoolSettings(150, 0, 10, 0, Duration.ofSeconds(20), Duration.ofSeconds(10));
    private static final PoolSettings FEW =
            new PoolSettings(16, 0, 6, 0, Duration.ofSeconds(20), Duration.ofSeconds(10));
    private static final Map<List<String>, String> TEMPLATES = new HashMap<>();

    private static Optional<TestStore> running = Optional.empty();
    private static int made;

    private final Path data;
    private final Database database;
    private final String password;

    private TestStore() throws IOException {
        data = Files.createTempDirectory("conurb-test-");
        Files.setPosixFilePermissions(data, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        Path binaries = Path.of(
                System.getProperty("java.io.tmpdir", "/tmp"), "conurb-binaries-" + System.getProperty("user.name"));
        database = Database.embedded(
                new EmbeddedSettings(data, 0, Optional.of(binaries), MANY, Clock.systemUTC(), new SecureRandom()));
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

    /** As {@link #with}, for those who need the database itself; the test may close it. */
    public static synchronized Database database(String... schemas) {
        TestStore store = running.orElseGet(TestStore::start);
        running = Optional.of(store);
        List<String> all =
                Stream.concat(Stream.of("store"), Stream.of(schemas)).distinct().toList();
        String template = TEMPLATES.computeIfAbsent(all, store::template);
        String name = "test_" + ++made;
        store.execute("create database %s template %s owner conurb_owner".formatted(name, template));
        return store.open(name);
    }

    private static TestStore start() {
        try {
            return new TestStore();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String template(List<String> schemas) {
        String name = "template_" + ++made;
        execute("create database %s owner conurb_owner".formatted(name));
        try (Database fresh = open(name)) {
            fresh.migrate(schemas.stream().map(Migrations::new).toList());
        }
        return name;
    }

    private Database open(String name) {
        return Database.external(url(name), "postgres", password, FEW, Clock.systemUTC());
    }

    private String url(String name) {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(database.port().orElseThrow(), name);
    }

    private void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(url("postgres"), "postgres", password);
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

package org.conurb.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/**
 * Brings schemas to the form this program needs. Flyway does it and keeps a history in each schema; {@code
 * store.migrated} keeps a hash of all scripts of a schema, so that a start where nothing changed does not wake Flyway.
 */
final class Migrator {
    private static final Logger LOG = LoggerFactory.getLogger(Migrator.class);
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Login owner;

    Migrator(Login owner) {
        this.owner = owner;
    }

    void migrate(List<Migrations> wanted) {
        try (Connection connection = owner.connect(LONGEST)) {
            Map<String, String> done = done(connection);
            for (Migrations migrations : wanted) {
                String hash = hash(migrations.schema());
                if (!hash.equals(done.get(migrations.schema()))) {
                    migrate(connection, migrations.schema(), hash);
                }
            }
        } catch (SQLException | IOException | FlywayException e) {
            throw new StoreFault(
                    "database-migration",
                    "The database could not be brought to the form this version needs: %s".formatted(e.getMessage()),
                    "Start the version that wrote it, or restore a back-up; the data is unchanged where it failed.",
                    e);
        }
    }

    private void migrate(Connection connection, String schema, String hash) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("create schema if not exists %s".formatted(schema));
            statement.execute(
                    "grant usage on schema %s to %s, %s".formatted(schema, Passwords.APPLICATION, Passwords.SYSTEM));
        }
        int applied = Flyway.configure()
                .dataSource(
                        new SimpleDriverDataSource(new org.postgresql.Driver(), owner.url(), owner.properties(LONGEST)))
                .schemas(schema)
                .defaultSchema(schema)
                .table("migration")
                .locations("classpath:db/" + schema)
                .validateMigrationNaming(true)
                .cleanDisabled(true)
                .load()
                .migrate()
                .migrationsExecuted;
        try (PreparedStatement statement = connection.prepareStatement("""
                insert into store.migrated (schema, scripts) values (?, ?)
                    on conflict (schema) do update set scripts = excluded.scripts, at = now()
                """)) {
            statement.setString(1, schema);
            statement.setString(2, hash);
            statement.execute();
        }
        LOG.atInfo()
                .addKeyValue("schema", schema)
                .addKeyValue("applied", applied)
                .log("store.migrated");
    }

    private static Map<String, String> done(Connection connection) throws SQLException {
        Map<String, String> hashes = new HashMap<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet exists = statement.executeQuery("select to_regclass('store.migrated') is not null")) {
                if (!exists.next() || !exists.getBoolean(1)) {
                    return hashes;
                }
            }
            try (ResultSet rows = statement.executeQuery("select schema, scripts from store.migrated")) {
                while (rows.next()) {
                    hashes.put(rows.getString(1), rows.getString(2));
                }
            }
        }
        return hashes;
    }

    private static String hash(String schema) throws IOException {
        Resource[] scripts = new PathMatchingResourcePatternResolver(Migrator.class.getClassLoader())
                .getResources("classpath*:db/%s/*.sql".formatted(schema));
        if (scripts.length == 0) {
            throw new IOException("There are no scripts in db/" + schema);
        }
        Arrays.sort(scripts, Comparator.comparing(script -> String.valueOf(script.getFilename())));
        MessageDigest digest = Folders.sha256();
        for (Resource script : scripts) {
            digest.update(String.valueOf(script.getFilename()).getBytes(StandardCharsets.UTF_8));
            digest.update(script.getContentAsByteArray());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}

package org.conurb.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.conurb.kernel.Caller;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;

/** Data folders that PostgreSQL's user can enter, with a space in their path; removed when closed. */
final class Sandbox implements AutoCloseable {
    static final OrganisationId FIRE = new OrganisationId("fire");
    static final OrganisationId POLICE = new OrganisationId("police");
    static final List<Migrations> SCHEMAS = List.of(new Migrations("store"), new Migrations("trial"));
    static final Clock CLOCK = Clock.systemUTC();

    private final Path root;

    Sandbox() {
        try {
            root = Files.createTempDirectory("conurb test ");
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    Path folder(String name) {
        return root.resolve(name);
    }

    EmbeddedSettings settings(String name) {
        return settings(folder(name), 0);
    }

    static EmbeddedSettings settings(Path data, int port) {
        Path binaries =
                Path.of(System.getProperty("java.io.tmpdir"), "conurb-binaries-" + System.getProperty("user.name"));
        return new EmbeddedSettings(data, port, Optional.of(binaries), PoolSettings.standard(), CLOCK, new Random());
    }

    Database start(String name) {
        return started(settings(name));
    }

    static Database started(EmbeddedSettings settings) {
        Database database = Database.embedded(settings);
        database.migrate(SCHEMAS);
        return database;
    }

    static Caller caller(OrganisationId organisation) {
        return new Caller(
                "person:1",
                "Ada",
                organisation,
                Optional.empty(),
                Set.of(Role.DISPATCHER),
                Optional.empty(),
                Optional.empty());
    }

    static void insert(Transactions store, OrganisationId owner, String note) {
        store.jdbc().sql("""
                        insert into trial.thing (organisation_id, kind, cell, at, note)
                            values (:owner, 'Incident', 1, now(), :note)
                        """).param("owner", owner.value()).param("note", note).update();
    }

    static void clear(Transactions store) {
        store.doAsSystem(() -> {
            store.jdbc().sql("delete from trial.thing").update();
            store.jdbc().sql("delete from store.once").update();
        });
    }

    static List<String> notes(Transactions store) {
        return store.asSystem(() -> store.jdbc()
                .sql("select note from trial.thing order by note")
                .query(String.class)
                .list());
    }

    /** Waits for a condition, at most so long. */
    static boolean within(Duration bound, BooleanSupplier condition) {
        long end = System.nanoTime() + bound.toNanos();
        while (System.nanoTime() < end) {
            if (condition.getAsBoolean()) {
                return true;
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        return condition.getAsBoolean();
    }

    static boolean alive(long pid) {
        return ProcessHandle.of(pid)
                .filter(process -> process.info().command().isPresent()) // a dead one has none
                .isPresent();
    }

    @Override
    public void close() {
        try {
            Folders.delete(root);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

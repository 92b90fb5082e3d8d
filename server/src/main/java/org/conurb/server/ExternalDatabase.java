package org.conurb.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.conurb.kernel.Json;
import org.conurb.store.Database;

/**
 * A PostgreSQL 18 that somebody else runs, named by the environment: {@code CONURB_DATABASE_URL}, {@code _USER} and
 * {@code _PASSWORD}.
 */
record ExternalDatabase(String url, String user, String password) {
    @Override
    public String toString() {
        return "ExternalDatabase[" + url + "]"; // no password in logs
    }

    static Optional<ExternalDatabase> named() {
        Map<String, String> environment = System.getenv();
        return Optional.ofNullable(environment.get("CONURB_DATABASE_URL"))
                .map(url -> new ExternalDatabase(
                        url,
                        environment.getOrDefault("CONURB_DATABASE_USER", "conurb"),
                        environment.getOrDefault("CONURB_DATABASE_PASSWORD", "")));
    }

    Database open(Clock clock) {
        return Database.external(url, user, password, clock);
    }

    /** Whether the site of a data folder last ran on such a database. */
    static boolean holds(Path data) throws IOException {
        return !Json.mapper()
                .readTree(Files.readAllBytes(data.resolve("ports.json")))
                .has("cluster");
    }
}

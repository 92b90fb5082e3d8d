package org.conurb.server;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.conurb.store.Database;

/** The database while it starts beside everything else: the two take about as long as each other. */
final class Starting {
    private final CompletableFuture<Database> database;

    Starting(Supplier<Database> start) {
        database = CompletableFuture.supplyAsync(
                start, task -> Thread.ofPlatform().name("database-start").start(task));
    }

    Database database() {
        try {
            return database.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Stops the database where nothing else took it over, as when the program failed to start. */
    void abandon() {
        database.handle((started, failure) -> {
                    if (started != null) {
                        started.close();
                    }
                    return failure == null;
                })
                .join();
    }
}

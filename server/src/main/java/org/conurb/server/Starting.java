package org.conurb.server;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.conurb.media.MediaWorkers;
import org.conurb.outbound.OutboundHttp;
import org.conurb.store.Database;

/** What starts beside everything else: the database, which takes about as long, and what is slow when first used. */
final class Starting {
    private final CompletableFuture<Database> database;

    Starting(Supplier<Database> start) {
        database = CompletableFuture.supplyAsync(
                start, task -> Thread.ofPlatform().name("database-start").start(task));
        Thread.ofPlatform().daemon().name("prepare").start(() -> {
            MediaWorkers.prepare();
            OutboundHttp.prepare();
        });
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

package org.conurb.store;

import java.io.IOException;
import java.nio.file.Path;

/** A server in a JVM of its own that a test kills: tells PostgreSQL's process id and port, then waits. */
final class Abandoned {
    private Abandoned() {}

    public static void main(String[] args) throws IOException {
        Database database = Sandbox.started(Sandbox.settings(Path.of(args[0]), 0));
        Transactions store = database.transactions();
        Sandbox.clear(store);
        store.doAs(java.util.List.of(Sandbox.FIRE), () -> Sandbox.insert(store, Sandbox.FIRE, "before the kill"));
        System.out.printf(
                "ready %d %d%n", database.pid().orElseThrow(), database.port().orElseThrow());
        System.out.flush();
        while (System.in.read() >= 0) {
            // until the end of input, which never comes: the test kills us
        }
    }
}

package org.conurb.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.conurb.media.WebRtcClient;

/** What it costs to begin to listen: WHEP's request, ICE, DTLS and keys, by some at the same time. */
final class TalkJoins {
    private static final int WARM = 2_000;
    private static final int JOINS = 1_000;
    private static final int AT_ONCE = 4;
    private static final int MEMBERS = 2;

    private TalkJoins() {}

    static void run(PrintStream progress, TalkCity city, List<Goal> goals) throws IOException, InterruptedException {
        String group = city.group("Bench joins", city.units(MEMBERS));
        List<WebRtcClient> clients = new ArrayList<>();
        try (ExecutorService some = Executors.newFixedThreadPool(AT_ONCE)) {
            join(some, city, group, WARM, clients);
            double[] before = city.site().cpuSeconds();
            long began = System.nanoTime();
            join(some, city, group, JOINS, clients);
            double seconds = (System.nanoTime() - began) / 1e9;
            double[] after = city.site().cpuSeconds();
            double server = after[0] - before[0];
            double database = after[1] - before[1];
            progress.printf(
                    "bench talk: %d joins in %.1f s, %d at a time: %.2f ms CPU of the server and %.2f of PostgreSQL each%n",
                    JOINS, seconds, AT_ONCE, server * 1e3 / JOINS, database * 1e3 / JOINS);
            goals.add(Goal.atLeast(
                    "joins by WHEP a second of a core (server %.2f ms, PostgreSQL %.2f ms each)"
                            .formatted(server * 1e3 / JOINS, database * 1e3 / JOINS),
                    JOINS / (server + database),
                    "1/s",
                    150));
        } finally {
            for (WebRtcClient client : clients) {
                client.close();
            }
        }
    }

    private static void join(ExecutorService some, TalkCity city, String group, int count, List<WebRtcClient> clients)
            throws IOException, InterruptedException {
        List<Future<WebRtcClient>> coming = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            coming.add(some.submit(() -> city.hear(group)));
        }
        try {
            for (Future<WebRtcClient> one : coming) {
                clients.add(one.get());
            }
        } catch (ExecutionException failed) {
            throw new IOException("Somebody could not join", failed.getCause());
        }
    }
}

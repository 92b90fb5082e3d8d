package org.conurb.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.conurb.kernel.Json;

/** From a saved incident to 200 screens, and how many incidents a second are saved, audit and all. */
final class IncidentsBench {
    private static final int STREAMS = 200;
    private static final int SHOWN = 200;
    private static final int A_SECOND = 10;
    private static final int CONNECTIONS = 16;
    private static final Duration WARM_UP = Duration.ofSeconds(12);
    private static final Duration WINDOW = Duration.ofSeconds(15);

    private final RunningSite site;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String token;

    private IncidentsBench(RunningSite site) throws IOException, InterruptedException {
        this.site = site;
        this.token = site.token(http);
    }

    static List<Goal> run(PrintStream progress) throws IOException, InterruptedException {
        try (Scratch scratch = Scratch.named("incidents");
                RunningSite site = RunningSite.start(scratch.folder().resolve("data"))) {
            IncidentsBench bench = new IncidentsBench(site);
            site.warmUp(progress, "incidents", () -> bench.load(WARM_UP));
            List<Goal> goals = new ArrayList<>();
            goals.addAll(bench.visible(progress));
            goals.addAll(bench.throughput(progress));
            return goals;
        }
    }

    private List<Goal> visible(PrintStream progress) throws IOException, InterruptedException {
        progress.printf("bench incidents: %d streams, %d incidents at %d a second%n", STREAMS, SHOWN, A_SECOND);
        Map<String, Long> sent = new ConcurrentHashMap<>();
        long[] delays = new long[STREAMS * SHOWN];
        AtomicInteger arrived = new AtomicInteger();
        CountDownLatch ready = new CountDownLatch(STREAMS);
        List<EventStream> streams = new ArrayList<>();
        try {
            for (int i = 0; i < STREAMS; i++) {
                streams.add(new EventStream(site.address(), token, ready, data -> {
                    long now = System.nanoTime();
                    int at = data.indexOf("urn:ngsi-ld:Incident:");
                    Long began = at < 0 ? null : sent.get(data.substring(at + 21, at + 57));
                    if (began != null) {
                        int n = arrived.getAndIncrement();
                        if (n < delays.length) {
                            delays[n] = now - began;
                        }
                    }
                }));
            }
            if (!ready.await(20, TimeUnit.SECONDS)) {
                throw new IOException(
                        "Only %d of %d streams were opened".formatted(STREAMS - ready.getCount(), STREAMS));
            }
            for (int i = 0; i < SHOWN; i++) {
                String id = UUID.randomUUID().toString();
                sent.put(id, System.nanoTime());
                post(id);
                TimeUnit.MILLISECONDS.sleep(1000 / A_SECOND);
            }
            for (int i = 0; i < 50 && arrived.get() < delays.length; i++) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        } finally {
            for (EventStream stream : streams) {
                stream.close();
            }
        }
        int count = Math.min(arrived.get(), delays.length);
        long[] sorted = Arrays.copyOf(delays, count);
        Arrays.sort(sorted);
        return List.of(
                Goal.atLeast("incidents seen on %d streams".formatted(STREAMS), count, "arrivals", delays.length),
                Goal.atMost(
                        "incident sent to visible on %d streams, p95 (p50 %.0f, max %.0f)"
                                .formatted(STREAMS, millis(sorted, 0.5), millis(sorted, 1)),
                        millis(sorted, 0.95),
                        "ms",
                        250));
    }

    private List<Goal> throughput(PrintStream progress) throws IOException, InterruptedException {
        progress.printf("bench incidents: %d connections for %d s%n", CONNECTIONS, WINDOW.toSeconds());
        double[] before = site.cpuSeconds();
        long began = System.nanoTime();
        long[] delays = load(WINDOW);
        double seconds = (System.nanoTime() - began) / 1e9;
        double[] after = site.cpuSeconds();
        Arrays.sort(delays);
        double rate = delays.length / seconds;
        return List.of(Goal.atLeast(
                "incidents saved a second, %d connections (p50 %.0f ms, p95 %.0f ms; CPU ms each: server %.2f, PostgreSQL %.2f)"
                        .formatted(
                                CONNECTIONS,
                                millis(delays, 0.5),
                                millis(delays, 0.95),
                                (after[0] - before[0]) * 1000 / delays.length,
                                (after[1] - before[1]) * 1000 / delays.length),
                rate,
                "1/s",
                300));
    }

    /** Posts on all connections as fast as answers come; the time of each, in nanoseconds. */
    private long[] load(Duration window) throws InterruptedException {
        long[] delays = new long[1_000_000];
        AtomicInteger count = new AtomicInteger();
        AtomicLong failed = new AtomicLong();
        long end = System.nanoTime() + window.toNanos();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                while (System.nanoTime() < end) {
                    long began = System.nanoTime();
                    try {
                        post(UUID.randomUUID().toString());
                        delays[count.getAndIncrement()] = System.nanoTime() - began;
                    } catch (IOException e) {
                        failed.incrementAndGet();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return;
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (failed.get() > 0) {
            throw new IllegalStateException(failed.get() + " requests failed");
        }
        return Arrays.copyOf(delays, count.get());
    }

    private void post(String id) throws IOException, InterruptedException {
        Map<String, Object> incident = Map.of(
                "id",
                id,
                "type",
                "fire.smoke",
                "priority",
                2,
                "place",
                Map.of("type", "Point", "coordinates", List.of(7.42, 43.73)),
                "description",
                "Smoke from a window on the second floor");
        HttpResponse<byte[]> answer = http.send(
                HttpRequest.newBuilder(site.address().resolve("/api/incidents"))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(
                                Json.mapper().writeValueAsBytes(incident)))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 201) {
            throw new IOException("POST answered " + answer.statusCode());
        }
    }

    private static double millis(long[] sorted, double quantile) {
        return sorted.length == 0
                ? Double.NaN
                : sorted[(int) Math.min(sorted.length - 1, quantile * sorted.length)] / 1e6;
    }
}

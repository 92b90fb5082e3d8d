package org.conurb.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What one operation of NGSI-LD costs, and whether it costs the same in a large city. */
final class HubBench {
    private static final int SMALL = 5_000;
    private static final int MIDDLE = 100_000;
    private static final int LARGE = 1_000_000;
    private static final int CONNECTIONS = 8;
    private static final int MANY_CONNECTIONS = 64;
    private static final int BATCH = 100;
    private static final double WARM_UP_SECONDS = 3;
    private static final double WINDOW_SECONDS = 6;
    private static final int WITH_HISTORY = 500;
    private static final int HISTORY = 12;
    private static final int NOTIFIED = 200;
    private static final int NOTIFIED_A_SECOND = 20;
    private static final String ENTITIES = "/ngsi-ld/v1/entities";
    private static final Map<String, Double> GOALS = goals();

    private final PrintStream progress;
    private final RunningSite site;
    private final String token;
    private final int loaded;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger value = new AtomicInteger(1);

    private HubBench(PrintStream progress, RunningSite site, int loaded) throws IOException, InterruptedException {
        this.progress = progress;
        this.site = site;
        this.loaded = loaded;
        try (HttpClient http = HttpClient.newHttpClient()) {
            this.token = site.token(http);
        }
    }

    /** CPU milliseconds of server and PostgreSQL for one, among {@value #SMALL}. */
    private static Map<String, Double> goals() {
        Map<String, Double> goals = new LinkedHashMap<>();
        goals.put("get", 0.4);
        goals.put("type+q, 10 rows", 1.0);
        goals.put("near, 10 rows", 1.0);
        goals.put("patch", 0.6);
        goals.put("temporal, last 10", 0.5);
        goals.put("create", 0.6);
        goals.put("batch upsert, entity", 0.25);
        return goals;
    }

    /** How many entities are tried. */
    enum Size {
        SMALL,
        USUAL,
        LARGE
    }

    /** @param size the large one takes minutes to load */
    static List<Goal> run(PrintStream progress, Size size) throws IOException, InterruptedException {
        List<Goal> goals = new ArrayList<>();
        Map<String, Lap> few = Map.of();
        for (int entities : List.of(SMALL, MIDDLE, LARGE).subList(0, size.ordinal() + 1)) {
            try (Scratch scratch = Scratch.named("hub");
                    RunningSite site =
                            RunningSite.start(scratch.folder().resolve("data"), "--allow-outbound", "127.0.0.1")) {
                HubBench bench = new HubBench(progress, site, entities);
                bench.load();
                bench.warmUp();
                Map<String, Lap> laps = bench.laps();
                if (entities == SMALL) {
                    few = laps;
                    GOALS.forEach((name, most) -> goals.add(Goal.atMost(
                            "CPU of one %s, %,d entities".formatted(name, entities),
                            of(laps, name).cpu(),
                            "ms",
                            most)));
                    goals.add(bench.connections(of(laps, "create")));
                    goals.addAll(bench.notifications());
                }
                if (entities == MIDDLE) {
                    goals.add(Goal.atMost(
                            "memory of all processes (PSS), %,d entities".formatted(entities),
                            site.residentMegabytes(),
                            "MB",
                            1024));
                }
                if (entities == LARGE || entities == MIDDLE) {
                    for (String name : List.of("type+q, 10 rows", "near, 10 rows")) {
                        goals.add(Goal.atMost(
                                "%s: CPU among %,d to among %,d".formatted(name, entities, SMALL),
                                of(laps, name).cpu() / of(few, name).cpu(),
                                "times",
                                1.5));
                    }
                }
            }
        }
        return goals;
    }

    private static Lap of(Map<String, Lap> laps, String name) {
        return Objects.requireNonNull(laps.get(name), name);
    }

    private void load() throws IOException, InterruptedException {
        progress.printf("bench hub: loading %,d entities%n", loaded);
        long began = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        List<IOException> failed = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            threads.add(Thread.ofPlatform().daemon().start(() -> {
                try (Wire wire = new Wire(site.address(), token)) {
                    for (int first = next.getAndAdd(BATCH); first < loaded; first = next.getAndAdd(BATCH)) {
                        upsert(wire, first);
                    }
                } catch (IOException e) {
                    synchronized (failed) {
                        failed.add(e);
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (!failed.isEmpty()) {
            throw failed.getFirst();
        }
        next.set(loaded);
        double seconds = (System.nanoTime() - began) / 1e9;
        progress.printf("  loaded in %.1f s, %.0f/s%n", seconds, loaded / seconds);
    }

    /** All operations in turn. */
    private void warmUp() throws IOException, InterruptedException {
        history();
        site.warmUp(progress, "hub", () -> {
            for (Lap.Operation operation : operations().values()) {
                Lap.of(site, token, CONNECTIONS, 0, WARM_UP_SECONDS, 1, operation);
            }
        });
    }

    private Map<String, Lap> laps() throws IOException, InterruptedException {
        Map<String, Lap> laps = new LinkedHashMap<>();
        for (Map.Entry<String, Lap.Operation> operation : operations().entrySet()) {
            String name = operation.getKey();
            int each = name.startsWith("batch") ? BATCH : 1;
            Lap lap = Lap.of(site, token, CONNECTIONS, 1, WINDOW_SECONDS, each, operation.getValue());
            progress.println(lap.told(name));
            laps.put(name, lap);
        }
        return laps;
    }

    private Map<String, Lap.Operation> operations() {
        Map<String, Lap.Operation> operations = new LinkedHashMap<>();
        operations.put("get", (wire, random) -> {
            String id = Spots.id(random.nextInt(loaded));
            demand(wire, wire.get(ENTITIES + "/" + id), 200, id, 1);
        });
        operations.put("type+q, 10 rows", (wire, random) -> ten(wire, Spots.between(random.nextInt(loaded))));
        operations.put("near, 10 rows", (wire, random) -> ten(wire, Spots.near(random.nextInt(loaded))));
        operations.put("patch", (wire, random) -> patch(wire, random.nextInt(loaded)));
        operations.put("temporal, last 10", (wire, random) -> {
            String target = "/ngsi-ld/v1/temporal/entities/" + Spots.id(random.nextInt(WITH_HISTORY)) + "?lastN=10";
            demand(wire, wire.get(target), 200, "\"P1\"", 10);
        });
        operations.put("create", (wire, random) -> create(wire));
        operations.put("batch upsert, entity", (wire, random) -> upsert(wire, next.getAndAdd(BATCH)));
        return operations;
    }

    private static void ten(Wire wire, String target) throws IOException {
        demand(wire, wire.get(target), 200, "\"urn:ngsi-ld:Spot:", Spots.TOGETHER);
    }

    /** More than the last ten of some. */
    private void history() throws IOException {
        try (Wire wire = new Wire(site.address(), token)) {
            for (int n = 0; n < HISTORY; n++) {
                for (int i = 0; i < WITH_HISTORY; i++) {
                    patch(wire, i);
                }
            }
        }
    }

    private Goal connections(Lap few) throws IOException, InterruptedException {
        Lap many = Lap.of(site, token, MANY_CONNECTIONS, 3, 6, 1, (wire, random) -> create(wire));
        progress.println(many.told("create, %d conn.".formatted(MANY_CONNECTIONS)));
        return Goal.atLeast(
                "creates on %d connections to on %d (%.0f/s to %.0f/s)"
                        .formatted(MANY_CONNECTIONS, CONNECTIONS, many.rate(), few.rate()),
                many.rate() / few.rate(),
                "times",
                1.5);
    }

    private List<Goal> notifications() throws IOException, InterruptedException {
        progress.printf("bench hub: %d changes at %d a second, notified%n", NOTIFIED, NOTIFIED_A_SECOND);
        try (Arrivals arrivals = new Arrivals();
                Wire wire = new Wire(site.address(), token)) {
            String subscription = """
                    {"type":"Subscription","entities":[{"type":"Spot"}],"watchedAttributes":["level"],\
                    "notification":{"endpoint":{"uri":"%s","accept":"application/json"}}}""".formatted(arrivals.address());
            demand(wire, wire.send("POST", "/ngsi-ld/v1/subscriptions", subscription), 201, "", 0);
            TimeUnit.SECONDS.sleep(1);
            for (int i = 0; i < NOTIFIED; i++) {
                arrivals.sending(Spots.id(i));
                patch(wire, i);
                TimeUnit.MILLISECONDS.sleep(1000 / NOTIFIED_A_SECOND);
            }
            for (int i = 0; i < 50 && arrivals.count() < NOTIFIED; i++) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            long[] sorted = arrivals.sorted();
            return List.of(
                    Goal.atLeast("notifications arrived", sorted.length, "of " + NOTIFIED, NOTIFIED),
                    Goal.atMost(
                            "change sent to notification arrived, p95 (p50 %.0f, max %.0f)"
                                    .formatted(Lap.millis(sorted, 0.5), Lap.millis(sorted, 1)),
                            Lap.millis(sorted, 0.95),
                            "ms",
                            50));
        }
    }

    private void create(Wire wire) throws IOException {
        demand(wire, wire.send("POST", ENTITIES, Spots.entity(next.getAndIncrement())), 201, "", 0);
    }

    private void patch(Wire wire, int number) throws IOException {
        String target = ENTITIES + "/" + Spots.id(number) + "/attrs";
        demand(wire, wire.send("PATCH", target, Spots.level(value.getAndIncrement())), 204, "", 0);
    }

    private static void upsert(Wire wire, int first) throws IOException {
        StringBuilder body = new StringBuilder("[");
        for (int i = 0; i < BATCH; i++) {
            body.append(i == 0 ? "" : ",").append(Spots.entity(first + i));
        }
        demand(
                wire,
                wire.send(
                        "POST",
                        "/ngsi-ld/v1/entityOperations/upsert",
                        body.append(']').toString()),
                201,
                "",
                0);
    }

    /** @param times how often the answer must hold the text */
    private static void demand(Wire wire, int status, int wanted, String text, int times) throws IOException {
        if (status != wanted || times > 0 && wire.count(text) != times) {
            throw new IOException(
                    "Answered %d and not %d with %d times %s: %s".formatted(status, wanted, times, text, wire.body()));
        }
    }
}

package org.conurb.hub;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.conurb.kernel.HashChain;
import org.conurb.store.Transactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * All @contexts at hand: those of our own and those fetched, kept in the database and, as far as they are in use, in memory
 * (GS CIM 009 clause 5.13). One that is too old is told as it is and fetched anew beside the requests. Nothing is fetched at
 * start, or while a transaction waits for it. Safe for many threads.
 */
final class ContextLibrary implements AutoCloseable {
    static final String PATH = "/ngsi-ld/v1/jsonldContexts/";

    private static final Logger LOG = LoggerFactory.getLogger(ContextLibrary.class);
    private static final long MEMORY_BYTES = 16L << 20;
    private static final int MAX_LOADS = 100;
    private static final int MOST_FETCHED = 20;
    private static final int MOST_FAILURES = 1_000;
    private static final Duration FAILURE_KEPT = Duration.ofSeconds(15);
    private static final Duration AGAIN = Duration.ofMinutes(5);
    private static final Duration ROUND = Duration.ofMinutes(1);
    private static final Duration DATABASE = Duration.ofSeconds(5);

    private final Transactions transactions;
    private final ContextStore store;
    private final ContextFetch fetch;
    private final ContextSettings settings;
    private final Clock clock;
    private final String here;
    private final BoundedCache<String, Held> memory = new BoundedCache<>(MEMORY_BYTES);
    private final BoundedCache<String, Failure> failures = new BoundedCache<>(MOST_FAILURES);
    private final Map<String, Loading> loads = new ConcurrentHashMap<>();
    private final ContextUses uses;
    private final Set<Held> due = ConcurrentHashMap.newKeySet();
    private final Worker worker = new Worker("hub-contexts", this::run);
    private volatile Runnable onChange = () -> {};

    /** @param here address of this site, without a slash at its end */
    ContextLibrary(
            Transactions transactions,
            ContextFetch fetch,
            ContextUses uses,
            ContextSettings settings,
            Clock clock,
            String here) {
        this.transactions = transactions;
        this.store = new ContextStore(transactions);
        this.fetch = fetch;
        this.uses = uses;
        this.settings = settings;
        this.clock = clock;
        this.here = here;
        worker.start();
    }

    /** One context in memory. */
    static final class Held {
        private final String id;
        private final String url;
        private final JsonNode context;
        private final int length;
        private volatile Instant expiresAt;

        Held(String url, ContextRow row) {
            this.id = row.id();
            this.url = url;
            this.context = row.context();
            this.length = row.text().length();
            this.expiresAt = row.expiresAt().orElse(Instant.MAX);
        }

        /** Of its JSON, in characters. */
        int length() {
            return length;
        }
    }

    private record Failure(NgsiLdFault fault, Instant until) {}

    /**
     * @param kept what the database has
     * @param whole what the database has or, in its want, what its server has
     */
    private record Loading(CompletableFuture<Optional<Held>> kept, CompletableFuture<Held> whole) {}

    /** Told when a context became another. */
    void onChange(Runnable listener) {
        onChange = listener;
    }

    static String path(String id) {
        return PATH + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("%3A", ":");
    }

    /** Where clients find a kept context. */
    String address(ContextRow row) {
        return row.url().orElseGet(() -> here + path(row.id()));
    }

    /** The address of a context of ours in full, any other as it is. */
    String address(String url) {
        return url.startsWith(PATH) ? here + url : url;
    }

    /** The local id in an address of ours; empty for other addresses. */
    private Optional<String> local(String url) {
        String path = url.startsWith(here + PATH) ? url.substring(here.length()) : url;
        if (!path.startsWith(PATH)) {
            return Optional.empty();
        }
        String id = path.substring(PATH.length());
        try {
            return Optional.of(URLDecoder.decode(id, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException encodedWrongly) {
            return Optional.of(id);
        }
    }

    /** Finds contexts for one request: so many, within so much time. Confined to its thread. */
    final class Reading implements Function<String, JsonNode> {
        private final long endNanos =
                System.nanoTime() + settings.timeout().multipliedBy(2).toNanos();
        private final List<Held> found = new ArrayList<>();

        /** What was found so far. */
        List<Held> found() {
            return List.copyOf(found);
        }

        @Override
        public JsonNode apply(String url) {
            if (found.size() >= MOST_FETCHED) {
                throw NgsiLdFault.badData(
                        "The @context names more than %d others.".formatted(MOST_FETCHED), "Join them to one.");
            }
            Held held = memory.get(url);
            if (held == null) {
                held = load(url, endNanos - System.nanoTime());
            }
            found.add(held);
            use(held);
            return held.context;
        }
    }

    /** Counts a use, and sees to it that what is too old is fetched anew. */
    void use(Held held) {
        uses.count(held.id);
        if (held.expiresAt.isBefore(clock.instant()) && due.add(held)) {
            worker.wake();
        }
    }

    private Held load(String url, long nanos) {
        Failure before = failures.get(url);
        if (before != null && before.until.isAfter(clock.instant())) {
            throw before.fault;
        }
        if (loads.size() >= MAX_LOADS) {
            throw NgsiLdFault.contextNotAvailable(url, "Too many are being fetched at this moment.");
        }
        Loading loading = loads.computeIfAbsent(url, this::start);
        if (!transactions.active()) {
            return await(loading.whole, url, nanos);
        }
        return await(loading.kept, url, Math.min(nanos, DATABASE.toNanos()))
                .orElseThrow(() -> NgsiLdFault.contextNotAvailable(url, "It is being fetched just now."));
    }

    private static <T> T await(CompletableFuture<T> coming, String url, long nanos) {
        try {
            return coming.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw NgsiLdFault.contextNotAvailable(url, "It did not come in time.");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw NgsiLdFault.contextNotAvailable(url, "The hub is stopping.");
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException told) {
                throw told;
            }
            throw new IllegalStateException("Loading %s broke".formatted(url), failed);
        }
    }

    /** On a thread of its own, whose transactions are none of the asker's. */
    private Loading start(String url) {
        Loading loading = new Loading(new CompletableFuture<>(), new CompletableFuture<>());
        Thread.ofVirtual().name("hub-context-load").start(() -> {
            try {
                Optional<Held> kept = transactions
                        .asSystem(() -> store.find(local(url).orElse(url)))
                        .filter(row -> row.url().isPresent() == local(url).isEmpty())
                        .map(row -> remembered(url, row));
                loading.kept.complete(kept);
                loading.whole.complete(kept.orElseGet(() -> fetched(url)));
            } catch (RuntimeException failed) {
                if (failed instanceof NgsiLdFault fault) {
                    failures.put(url, new Failure(fault, clock.instant().plus(FAILURE_KEPT)), 1);
                }
                loading.kept.completeExceptionally(failed);
                loading.whole.completeExceptionally(failed);
            } finally {
                loads.remove(url);
            }
        });
        return loading;
    }

    private Held remembered(String url, ContextRow row) {
        Held held = new Held(url, row);
        memory.put(url, held, held.length);
        return held;
    }

    private Held fetched(String url) {
        if (local(url).isPresent()) {
            throw NgsiLdFault.contextNotAvailable(url, "It is not kept here.");
        }
        return remembered(url, fetch.copied(url));
    }

    /**
     * Fetches a cached context anew, now.
     *
     * @throws NgsiLdFault LdContextNotAvailable where it cannot be had or is none; the one kept stays then
     */
    void reload(String url) {
        try {
            fetch.renewed(url, new Reading());
        } catch (NgsiLdFault fault) {
            throw NgsiLdFault.contextNotAvailable(url, fault.detail());
        }
        forget();
    }

    /** A context was deleted or became another. */
    void forget() {
        memory.clear();
        failures.clear();
        onChange.run();
    }

    /** Keeps a context that came in a body, so that it has an address of its own, and tells that. */
    String made(JsonNode context) {
        String text = context.toString();
        String id = "urn:ngsi-ld:LdContext:"
                + HexFormat.of().formatHex(HashChain.sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
        Instant now = clock.instant();
        CompletableFuture<Boolean> written = new CompletableFuture<>();
        Thread.ofVirtual().name("hub-context-made").start(() -> {
            try {
                transactions.doAsSystem(() -> {
                    store.put(new ContextRow(
                            id,
                            ContextRow.Kind.MADE,
                            Optional.empty(),
                            Optional.empty(),
                            text,
                            now,
                            Optional.empty(),
                            now,
                            0));
                    store.evict(ContextRow.Kind.MADE, settings.maxKept());
                });
                written.complete(true);
            } catch (RuntimeException failed) {
                written.completeExceptionally(failed);
            }
        });
        await(written, id, DATABASE.toNanos());
        return here + path(id);
    }

    private void run() {
        while (!worker.closed()) {
            worker.await(ROUND);
            try {
                uses.note();
                refresh();
            } catch (RuntimeException e) {
                LOG.atWarn().setCause(e).log("hub.contexts-failed");
                worker.pause(ROUND);
            }
        }
    }

    private void refresh() {
        for (Held held : due) {
            try {
                ContextRow row = fetch.renewed(held.url, new Reading());
                if (!row.context().equals(held.context)) {
                    forget();
                }
                held.expiresAt = row.expiresAt().orElse(Instant.MAX);
            } catch (NgsiLdFault stillAway) {
                held.expiresAt = clock.instant().plus(AGAIN);
                LOG.atWarn()
                        .addKeyValue("url", held.url)
                        .addKeyValue("reason", stillAway.detail())
                        .log("hub.context-not-refreshed");
            }
            due.remove(held);
        }
    }

    @Override
    public void close() {
        worker.close();
    }
}

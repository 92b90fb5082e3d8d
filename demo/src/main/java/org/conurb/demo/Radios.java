package org.conurb.demo;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The radios of crews at open incidents, a few at a time, on one thread: connects those that are wanted, lets them talk and
 * listen, and lets go of those that are not. Other threads leave orders in a bounded queue and wait for nothing.
 */
final class Radios implements Radio.Net, AutoCloseable {
    /** So many are connected at once, at most. */
    static final int MOST = 6;

    private static final Logger LOG = LoggerFactory.getLogger(Radios.class);
    private static final int ANSWERS_IN_TEN = 7;
    private static final int MOST_TALKS = 50;
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(15);
    private static final long LAST_WORDS_NANOS = TimeUnit.SECONDS.toNanos(12);
    private static final long TALKING_MILLIS = 5;
    private static final long LISTENING_MILLIS = 50;

    /** Whose radio it is, and which incident it follows; unit and incident are URNs. */
    record Duty(String unit, String callSign, String organisation, String incident) {}

    /** A line that was opened. */
    interface Line extends Radio.Line, AutoCloseable {
        void tick(long now);

        @Override
        void close();
    }

    /** Where lines come from. */
    interface Exchange {
        /**
         * Opens one, which may block; called by a thread of its own.
         *
         * @param told each message of the site, in order, by any thread
         * @param ended when the site ends it, by any thread
         * @throws IOException where there is none to be had now
         */
        Line open(Duty duty, Consumer<JsonNode> told, Runnable ended) throws IOException;
    }

    /** One radio, from when it is wanted until it is let go; its line comes later. */
    private static final class Post {
        private final Duty duty;
        private final List<JsonNode> early = new ArrayList<>();
        private final List<Phrase> unsaid = new ArrayList<>();
        private @Nullable Line line;
        private @Nullable Radio radio;
        private boolean unwanted;
        private long unwantedSince;

        Post(Duty duty) {
            this.duty = duty;
        }
    }

    private final Exchange exchange;
    private final Speech speech;
    private final RandomGenerator random;
    private final LongSupplier nanos;
    private final BlockingQueue<Runnable> orders = new ArrayBlockingQueue<>(2_000);
    private final Map<String, Post> posts = new LinkedHashMap<>();
    private final Map<String, Long> notBefore = new HashMap<>();
    private final Deque<String> decided = new ArrayDeque<>();
    private List<Duty> wanted = List.of();
    private volatile boolean closed;
    private final Thread thread;

    /** @param nanos {@code System::nanoTime}, or a test's */
    Radios(Exchange exchange, Speech speech, RandomGenerator random, LongSupplier nanos) {
        this.exchange = exchange;
        this.speech = speech;
        this.random = random;
        this.nanos = nanos;
        this.thread = Thread.ofPlatform().daemon().name("radios").start(this::run);
    }

    // --- from any thread ---

    /** These crews are at an incident now, and nobody else; the first {@link #MOST} of them get a radio. */
    void wanted(List<Duty> duties) {
        List<Duty> all = duties.stream().limit(MOST).toList();
        order(() -> {
            wanted = all;
            step(nanos.getAsLong()); // so that they can report at once
        });
    }

    /** A crew has something to tell; where it has no radio, nobody hears it. */
    void report(String unit, Phrase phrase) {
        order(() -> {
            Post post = posts.get(unit);
            if (post != null && post.radio != null) {
                post.radio.report(phrase, nanos.getAsLong());
            } else if (post != null && post.unsaid.size() < 3) {
                post.unsaid.add(phrase);
            }
        });
    }

    private void order(Runnable what) {
        if (!orders.offer(what)) {
            LOG.atWarn().log("demo.radios-late");
        }
    }

    // --- the thread ---

    private void run() {
        while (!closed) {
            try {
                boolean talking =
                        posts.values().stream().anyMatch(post -> post.radio != null && post.radio.isTalking());
                Runnable order = orders.poll(talking ? TALKING_MILLIS : LISTENING_MILLIS, TimeUnit.MILLISECONDS);
                for (; order != null; order = orders.poll()) {
                    order.run();
                }
                step(nanos.getAsLong());
            } catch (InterruptedException e) {
                break;
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("demo.radio-failed");
            }
        }
        posts.values().forEach(Radios::letGo);
    }

    private void step(long now) {
        for (Post post : List.copyOf(posts.values())) {
            boolean stays = wanted.contains(post.duty);
            if (!stays && !post.unwanted) {
                post.unwantedSince = now;
            }
            post.unwanted = !stays;
            boolean silent = post.radio == null || post.radio.isIdle() || now - post.unwantedSince > LAST_WORDS_NANOS;
            if (post.unwanted && silent) {
                posts.remove(post.duty.unit());
                letGo(post);
            }
        }
        for (Duty duty : wanted) {
            Long wait = notBefore.get(duty.unit());
            if (posts.size() < MOST && !posts.containsKey(duty.unit()) && (wait == null || now - wait >= 0)) {
                connect(duty);
            }
        }
        for (Post post : posts.values()) {
            if (post.line != null && post.radio != null) {
                post.line.tick(now);
                post.radio.tick(now);
            }
        }
    }

    private void connect(Duty duty) {
        Post post = new Post(duty);
        posts.put(duty.unit(), post);
        Thread.ofVirtual().name("radio " + duty.callSign()).start(() -> {
            try {
                Line line = exchange.open(
                        duty, message -> order(() -> told(post, message)), () -> order(() -> ended(post)));
                order(() -> opened(post, line));
            } catch (IOException | RuntimeException e) {
                LOG.atDebug()
                        .addKeyValue("unit", duty.callSign())
                        .addKeyValue("why", String.valueOf(e.getMessage()))
                        .log("demo.no-radio");
                order(() -> ended(post));
            }
        });
    }

    private void opened(Post post, Line line) {
        post.line = line;
        if (posts.get(post.duty.unit()) != post) {
            letGo(post);
            return;
        }
        long now = nanos.getAsLong();
        Radio radio = new Radio(post.duty.callSign(), post.duty.incident(), speech, line, this, random);
        post.early.forEach(message -> radio.told(message, now));
        post.unsaid.forEach(phrase -> radio.report(phrase, now));
        post.early.clear();
        post.radio = radio;
        LOG.atDebug().addKeyValue("unit", post.duty.callSign()).log("demo.radio");
    }

    private void told(Post post, JsonNode message) {
        if (post.radio != null) {
            post.radio.told(message, nanos.getAsLong());
        } else if (post.early.size() < 1_000) {
            post.early.add(message);
        }
    }

    /** It is tried again, but not at once. */
    private void ended(Post post) {
        letGo(post);
        if (posts.remove(post.duty.unit(), post)) {
            notBefore.put(post.duty.unit(), nanos.getAsLong() + AGAIN_NANOS);
        }
    }

    private static void letGo(Post post) {
        if (post.line != null) {
            post.line.close();
        }
    }

    @Override
    public boolean isOurs(String party) {
        return posts.keySet().stream()
                .map(unit -> unit.substring(unit.lastIndexOf(':') + 1))
                .anyMatch(id -> party.contains("unit-" + id + "@"));
    }

    @Override
    public boolean answers(String talk) {
        if (decided.contains(talk)) {
            return false;
        }
        if (decided.size() == MOST_TALKS) {
            decided.removeFirst();
        }
        decided.addLast(talk);
        return random.nextInt(10) < ANSWERS_IN_TEN;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package org.conurb.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.conurb.kernel.Json;
import tools.jackson.databind.JsonNode;

/**
 * Many groups whose two members want the floor all the time. A group is visited in four steps: one asks and is granted;
 * the other asks and is queued; the first releases, so that the other is granted, and asks again; both release.
 */
final class TalkFloor {
    private static final int GROUPS = 1_000;
    private static final int MEMBERS = 2;
    private static final int REQUESTS_A_SECOND = 10_000;
    /** What goes before, so that it shows where it ends where it does not reach that. */
    private static final int[] RATES = {1_000, 2_500, 5_000, REQUESTS_A_SECOND};

    private static final int REQUESTS_OF_FOUR_STEPS = 3;
    private static final int WARM_SECONDS = 3;
    /** Java's compilers share the cores until then. */
    private static final int FIRST_WARM_SECONDS = 20;

    private static final int SECONDS = 10;
    private static final int STRAGGLERS_SECONDS = 2;
    private static final int JOIN_SECONDS = 30;

    private final TalkCity city;
    private final TalkSockets sockets;
    private final List<String> groups = new ArrayList<>();
    private final TalkSockets.Socket[] members = new TalkSockets.Socket[GROUPS * MEMBERS];
    private final AtomicLongArray askedAt = new AtomicLongArray(GROUPS * MEMBERS);
    private final AtomicInteger welcomed = new AtomicInteger();
    private final long[] took = new long[REQUESTS_A_SECOND * SECONDS * 2];
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger[] answers = {new AtomicInteger(), new AtomicInteger(), new AtomicInteger()};
    private final AtomicInteger refused = new AtomicInteger();
    private volatile String firstRefusal = "";
    private final AtomicLong unanswered = new AtomicLong();
    private volatile boolean counting;
    private long requests;

    /** What one rate gave; times in milliseconds. */
    private record Stage(double rate, int answered, double p50, double p99, long unanswered) {}

    private TalkFloor(TalkCity city, TalkSockets sockets) {
        this.city = city;
        this.sockets = sockets;
    }

    static void run(PrintStream progress, TalkCity city, List<Goal> goals) throws IOException, InterruptedException {
        try (TalkSockets sockets = new TalkSockets()) {
            TalkFloor floor = new TalkFloor(city, sockets);
            floor.join(progress);
            floor.load(progress, goals);
        }
    }

    private void join(PrintStream progress) throws IOException, InterruptedException {
        List<String> units = city.units(GROUPS * MEMBERS);
        for (int i = 0; i < GROUPS; i++) {
            groups.add(city.group("Bench floor " + (i + 1), units.subList(i * MEMBERS, (i + 1) * MEMBERS)));
        }
        progress.printf("bench talk: %d groups are there%n", GROUPS);
        for (int i = 0; i < members.length; i++) {
            int member = i;
            members[i] = sockets.open(city.site().address(), city.token(), (json, now) -> told(member, json, now));
            members[i].say("{\"type\":\"hello\",\"unit\":\"%s\",\"client\":\"%s\"}"
                    .formatted(units.get(i), UUID.randomUUID()));
            members[i].say(message("affiliate", i));
        }
        for (int i = 0; i < JOIN_SECONDS * 10 && welcomed.get() < members.length; i++) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        sockets.check();
        if (welcomed.get() < members.length) {
            throw new IOException("Only %d of %d were welcomed".formatted(welcomed.get(), members.length));
        }
        progress.printf("bench talk: %d sockets are open%n", members.length);
    }

    private String message(String type, int member) {
        return "{\"type\":\"%s\",\"group\":\"%s\"}".formatted(type, groups.get(member / MEMBERS));
    }

    private void told(int member, byte[] json, long now) {
        JsonNode message = Json.mapper().readTree(json);
        switch (message.path("type").asString()) {
            case "welcome" -> welcomed.incrementAndGet();
            case "granted" -> answer(member, now, 0);
            case "queued" -> answer(member, now, 1);
            case "denied" -> answer(member, now, 2);
            case "problem" -> {
                if (refused.getAndIncrement() == 0) {
                    firstRefusal = message.path("detail").asString();
                }
            }
            default -> {} // what the other does
        }
    }

    /** Only the first after a request answers it: who is queued is granted later. */
    private void answer(int member, long now, int kind) {
        long asked = askedAt.getAndSet(member, 0);
        if (asked == 0 || !counting) {
            return;
        }
        answers[kind].incrementAndGet();
        int n = answered.getAndIncrement();
        if (n < took.length) {
            took[n] = now - asked;
        }
    }

    /** Faster and faster; what counts is the last rate at which each request was answered. */
    private void load(PrintStream progress, List<Goal> goals) throws IOException, InterruptedException {
        Stage last = new Stage(0, 0, Double.NaN, Double.NaN, 0);
        for (int rate : RATES) {
            Stage stage;
            try {
                stage = stage(progress, rate);
            } catch (IOException broken) {
                progress.printf("bench talk: %d requests a second: %s%n", rate, broken);
                break;
            }
            if (last.rate() == 0 || stage.unanswered() == 0) {
                last = stage;
            }
        }
        goals.add(Goal.atLeast(
                "floor requests a second, all answered, %d groups, %d sockets".formatted(GROUPS, members.length),
                last.rate(),
                "1/s",
                REQUESTS_A_SECOND * 0.99));
        goals.add(Goal.atMost(
                "floor asked for to granted, queued or denied at that rate, p99 of %d (p50 %.1f)"
                        .formatted(last.answered(), last.p50()),
                last.p99(),
                "ms",
                20));
    }

    private Stage stage(PrintStream progress, int rate) throws IOException, InterruptedException {
        steps(rate, rate == RATES[0] ? FIRST_WARM_SECONDS : WARM_SECONDS);
        double cpu = city.site().cpuSeconds()[0];
        double load = RunningSite.cpuSeconds(ProcessHandle.current().pid());
        answered.set(0);
        refused.set(0);
        unanswered.set(0);
        for (AtomicInteger kind : answers) {
            kind.set(0);
        }
        requests = 0;
        counting = true;
        long began = System.nanoTime();
        steps(rate, SECONDS);
        double seconds = (System.nanoTime() - began) / 1e9;
        cpu = city.site().cpuSeconds()[0] - cpu;
        load = RunningSite.cpuSeconds(ProcessHandle.current().pid()) - load;
        TimeUnit.SECONDS.sleep(STRAGGLERS_SECONDS);
        counting = false;
        sockets.check();
        for (int i = 0; i < members.length; i++) {
            unanswered.addAndGet(askedAt.getAndSet(i, 0) == 0 ? 0 : 1);
        }
        long[] sorted = Arrays.copyOf(took, Math.min(took.length, answered.get()));
        Arrays.sort(sorted);
        progress.printf(
                "bench talk: %.0f requests a second, %d groups, %d sockets: granted %d, queued %d, denied %d, refused %d, unanswered %d; p50 %.1f ms, p95 %.1f ms, p99 %.1f ms; %.0f us CPU of the server each; load %.0f %% of its core%n",
                requests / seconds,
                GROUPS,
                members.length,
                answers[0].get(),
                answers[1].get(),
                answers[2].get(),
                refused.get(),
                unanswered.get(),
                Lap.millis(sorted, 0.5),
                Lap.millis(sorted, 0.95),
                Lap.millis(sorted, 0.99),
                cpu * 1e6 / requests,
                load / seconds * 100);
        if (refused.get() > 0) {
            progress.printf("bench talk: the first was refused with: %s%n", firstRefusal);
        }
        return new Stage(
                requests / seconds, sorted.length, Lap.millis(sorted, 0.5), Lap.millis(sorted, 0.99), unanswered.get());
    }

    /** By the clock: what is late is done at once. Ends where each group's floor is free again. */
    private void steps(int rate, int seconds) throws IOException {
        long aSecond = (long) rate * 4 / REQUESTS_OF_FOUR_STEPS;
        long round = 4L * GROUPS;
        long count = (seconds * aSecond + round - 1) / round * round;
        long began = System.nanoTime();
        for (long i = 0; i < count; i++) {
            long due = began + i * TimeUnit.SECONDS.toNanos(1) / aSecond;
            for (long now = System.nanoTime(); now < due; now = System.nanoTime()) {
                LockSupport.parkNanos(due - now);
            }
            step((int) (i % GROUPS), (int) (i / GROUPS % 4));
        }
    }

    private void step(int group, int step) throws IOException {
        int one = group * MEMBERS;
        int other = one + 1;
        switch (step) {
            case 0 -> ask(one);
            case 1 -> ask(other);
            case 2 -> {
                release(one);
                ask(one);
            }
            default -> {
                release(other);
                release(one);
            }
        }
    }

    /** @throws IOException which tells why the server closed a socket, where it did */
    private void say(int member, String type) throws IOException {
        try {
            members[member].say(message(type, member));
        } catch (IOException closed) {
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
            sockets.check();
            throw closed;
        }
    }

    private void ask(int member) throws IOException {
        requests++;
        if (askedAt.getAndSet(member, System.nanoTime()) != 0) {
            unanswered.incrementAndGet();
        }
        say(member, "request");
    }

    private void release(int member) throws IOException {
        say(member, "release");
    }
}

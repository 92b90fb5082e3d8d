package org.conurb.server;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Caller;
import org.conurb.kernel.City;
import org.conurb.kernel.Health;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Retained;
import org.conurb.store.Transactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * What is kept no longer is forgotten, once an hour: all that rooms name, batch by batch, each in a transaction of its
 * own. At the end of a run the audit log tells each organisation what went, by class. Where a run is cut short by a crash,
 * its entry is missing and the next run goes on.
 */
final class Housekeeping implements SmartLifecycle, Health {
    static final String ACTION = "retention.applied";
    static final String KIND = "Retention";

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    /** A million rows an hour for each; the rest goes in the next hours. */
    private static final int MOST_BATCHES = 1_000;

    private final List<Retained> rooms;
    private final Transactions transactions;
    private final Audit audit;
    private final City city;
    private final Clock clock;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("housekeeping").factory());
    private volatile Reading reading;
    private volatile boolean running;

    Housekeeping(List<Retained> rooms, Transactions transactions, Audit audit, City city, Clock clock) {
        this.rooms = List.copyOf(rooms);
        this.transactions = transactions;
        this.audit = audit;
        this.city = city;
        this.clock = clock;
        this.reading = new Reading("housekeeping", State.OK, clock.instant(), "It has not run since the start", "");
    }

    /** An entry of the audit log to come. */
    private record Told(String retention, Instant before, OrganisationId owner) {}

    @Override
    public void start() {
        running = true;
        timer.scheduleWithFixedDelay(this::run, 10, 60, TimeUnit.MINUTES);
    }

    /** One run; where one of the rooms fails, the others go on. */
    void run() {
        Instant began = clock.instant();
        Map<String, Integer> removed = new TreeMap<>();
        Map<Told, Map<String, Integer>> told = new LinkedHashMap<>();
        Map<String, RuntimeException> failed = new TreeMap<>();
        for (Retained room : rooms) {
            room.kept().apply(city).ifPresent(kept -> {
                try {
                    forget(room, began.minus(kept), removed, told);
                } catch (RuntimeException failure) {
                    LOG.atWarn()
                            .setCause(failure)
                            .addKeyValue("what", room.what())
                            .log("retention.failed");
                    failed.put(room.what(), failure);
                }
            });
        }
        try {
            tell(told);
        } catch (RuntimeException failure) {
            LOG.atWarn().setCause(failure).log("retention.untold");
            failed.put("audit", failure);
        }
        removed.forEach((what, count) -> LOG.atInfo()
                .addKeyValue("what", what)
                .addKeyValue("count", count)
                .log("retention.applied"));
        reading = reading(began, removed, failed);
    }

    private void forget(
            Retained room, Instant before, Map<String, Integer> removed, Map<Told, Map<String, Integer>> told) {
        boolean more = true;
        for (int batch = 0; more && batch < MOST_BATCHES && !timer.isShutdown(); batch++) {
            Retained.Forgotten gone = transactions.asSystem(() -> room.forget().apply(before));
            if (gone.count() > 0) {
                removed.merge(room.what(), gone.count(), Integer::sum);
            }
            gone.owners()
                    .forEach((owner, count) -> told.computeIfAbsent(
                                    new Told(room.retention(), before, owner), key -> new TreeMap<>())
                            .merge(room.what(), count, Integer::sum));
            more = gone.more();
        }
    }

    private void tell(Map<Told, Map<String, Integer>> told) {
        if (told.isEmpty()) {
            return;
        }
        transactions.doAsSystem(() -> told.forEach((entry, counts) -> {
            Map<String, String> facts = new HashMap<>();
            facts.put("class", entry.retention());
            facts.put(
                    "count",
                    String.valueOf(
                            counts.values().stream().mapToInt(Integer::intValue).sum()));
            facts.put("removed", sentence(counts));
            facts.put("before", entry.before().toString());
            audit.record(AuditEntry.of(
                            Caller.system("housekeeping", entry.owner()),
                            ACTION,
                            KIND,
                            entry.retention(),
                            entry.owner())
                    .with(facts));
        }));
    }

    private static Reading reading(Instant began, Map<String, Integer> removed, Map<String, RuntimeException> failed) {
        String what = removed.isEmpty() ? "nothing was old enough" : "removed " + sentence(removed);
        if (failed.isEmpty()) {
            return new Reading("housekeeping", State.OK, began, "Ran at %s: %s".formatted(began, what), "");
        }
        return new Reading(
                "housekeeping",
                State.DEGRADED,
                began,
                "Ran at %s: %s; failed: %s".formatted(began, what, String.join(", ", failed.keySet())),
                "What failed is tried again each hour. See retention.failed in the log for the reason.");
    }

    private static String sentence(Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .map(one -> one.getValue() + " " + one.getKey())
                .collect(Collectors.joining(", "));
    }

    @Override
    public Reading read() {
        return reading;
    }

    @Override
    public void stop() {
        running = false;
        timer.shutdownNow();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}

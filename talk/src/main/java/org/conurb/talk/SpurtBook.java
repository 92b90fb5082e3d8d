package org.conurb.talk;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.conurb.hub.Entities;
import org.conurb.hub.Entity;
import org.conurb.kernel.Audit;
import org.conurb.kernel.Caller;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what talk there was: begun and sealed spurts come in from the floor's and the recorder's thread, without waiting,
 * and one thread brings them to the database, the chains of their hours and the hub, each sealed one in one transaction
 * with its entity. The head of an hour's chain goes to the audit log once the hour is over, one entry for a group and
 * hour. While the database is away they wait here.
 */
final class SpurtBook implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SpurtBook.class);
    private static final int MOST_WAITING = 50_000;
    private static final int MOST_AT_ONCE = 50;
    private static final int TRIES = 5;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration HOURS_EVERY = Duration.ofSeconds(30);
    private static final Duration DROPPED_TOLD_EVERY = Duration.ofSeconds(10);
    private static final long STOP_MILLIS = 10_000;

    private final Transactions transactions;
    private final SpurtHours hours;
    private final SpurtStore spurts;
    private final Entities entities;
    private final Audit audit;
    private final Clock clock;
    private final BlockingQueue<Event> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private final Runnable atStart;
    private @Nullable Thread thread;
    private volatile boolean closed;
    private volatile long dropped;
    private volatile long droppedToldAt;
    private Instant hoursAt = Instant.MIN;

    private sealed interface Event {
        OrganisationId owner();
    }

    private record Begun(SpurtFacts facts) implements Event {
        @Override
        public OrganisationId owner() {
            return facts.organisation();
        }
    }

    private record Ended(Spurt spurt) implements Event {
        @Override
        public OrganisationId owner() {
            return spurt.organisation();
        }
    }

    SpurtBook(Transactions transactions, Entities entities, Audit audit, Clock clock, Runnable atStart) {
        this.transactions = transactions;
        this.hours = new SpurtHours(transactions.jdbc());
        this.spurts = new SpurtStore(transactions.jdbc());
        this.entities = entities;
        this.audit = audit;
        this.clock = clock;
        this.atStart = atStart;
    }

    void start() {
        Thread worker = Thread.ofPlatform().daemon().name("talk-spurts").unstarted(this::run);
        thread = worker;
        worker.start();
    }

    void began(SpurtFacts facts) {
        offer(new Begun(facts));
    }

    void sealed(Spurt spurt) {
        offer(new Ended(spurt));
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // a count to be shown; one that is missed does no harm
    private void offer(Event event) {
        if (!waiting.offer(event)) {
            // Its file is found at the next start; one without voice is not.
            dropped++;
            long now = System.nanoTime();
            if (droppedToldAt == 0 || now - droppedToldAt > DROPPED_TOLD_EVERY.toNanos()) {
                droppedToldAt = now;
                LOG.atError()
                        .addKeyValue("waiting", MOST_WAITING)
                        .addKeyValue("dropped", dropped)
                        .log("talk.spurt.dropped");
            }
        }
    }

    /** Spurts that were not written as the database was away too long. */
    long dropped() {
        return dropped;
    }

    int waiting() {
        return waiting.size();
    }

    private void run() {
        guarded(atStart);
        while (!closed || !waiting.isEmpty()) {
            try {
                Event first = waiting.poll(closed ? 0 : PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                if (first != null) {
                    writeAtEase(with(first));
                }
                if (!clock.instant().isBefore(hoursAt)) {
                    hoursAt = clock.instant().plus(HOURS_EVERY);
                    guarded(this::tellHours);
                }
            } catch (InterruptedException stop) {
                return;
            }
        }
    }

    /** The floor goes before its record: who has much to write rests as long as it wrote. */
    private void writeAtEase(List<Event> batch) throws InterruptedException {
        long began = System.nanoTime();
        write(batch);
        if (batch.size() == MOST_AT_ONCE && !closed) {
            TimeUnit.NANOSECONDS.sleep(System.nanoTime() - began);
        }
    }

    /** All that waits, and the hours that are over. For tests, which have no thread. */
    void step() {
        for (Event event = waiting.poll(); event != null; event = waiting.poll()) {
            write(List.of(event));
        }
        tellHours();
    }

    private List<Event> with(Event first) {
        List<Event> batch = new ArrayList<>();
        batch.add(first);
        for (Event next = waiting.peek();
                next != null && next.owner().equals(first.owner()) && batch.size() < MOST_AT_ONCE;
                next = waiting.peek()) {
            batch.add(waiting.remove());
        }
        return batch;
    }

    private void write(List<Event> batch) {
        try {
            inOneTransaction(batch);
        } catch (RuntimeException e) {
            batch.forEach(this::alone);
        }
    }

    /** Where many wait, most talks have ended: those are written whole, once. */
    private void inOneTransaction(List<Event> batch) {
        List<SpurtFacts> begun = new ArrayList<>();
        List<Spurt> ended = new ArrayList<>();
        for (Event event : batch) {
            switch (event) {
                case Begun each -> begun.add(each.facts());
                case Ended each -> ended.add(each.spurt());
            }
        }
        Set<UUID> over = ended.stream().map(Spurt::id).collect(Collectors.toSet());
        begun.removeIf(facts -> over.contains(facts.spurt()));
        transactions.doAs(Set.of(batch.getFirst().owner()), () -> {
            spurts.begin(begun);
            seal(ended);
        });
    }

    /** One that the database does not take keeps back no other; while it is away, all wait. */
    private void alone(Event event) {
        int refused = 0;
        while (refused < TRIES) {
            try {
                inOneTransaction(List.of(event));
                return;
            } catch (RuntimeException e) {
                LOG.atWarn().addKeyValue("try", refused).setCause(e).log("talk.spurt.not-written");
                refused += answers() ? 1 : 0;
                if (refused < TRIES && !pause()) {
                    return;
                }
            }
        }
        LOG.atError().addKeyValue("owner", event.owner()).log("talk.spurt.given-up");
    }

    private boolean answers() {
        try {
            return transactions.asSystem(() ->
                    transactions.jdbc().sql("select true").query(Boolean.class).single());
        } catch (RuntimeException away) {
            return false;
        }
    }

    private boolean pause() {
        try {
            Thread.sleep(PAUSE);
            return !closed;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** In the current transaction, of the owner or of the system. @return false where it was sealed before */
    boolean seal(Spurt spurt) {
        return seal(List.of(spurt)) == 1;
    }

    private int seal(List<Spurt> ended) {
        if (ended.isEmpty()) {
            return 0;
        }
        List<Spurt> fresh = hours.seal(ended);
        List<Entity> told =
                fresh.stream().map(SpurtEntity::of).flatMap(Optional::stream).toList();
        if (told.size() == 1) { // of a row that was lost, it may be there still
            entities.add(Caller.system("talk", told.getFirst().owner()), told.getFirst());
        } else if (!told.isEmpty()) {
            entities.add(Caller.system("talk", told.getFirst().owner()), told);
        }
        return fresh.size();
    }

    private void tellHours() {
        List<SpurtHours.Hour> over = transactions.asSystem(() -> hours.untold(clock.instant()));
        for (SpurtHours.Hour hour : over) {
            transactions.doAsSystem(() -> {
                audit.record(hour.entry());
                hours.told(hour);
            });
        }
    }

    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("talk.spurts.failed");
        }
    }

    /** Writes what waits. */
    @Override
    public void close() {
        closed = true;
        Thread worker = thread;
        if (worker == null) {
            return;
        }
        try {
            worker.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.conurb.kernel.Access;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Category;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Health;
import org.conurb.store.Transactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * All readers of events, which tell of the default tenant. Numbered changes are read once, made into bytes once, and put
 * into every reader's queue.
 */
final class EventStreams implements AutoCloseable, SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);
    private static final int BATCH = 500;

    private final Transactions transactions;
    private final Sequencer sequencer;
    private final Access access;
    private final Model model;
    private final Standing standing;
    private final EventSettings settings;
    private final Clock clock;
    private final EventPurposes purposes;
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    private final AtomicInteger open = new AtomicInteger();
    private final Worker worker = new Worker("hub-events", this::run);
    private volatile long position;
    private volatile boolean closed;

    EventStreams(
            Transactions transactions,
            Sequencer sequencer,
            Access access,
            Model model,
            Standing standing,
            EventSettings settings,
            Clock clock) {
        this.transactions = transactions;
        this.sequencer = sequencer;
        this.access = access;
        this.model = model;
        this.standing = standing;
        this.settings = settings;
        this.clock = clock;
        this.purposes = new EventPurposes(access, clock, settings.recheck());
        this.position = last();
        sequencer.onNumbered(last -> worker.wake());
        worker.start();
    }

    private long last() {
        return transactions.asSystem(() -> transactions
                .jdbc()
                .sql("select last from hub.sequencer where name = 'changes'")
                .query(Long.class)
                .single());
    }

    private void run() {
        while (!worker.closed()) {
            try {
                if (unread() || tell(read(position)) < BATCH) {
                    worker.await(Duration.ofSeconds(1));
                }
            } catch (RuntimeException e) {
                LOG.atWarn().setCause(e).log("hub.events-failed");
                worker.pause(Duration.ofSeconds(1));
            }
        }
    }

    /** Nobody listens, so what was numbered need not be read. */
    private boolean unread() {
        synchronized (streams) {
            if (streams.isEmpty()) {
                position = Math.max(position, sequencer.last());
            }
            return streams.isEmpty();
        }
    }

    private int tell(List<Told> batch) {
        synchronized (streams) {
            for (Told told : batch) {
                if (told.change().isShown()) {
                    streams.forEach(stream -> stream.offer(told));
                }
                position = told.seq();
            }
        }
        return batch.size();
    }

    private List<Told> read(long after) {
        return transactions.asSystem(() -> transactions
                .jdbc()
                .sql("select %s from hub.change where seq > :after order by seq limit %d"
                        .formatted(ChangeRow.COLUMNS, BATCH))
                .param("after", after)
                .query((row, n) -> new Told(ChangeRow.of(row, n), model))
                .list());
    }

    /** Refuses before anything is written. */
    void admit() {
        if (closed || open.get() >= settings.maxStreams()) {
            throw new TooManyStreams(settings.maxStreams());
        }
    }

    /**
     * Serves one reader; returns when it is gone or may no longer read.
     *
     * @param lastSeen number of the last change that the reader has, when it comes back
     */
    void serve(Caller caller, HttpServletRequest request, Set<String> types, Optional<Long> lastSeen, OutputStream out)
            throws IOException {
        serve(caller, standing.of(caller, request), types, lastSeen, out);
    }

    void serve(Caller caller, BooleanSupplier stands, Set<String> types, Optional<Long> lastSeen, OutputStream out)
            throws IOException {
        EventStream stream = new EventStream(caller, types, access, model::type, purposes, stands, settings, clock);
        if (open.incrementAndGet() > settings.maxStreams()) {
            open.decrementAndGet();
            throw new TooManyStreams(settings.maxStreams());
        }
        long from;
        synchronized (streams) { // what comes after from is offered to it
            streams.add(stream);
            from = position;
        }
        try {
            boolean resumable = lastSeen.map(seen -> resumable(seen, from)).orElse(false);
            if (resumable) {
                long seen = lastSeen.orElseThrow();
                stream.run(out, seen, () -> new Replay(seen, from), false);
            } else {
                stream.run(out, from, List.of(), lastSeen.isPresent());
            }
        } finally {
            streams.remove(stream);
            open.decrementAndGet();
        }
    }

    private boolean resumable(long seen, long until) {
        if (seen < 0 || seen > until || until - seen > settings.replay()) {
            return false;
        }
        return seen == until
                || transactions.asSystem(() -> transactions
                        .jdbc()
                        .sql("select exists (select from hub.change where seq = :next)")
                        .param("next", seen + 1)
                        .query(Boolean.class)
                        .single());
    }

    /** Changes that a reader missed, a batch at a time. */
    private final class Replay implements Iterator<List<Told>> {
        private final long until;
        private long at;

        Replay(long seen, long until) {
            this.at = seen;
            this.until = until;
        }

        @Override
        public boolean hasNext() {
            return at < until;
        }

        @Override
        public List<Told> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            List<Told> batch = new ArrayList<>(read(at));
            batch.removeIf(told -> told.seq() > until);
            at = batch.isEmpty() ? until : batch.getLast().seq();
            batch.removeIf(told -> !told.change().isShown());
            return batch;
        }
    }

    int open() {
        return open.get();
    }

    long position() {
        return position;
    }

    Health.Reading read() {
        int now = open.get();
        boolean full = now >= settings.maxStreams();
        return new Health.Reading(
                "hub.events",
                full ? Health.State.DEGRADED : Health.State.OK,
                clock.instant(),
                "%d of %d streams, change %d.".formatted(now, settings.maxStreams(), position),
                full ? "Close consoles that nobody needs, or raise conurb.hub.events.max-streams." : "");
    }

    @Override
    public void start() {
        closed = false;
    }

    /** Ends all streams before the web server waits for its last requests. */
    @Override
    public void stop() {
        closed = true;
        streams.forEach(EventStream::end);
    }

    @Override
    public boolean isRunning() {
        return !closed;
    }

    @Override
    public void close() {
        stop();
        worker.close();
    }

    private static final class TooManyStreams extends ConurbException {
        TooManyStreams(int most) {
            super(
                    Category.CAPACITY,
                    "too-many-streams",
                    "%d streams of events are open, and more are not served.".formatted(most),
                    "Try again later, or raise conurb.hub.events.max-streams.");
        }

        @Override
        public Optional<Duration> retryAfter() {
            return Optional.of(Duration.ofSeconds(10));
        }
    }
}

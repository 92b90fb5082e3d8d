package org.conurb.audit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.conurb.kernel.Health;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The thread that takes the sequencer's steps: soon after a commit, and each second in any case. It lets entries gather
 * for a moment, so that a busy log costs a few batches a second and not one an entry.
 */
final class SequencerLoop implements SmartLifecycle, Health, Follower {
    private static final Logger log = LoggerFactory.getLogger(SequencerLoop.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration GATHER = Duration.ofMillis(100);
    private static final Duration LATE = Duration.ofSeconds(10);
    private static final Duration STOP = Duration.ofSeconds(10);

    private final Sequencer sequencer;
    private final Clock clock;
    private final int batch;
    private final Semaphore wake = new Semaphore(0);
    private final AtomicLong waiting = new AtomicLong();
    private volatile CountDownLatch stopping = new CountDownLatch(1);
    private volatile @Nullable Thread thread;
    private volatile @Nullable Failure failure;
    private volatile Instant caughtUpAt;

    private record Failure(Instant since, String what) {}

    SequencerLoop(Sequencer sequencer, Clock clock, int batch) {
        this.sequencer = sequencer;
        this.clock = clock;
        this.batch = batch;
        this.caughtUpAt = clock.instant();
    }

    @Override
    public void committed() {
        waiting.incrementAndGet();
        if (wake.availablePermits() == 0) {
            wake.release();
        }
    }

    @Override
    public long lag() {
        return waiting.get();
    }

    @Override
    public synchronized void start() {
        if (isRunning()) {
            return;
        }
        stopping = new CountDownLatch(1);
        Thread started = Thread.ofPlatform().name("audit-sequencer").daemon().unstarted(this::run);
        thread = started;
        started.start();
    }

    @Override
    public synchronized void stop() {
        Thread running = thread;
        if (running == null) {
            return;
        }
        stopping.countDown();
        wake.release();
        try {
            if (!running.join(STOP)) {
                log.atWarn().log("audit.sequencer.slow-stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread = null;
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    private void run() {
        CountDownLatch stop = stopping;
        try {
            while (stop.getCount() > 0) {
                if (step() == batch) {
                    continue;
                }
                if (wake.tryAcquire(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                    if (stop.await(GATHER.toMillis(), TimeUnit.MILLISECONDS)) {
                        break;
                    }
                }
            }
            step(); // what came in last gets its place before the program ends
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int step() throws InterruptedException {
        try {
            long before = waiting.get(); // what is told during the step may be too late for it
            int placed = sequencer.step();
            long left = waiting.updateAndGet(count -> Math.max(0, count - (placed == 0 ? before : placed)));
            if (left == 0) {
                caughtUpAt = clock.instant();
            }
            if (failure != null) {
                failure = null;
                log.atInfo().log("audit.sequencer.recovered");
            }
            return placed;
        } catch (RuntimeException e) {
            if (failure == null) {
                failure = new Failure(clock.instant(), String.valueOf(e.getMessage()));
                log.atError().setCause(e).log("audit.sequencer.failed");
            }
            boolean ignored = stopping.await(POLL.toMillis(), TimeUnit.MILLISECONDS);
            return 0;
        }
    }

    @Override
    public Reading read() {
        Failure failed = failure;
        Instant caughtUp = caughtUpAt;
        long lag = lag();
        String figures = "%d entries wait; last checkpoint at %s".formatted(lag, sequencer.signedAt());
        if (failed != null) {
            return new Reading(
                    "audit.sequencer",
                    State.DOWN,
                    failed.since(),
                    "Entries are kept and get no place in the log: %s. %s.".formatted(failed.what(), figures),
                    "Run ./conurb admin verify-audit; if it finds nothing, look at the database and its disk.");
        }
        if (!isRunning()) {
            return new Reading(
                    "audit.sequencer", State.DOWN, caughtUp, "It is not running. " + figures + ".", "Restart Conurb.");
        }
        if (lag > 0 && Duration.between(caughtUp, clock.instant()).compareTo(LATE) > 0) {
            return new Reading(
                    "audit.sequencer",
                    State.DEGRADED,
                    caughtUp,
                    figures + ".",
                    "The database is slow or the load is high; look at disk and processor.");
        }
        return new Reading("audit.sequencer", State.OK, caughtUp, figures + ".", "");
    }
}

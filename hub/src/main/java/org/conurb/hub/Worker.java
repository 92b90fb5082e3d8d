package org.conurb.hub;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A virtual thread of ours that works, waits until woken, and ends when told. It is never interrupted, since an
 * interrupt cuts the connection to the database in the middle of a commit.
 */
final class Worker implements AutoCloseable {
    private static final Duration LAST_STEP = Duration.ofSeconds(10);

    private final Semaphore work = new Semaphore(0);
    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread thread;

    /** @param body returns once {@link #closed} */
    Worker(String name, Runnable body) {
        thread = Thread.ofVirtual().name(name).unstarted(body);
    }

    void start() {
        thread.start();
    }

    void wake() {
        if (work.availablePermits() == 0) {
            work.release();
        }
    }

    boolean hasWork() {
        return work.availablePermits() > 0;
    }

    boolean closed() {
        return end.getCount() == 0;
    }

    /** Waits until woken or closed, at most {@code longest}; whether it was woken. */
    boolean await(Duration longest) {
        try {
            boolean woken = work.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS);
            work.drainPermits();
            return woken;
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts a worker", e);
        }
    }

    /** Waits, however often it is woken; ends early when closed. */
    void pause(Duration wait) {
        try {
            if (end.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                work.release();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts a worker", e);
        }
    }

    /** Tells it to end, without waiting. */
    void end() {
        end.countDown();
        work.release();
    }

    /** Lets the step under way end, at most ten seconds. */
    @Override
    public void close() {
        end();
        try {
            if (thread.getState() != Thread.State.NEW) {
                thread.join(LAST_STEP);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

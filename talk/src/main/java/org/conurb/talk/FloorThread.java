package org.conurb.talk;

import java.util.PriorityQueue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which all calls of the site are decided (docs/decisions/0010-one-floor-thread.md). Takes work from any
 * thread in its order, and wakes those whose timer is due. Each piece of work is done at one moment, and what was due by then
 * is done before it.
 */
class FloorThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FloorThread.class);
    private static final int MOST = 65_536;
    private static final long STOP_MILLIS = 5_000;

    /** Something with a timer. Asked and called on this thread. */
    interface Timed {
        /** {@link FloorArbiter#NEVER} for none. */
        long nextTimer();

        void tick(long now);
    }

    /** A timer that runs; of one thing only the earliest counts. */
    static final class Timer {
        private final Timed timed;
        private long due = FloorArbiter.NEVER;

        Timer(Timed timed) {
            this.timed = timed;
        }
    }

    private record Due(long at, Timer timer) {}

    private final BlockingQueue<Runnable> work = new ArrayBlockingQueue<>(MOST);
    private final PriorityQueue<Due> timers = new PriorityQueue<>((one, other) -> Long.compare(one.at, other.at));
    private final LongSupplier nanos;
    private final Thread thread;
    private long moment;
    private volatile boolean closed;

    /** @param nanos a clock that does not go back */
    FloorThread(LongSupplier nanos) {
        this.nanos = nanos;
        this.moment = nanos.getAsLong();
        this.thread = Thread.ofPlatform().daemon().name("talk-floor").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** The moment of what is being done. On this thread. */
    long now() {
        return moment;
    }

    /**
     * Soon, after all that was posted before.
     *
     * @throws TalkBusy where too much waits
     */
    void post(Runnable task) {
        if (closed) {
            return;
        }
        if (!work.offer(task)) {
            throw new TalkBusy("%d inputs to talk wait.".formatted(MOST));
        }
    }

    /** Looks when this is due; after each input that may have changed it. On this thread. */
    void schedule(Timer timer) {
        long next = timer.timed.nextTimer();
        if (next < timer.due) {
            timer.due = next;
            timers.add(new Due(next, timer));
        }
    }

    private void run() {
        while (!closed) {
            try {
                Runnable task = work.poll(untilDue(), TimeUnit.NANOSECONDS);
                expire();
                if (task != null) {
                    guarded(task);
                }
            } catch (InterruptedException stop) {
                return;
            }
        }
    }

    /** Does what waits and what is due, in the place of the thread, where none was started. */
    void work() {
        for (Runnable task = work.poll(); task != null; task = work.poll()) {
            expire();
            guarded(task);
        }
        expire();
    }

    /** When something is due next. */
    long nextTimer() {
        Due first = timers.peek();
        return first == null ? FloorArbiter.NEVER : first.at;
    }

    private long untilDue() {
        Due first = timers.peek();
        return first == null ? TimeUnit.SECONDS.toNanos(1) : Math.max(0, first.at - nanos.getAsLong());
    }

    private void expire() {
        moment = nanos.getAsLong();
        for (Due first = timers.peek(); first != null && first.at <= moment; first = timers.peek()) {
            timers.remove();
            Timer timer = first.timer;
            if (first.at == timer.due) {
                timer.due = FloorArbiter.NEVER;
                guarded(() -> timer.timed.tick(moment));
                schedule(timer);
            }
        }
    }

    /** A defect costs what was being done, not the other calls. */
    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    void failed(RuntimeException defect) {
        LOG.atError().setCause(defect).log("talk.input-failed");
    }

    int waiting() {
        return work.size();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

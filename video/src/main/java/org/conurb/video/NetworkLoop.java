package org.conurb.video;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One platform thread that waits on the sockets of many cameras. It reads into one buffer, which all its members share,
 * and wakes at most every {@code wakeEvery}: packets of many cameras gather meanwhile in the kernel, which saves most of
 * the cost of waking. It never touches a disk and never waits for anyone.
 */
final class NetworkLoop implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NetworkLoop.class);
    private static final int BUFFER = 256 * 1024;
    private static final long TICK_NANOS = 100_000_000;
    /** So many times as long it sleeps while nobody waits: fewer turns, each with more to do. */
    private static final int UNAWAITED = 4;

    private static final long WINDOW_NANOS = 30_000_000_000L;

    private final Selector selector;
    private final Thread thread;
    private final long wakeNanos;
    private final LongSupplier nanoTime;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Set<Member> members = new LinkedHashSet<>();
    private volatile boolean closed;
    private volatile long longestNanos;
    private volatile long longestBefore;
    private long windowNanos;
    private boolean awaited = true;

    /** A camera of this loop. All calls come from the loop's thread. */
    interface Member {
        /** @param shared empty, for the time of the call */
        void ready(SelectionKey key, ByteBuffer shared, long nanos);

        /** About each 100 ms. */
        void tick(long nanos);

        /** Whether somebody waits for what comes, so that it is not to lie in its socket; asked about each 100 ms. */
        boolean awaited();

        /** It failed in a way that it did not expect: it is to close what it has open. */
        void failed(RuntimeException failure, long nanos);
    }

    NetworkLoop(String name, Duration wakeEvery, LongSupplier nanoTime) {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.wakeNanos = wakeEvery.toNanos();
        this.nanoTime = nanoTime;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** From any thread. */
    void execute(Runnable task) {
        tasks.add(task);
        selector.wakeup();
        LockSupport.unpark(thread);
    }

    /** Loop thread only. */
    void join(Member member) {
        members.add(member);
        awaited = true;
    }

    /** Loop thread only. */
    void leave(Member member) {
        members.remove(member);
    }

    SelectionKey register(SelectableChannel channel, int operations, Member member) throws IOException {
        channel.configureBlocking(false);
        return channel.register(selector, operations, member);
    }

    /** The longest that one turn took within the last minute: what packets waited for. From any thread. */
    Duration longestTurn() {
        return Duration.ofNanos(Math.max(longestNanos, longestBefore));
    }

    private void took(long nanos, long now) {
        if (now - windowNanos > WINDOW_NANOS) {
            windowNanos = now;
            longestBefore = longestNanos;
            longestNanos = nanos;
        } else if (nanos > longestNanos) {
            longestNanos = nanos;
        }
    }

    private void run() {
        long ticked = nanoTime.getAsLong();
        windowNanos = ticked;
        while (!closed) {
            try {
                selector.select(TICK_NANOS / 1_000_000);
            } catch (IOException e) {
                log.atError().setCause(e).log("video.loop.select-failed");
            }
            long turn = nanoTime.getAsLong();
            work();
            keys(turn);
            if (turn - ticked >= TICK_NANOS) {
                ticked = turn;
                awaited = false;
                for (Member member : members.toArray(Member[]::new)) {
                    guarded(member, () -> member.tick(turn));
                    awaited |= member.awaited();
                }
            }
            long took = nanoTime.getAsLong() - turn;
            took(took, turn);
            long sleep = (awaited ? wakeNanos : UNAWAITED * wakeNanos) - took;
            if (sleep > 0 && tasks.isEmpty() && !closed) {
                LockSupport.parkNanos(sleep);
            }
        }
        work();
        closeSelector();
    }

    private void work() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            try {
                task.run();
            } catch (RuntimeException e) {
                log.atError().setCause(e).log("video.loop.task-failed");
            }
        }
    }

    private void keys(long nanos) {
        Iterator<SelectionKey> ready = selector.selectedKeys().iterator();
        while (ready.hasNext()) {
            SelectionKey key = ready.next();
            ready.remove();
            Member member = (Member) key.attachment();
            if (key.isValid()) {
                buffer.clear();
                guarded(member, () -> member.ready(key, buffer, nanos));
            }
        }
    }

    /** One camera's trouble is not the others'. */
    private void guarded(Member member, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("video.camera.defect");
            member.failed(e, nanoTime.getAsLong());
        }
    }

    private void closeSelector() {
        try {
            selector.close();
        } catch (IOException e) {
            log.atWarn().setCause(e).log("video.loop.close-failed");
        }
    }

    /** Runs what is queued, then ends. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        LockSupport.unpark(thread);
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

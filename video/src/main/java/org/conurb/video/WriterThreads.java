package org.conurb.video;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The few threads that write files. A camera stays with one, so what it does to its files needs no locks; the buffers to
 * build a fragment in belong to the thread and not to the camera. What is written is forced to the disk within a time that
 * is set, whether more comes or not.
 */
final class WriterThreads implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WriterThreads.class);
    private static final Runnable END = () -> {};
    private static final Runnable NOTHING = () -> {};

    private final long syncNanos;
    private final LongSupplier nanoTime;

    private final List<Desk> desks = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    /** One thread's queue and buffers. Each recorder stands in the queue once at most, so its length is bounded. */
    static final class Desk {
        private final BlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
        private final FragmentDesk buffers = new FragmentDesk();
        /** What was written first comes first. Confined to the thread. */
        private final Deque<Due> unsynced = new ArrayDeque<>();

        void add(Runnable work) {
            queue.add(work);
        }

        /** Will have it forced to the disk in time. On the thread only; once until it was. */
        void syncLater(Unsynced written) {
            unsynced.addLast(new Due(written, written.sinceNanos()));
        }

        private record Due(Unsynced written, long sinceNanos) {}

        /** The thread's own buffers: to be used on it only. */
        FragmentDesk buffers() {
            return buffers;
        }
    }

    /** What is written and not on the disk for good. */
    interface Unsynced {
        long sinceNanos();

        void sync();
    }

    WriterThreads(int count, Duration syncEvery, LongSupplier nanoTime) {
        this.syncNanos = syncEvery.toNanos();
        this.nanoTime = nanoTime;
        for (int i = 0; i < count; i++) {
            Desk desk = new Desk();
            desks.add(desk);
            threads.add(Thread.ofPlatform().name("video-writer-" + i).daemon().start(() -> run(desk)));
        }
    }

    Desk of(CameraId camera) {
        return desks.get(Math.floorMod(camera.hashCode(), desks.size()));
    }

    private void run(Desk desk) {
        try {
            for (Runnable work = next(desk); work != END; work = next(desk)) {
                guarded(work);
                syncDue(desk);
            }
            desk.unsynced.forEach(due -> guarded(due.written()::sync));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is queued, or nothing once there is something to force. */
    private Runnable next(Desk desk) throws InterruptedException {
        Desk.Due first = desk.unsynced.peekFirst();
        if (first == null) {
            return desk.queue.take();
        }
        long wait = first.sinceNanos() + syncNanos - nanoTime.getAsLong();
        Runnable work = desk.queue.poll(Math.max(0, wait), TimeUnit.NANOSECONDS);
        return work == null ? NOTHING : work;
    }

    private void syncDue(Desk desk) {
        long now = nanoTime.getAsLong();
        for (Desk.Due first = desk.unsynced.peekFirst();
                first != null && now - first.sinceNanos() >= syncNanos;
                first = desk.unsynced.peekFirst()) {
            desk.unsynced.removeFirst();
            guarded(first.written()::sync);
        }
    }

    int waiting() {
        return desks.stream().mapToInt(desk -> desk.queue.size()).sum();
    }

    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("video.writer.defect");
        }
    }

    /** Ends when all that is queued is written. */
    @Override
    public void close() {
        desks.forEach(desk -> desk.add(END));
        for (Thread thread : threads) {
            try {
                thread.join(Duration.ofSeconds(20));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

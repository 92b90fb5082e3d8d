package org.conurb.video;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The few threads that write files. A camera stays with one, so what it does to its files needs no locks; the buffers to
 * build a fragment in belong to the thread and not to the camera.
 */
final class WriterThreads implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WriterThreads.class);
    private static final Runnable END = () -> {};

    private final List<Desk> desks = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    /** One thread's queue and buffers. Each recorder stands in the queue once at most, so its length is bounded. */
    static final class Desk {
        private final BlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
        private final FragmentDesk buffers = new FragmentDesk();

        void add(Runnable work) {
            queue.add(work);
        }

        /** The thread's own buffers: to be used on it only. */
        FragmentDesk buffers() {
            return buffers;
        }
    }

    WriterThreads(int count) {
        for (int i = 0; i < count; i++) {
            Desk desk = new Desk();
            desks.add(desk);
            threads.add(Thread.ofPlatform().name("video-writer-" + i).daemon().start(() -> run(desk)));
        }
    }

    Desk of(CameraId camera) {
        return desks.get(Math.floorMod(camera.hashCode(), desks.size()));
    }

    private static void run(Desk desk) {
        try {
            for (Runnable work = desk.queue.take(); work != END; work = desk.queue.take()) {
                try {
                    work.run();
                } catch (RuntimeException e) {
                    log.atError().setCause(e).log("video.writer.defect");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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

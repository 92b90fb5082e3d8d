package org.conurb.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.conurb.kernel.ConurbException;

/** Clients that write as fast as they are answered, and repeat what failed with the same key. */
final class Writers implements AutoCloseable {
    private final Transactions store;
    private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> defects = new ConcurrentLinkedQueue<>();
    private final AtomicInteger refused = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    Writers(Transactions store, int count) {
        this.store = store;
        for (int i = 0; i < count; i++) {
            String name = "w" + i + "-";
            threads.add(Thread.ofVirtual().start(() -> write(name)));
        }
    }

    private void write(String name) {
        for (int n = 0; !stopped; n++) {
            String note = name + n;
            while (!once(note) && !stopped) {
                Thread.yield();
            }
        }
    }

    private boolean once(String note) {
        try {
            new Change(
                            store,
                            Sandbox.caller(Sandbox.FIRE),
                            List.of(Sandbox.FIRE),
                            Optional.of(note),
                            note.getBytes(StandardCharsets.UTF_8))
                    .commit(() -> {
                        Sandbox.insert(store, Sandbox.FIRE, note);
                        return Answer.noContent();
                    });
            acknowledged.add(note);
            return true;
        } catch (ConurbException e) {
            refused.incrementAndGet();
            if (e.category().status() != 503) {
                defects.add(e);
            }
            return false;
        } catch (RuntimeException e) {
            defects.add(e);
            return false;
        }
    }

    int count() {
        return acknowledged.size();
    }

    int refused() {
        return refused.get();
    }

    List<String> soFar() {
        return List.copyOf(acknowledged);
    }

    /** Every answer that was not a success was an honest 503. */
    void assertHonest() {
        assertThat(defects).isEmpty();
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join(30_000);
        }
    }
}

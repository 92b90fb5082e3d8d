package org.conurb.video;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.conurb.hub.Entities;
import org.conurb.kernel.Caller;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells everyone how each camera is: puts its entity when its state or reason has changed. One thread of its own. */
final class CameraWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CameraWatch.class);
    private static final long EVERY_MILLIS = 1_000;
    /** Cameras are read again after so many steps; what is told of one is read anew each time. */
    private static final int READ_EVERY = 5;

    private final Transactions transactions;
    private final Cameras cameras;
    private final CameraLines lines;
    private final Entities entities;
    private final Map<CameraId, Told> told = new HashMap<>();
    private List<Camera> known = List.of();
    private int steps;
    private @Nullable Thread thread;

    private record Told(CameraStatus.State state, String reason, int version) {}

    CameraWatch(Transactions transactions, Cameras cameras, CameraLines lines, Entities entities) {
        this.transactions = transactions;
        this.cameras = cameras;
        this.lines = lines;
        this.entities = entities;
    }

    void start() {
        Thread fresh = Thread.ofPlatform().daemon().name("video-states").unstarted(this::run);
        thread = fresh;
        fresh.start();
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(EVERY_MILLIS);
                step();
            } catch (InterruptedException stopped) {
                return;
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("video.states.failed");
            }
        }
    }

    /** @return how many had changed */
    int step() {
        if (steps++ % READ_EVERY == 0) {
            known = cameras.all();
            told.keySet().retainAll(known.stream().map(Camera::id).toList());
        }
        int changed = 0;
        for (Camera camera : known) {
            CameraStatus status = lines.status(camera.id());
            Told now = new Told(status.state(), status.reason(), camera.version());
            if (!now.equals(told.get(camera.id()))) {
                publish(camera, status);
                told.put(camera.id(), now);
                changed++;
            }
        }
        return changed;
    }

    private void publish(Camera camera, CameraStatus status) {
        Caller self = Caller.system("video", camera.organisation());
        transactions.doAs(
                Set.of(camera.organisation()),
                () -> cameras.held(camera.id()).ifPresent(now -> entities.put(self, CameraEntities.of(now, status))));
    }

    @Override
    public void close() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }
}

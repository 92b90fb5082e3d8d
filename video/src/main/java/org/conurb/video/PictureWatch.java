package org.conurb.video;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the newest key frame of each recorded camera in turn, each about 30 s, for pictures that are black, frozen, or
 * of another view. One at a time, at most four a second, and only while nobody waits for a still; so with more than 120
 * cameras a round takes longer. One thread of its own.
 */
final class PictureWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PictureWatch.class);
    private static final Duration ROUND = Duration.ofSeconds(30);
    private static final Duration LEAST_PAUSE = Duration.ofMillis(250);
    /** A usual view is kept after so many looks: 10 minutes. */
    private static final int KEEP_EVERY = 20;

    private final Cameras cameras;
    private final CameraLines lines;
    private final Pictures pictures;
    private final UsualViews views;
    private final OpenFindings open;
    private final RecordingListener findings;
    private final Clock clock;
    private final Map<CameraId, Known> known = new HashMap<>();
    private final Queue<Camera> round = new ArrayDeque<>();
    private int cameraCount;
    private @Nullable Thread thread;

    /** Where pictures come from. */
    interface Pictures {
        /** The newest key frame at that moment; empty where there is none of late, or others wait for theirs. */
        Optional<Picture> glance(Camera camera, Instant at);
    }

    record Picture(BrightnessGrid grid, Instant at) {}

    private static final class Known {
        private final int version;
        private final PictureMemory memory = new PictureMemory();
        private Instant lastAt = Instant.MIN;
        private int looks;

        Known(int version) {
            this.version = version;
        }
    }

    PictureWatch(
            Cameras cameras,
            CameraLines lines,
            Pictures pictures,
            UsualViews views,
            OpenFindings open,
            RecordingListener findings,
            Clock clock) {
        this.cameras = cameras;
        this.lines = lines;
        this.pictures = pictures;
        this.views = views;
        this.open = open;
        this.findings = findings;
        this.clock = clock;
    }

    void start() {
        Thread fresh = Thread.ofPlatform()
                .daemon()
                .priority(Thread.MIN_PRIORITY)
                .name("video-pictures")
                .unstarted(this::run);
        thread = fresh;
        fresh.start();
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(pause());
                step();
            } catch (InterruptedException stopped) {
                return;
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("video.pictures.failed");
            }
        }
    }

    private Duration pause() {
        Duration each = ROUND.dividedBy(Math.max(1, cameraCount));
        return each.compareTo(LEAST_PAUSE) < 0 ? LEAST_PAUSE : each;
    }

    /** Looks at the next camera. */
    void step() {
        if (round.isEmpty()) {
            begin();
        }
        Camera camera = round.poll();
        if (camera == null) {
            return;
        }
        if (camera.recorded()) {
            look(camera);
        } else {
            known.remove(camera.id());
            for (PictureMemory.Fault fault : PictureMemory.Fault.values()) {
                tell(camera.id(), fault, Optional.empty());
            }
        }
    }

    private void begin() {
        findings.stillOpen();
        List<Camera> all = cameras.all();
        round.addAll(all);
        cameraCount = all.size();
        known.keySet().retainAll(all.stream().map(Camera::id).collect(Collectors.toSet()));
    }

    private void look(Camera camera) {
        if (lines.status(camera.id()).state() != CameraStatus.State.RECORDING) {
            return;
        }
        Known one = known(camera);
        Optional<Picture> picture = pictures.glance(camera, clock.instant());
        if (picture.isEmpty() || !picture.get().at().isAfter(one.lastAt)) {
            return;
        }
        Instant at = picture.get().at();
        one.lastAt = at;
        one.memory.look(
                picture.get().grid(),
                at,
                () -> pictures.glance(camera, at.minusMillis(1)).map(Picture::grid));
        for (PictureMemory.Fault fault : PictureMemory.Fault.values()) {
            tell(camera.id(), fault, one.memory.since(fault));
        }
        if (one.looks++ % KEEP_EVERY == KEEP_EVERY - 1 || one.looks == 3) {
            one.memory.usual().ifPresent(usual -> views.put(camera.id(), one.version, usual));
        }
    }

    private Known known(Camera camera) {
        Known one = known.get(camera.id());
        if (one == null || one.version != camera.version()) {
            Known fresh = new Known(camera.version());
            for (PictureMemory.Fault fault : PictureMemory.Fault.values()) {
                open.find(camera.id(), fault.kind()).ifPresent(finding -> fresh.memory.resume(fault, finding.since()));
            }
            views.find(camera.id(), camera.version()).ifPresent(fresh.memory::resume);
            known.put(camera.id(), fresh);
            return fresh;
        }
        return one;
    }

    /** Told at each look, so that what could not be written is written by the next one. */
    private void tell(CameraId camera, PictureMemory.Fault fault, Optional<Instant> since) {
        Optional<RecordingListener.Finding> told = open.find(camera, fault.kind());
        if (since.isPresent() && told.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("kind", fault.kind())
                    .addKeyValue("camera", camera)
                    .log("video.finding.opened");
            findings.opened(new RecordingListener.Finding(
                    Optional.of(camera), fault.kind(), since.get(), fault.detail, fault.remedy));
        } else if (since.isEmpty() && told.isPresent()) {
            findings.closed(told.get(), clock.instant());
        }
    }

    @Override
    public void close() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }
}

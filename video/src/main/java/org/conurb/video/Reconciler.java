package org.conurb.video;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.conurb.kernel.Health;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what is wanted on disk with what really got there, each 10 s, and begins anew what only seems well. Each minute
 * it has lasting gaps written, asks {@link Retention}, and so keeps the disk from filling. What it finds opens and closes
 * as {@link RecordingListener.Finding}s. Confined to its thread, but for {@link #read}.
 */
final class Reconciler implements Health {
    static final Duration EVERY = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(Reconciler.class);
    private static final Duration NOTHING_WRITTEN = Duration.ofSeconds(15);
    private static final int MINUTE = 6;
    private static final String NOT_RECORDING = "not-recording";

    private final CameraStreams streams;
    private final Retention retention;
    private final CameraFiles.Gate gate;
    private final WallClock wall;
    private final Clock clock;
    private final List<RecordingListener> listeners;
    private final Map<String, RecordingListener.Finding> open = new HashMap<>();
    private boolean resumed;
    private int steps;
    private volatile Reading reading;

    Reconciler(
            CameraStreams streams,
            Retention retention,
            CameraFiles.Gate gate,
            WallClock wall,
            Clock clock,
            List<RecordingListener> listeners) {
        this.streams = streams;
        this.retention = retention;
        this.gate = gate;
        this.wall = wall;
        this.clock = clock;
        this.listeners = listeners;
        this.reading = reading(List.of(), 0);
    }

    /** Each 10 s. */
    void step() {
        resume();
        Instant now = clock.instant();
        Map<String, RecordingListener.Finding> found = new HashMap<>();
        List<CameraStreams.Recorded> recorded = streams.recorded();
        for (CameraStreams.Recorded one : recorded) {
            look(one, now).ifPresent(finding -> found.put(key(finding), finding));
        }
        if (steps++ % MINUTE == 0) {
            minute(found, now);
        } else {
            keep(found);
        }
        streams.letIdleGo(wall.nanos());
        tell(found, now);
        reading = reading(List.copyOf(open.values()), recorded.size());
    }

    /** What was open before the program started is closed by the first step that does not find it. */
    private void resume() {
        if (!resumed) {
            for (RecordingListener listener : listeners) {
                for (RecordingListener.Finding finding : listener.stillOpen()) {
                    if (finding.camera().isEmpty() || finding.kind().equals(NOT_RECORDING)) {
                        open.putIfAbsent(key(finding), finding);
                    }
                }
            }
            resumed = true;
        }
    }

    /** A camera whose bytes do not reach the disk, whatever its session believes. */
    private Optional<RecordingListener.Finding> look(CameraStreams.Recorded one, Instant now) {
        Instant last = wall.instant(one.written().atNanos());
        boolean young = Duration.between(one.wantedSince(), now).compareTo(NOTHING_WRITTEN) < 0;
        if (young) {
            return Optional.ofNullable(open.get(key(one.source().id(), NOT_RECORDING)));
        }
        if (Duration.between(last, now).compareTo(NOTHING_WRITTEN) < 0) {
            return Optional.empty();
        }
        CameraStatus status = one.status();
        if (status.state() == CameraStatus.State.RECORDING && gate.mayWrite()) {
            streams.restart(one.source().id(), "nothing of it reached the disk for 15 s");
        }
        String why = !gate.mayWrite()
                ? "the disk is full"
                : status.reason().isEmpty() ? "nothing of it reaches the disk" : status.reason();
        return Optional.of(new RecordingListener.Finding(
                Optional.of(one.source().id()),
                NOT_RECORDING,
                last,
                "Nothing is recorded since %s: %s.".formatted(last, why),
                "Look at the camera's power, network and password; the recorder tries by itself without end."));
    }

    private void minute(Map<String, RecordingListener.Finding> found, Instant now) {
        streams.mark();
        try {
            Retention.Outcome outcome = retention.step();
            gate.set(outcome.mayWrite());
            if (!outcome.mayWrite()) {
                put(found, "disk-full", now, "%d MB are free, and nothing may be deleted.", outcome.free() >> 20);
            }
            if (outcome.atRisk()) {
                put(
                        found,
                        "retention-at-risk",
                        now,
                        "In %d hours the disk is full of what was promised to be kept.",
                        outcome.full().orElseThrow().toHours());
            }
        } catch (IOException | RuntimeException e) {
            log.atError().setCause(e).log("video.retention.failed");
            keep(found);
        }
    }

    private static void put(
            Map<String, RecordingListener.Finding> found, String kind, Instant now, String detail, long figure) {
        RecordingListener.Finding finding = new RecordingListener.Finding(
                Optional.empty(),
                kind,
                now,
                detail.formatted(figure),
                "Add a larger disk, shorten conurb.video.recording.retention-least, or release what is on hold.");
        found.put(key(finding), finding);
    }

    /** What only the minute looks at stays as it was. */
    private void keep(Map<String, RecordingListener.Finding> found) {
        open.forEach((key, finding) -> {
            if (finding.camera().isEmpty()) {
                found.putIfAbsent(key, finding);
            }
        });
    }

    private void tell(Map<String, RecordingListener.Finding> found, Instant now) {
        Set<String> over = new HashSet<>(open.keySet());
        over.removeAll(found.keySet());
        for (String key : over) {
            RecordingListener.Finding finding = open.get(key);
            each(listener -> listener.closed(java.util.Objects.requireNonNull(finding), now));
            open.remove(key);
        }
        found.forEach((key, finding) -> {
            if (open.putIfAbsent(key, finding) == null) {
                log.atWarn()
                        .addKeyValue("kind", finding.kind())
                        .addKeyValue(
                                "camera",
                                finding.camera().map(CameraId::toString).orElse(""))
                        .log("video.finding.opened");
                each(listener -> listener.opened(finding));
            }
        });
    }

    private void each(java.util.function.Consumer<RecordingListener> call) {
        for (RecordingListener listener : listeners) {
            try {
                call.accept(listener);
            } catch (RuntimeException e) {
                log.atError().setCause(e).log("video.finding.listener-failed");
            }
        }
    }

    private static String key(RecordingListener.Finding finding) {
        return finding.camera().map(camera -> key(camera, finding.kind())).orElse(finding.kind());
    }

    private static String key(CameraId camera, String kind) {
        return kind + ' ' + camera;
    }

    private Reading reading(List<RecordingListener.Finding> findings, int cameras) {
        List<RecordingListener.Finding> disk = new ArrayList<>(findings);
        disk.removeIf(finding -> finding.camera().isPresent());
        int silent = findings.size() - disk.size();
        String detail = "%d of %d cameras are recorded.".formatted(cameras - silent, cameras);
        Instant since = findings.stream()
                .map(RecordingListener.Finding::since)
                .min(Instant::compareTo)
                .orElseGet(clock::instant);
        if (!disk.isEmpty()) {
            RecordingListener.Finding worst = disk.getFirst();
            State state = worst.kind().equals("disk-full") ? State.DOWN : State.DEGRADED;
            return new Reading("video.recorder", state, since, detail + " " + worst.detail(), worst.remedy());
        }
        return silent == 0
                ? new Reading("video.recorder", State.OK, since, detail, "")
                : new Reading(
                        "video.recorder",
                        State.DEGRADED,
                        since,
                        detail,
                        "The video page lists what is not recorded now, and why.");
    }

    @Override
    public Reading read() {
        return reading;
    }
}

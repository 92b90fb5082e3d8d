package org.conurb.video;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Playlists of the last seconds of cameras that somebody watches where UDP is closed: what was written moments ago, out of
 * the recordings. Numbers go on while somebody asks; after a pause they start anew, higher. Safe for many threads.
 */
final class LivePlaylists {
    private static final Duration WINDOW = Duration.ofSeconds(20);
    private static final Duration BEHIND = Duration.ofSeconds(12);
    private static final int MOST_SEGMENTS = 40;
    private static final int MOST_CAMERAS = 2_000;

    private final Recordings recordings;
    private final Clock clock;

    private final Map<CameraId, Window> windows = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<CameraId, Window> eldest) {
            return size() > MOST_CAMERAS;
        }
    };

    LivePlaylists(Recordings recordings, Clock clock) {
        this.recordings = recordings;
        this.clock = clock;
    }

    /** What is to be shown now: none where nothing was written in the last seconds. */
    record Now(List<Segment> segments, long sequence, long discontinuities) {}

    Now now(Camera camera) {
        Window window;
        synchronized (windows) {
            window = windows.computeIfAbsent(camera.id(), id -> new Window());
        }
        return window.next(camera, clock.instant());
    }

    private final class Window {
        private final Deque<Segment> segments = new ArrayDeque<>();
        private long sequence;
        private long discontinuities;

        synchronized Now next(Camera camera, Instant now) {
            boolean stale = segments.isEmpty() || segments.getLast().end().isBefore(now.minus(WINDOW));
            if (stale) {
                discontinuities += segments.isEmpty() ? 0 : 1;
                segments.clear();
            }
            Instant from = stale ? now.minus(BEHIND) : segments.getLast().end();
            List<Segment> found =
                    Segment.of(recordings.covering(camera.source(), from, now.plusSeconds(10)), Duration.ofMillis(1));
            for (Segment segment : found) {
                add(segment, stale);
            }
            trim();
            return new Now(new ArrayList<>(segments), sequence, discontinuities);
        }

        private void add(Segment segment, boolean stale) {
            if (segments.isEmpty()) {
                // Ten a second: more than ever come, so numbers after a pause are higher than all before.
                sequence = Math.max(sequence + 1, segment.start().toEpochMilli() / 100);
                segments.add(segment);
            } else if (segment.start().isAfter(segments.getLast().start())) {
                Duration between = Duration.between(segments.getLast().end(), segment.start());
                boolean gap = between.abs().toMillis() > 200;
                segments.add(gap ? with(segment, true) : segment);
            }
        }

        private void trim() {
            while (segments.size() > MOST_SEGMENTS
                    || segments.size() > 3
                            && Duration.between(
                                                    segments.getFirst().end(),
                                                    segments.getLast().end())
                                            .compareTo(WINDOW)
                                    > 0) {
                segments.removeFirst();
                sequence++;
                discontinuities += segments.getFirst().discontinuity() ? 1 : 0;
            }
        }

        private static Segment with(Segment segment, boolean discontinuity) {
            return new Segment(
                    segment.file(),
                    segment.initLength(),
                    segment.offset(),
                    segment.length(),
                    segment.start(),
                    segment.duration(),
                    discontinuity);
        }
    }
}

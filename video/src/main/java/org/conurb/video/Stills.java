package org.conurb.video;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.conurb.kernel.ConurbException;

/** Still pictures out of the recordings, the last ones kept. Safe for many threads. */
final class Stills implements PictureWatch.Pictures {
    private static final long MOST_BYTES = 24L << 20;
    private static final int GLANCE_WIDTH = 64;
    private static final int LARGEST_FRAGMENT = 16 << 20;
    /** How far back a still may lie. */
    private static final Duration BACK = Duration.ofSeconds(15);

    /** How many strips are made at a time; single stills come between their pictures. */
    private static final int STRIPS = 2;

    private final Recordings recordings;
    private final StillProcess process;
    private final Semaphore strips = new Semaphore(STRIPS);
    private final Map<Key, StillProcess.Still> kept = new LinkedHashMap<>(64, 0.75f, true);
    private long bytes;

    private record Key(CameraId camera, Instant start, int width) {}

    Stills(Recordings recordings, StillProcess process) {
        this.recordings = recordings;
        this.process = process;
    }

    /** @param at when its key frame was taken */
    record Taken(StillProcess.Still still, Instant at) {}

    /** The newest key frame at that moment or up to 15 s before. */
    Optional<Taken> at(Camera camera, Instant at, int width) {
        return keyFragment(camera, at)
                .flatMap(fragment -> still(camera, fragment, width).map(still -> new Taken(still, fragment.start())));
    }

    /**
     * One for each step that has its own, in order of time.
     *
     * @param to at most a day after {@code from}
     * @throws ConurbException where too many others ask for strips
     */
    List<Taken> strip(Camera camera, Instant from, Instant to, Duration step, int width) {
        List<IndexedFragment> keys = recordings.covering(camera.source(), from.minus(BACK), to).stream()
                .filter(IndexedFragment::keyStart)
                .toList();
        List<IndexedFragment> wanted = new ArrayList<>();
        int next = 0;
        for (Instant at = from; at.isBefore(to); at = at.plus(step)) {
            while (next < keys.size() && !keys.get(next).start().isAfter(at)) {
                next++;
            }
            boolean there = next > 0 && !keys.get(next - 1).start().isBefore(at.minus(BACK));
            if (there && (wanted.isEmpty() || !wanted.getLast().equals(keys.get(next - 1)))) {
                wanted.add(keys.get(next - 1));
            }
        }
        StillProcess.demandTurn(strips);
        try {
            return wanted.stream()
                    .flatMap(fragment ->
                            still(camera, fragment, width).map(still -> new Taken(still, fragment.start())).stream())
                    .toList();
        } finally {
            strips.release();
        }
    }

    /** Not kept, and only while nobody waits for a still. */
    @Override
    public Optional<PictureWatch.Picture> glance(Camera camera, Instant at) {
        return keyFragment(camera, at)
                .flatMap(fragment -> read(fragment)
                        .flatMap(frame -> process.decodeWhileIdle(frame, GLANCE_WIDTH))
                        .map(still ->
                                new PictureWatch.Picture(BrightnessGrid.of(still.brightness()), fragment.start())));
    }

    private Optional<IndexedFragment> keyFragment(Camera camera, Instant at) {
        return recordings.covering(camera.source(), at.minus(BACK), at.plusMillis(1)).reversed().stream()
                .filter(fragment -> fragment.keyStart() && !fragment.start().isAfter(at))
                .findFirst();
    }

    private Optional<StillProcess.Still> still(Camera camera, IndexedFragment fragment, int width) {
        Key key = new Key(camera.id(), fragment.start(), width);
        synchronized (kept) {
            StillProcess.Still known = kept.get(key);
            if (known != null) {
                return Optional.of(known);
            }
        }
        Optional<StillProcess.Still> made = read(fragment).flatMap(frame -> process.decode(frame, width));
        made.ifPresent(still -> keep(key, still));
        return made;
    }

    private void keep(Key key, StillProcess.Still still) {
        synchronized (kept) {
            if (kept.put(key, still) == null) {
                bytes += still.jpeg().length;
            }
            var eldest = kept.entrySet().iterator();
            while (bytes > MOST_BYTES && eldest.hasNext()) {
                bytes -= eldest.next().getValue().jpeg().length;
                eldest.remove();
            }
        }
    }

    private static Optional<KeyFrame> read(IndexedFragment fragment) {
        if (fragment.length() > LARGEST_FRAGMENT) {
            return Optional.empty();
        }
        try (RandomAccessFile file = new RandomAccessFile(fragment.file().toFile(), "r")) {
            byte[] init = new byte[fragment.initLength()];
            file.readFully(init);
            byte[] body = new byte[fragment.length()];
            file.seek(fragment.offset());
            file.readFully(body);
            return KeyFrame.of(init, body);
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}

package org.conurb.video;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.conurb.media.RingFanout;
import org.conurb.media.TrackFormat;

/**
 * The streams that come in: which cameras are wanted, how each is, and what of it can be seen live. Connecting, reading
 * and writing go on by themselves from {@link #want} to {@link #unwant}. Safe for many threads.
 */
final class CameraStreams implements CameraLines, AutoCloseable {
    /** A sub stream that nobody asked for in this time is let go. */
    static final Duration SUB_IDLE = Duration.ofSeconds(30);

    private final RecordingSettings settings;
    private final CameraFiles.Disk disk;
    private final WallClock wall;
    private final CameraAddresses addresses;
    private final CameraSession.NameLookup names;
    private final RandomGenerator random;
    private final NetworkLoops loops;
    private final WriterThreads writers;
    private final Map<CameraId, WantedCamera> entries = new ConcurrentHashMap<>();
    private final Set<CameraId> switchedOff = ConcurrentHashMap.newKeySet();
    /** What recorders wrote that are not wanted any more: totals only grow. */
    private final AtomicLong bytesBefore = new AtomicLong();

    private final AtomicLong fragmentsBefore = new AtomicLong();

    CameraStreams(
            RecordingSettings settings,
            CameraFiles.Disk disk,
            CameraAddresses addresses,
            CameraSession.NameLookup names,
            RandomGenerator random) {
        this.settings = settings;
        this.disk = disk;
        this.wall = disk.wall();
        this.addresses = addresses;
        this.names = names;
        this.random = random;
        this.writers = new WriterThreads(settings.writers(), settings.syncEvery(), wall::nanos);
        this.loops = new NetworkLoops(
                settings.loops(),
                Runtime.getRuntime().availableProcessors(),
                NetworkLoops.CAMERAS_EACH,
                settings.wakeEvery(),
                wall::nanos);
    }

    /** These cameras and no others. One whose source did not change is not disturbed. */
    void want(Collection<CameraSource> all) {
        Set<CameraId> wanted = new HashSet<>();
        all.forEach(source -> {
            want(source);
            wanted.add(source.id());
        });
        entries.keySet().stream().filter(id -> !wanted.contains(id)).toList().forEach(this::unwant);
    }

    /** This camera, from now on like this. */
    @Override
    public synchronized void want(CameraSource source) {
        WantedCamera known = entries.get(source.id());
        if (known != null && known.source.equals(source)) {
            return;
        }
        if (known != null) {
            unwant(source.id());
        }
        NetworkLoop loop = loops.take();
        RingFanout out = new RingFanout();
        Optional<StreamRecorder> recorder = source.record()
                ? Optional.of(new StreamRecorder(
                        source.id(),
                        writers.of(source.id()),
                        wall,
                        new CameraFiles(source, disk),
                        switchedOff.contains(source.id()) ? GapReason.SWITCHED_OFF : GapReason.NOT_RUNNING))
                : Optional.empty();
        Optional<CameraSession> main = source.main()
                .map(address -> new CameraSession(source, LiveStream.Kind.MAIN, address, house(loop), recorder, out));
        entries.put(source.id(), new WantedCamera(source, loop, recorder, main, out, wall.nanos()));
        main.ifPresent(session -> loop.execute(() -> session.start(wall.nanos())));
    }

    private CameraSession.House house(NetworkLoop loop) {
        return new CameraSession.House(
                loop,
                addresses,
                names,
                random,
                wall,
                settings.ringBytes(),
                settings.fragmentLongest().toNanos());
    }

    /** Not this camera any more. What it sent so far is written; who watches it is told. */
    @Override
    public synchronized void unwant(CameraId id) {
        WantedCamera entry = entries.remove(id);
        if (entry == null) {
            return;
        }
        switchedOff.add(id);
        Publication published = entry.published;
        if (published != null) {
            published.close();
        }
        entry.mainOut.close();
        entry.subOut.close();
        entry.recorder.ifPresent(recorder -> {
            bytesBefore.addAndGet(recorder.files().written().bytes());
            fragmentsBefore.addAndGet(recorder.files().written().fragments());
        });
        entry.loop.execute(() -> {
            entry.main.ifPresent(session -> session.stop(wall.nanos()));
            CameraSession sub = entry.sub;
            if (sub != null) {
                sub.stop(wall.nanos());
            }
            entry.recorder.ifPresent(recorder -> recorder.end(() -> {}));
        });
        loops.give(entry.loop);
    }

    @Override
    public Optional<LiveStream> live(CameraId id, LiveStream.Kind kind) {
        return kind == LiveStream.Kind.MAIN ? live(id) : sub(id);
    }

    /** The main stream, when its packets come now. */
    Optional<LiveStream> live(CameraId id) {
        WantedCamera entry = entries.get(id);
        if (entry == null) {
            return Optional.empty();
        }
        Publication published = entry.published;
        return published != null
                ? Optional.of(published.live())
                : entry.main.flatMap(session -> session.view().live());
    }

    /**
     * The sub stream; empty until it comes. Asking connects it where there is one; it is let go {@link #SUB_IDLE} after it
     * was watched or asked for last.
     */
    Optional<LiveStream> sub(CameraId id) {
        WantedCamera entry = entries.get(id);
        if (entry == null || entry.source.sub().isEmpty()) {
            return Optional.empty();
        }
        entry.subAsked = wall.nanos();
        return subSession(entry).view().live();
    }

    private CameraSession subSession(WantedCamera entry) {
        synchronized (entry) {
            CameraSession open = entry.sub;
            if (open == null) {
                CameraSession session = new CameraSession(
                        entry.source,
                        LiveStream.Kind.SUB,
                        entry.source.sub().orElseThrow(),
                        house(entry.loop),
                        Optional.empty(),
                        entry.subOut);
                entry.sub = session;
                entry.loop.execute(() -> session.start(wall.nanos()));
                open = session;
            }
            return open;
        }
    }

    /** Lets go of sub streams that nobody watches; asked by the reconciler. */
    void letIdleGo(long nanos) {
        for (WantedCamera entry : entries.values()) {
            synchronized (entry) {
                CameraSession sub = entry.sub;
                if (entry.subOut.listeners() > 0) {
                    entry.subAsked = nanos;
                }
                if (sub != null && nanos - entry.subAsked > SUB_IDLE.toNanos()) {
                    entry.sub = null;
                    entry.loop.execute(() -> sub.stop(wall.nanos()));
                }
            }
        }
    }

    /** For a wanted camera without an address (WHIP). */
    @Override
    public synchronized Publication publish(CameraId id, List<TrackFormat> formats, Runnable over) {
        WantedCamera entry = entries.get(id);
        if (entry == null || entry.main.isPresent()) {
            throw new IllegalArgumentException("Camera %s is not one that publishes".formatted(id));
        }
        Publication before = entry.published;
        Publication fresh = new Publication(
                entry.source,
                entry.mainOut,
                entry.recorder,
                formats,
                settings,
                wall.nanos(),
                over,
                ended -> left(entry, ended));
        entry.published = fresh;
        entry.everRecorded = true;
        if (before != null) {
            before.close();
        }
        return fresh;
    }

    private synchronized void left(WantedCamera entry, Publication ended) {
        if (entry.published == ended) {
            entry.published = null;
        }
    }

    @Override
    public CameraStatus status(CameraId id) {
        WantedCamera entry = entries.get(id);
        return entry == null
                ? new CameraStatus(
                        CameraStatus.State.OFF,
                        "it is not wanted",
                        wall.instant(wall.nanos()),
                        Optional.empty(),
                        0,
                        Optional.empty(),
                        0)
                : entry.status(wall);
    }

    /** What is wanted on disk, and when it last got there; for the reconciler. */
    record Recorded(CameraSource source, CameraStatus status, CameraFiles.Written written, Instant wantedSince) {}

    List<Recorded> recorded() {
        List<Recorded> all = new ArrayList<>();
        for (WantedCamera entry : entries.values()) {
            if (entry.recorder.isPresent()) {
                CameraFiles.Written written = entry.recorder.get().files().written();
                all.add(new Recorded(entry.source, entry.status(wall), written, wall.instant(entry.wantedNanos)));
            }
        }
        return all;
    }

    /** Until when the camera's hours are written to; empty where it is not recorded. */
    Optional<Instant> writtenUntil(CameraId id) {
        WantedCamera entry = entries.get(id);
        return entry == null
                ? Optional.empty()
                : entry.recorder.map(recorder -> recorder.files().until());
    }

    /** Begins a camera anew whose stream seems well and does not reach the disk. */
    void restart(CameraId id, String why) {
        WantedCamera entry = entries.get(id);
        if (entry != null) {
            entry.main.ifPresent(session -> entry.loop.execute(() -> session.restart(why, wall.nanos())));
            Publication published = entry.published;
            if (published != null) {
                published.close();
            }
        }
    }

    /** What all cameras come to. */
    record Totals(
            Map<CameraStatus.State, Integer> cameras,
            long bitsPerSecond,
            long lostPackets,
            long bytesWritten,
            long fragmentsWritten) {
        int in(CameraStatus.State state) {
            return cameras.getOrDefault(state, 0);
        }
    }

    Totals totals() {
        Map<CameraStatus.State, Integer> states = new EnumMap<>(CameraStatus.State.class);
        long bits = 0;
        long lost = 0;
        long bytes = bytesBefore.get();
        long fragments = fragmentsBefore.get();
        for (WantedCamera entry : entries.values()) {
            CameraStatus status = entry.status(wall);
            states.merge(status.state(), 1, Integer::sum);
            bits += status.bitsPerSecond();
            lost += status.lostPackets();
            if (entry.recorder.isPresent()) {
                CameraFiles.Written written = entry.recorder.get().files().written();
                bytes += written.bytes();
                fragments += written.fragments();
            }
        }
        return new Totals(states, bits, lost, bytes, fragments);
    }

    /** Recorders that wait for a thread that writes. */
    int waiting() {
        return writers.waiting();
    }

    /** How many sub streams are connected. */
    int subs() {
        return (int) entries.values().stream().filter(e -> e.sub != null).count();
    }

    /** How many threads read from cameras. */
    int loops() {
        return loops.size();
    }

    /** @see StreamRecorder#mark */
    void mark() {
        entries.values().forEach(entry -> entry.recorder.ifPresent(StreamRecorder::mark));
    }

    /** The longest that a packet waited for its loop within the last minute. */
    Duration lag() {
        return loops.lag();
    }

    /** Ends all streams; what came is written. */
    @Override
    public void close() {
        List<WantedCamera> all = List.copyOf(entries.values());
        CountDownLatch written = new CountDownLatch(
                (int) all.stream().filter(e -> e.recorder.isPresent()).count());
        for (WantedCamera entry : all) {
            entry.loop.execute(() -> {
                entry.main.ifPresent(session -> session.stop(wall.nanos()));
                entry.recorder.ifPresent(recorder -> recorder.end(written::countDown));
            });
        }
        try {
            boolean ignored = written.await(15, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        entries.clear();
        loops.close();
        writers.close();
    }
}

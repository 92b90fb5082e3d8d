package org.conurb.video;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.conurb.media.RingFanout;
import org.conurb.media.TrackFormat;
import org.jspecify.annotations.Nullable;

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
    private final Map<CameraId, Entry> entries = new ConcurrentHashMap<>();
    private final Set<CameraId> switchedOff = ConcurrentHashMap.newKeySet();

    /** One camera. Its sub stream and its publication change; all else stays until it is wanted otherwise. */
    private static final class Entry {
        private final CameraSource source;
        private final NetworkLoop loop;
        private final Optional<StreamRecorder> recorder;
        private final Optional<CameraSession> main;
        private final RingFanout mainOut;
        private final RingFanout subOut = new RingFanout();
        private final long wantedNanos;
        private volatile boolean everRecorded;
        private volatile @Nullable CameraSession sub;
        private volatile long subAsked;
        private volatile @Nullable Publication published;

        Entry(
                CameraSource source,
                NetworkLoop loop,
                Optional<StreamRecorder> recorder,
                Optional<CameraSession> main,
                RingFanout mainOut,
                long nanos) {
            this.source = source;
            this.loop = loop;
            this.recorder = recorder;
            this.main = main;
            this.mainOut = mainOut;
            this.wantedNanos = nanos;
        }
    }

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
        this.writers = new WriterThreads(settings.writers());
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
        Entry known = entries.get(source.id());
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
        entries.put(source.id(), new Entry(source, loop, recorder, main, out, wall.nanos()));
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
        Entry entry = entries.remove(id);
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
        Entry entry = entries.get(id);
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
        Entry entry = entries.get(id);
        if (entry == null || entry.source.sub().isEmpty()) {
            return Optional.empty();
        }
        entry.subAsked = wall.nanos();
        return subSession(entry).view().live();
    }

    private CameraSession subSession(Entry entry) {
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
        for (Entry entry : entries.values()) {
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
        Entry entry = entries.get(id);
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

    private synchronized void left(Entry entry, Publication ended) {
        if (entry.published == ended) {
            entry.published = null;
        }
    }

    @Override
    public CameraStatus status(CameraId id) {
        Entry entry = entries.get(id);
        return entry == null
                ? new CameraStatus(
                        CameraStatus.State.OFF,
                        "it is not wanted",
                        wall.instant(wall.nanos()),
                        Optional.empty(),
                        0,
                        Optional.empty(),
                        0)
                : status(entry);
    }

    private CameraStatus status(Entry entry) {
        Publication published = entry.published;
        if (entry.main.isEmpty()) {
            if (published == null) {
                return status(
                        CameraStatus.State.OFF, "nothing is published", entry.wantedNanos, Optional.empty(), entry);
            }
            return status(
                    published.silent() ? CameraStatus.State.STALLED : CameraStatus.State.RECORDING,
                    published.silent() ? "no packet came for 5 s" : "",
                    published.sinceNanos(),
                    Optional.of(published.figures()),
                    entry);
        }
        CameraSession.View view = entry.main.get().view();
        boolean records = view.phase() == CameraSession.Phase.RECORD;
        entry.everRecorded |= records;
        boolean first = !entry.everRecorded && view.trouble().isEmpty();
        CameraStatus.State state = records
                ? CameraStatus.State.RECORDING
                : first ? CameraStatus.State.CONNECTING : CameraStatus.State.STALLED;
        return status(state, view.trouble(), view.sinceNanos(), view.ingest().map(StreamIngest::figures), entry);
    }

    private CameraStatus status(
            CameraStatus.State state, String reason, long since, Optional<StreamIngest.Figures> figures, Entry entry) {
        return new CameraStatus(
                state,
                reason,
                wall.instant(since),
                figures.filter(f -> f.lastPacketNanos() != 0).map(f -> wall.instant(f.lastPacketNanos())),
                figures.map(StreamIngest.Figures::bitsPerSecond).orElse(0L),
                entry.main.flatMap(CameraSession::clockOffset),
                figures.map(StreamIngest.Figures::lostPackets).orElse(0L));
    }

    /** What is wanted on disk, and when it last got there; for the reconciler. */
    record Recorded(CameraSource source, CameraStatus status, CameraFiles.Written written, Instant wantedSince) {}

    List<Recorded> recorded() {
        List<Recorded> all = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (entry.recorder.isPresent()) {
                CameraFiles.Written written = entry.recorder.get().files().written();
                all.add(new Recorded(entry.source, status(entry), written, wall.instant(entry.wantedNanos)));
            }
        }
        return all;
    }

    /** Begins a camera anew whose stream seems well and does not reach the disk. */
    void restart(CameraId id, String why) {
        Entry entry = entries.get(id);
        if (entry != null) {
            entry.main.ifPresent(session -> entry.loop.execute(() -> session.restart(why, wall.nanos())));
            Publication published = entry.published;
            if (published != null) {
                published.close();
            }
        }
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

    /** The longest that a packet waited for its loop since this was asked last. */
    Duration lag() {
        return loops.lag();
    }

    /** Ends all streams; what came is written. */
    @Override
    public void close() {
        List<Entry> all = List.copyOf(entries.values());
        CountDownLatch written = new CountDownLatch(
                (int) all.stream().filter(e -> e.recorder.isPresent()).count());
        for (Entry entry : all) {
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

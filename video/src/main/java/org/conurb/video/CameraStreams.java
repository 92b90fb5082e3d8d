package org.conurb.video;

import java.nio.ByteBuffer;
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
import org.conurb.media.PacketRing;
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
    private final List<NetworkLoop> loops = new ArrayList<>();
    private final WriterThreads writers;
    private final Map<CameraId, Entry> entries = new ConcurrentHashMap<>();
    private final Set<CameraId> switchedOff = ConcurrentHashMap.newKeySet();
    private int next;

    /** One camera. Its sub stream and its publication change; all else stays until it is wanted otherwise. */
    private static final class Entry {
        private final CameraSource source;
        private final NetworkLoop loop;
        private final Optional<StreamRecorder> recorder;
        private final Optional<CameraSession> main;
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
                long nanos) {
            this.source = source;
            this.loop = loop;
            this.recorder = recorder;
            this.main = main;
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
        int count = settings.loops() > 0
                ? settings.loops()
                : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        for (int i = 0; i < count; i++) {
            NetworkLoop loop = new NetworkLoop("video-loop-" + i, settings.wakeEvery(), wall::nanos);
            loops.add(loop);
            loop.start();
        }
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
        NetworkLoop loop = loops.get(next++ % loops.size());
        Optional<StreamRecorder> recorder = source.record()
                ? Optional.of(new StreamRecorder(
                        source.id(),
                        writers.of(source.id()),
                        wall,
                        new CameraFiles(source, disk),
                        switchedOff.contains(source.id()) ? GapReason.SWITCHED_OFF : GapReason.NOT_RUNNING))
                : Optional.empty();
        Optional<CameraSession> main = source.main()
                .map(address -> new CameraSession(source, LiveStream.Kind.MAIN, address, house(loop), recorder));
        entries.put(source.id(), new Entry(source, loop, recorder, main, wall.nanos()));
        main.ifPresent(session -> loop.execute(() -> session.start(wall.nanos())));
    }

    private CameraSession.House house(NetworkLoop loop) {
        return new CameraSession.House(
                loop,
                addresses,
                names,
                random,
                wall,
                Integer.highestOneBit((int) settings.ring().toBytes()),
                settings.fragmentLongest().toNanos());
    }

    /** Not this camera any more. What it sent so far is written. */
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
        entry.loop.execute(() -> {
            entry.main.ifPresent(session -> session.stop(wall.nanos()));
            CameraSession sub = entry.sub;
            if (sub != null) {
                sub.stop(wall.nanos());
            }
            entry.recorder.ifPresent(recorder -> recorder.end(() -> {}));
        });
    }

    /** That stream of the camera, when its packets come now; asking for a sub stream connects it. */
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
     * was asked for last.
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
                        Optional.empty());
                entry.sub = session;
                entry.loop.execute(() -> session.start(wall.nanos()));
                open = session;
            }
            return open;
        }
    }

    /** Lets go of sub streams that nobody watches; asked by the reconciler. */
    void letIdleGo() {
        for (Entry entry : entries.values()) {
            synchronized (entry) {
                CameraSession sub = entry.sub;
                if (sub != null && wall.nanos() - entry.subAsked > SUB_IDLE.toNanos()) {
                    entry.sub = null;
                    entry.loop.execute(() -> sub.stop(wall.nanos()));
                }
            }
        }
    }

    /**
     * A stream that comes to us (WHIP) for a wanted camera without an address. It takes the place of the one before.
     *
     * @throws IllegalArgumentException where the camera is not wanted, or is fetched by us
     */
    public Publication publish(CameraId id, List<TrackFormat> formats) {
        Entry entry = entries.get(id);
        if (entry == null || entry.main.isPresent()) {
            throw new IllegalArgumentException("Camera %s is not one that publishes".formatted(id));
        }
        Publication before = entry.published;
        if (before != null) {
            before.close();
        }
        Publication fresh = new Publication(entry, formats);
        entry.published = fresh;
        entry.everRecorded = true;
        return fresh;
    }

    /** A stream that is published to us; all packets come from one thread. */
    final class Publication implements CameraLines.Published {
        private final Entry entry;
        private final StreamIngest ingest;
        private final LiveStream live;

        private Publication(Entry entry, List<TrackFormat> formats) {
            this.entry = entry;
            PacketRing ring =
                    new PacketRing(Integer.highestOneBit((int) settings.ring().toBytes()));
            entry.recorder.ifPresent(recorder -> recorder.begin(ring, formats));
            List<Integer> any = formats.stream().map(format -> -1).toList();
            this.ingest = new StreamIngest(
                    ring,
                    formats,
                    any,
                    entry.recorder,
                    settings.fragmentLongest().toNanos(),
                    wall.nanos());
            this.live = new LiveStream(
                    entry.source.id(), LiveStream.Kind.MAIN, ring, List.copyOf(formats), new LiveStream.Ending());
        }

        /** @param rtp in order, valid during the call */
        public void packet(int track, long arrivalNanos, ByteBuffer rtp) {
            ingest.packet(track, arrivalNanos, rtp);
        }

        LiveStream live() {
            return live;
        }

        /** The stream is over; on the thread that its packets come from. */
        @Override
        public void close() {
            if (!live.ended()) {
                live.ending().end();
                ingest.end();
                entry.recorder.ifPresent(recorder -> recorder.outage(GapReason.SWITCHED_OFF));
                if (entry.published == this) {
                    entry.published = null;
                }
            }
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
            return published == null
                    ? status(CameraStatus.State.OFF, "nothing is published", entry.wantedNanos, Optional.empty(), entry)
                    : status(CameraStatus.State.RECORDING, "", entry.wantedNanos, Optional.of(published.ingest), entry);
        }
        CameraSession.View view = entry.main.get().view();
        boolean records = view.phase() == CameraSession.Phase.RECORD;
        entry.everRecorded |= records;
        boolean first = !entry.everRecorded && view.trouble().isEmpty();
        CameraStatus.State state = records
                ? CameraStatus.State.RECORDING
                : first ? CameraStatus.State.CONNECTING : CameraStatus.State.STALLED;
        return status(state, view.trouble(), view.sinceNanos(), view.ingest(), entry);
    }

    private CameraStatus status(
            CameraStatus.State state, String reason, long since, Optional<StreamIngest> ingest, Entry entry) {
        Optional<StreamIngest.Figures> figures = ingest.map(StreamIngest::figures);
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
        }
    }

    /** @see StreamRecorder#mark */
    void mark() {
        entries.values().forEach(entry -> entry.recorder.ifPresent(StreamRecorder::mark));
    }

    /** The longest that a packet waited for its loop since this was asked last. */
    Duration lag() {
        return loops.stream()
                .map(NetworkLoop::longestTurn)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
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
        loops.forEach(NetworkLoop::close);
        writers.close();
    }
}

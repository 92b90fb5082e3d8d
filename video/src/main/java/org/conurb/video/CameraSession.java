package org.conurb.video;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.conurb.media.PacketRing;
import org.conurb.media.RingFanout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream of one camera, connected for as long as it is wanted: IDLE, CONNECT, WAIT_KEY, RECORD, BACKOFF. Watches that
 * packets and key frames come, and begins anew where they do not. Confined to its loop's thread; {@link #view} is for all.
 */
final class CameraSession implements NetworkLoop.Member {
    private static final Logger log = LoggerFactory.getLogger(CameraSession.class);
    private static final long SECOND = 1_000_000_000L;
    private static final long CONNECT_NANOS = 4 * SECOND;
    private static final long CONVERSE_NANOS = 10 * SECOND;
    private static final long SILENT_NANOS = 5 * SECOND;
    private static final long FIRST_KEY_NANOS = 10 * SECOND;
    /** Once recording: cameras that save stretch their key frames to 20 s and more, and fragments are cut without them. */
    private static final long NEXT_KEY_NANOS = 60 * SECOND;

    private static final long WELL_NANOS = 30 * SECOND;
    private static final long REPORT_NANOS = 5 * SECOND;

    enum Phase {
        IDLE,
        CONNECT,
        WAIT_KEY,
        RECORD,
        BACKOFF
    }

    /** What others may know. */
    record View(
            Phase phase, String trouble, long sinceNanos, Optional<LiveStream> live, Optional<StreamIngest> ingest) {}

    /** What a session needs of the house. */
    record House(
            NetworkLoop loop,
            CameraAddresses addresses,
            NameLookup names,
            RandomGenerator random,
            WallClock wall,
            int ringBytes,
            long fragmentLongestNanos) {}

    /** How names become addresses; the system's, or a test's. Called on a thread of its own. */
    interface NameLookup {
        InetAddress[] all(String host) throws UnknownHostException;
    }

    private final CameraSource source;
    private final LiveStream.Kind kind;
    private final URI address;
    private final House house;
    private final Optional<StreamRecorder> recorder;
    private final RingFanout out;
    private final BackOff backOff;

    private Phase phase = Phase.IDLE;
    private long phaseNanos;
    private long retryNanos;
    private long aliveNanos;
    private long reportNanos;
    private int attempt;
    private @Nullable RtspLink link;
    private @Nullable StreamIngest ingest;
    private @Nullable LiveStream live;
    private volatile Optional<Duration> clockOffset = Optional.empty();
    private volatile View view = new View(Phase.IDLE, "", 0, Optional.empty(), Optional.empty());

    CameraSession(
            CameraSource source,
            LiveStream.Kind kind,
            URI address,
            House house,
            Optional<StreamRecorder> recorder,
            RingFanout out) {
        this.source = source;
        this.kind = kind;
        this.address = address;
        this.house = house;
        this.recorder = recorder;
        this.out = out;
        this.backOff = new BackOff(house.random());
    }

    View view() {
        return view;
    }

    /** Camera's clock minus ours, where it tells. */
    Optional<Duration> clockOffset() {
        return clockOffset;
    }

    CameraSource source() {
        return source;
    }

    /** Loop thread. */
    void start(long nanos) {
        house.loop().join(this);
        connect(nanos);
    }

    /** Loop thread. What came so far is written. */
    void stop(long nanos) {
        house.loop().leave(this);
        attempt++;
        close(true);
        enter(Phase.IDLE, "", nanos);
    }

    /** Loop thread. Begins anew, as nothing of it reaches the disk. */
    void restart(String why, long nanos) {
        if (phase == Phase.WAIT_KEY || phase == Phase.RECORD) {
            fail(GapReason.SILENT, why, false, nanos);
        }
    }

    private void connect(long nanos) {
        enter(Phase.CONNECT, view.trouble(), nanos);
        int mine = ++attempt;
        String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
        boolean tls = "rtsps".equals(address.getScheme());
        int port = address.getPort() > 0 ? address.getPort() : tls ? 322 : 554;
        Thread.ofVirtual().name("camera-lookup").start(() -> lookUp(mine, host, port, tls));
    }

    /** Own thread: resolves once, checks each address, and hands one of them on; nothing else is ever connected to. */
    private void lookUp(int mine, String host, int port, boolean tls) {
        String trouble = "";
        InetSocketAddress to = null;
        try {
            InetAddress[] all = house.names().all(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
            for (InetAddress one : all) {
                if (!house.addresses().allows(host, one, port)) {
                    trouble = "its address is in no camera network and not allowed by --allow-outbound";
                }
            }
            to = trouble.isEmpty() && all.length > 0 ? new InetSocketAddress(all[0], port) : null;
        } catch (UnknownHostException e) {
            trouble = "its name is not known";
        }
        String why = trouble;
        InetSocketAddress found = to;
        house.loop().execute(() -> lookedUp(mine, found, why, host, tls));
    }

    private void lookedUp(int mine, @Nullable InetSocketAddress to, String trouble, String host, boolean tls) {
        if (mine != attempt || phase != Phase.CONNECT) {
            return;
        }
        long nanos = house.wall().nanos();
        if (to == null) {
            fail(GapReason.UNREACHABLE, trouble, true, nanos);
            return;
        }
        try {
            link = new RtspLink(
                    house.loop(),
                    this,
                    to,
                    tls ? Optional.of(host) : Optional.empty(),
                    source,
                    address,
                    house.random(),
                    new Tracks());
        } catch (IOException e) {
            fail(GapReason.UNREACHABLE, "it cannot be reached", false, nanos);
        }
    }

    /** What the conversation tells of tracks and packets. */
    private final class Tracks implements RtspLink.Listener {
        @Override
        public void described(DescribedTracks tracks) {
            PacketRing packets = new PacketRing(house.ringBytes());
            recorder.ifPresent(r -> r.begin(packets, tracks.formats()));
            long now = house.wall().nanos();
            StreamIngest in = new StreamIngest(
                    packets, tracks.formats(), tracks.payloadTypes(), recorder, house.fragmentLongestNanos(), now);
            ingest = in;
            out.follow(packets);
            live = new LiveStream(source.id(), kind, out, List.copyOf(tracks.formats()), in::reorders);
        }

        @Override
        public void playing() {
            long nanos = house.wall().nanos();
            aliveNanos = nanos;
            reportNanos = nanos;
            enter(Phase.WAIT_KEY, "", nanos);
        }

        @Override
        public void packet(int track, long nanos, ByteBuffer rtp) {
            StreamIngest in = ingest;
            if (in != null) {
                in.packet(track, nanos, rtp);
            }
        }

        @Override
        public void datagram(int track, long nanos, ByteBuffer rtp) {
            StreamIngest in = ingest;
            if (in != null) {
                in.datagram(track, nanos, rtp);
            }
        }
    }

    @Override
    public void ready(SelectionKey key, ByteBuffer shared, long nanos) {
        RtspLink open = link;
        if (open == null) {
            key.cancel();
            return;
        }
        try {
            open.ready(key, shared, nanos);
            out.wake();
            if (phase == Phase.WAIT_KEY && ingest != null && ingest.keySeen()) {
                enter(Phase.RECORD, "", nanos);
            }
        } catch (RtspFailure e) {
            fail(GapReason.UNREACHABLE, "it " + e.reason(), e.status() > 0, nanos);
            if (e.busy() && phase == Phase.BACKOFF) {
                retryNanos = nanos + open.timeoutSeconds() * SECOND; // until it has forgotten our last session
            }
        } catch (IOException e) {
            fail(
                    GapReason.UNREACHABLE,
                    open.connected() ? "the connection broke" : "it cannot be reached",
                    false,
                    nanos);
        }
    }

    @Override
    public void tick(long nanos) {
        switch (phase) {
            case IDLE -> {}
            case BACKOFF -> {
                if (nanos - retryNanos >= 0) {
                    connect(nanos);
                }
            }
            case CONNECT -> connecting(nanos);
            case WAIT_KEY, RECORD -> playing(nanos);
        }
    }

    /** Viewers wait for packets, a camera for what we say next; datagrams are lost where a socket fills. */
    @Override
    public boolean awaited() {
        RtspLink open = link;
        boolean beginning = phase == Phase.CONNECT || phase == Phase.WAIT_KEY;
        return beginning || out.listeners() > 0 || (open != null && open.datagrams());
    }

    private void connecting(long nanos) {
        RtspLink open = link;
        boolean reached = open != null && open.connected();
        if (nanos - phaseNanos > (reached ? CONVERSE_NANOS : CONNECT_NANOS)) {
            fail(GapReason.UNREACHABLE, reached ? "it does not answer" : "it cannot be reached", false, nanos);
        }
    }

    private void playing(long nanos) {
        StreamIngest in = ingest;
        RtspLink open = link;
        if (in == null || open == null) {
            return;
        }
        in.tick(nanos);
        out.wake();
        if (nanos - Math.max(in.lastPacketNanos(), phaseNanos) > SILENT_NANOS) {
            fail(GapReason.SILENT, "no packet came for 5 s", false, nanos);
        } else if (phase == Phase.WAIT_KEY && nanos - phaseNanos > FIRST_KEY_NANOS) {
            fail(GapReason.NO_KEY_FRAME, "no key frame came for 10 s", true, nanos);
        } else if (phase == Phase.RECORD && nanos - in.lastKeyNanos() > NEXT_KEY_NANOS) {
            fail(GapReason.NO_KEY_FRAME, "no key frame came for 60 s", true, nanos);
        } else {
            keepAlive(open, nanos);
        }
    }

    private void keepAlive(RtspLink open, long nanos) {
        if (phase == Phase.RECORD && nanos - phaseNanos > WELL_NANOS) {
            backOff.reset();
        }
        try {
            if (nanos - aliveNanos > Math.min(30, open.timeoutSeconds() / 2) * SECOND) {
                aliveNanos = nanos;
                open.keepAlive();
            }
            if (nanos - reportNanos > REPORT_NANOS) {
                reportNanos = nanos;
                open.report();
                clockOffset = open.clockOffset(house.wall());
            }
        } catch (RtspFailure | IOException e) {
            fail(GapReason.UNREACHABLE, "the connection broke", false, nanos);
        }
    }

    @Override
    public void failed(RuntimeException failure, long nanos) {
        fail(GapReason.UNKNOWN, "a defect of ours; see the log", true, nanos);
    }

    private void fail(GapReason reason, String trouble, boolean refused, long nanos) {
        attempt++;
        close(false);
        recorder.ifPresent(r -> r.outage(reason));
        retryNanos = nanos + backOff.nextNanos(refused);
        if (!trouble.equals(view.trouble())) {
            log.atWarn()
                    .addKeyValue("camera", source.id())
                    .addKeyValue("stream", kind)
                    .addKeyValue("reason", trouble)
                    .log("video.camera.lost");
        }
        enter(Phase.BACKOFF, trouble, nanos);
    }

    private void close(boolean politely) {
        RtspLink open = link;
        link = null;
        if (open != null) {
            open.close(politely);
        }
        StreamIngest in = ingest;
        ingest = null;
        if (in != null) {
            in.end();
        }
        live = null;
    }

    private void enter(Phase next, String trouble, long nanos) {
        if (next == Phase.RECORD) {
            log.atInfo()
                    .addKeyValue("camera", source.id())
                    .addKeyValue("stream", kind)
                    .log("video.camera.recording");
        }
        phase = next;
        phaseNanos = nanos;
        boolean flows = next == Phase.WAIT_KEY || next == Phase.RECORD;
        view = new View(
                next,
                trouble,
                nanos,
                flows ? Optional.ofNullable(live) : Optional.empty(),
                flows ? Optional.ofNullable(ingest) : Optional.empty());
    }
}

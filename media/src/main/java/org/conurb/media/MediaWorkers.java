package org.conurb.media;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.Health;
import org.jspecify.annotations.Nullable;

/**
 * The media plane towards browsers: workers with a UDP port each, one door for ICE over TCP, and the sessions on them
 * (docs/decisions/0007-media-workers.md). Answers offers; safe for all threads.
 */
public final class MediaWorkers implements AutoCloseable {
    private static final long STOP_MS = 5_000;

    private final Settings settings;
    private final SecureRandom random = new SecureRandom();
    private final DtlsRoom dtls;
    private final Map<String, MediaSession> sessions = new ConcurrentHashMap<>();
    private final List<MediaWorker> workers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final int tcpPort;

    /**
     * @param bind address the sockets listen on
     * @param candidates addresses that peers are told
     * @param udpPort of the first worker, the others follow; 0 for any
     * @param tcpPort for ICE over TCP; 0 for any, -1 for none
     * @param workers 1 to 64, one a core
     * @param maxSessions on all workers together
     * @param udp whether peers are told of UDP at all
     * @param batches whether many datagrams may go with one call of the system, where it can
     * @param clock for the time in sender reports
     * @param nanos monotonic, for consent and arrival
     */
    public record Settings(
            InetAddress bind,
            List<InetAddress> candidates,
            int udpPort,
            int tcpPort,
            int workers,
            int maxSessions,
            boolean udp,
            boolean batches,
            Clock clock,
            LongSupplier nanos) {
        public Settings {
            candidates = List.copyOf(candidates);
            if (workers < 1 || workers > 64 || maxSessions < 1) {
                throw new IllegalArgumentException(
                        "1 to 64 workers and at least one session, not %d and %d.".formatted(workers, maxSessions));
            }
        }

        public static Settings of(
                InetAddress bind, List<InetAddress> candidates, int udpPort, int tcpPort, Clock clock) {
            return new Settings(
                    bind,
                    candidates,
                    udpPort,
                    tcpPort,
                    Runtime.getRuntime().availableProcessors(),
                    4096,
                    true,
                    true,
                    clock,
                    System::nanoTime);
        }
    }

    /**
     * @param sent RTP packets
     * @param unsent RTP packets that were too long or too late to be sent
     * @param dropped datagrams that found no room
     * @param forged packets with a wrong tag or seen before
     * @param restarts of workers that failed as a whole
     */
    public record Figures(int sessions, long sent, long unsent, long dropped, long forged, int restarts) {
        Figures plus(Figures other) {
            return new Figures(
                    sessions + other.sessions,
                    sent + other.sent,
                    unsent + other.unsent,
                    dropped + other.dropped,
                    forged + other.forged,
                    restarts + other.restarts);
        }
    }

    /** Does once what the first start would wait for: links the system's calls, loads what keys are made with. From any thread. */
    public static void prepare() {
        NativeSockets.here();
        DtlsIdentity.make(new SecureRandom(), Instant.EPOCH);
    }

    private MediaWorkers(Settings settings) throws IOException {
        this.settings = settings;
        this.dtls = new DtlsRoom(DtlsIdentity.make(random, settings.clock().instant()), random);
        TcpDoor door = settings.tcpPort() < 0 ? null : new TcpDoor(this, settings.bind(), settings.tcpPort());
        this.tcpPort = door == null ? -1 : door.port();
        for (int i = 0; i < settings.workers(); i++) {
            int port = settings.udpPort() == 0 ? 0 : settings.udpPort() + i;
            workers.add(new MediaWorker(this, openPort(port), i == 0 ? door : null));
        }
    }

    /** @throws UncheckedIOException where a port is taken */
    public static MediaWorkers start(Settings settings) {
        try {
            MediaWorkers started = new MediaWorkers(settings);
            for (MediaWorker worker : started.workers) {
                started.threads.add(
                        Thread.ofPlatform().name("media-" + worker.udpPort()).start(worker));
            }
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Media ports from UDP %d and TCP %d cannot be opened on %s."
                            .formatted(settings.udpPort(), settings.tcpPort(), settings.bind()),
                    e);
        }
    }

    /**
     * Answers a browser's offer; the session waits for the peer from now on.
     *
     * @param offer SDP of at most 64 KB
     * @param wishes what we would send or take; sections of the offer that meet none are refused
     * @return with its {@link MediaSession#answer}
     * @throws org.conurb.kernel.ConurbException {@code offer-not-understood}, {@code no-common-codec} or {@code media-full}
     */
    public MediaSession open(String offer, List<TrackWish> wishes, MediaListener listener) {
        WebRtcAnswer negotiated = WebRtcAnswer.to(WebRtcOffer.parse(offer), wishes);
        if (sessions.size() >= settings.maxSessions()) {
            throw new MediaFull("All %d places for live media are taken.".formatted(settings.maxSessions()));
        }
        MediaWorker worker =
                workers.stream().min(Comparator.comparingInt(MediaWorker::load)).orElseThrow();
        MediaSession.Birth birth = new MediaSession.Birth(
                negotiated,
                IceAgent.Credentials.random(random),
                "conurb-" + Long.toHexString(random.nextLong()),
                random.nextInt());
        MediaSession session = new MediaSession(birth, worker, listener, plans(negotiated));
        session.answer(write(session, negotiated, birth.credentials()));
        sessions.put(birth.credentials().fragment(), session);
        worker.add(session);
        return session;
    }

    private List<MediaTrack.Plan> plans(WebRtcAnswer negotiated) {
        List<MediaTrack.Plan> plans = new ArrayList<>();
        for (int i = 0; i < negotiated.choices().size(); i++) {
            int section = i;
            negotiated
                    .choices()
                    .get(i)
                    .ifPresent(choice -> plans.add(new MediaTrack.Plan(section, choice, stream(choice))));
        }
        return plans;
    }

    private @Nullable SendStream stream(WebRtcAnswer.Choice choice) {
        return choice.sends()
                ? new SendStream(
                        random.nextInt(),
                        TrafficMark.of(choice.section().kind()),
                        choice.payloadType(),
                        choice.codec().clockRate(),
                        random.nextInt(0x8000),
                        choice.nack())
                : null;
    }

    private String write(MediaSession session, WebRtcAnswer negotiated, IceAgent.Credentials ice) {
        Map<Integer, Integer> ssrcs = new HashMap<>();
        session.tracks().forEach(track -> {
            if (track.out != null) {
                ssrcs.put(track.section(), track.out.ssrc);
            }
        });
        List<Integer> bySection = new ArrayList<>();
        for (int i = 0; i < negotiated.choices().size(); i++) {
            bySection.add(ssrcs.getOrDefault(i, 0));
        }
        return negotiated.write(
                ice,
                dtls.identity.fingerprint(),
                addresses(session),
                bySection,
                session.cname(),
                random.nextLong() >>> 2);
    }

    private WebRtcAnswer.Addresses addresses(MediaSession session) {
        int udp = settings.udp() ? session.worker.udpPort() : 0;
        return new WebRtcAnswer.Addresses(settings.candidates(), udp, tcpPort);
    }

    /** @param answer SDP; @param fragment the same for a client that speaks {@code application/trickle-ice-sdpfrag} */
    public record Restarted(String answer, String fragment) {}

    /**
     * New ICE credentials after the peer changed its network (RFC 8445 §9); keys and streams go on.
     *
     * @param offer the peer's new offer, or a fragment of it with {@code a=ice-ufrag} and {@code a=ice-pwd}
     * @throws Conflict where the session is closed
     */
    public Restarted restart(MediaSession session, String offer) {
        if (session.isClosed()) {
            throw new Conflict("session-closed", "The session has ended.", "Open another one.");
        }
        String remote = WebRtcOffer.fragment(offer);
        IceAgent.Credentials local = IceAgent.Credentials.random(random);
        sessions.put(local.fragment(), session);
        session.execute(() -> session.restart(local, remote));
        String answer = write(session, session.negotiated(), local);
        session.answer(answer);
        return new Restarted(answer, session.negotiated().fragment(local, addresses(session)));
    }

    /** UDP ports of the workers. */
    public List<Integer> udpPorts() {
        return workers.stream().map(MediaWorker::udpPort).toList();
    }

    /** -1 for none. */
    public int tcpPort() {
        return tcpPort;
    }

    public Figures figures() {
        return workers.stream().map(MediaWorker::figures).reduce(new Figures(0, 0, 0, 0, 0, 0), Figures::plus);
    }

    /** Ends all sessions. */
    @Override
    public void close() {
        workers.forEach(MediaWorker::shutDown);
        try {
            for (Thread thread : threads) {
                thread.join(STOP_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        dtls.close();
    }

    /** For the operations page: {@code media.workers}. */
    public Health health() {
        Instant since = now();
        return () -> MediaHealth.of(workers, since, now());
    }

    // ---- what workers and sessions share

    /** @param number 0 for any */
    UdpPort openPort(int number) throws IOException {
        return UdpPort.open(settings.bind(), number, settings.batches());
    }

    @Nullable
    MediaSession session(String fragment) {
        return sessions.get(fragment);
    }

    void retire(String fragment) {
        sessions.remove(fragment);
    }

    void forget(MediaSession session) {
        sessions.values().removeIf(other -> other == session);
    }

    DtlsRoom dtls() {
        return dtls;
    }

    long nanos() {
        return settings.nanos().getAsLong();
    }

    Instant now() {
        return settings.clock().instant();
    }
}

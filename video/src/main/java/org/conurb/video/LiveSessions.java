package org.conurb.video;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.conurb.kernel.Access;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.NotFound;
import org.conurb.media.MediaListener;
import org.conurb.media.MediaSession;
import org.conurb.media.MediaTrack;
import org.conurb.media.MediaWorkers;
import org.conurb.media.RtpCodec;
import org.conurb.media.TrackWish;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Live pictures to browsers (WHEP) and from phones (WHIP) on the media workers. A viewer's session ends within seconds
 * when its grant or sign-in does: a thread of its own asks whether viewers may still see.
 */
final class LiveSessions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveSessions.class);
    private static final int MOST = 4_000;
    /** With the time that a grant is remembered for (3 s), under the 5 s that ending one may take. */
    private static final long CHECK_MILLIS = 1_000;

    /** How long one waits for a sub stream that is being connected. */
    private static final int ASKS_FOR_SUB = 160;

    private static final Duration BETWEEN_ASKS = Duration.ofMillis(25);

    private final MediaWorkers workers;
    private final CameraLines lines;
    private final Views views;
    private final Access access;
    private final Transactions transactions;
    private final Clock clock;
    private final Map<UUID, Session> sessions = new ConcurrentHashMap<>();
    private volatile boolean closed;
    private @Nullable Thread thread;

    /**
     * A viewer or a publisher.
     *
     * @param grant empty for a publisher
     * @param shown what is sent; empty for a publisher
     * @param holds whether the caller's sign-in still does
     */
    private static final class Session {
        private final UUID id;
        private final Caller caller;
        private final Camera camera;
        private final Optional<UUID> grant;
        private final Optional<LiveStream> shown;
        private final BooleanSupplier holds;
        private volatile @Nullable MediaSession media;
        private volatile Instant written;

        Session(
                UUID id,
                Caller caller,
                Camera camera,
                Optional<UUID> grant,
                Optional<LiveStream> shown,
                BooleanSupplier holds,
                Instant now) {
            this.id = id;
            this.caller = caller;
            this.camera = camera;
            this.grant = grant;
            this.shown = shown;
            this.holds = holds;
            this.written = now;
        }
    }

    LiveSessions(
            MediaWorkers workers,
            CameraLines lines,
            Views views,
            Access access,
            Transactions transactions,
            Clock clock) {
        this.workers = workers;
        this.lines = lines;
        this.views = views;
        this.access = access;
        this.transactions = transactions;
        this.clock = clock;
    }

    void start() {
        thread = Thread.ofPlatform().daemon().name("video-views").start(this::run);
    }

    /** @param id secret: who knows it may end the session */
    record Opened(UUID id, String answer) {}

    /**
     * @param wanted the stream to be shown; the other one is, where this one does not come or is none that browsers show
     * @throws Conflict where nothing comes that a browser could show
     */
    Opened view(Caller caller, Camera camera, LiveStream.Kind wanted, UUID grant, BooleanSupplier holds, String offer) {
        LiveStream stream = shown(camera, wanted);
        Session session = opened(caller, camera, Optional.of(grant), Optional.of(stream), holds);
        return opened(session, offer, BrowserFit.wishes(stream), new ToViewer(session, stream));
    }

    private LiveStream shown(Camera camera, LiveStream.Kind wanted) {
        Optional<LiveStream> first = live(camera, wanted);
        Optional<Conflict> trouble = first.flatMap(stream -> BrowserFit.trouble(camera, stream));
        if (first.isPresent() && trouble.isEmpty()) {
            return first.get();
        }
        boolean isMain = wanted == LiveStream.Kind.MAIN;
        Optional<LiveStream> other = isMain && first.isEmpty()
                ? Optional.empty() // the camera is not there
                : live(camera, isMain ? LiveStream.Kind.SUB : LiveStream.Kind.MAIN);
        Optional<Conflict> otherTrouble = other.flatMap(stream -> BrowserFit.trouble(camera, stream));
        if (other.isPresent() && otherTrouble.isEmpty()) {
            return other.get();
        }
        throw trouble.or(() -> otherTrouble)
                .orElseGet(() -> new Conflict(
                        "camera-not-live",
                        "Nothing comes from %s now.".formatted(camera.name()),
                        "Look at its state and reason: GET /api/video/cameras/{id}."));
    }

    /** A sub stream is connected when it is asked for: one waits for it a little. */
    private Optional<LiveStream> live(Camera camera, LiveStream.Kind kind) {
        boolean waits = kind == LiveStream.Kind.SUB && camera.address().sub().isPresent();
        Optional<LiveStream> found = lines.live(camera.id(), kind);
        for (int asked = 1; waits && found.isEmpty() && asked < ASKS_FOR_SUB; asked++) {
            LockSupport.parkNanos(BETWEEN_ASKS.toNanos());
            found = lines.live(camera.id(), kind);
        }
        return found;
    }

    /** One that cannot be opened leaves nothing. */
    private Opened opened(Session session, String offer, List<TrackWish> wishes, MediaListener listener) {
        try {
            MediaSession media = workers.open(offer, wishes, listener);
            session.media = media;
            return new Opened(session.id, media.answer());
        } catch (RuntimeException refused) {
            sessions.remove(session.id);
            throw refused;
        }
    }

    /** @throws Conflict where the camera is one that we fetch */
    Opened publish(Caller caller, Camera camera, BooleanSupplier holds, String offer) {
        if (camera.address().main().isPresent()) {
            throw new Conflict(
                    "camera-not-published",
                    "%s is fetched by us.".formatted(camera.name()),
                    "Publish to a camera whose source is whip.");
        }
        Session session = opened(caller, camera, Optional.empty(), Optional.empty(), holds);
        return opened(
                session,
                offer,
                List.of(
                        TrackWish.receive(
                                "video", RtpCodec.h264("42e01f"), RtpCodec.h264("4d001f"), RtpCodec.h264("64001f")),
                        TrackWish.receive("audio", RtpCodec.opus())),
                new FromPhone(camera.id(), lines, () -> sessions.remove(session.id)));
    }

    private Session opened(
            Caller caller, Camera camera, Optional<UUID> grant, Optional<LiveStream> shown, BooleanSupplier holds) {
        if (sessions.size() >= MOST) {
            throw new Conflict("live-full", "All %d live sessions are taken.".formatted(MOST), "Close some.");
        }
        Session session = new Session(UUID.randomUUID(), caller, camera, grant, shown, holds, clock.instant());
        sessions.put(session.id, session);
        return session;
    }

    /** Ends one's own. */
    void end(Caller caller, UUID id) {
        MediaSession media = own(caller, id).media;
        if (media != null) {
            media.close();
        }
        sessions.remove(id);
    }

    /** New ICE credentials, for a peer that changed its network. */
    MediaWorkers.Restarted restart(Caller caller, UUID id, String fragment) {
        MediaSession media = own(caller, id).media;
        if (media == null) {
            throw new NotFound("live session", id.toString());
        }
        return workers.restart(media, fragment);
    }

    /** @throws NotFound where it is not one's own */
    void demand(Caller caller, UUID id) {
        own(caller, id);
    }

    private Session own(Caller caller, UUID id) {
        Session session = sessions.get(id);
        if (session == null || !session.caller.subject().equals(caller.subject())) {
            throw new NotFound("live session", id.toString());
        }
        return session;
    }

    /** How many are shown that stream. */
    int shown(LiveStream stream) {
        return (int) sessions.values().stream()
                .filter(session -> session.shown.filter(stream::equals).isPresent())
                .count();
    }

    /** How many viewers and publishers there are. */
    int open() {
        return sessions.size();
    }

    private final class ToViewer implements MediaListener {
        private final Session session;
        private final LiveStream shown;

        ToViewer(Session session, LiveStream shown) {
            this.session = session;
            this.shown = shown;
        }

        @Override
        public void connected(MediaSession media) {
            Map<Integer, MediaTrack> tracks = new HashMap<>();
            for (int i = 0; i < shown.formats().size(); i++) {
                int number = i;
                String kind = shown.formats().get(i).video() ? "video" : "audio";
                media.track(kind).filter(MediaTrack::sends).ifPresent(track -> tracks.putIfAbsent(number, track));
            }
            shown.out().add(media, tracks);
        }

        @Override
        public void keyFrameWanted(MediaTrack track) {
            shown.out().again(track.session());
        }

        @Override
        public void closed(MediaSession media, String reason) {
            sessions.remove(session.id);
            LOG.atInfo()
                    .addKeyValue("camera", session.camera.id())
                    .addKeyValue("reason", reason)
                    .log("video.view.ended");
        }
    }

    /** Ends those that may not see any more, or whose camera sends something else now; writes on those that look on. */
    void check() {
        for (Session session : sessions.values()) {
            MediaSession media = session.media;
            if (media == null) {
                continue;
            }
            if (media.isClosed()) {
                sessions.remove(session.id);
            } else if (!stands(session) || changed(session)) {
                media.close();
            }
        }
    }

    /** A viewer whose stream has another form now is asked to come again. */
    private boolean changed(Session session) {
        return session.shown
                .flatMap(shown ->
                        lines.live(shown.camera(), shown.kind()).filter(now -> !BrowserFit.goesOnAs(shown, now)))
                .isPresent();
    }

    private boolean stands(Session session) {
        Optional<UUID> grant = session.grant;
        if (!session.holds.getAsBoolean()) {
            return false;
        }
        if (grant.isEmpty()) {
            return true;
        }
        if (!views.stands(session.caller, grant.get())) {
            return false;
        }
        Instant now = clock.instant();
        if (now.isAfter(session.written.plus(Views.LIVE_SPAN))) {
            Caller caller = Views.under(session.caller, grant.get());
            transactions.as(access.owners(caller), () -> views.live(caller, session.camera, Optional.empty()));
            session.written = now;
        }
        return true;
    }

    private void run() {
        while (!closed) {
            try {
                Thread.sleep(CHECK_MILLIS);
                check();
            } catch (InterruptedException stopped) {
                return;
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("video.live.failed");
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
        for (Session session : sessions.values()) {
            MediaSession media = session.media;
            if (media != null) {
                media.close();
            }
        }
    }
}

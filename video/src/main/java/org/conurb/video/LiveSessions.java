package org.conurb.video;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.conurb.kernel.Access;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.NotFound;
import org.conurb.media.MediaListener;
import org.conurb.media.MediaSession;
import org.conurb.media.MediaTrack;
import org.conurb.media.MediaWorkers;
import org.conurb.media.PacketRing;
import org.conurb.media.ReorderBuffer;
import org.conurb.media.RtpCodec;
import org.conurb.media.TrackFormat;
import org.conurb.media.TrackWish;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Live pictures to browsers (WHEP) and from phones (WHIP) on the media workers. A viewer's session ends within seconds
 * when its grant or sign-in does. Two threads of its own: one hands the workers what has come, one asks whether viewers
 * may still see.
 */
final class LiveSessions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveSessions.class);
    private static final int MOST = 4_000;
    private static final long TURN_MILLIS = 10;
    private static final long CHECK_MILLIS = 1_500;
    private static final int KEY_FRAME_EVERY_CHECKS = 2;

    private final MediaWorkers workers;
    private final CameraLines lines;
    private final Views views;
    private final Access access;
    private final Transactions transactions;
    private final Clock clock;
    private final Map<UUID, Session> sessions = new ConcurrentHashMap<>();
    /** By worker thread and stream; each value is touched by its worker only. */
    private final Map<FeedKey, LiveFeed> feeds = new ConcurrentHashMap<>();

    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    private record FeedKey(Thread worker, CameraId camera, LiveStream.Kind kind) {}

    /**
     * A viewer or a publisher.
     *
     * @param grant empty for a publisher
     * @param holds whether the caller's sign-in still does
     */
    private static final class Session {
        private final UUID id;
        private final Caller caller;
        private final Camera camera;
        private final Optional<UUID> grant;
        private final BooleanSupplier holds;
        private volatile @Nullable MediaSession media;
        private volatile @Nullable LiveFeed feed;
        private volatile Instant written;

        Session(UUID id, Caller caller, Camera camera, Optional<UUID> grant, BooleanSupplier holds, Instant now) {
            this.id = id;
            this.caller = caller;
            this.camera = camera;
            this.grant = grant;
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
        threads.add(Thread.ofPlatform().daemon().name("video-live").start(() -> every(TURN_MILLIS, this::turn)));
        threads.add(Thread.ofPlatform().daemon().name("video-views").start(() -> every(CHECK_MILLIS, this::check)));
    }

    /** @param id secret: who knows it may end the session */
    record Opened(UUID id, String answer) {}

    /** @throws Conflict where nothing comes that a browser could show */
    Opened view(Caller caller, Camera camera, LiveStream.Kind kind, UUID grant, BooleanSupplier holds, String offer) {
        LiveStream stream = lines.live(camera.id(), kind)
                .or(() -> lines.live(camera.id(), LiveStream.Kind.MAIN))
                .orElseThrow(() -> new Conflict(
                        "camera-not-live",
                        "Nothing comes from %s now.".formatted(camera.name()),
                        "Look at its state and reason: GET /api/video/cameras/{id}."));
        List<TrackWish> wishes = new ArrayList<>();
        for (TrackFormat format : stream.formats()) {
            wish(format).ifPresent(wishes::add);
        }
        if (wishes.stream().noneMatch(wish -> wish.kind().equals("video"))) {
            throw new Conflict(
                    "camera-codec",
                    "%s does not send H.264.".formatted(camera.name()),
                    "Give it an H.264 sub stream, or play live.m3u8 where the browser can show H.265.");
        }
        Session session = opened(caller, camera, Optional.of(grant), holds);
        return opened(session, offer, wishes, new ToViewer(session, stream));
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

    private static Optional<TrackWish> wish(TrackFormat format) {
        return switch (format) {
            case TrackFormat.H264 h264 -> {
                String name = h264.rfc6381();
                yield Optional.of(
                        TrackWish.send("video", RtpCodec.h264(name.length() == 11 ? name.substring(5) : "42e01f")));
            }
            case TrackFormat.Opus opus -> Optional.of(TrackWish.send("audio", RtpCodec.opus()));
            case TrackFormat.G711 g711 ->
                Optional.of(TrackWish.send(
                        "audio", g711.law() == TrackFormat.G711.Law.A ? RtpCodec.pcma() : RtpCodec.pcmu()));
            default -> Optional.empty();
        };
    }

    /** @throws Conflict where the camera is one that we fetch */
    Opened publish(Caller caller, Camera camera, BooleanSupplier holds, String offer) {
        if (camera.address().main().isPresent()) {
            throw new Conflict(
                    "camera-not-published",
                    "%s is fetched by us.".formatted(camera.name()),
                    "Publish to a camera whose source is whip.");
        }
        Session session = opened(caller, camera, Optional.empty(), holds);
        return opened(
                session,
                offer,
                List.of(
                        TrackWish.receive(
                                "video", RtpCodec.h264("42e01f"), RtpCodec.h264("4d001f"), RtpCodec.h264("64001f")),
                        TrackWish.receive("audio", RtpCodec.opus())),
                new FromPhone(session));
    }

    private Session opened(Caller caller, Camera camera, Optional<UUID> grant, BooleanSupplier holds) {
        if (sessions.size() >= MOST) {
            throw new Conflict("live-full", "All %d live sessions are taken.".formatted(MOST), "Close some.");
        }
        Session session = new Session(UUID.randomUUID(), caller, camera, grant, holds, clock.instant());
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

    /** How many viewers and publishers there are. */
    int open() {
        return sessions.size();
    }

    private final class ToViewer implements MediaListener {
        private final Session session;
        private final LiveStream first;
        private LiveFeed.@Nullable Viewer viewer;
        private @Nullable FeedKey key;

        ToViewer(Session session, LiveStream first) {
            this.session = session;
            this.first = first;
        }

        @Override
        public void connected(MediaSession media) {
            List<LiveFeed.@Nullable Outlet> outlets = new ArrayList<>();
            for (TrackFormat format : first.formats()) {
                outlets.add(media.track(format.video() ? "video" : "audio")
                        .filter(MediaTrack::sends)
                        .map(LiveSessions::outlet)
                        .orElse(null));
            }
            FeedKey place = new FeedKey(Thread.currentThread(), session.camera.id(), first.kind());
            LiveFeed feed = feeds.computeIfAbsent(place, k -> new LiveFeed(() -> lines.live(k.camera(), k.kind())));
            LiveFeed.Viewer joined = new LiveFeed.Viewer(outlets);
            feed.join(joined);
            viewer = joined;
            key = place;
            session.feed = feed;
            feed.pump();
        }

        @Override
        public void closed(MediaSession media, String reason) {
            sessions.remove(session.id);
            LiveFeed feed = session.feed;
            LiveFeed.Viewer left = viewer;
            FeedKey place = key;
            if (feed != null && left != null && place != null) {
                feed.leave(left);
                if (feed.idle()) {
                    feeds.remove(place);
                }
            }
            LOG.atInfo()
                    .addKeyValue("camera", session.camera.id())
                    .addKeyValue("reason", reason)
                    .addKeyValue("unsent", left == null ? 0 : left.unsent())
                    .log("video.view.ended");
        }
    }

    private static LiveFeed.Outlet outlet(MediaTrack track) {
        return new LiveFeed.Outlet() {
            @Override
            public boolean send(PacketRing ring, long position, ByteBuffer rtp, long arrivalNanos) {
                return track.sendFrom(ring, position, rtp, arrivalNanos);
            }

            @Override
            public void changeSource() {
                track.changeSource();
            }

            @Override
            public void catchUpTo(int liveTimestamp) {
                track.catchUpTo(liveTimestamp);
            }
        };
    }

    private final class FromPhone implements MediaListener {
        private final Session session;
        private final List<ReorderBuffer> order = new ArrayList<>();
        private final List<ReorderBuffer.Sink> inOrder = new ArrayList<>();
        private final List<MediaTrack> tracks = new ArrayList<>();
        private CameraLines.@Nullable Published published;

        FromPhone(Session session) {
            this.session = session;
        }

        @Override
        public void connected(MediaSession media) {
            List<TrackFormat> formats = new ArrayList<>();
            media.track("video").filter(MediaTrack::receives).ifPresent(track -> {
                tracks.add(track);
                formats.add(new TrackFormat.H264(List.of(), List.of()));
            });
            media.track("audio").filter(MediaTrack::receives).ifPresent(track -> {
                tracks.add(track);
                formats.add(new TrackFormat.Opus(2));
            });
            if (formats.isEmpty() || !formats.getFirst().video()) {
                media.close();
                return;
            }
            CameraLines.Published to = lines.publish(session.camera.id(), formats);
            published = to;
            for (int i = 0; i < tracks.size(); i++) {
                int track = i;
                order.add(new ReorderBuffer(StreamIngest.ORDER_DEPTH, StreamIngest.ORDER_PATIENCE_NANOS));
                inOrder.add((rtp, nanos, lost) -> to.packet(track, nanos, rtp));
            }
            tracks.getFirst().requestKeyFrame();
        }

        @Override
        public void rtp(MediaTrack track, ByteBuffer rtp, long arrivalNanos) {
            int at = tracks.indexOf(track);
            if (at >= 0) {
                order.get(at).offer(rtp, arrivalNanos, inOrder.get(at));
            }
        }

        @Override
        public void closed(MediaSession media, String reason) {
            sessions.remove(session.id);
            CameraLines.Published to = published;
            if (to != null) {
                to.close();
            }
            LOG.atInfo()
                    .addKeyValue("camera", session.camera.id())
                    .addKeyValue("reason", reason)
                    .log("video.publication.ended");
        }
    }

    /** Each feed is pumped on its worker, by way of one of its sessions. */
    private void turn() {
        Map<LiveFeed, MediaSession> each = new java.util.IdentityHashMap<>();
        for (Session session : sessions.values()) {
            LiveFeed feed = session.feed;
            MediaSession media = session.media;
            if (feed != null && media != null && !media.isClosed()) {
                each.put(feed, media);
            }
        }
        each.forEach((feed, media) -> media.execute(feed::pump));
    }

    private int checks;

    /** Ends those that may not see any more, writes on those that look on, asks phones for key frames. */
    void check() {
        checks++;
        for (Session session : sessions.values()) {
            MediaSession media = session.media;
            if (media == null) {
                continue;
            }
            if (media.isClosed()) {
                sessions.remove(session.id);
            } else if (!stands(session)) {
                media.close();
            } else if (session.grant.isEmpty() && checks % KEY_FRAME_EVERY_CHECKS == 0) {
                media.track("video").ifPresent(MediaTrack::requestKeyFrame);
            }
        }
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

    private void every(long millis, Runnable work) {
        while (!closed) {
            try {
                work.run();
                Thread.sleep(sessions.isEmpty() ? Math.max(millis, 50) : millis);
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
        threads.forEach(Thread::interrupt);
        for (Session session : sessions.values()) {
            MediaSession media = session.media;
            if (media != null) {
                media.close();
            }
        }
    }
}

package org.conurb.talk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.conurb.kernel.Conflict;
import org.conurb.media.Ear;
import org.conurb.media.MediaListener;
import org.conurb.media.MediaSession;
import org.conurb.media.MediaTrack;
import org.conurb.media.MediaWorkers;
import org.conurb.media.RtpCodec;
import org.conurb.media.TrackWish;

/**
 * The one peer connection of each socket: its first audio section brings the microphone, each section that receives is an
 * ear. It stays while the client does; after a change of network it goes on under new ICE credentials. One whose socket
 * breaks is left to the device, which takes it up with its next socket, or lets it end (RFC 7675: 30 s without consent).
 */
final class VoiceSessions {
    /** Transmissions a browser hears at once, at most (Nc5). */
    static final int MOST_EARS = 8;

    private static final List<TrackWish> WISHES = wishes();

    private static final int MOST_LEFT = 1_000;
    private static final int MOST_LEFT_EACH = 8;

    private final MediaWorkers workers;
    private final ControllingFunction site;
    private final Map<MediaSession, Voice> voices = new ConcurrentHashMap<>();
    private final Map<Device, MediaSession> left = new ConcurrentHashMap<>();

    private record Device(String subject, String id) {
        static Device of(SocketClient client) {
            return new Device(client.caller().subject(), client.device());
        }
    }

    VoiceSessions(MediaWorkers workers, ControllingFunction site) {
        this.workers = workers;
        this.site = site;
    }

    private static List<TrackWish> wishes() {
        List<TrackWish> wishes = new ArrayList<>();
        wishes.add(new TrackWish("audio", TrackWish.Flow.BOTH, List.of(RtpCodec.opus())));
        for (int i = 0; i < MOST_EARS; i++) {
            wishes.add(TrackWish.send("audio", RtpCodec.opus()));
        }
        return List.copyOf(wishes);
    }

    /**
     * @param restart whether the session that is there goes on
     * @return SDP
     * @throws Conflict where there is none to go on
     */
    String offer(SocketClient client, String sdp, boolean restart) {
        MediaSession running = client.media();
        if (restart) {
            if (running == null) {
                throw new Conflict(
                        "no-media-session", "There is no session to go on.", "Offer a new one, without restart.");
            }
            return workers.restart(running, sdp).answer();
        }
        Voice voice = new Voice(client);
        MediaSession session = workers.open(sdp, WISHES, voice);
        voices.put(session, voice);
        voice.give(session);
        if (session.isClosed()) {
            voices.remove(session);
        }
        if (running != null) {
            running.close();
        }
        return session.answer();
    }

    void end(SocketClient client) {
        MediaSession session = client.media();
        if (session != null) {
            session.close();
        }
    }

    /** The socket of one that has said hello broke; the device may come again. */
    void leave(SocketClient client) {
        MediaSession session = client.media();
        Device device = Device.of(client);
        if (session == null || !hasRoomFor(device.subject())) {
            end(client);
            return;
        }
        client.media(null, List.of());
        MediaSession older = left.put(device, session);
        if (older != null && older != session) {
            older.close();
        }
        if (!voices.containsKey(session)) { // ended meanwhile
            left.remove(device, session);
        }
    }

    private boolean hasRoomFor(String subject) {
        return left.size() < MOST_LEFT
                && left.keySet().stream()
                                .filter(device -> device.subject().equals(subject))
                                .count()
                        < MOST_LEFT_EACH;
    }

    /** A device has said hello, by the same person as before: what it left is its own again. */
    void takeUp(SocketClient client) {
        MediaSession session = left.remove(Device.of(client));
        Voice voice = session == null ? null : voices.get(session);
        if (session != null && voice != null) {
            voice.takenUp(session, client);
        }
    }

    private final class Voice implements MediaListener {
        private volatile SocketClient client;
        private List<Ear> ears = List.of();

        Voice(SocketClient client) {
            this.client = client;
        }

        synchronized void give(MediaSession session) {
            client.media(session, ears);
        }

        synchronized void takenUp(MediaSession session, SocketClient now) {
            client = now;
            now.media(session, ears);
        }

        @Override
        public synchronized void connected(MediaSession session) {
            ears = session.tracks().stream()
                    .filter(MediaTrack::sends)
                    .map(Ear.class::cast)
                    .toList();
            if (client.media() == session) {
                client.media(session, ears);
                site.mediaChanged(client);
            }
        }

        @Override
        public void rtp(MediaTrack track, ByteBuffer rtp, long arrivalNanos) {
            client.mouth().rtp(rtp, arrivalNanos);
        }

        @Override
        public int lostBeyond(MediaTrack track) {
            return client.mouth().lostBeyond();
        }

        @Override
        public synchronized void closed(MediaSession session, String reason) {
            voices.remove(session);
            left.values().remove(session);
            if (client.media() == session) {
                client.media(null, List.of());
                site.mediaChanged(client);
            }
        }
    }
}

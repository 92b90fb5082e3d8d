package org.conurb.talk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
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
 * ear. It stays while the client does; after a change of network it goes on under new ICE credentials.
 */
final class VoiceSessions {
    /** Transmissions a browser hears at once, at most (Nc5). */
    static final int MOST_EARS = 8;

    private static final List<TrackWish> WISHES = wishes();

    private final MediaWorkers workers;
    private final ControllingFunction site;

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
        MediaSession session = workers.open(sdp, WISHES, new Voice(client));
        client.media(session, List.of());
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

    private final class Voice implements MediaListener {
        private final SocketClient client;

        Voice(SocketClient client) {
            this.client = client;
        }

        @Override
        public void connected(MediaSession session) {
            List<Ear> ears = new ArrayList<>();
            for (MediaTrack track : session.tracks()) {
                if (track.sends()) {
                    ears.add(track);
                }
            }
            client.media(session, List.copyOf(ears));
            site.mediaChanged(client);
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
        public void closed(MediaSession session, String reason) {
            if (client.media() == session) {
                client.media(null, List.of());
                site.mediaChanged(client);
            }
        }
    }
}

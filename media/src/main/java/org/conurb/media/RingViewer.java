package org.conurb.media;

import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One session that watches a source. Confined to its worker. */
final class RingViewer {
    private static final int PACKETS_A_TURN = 64;
    private static final long LEAST_BETWEEN_BEGINNINGS = 2_000_000_000L;

    final MediaSession session;
    private final @Nullable MediaTrack[] tracks;
    private @Nullable PacketRing ring;
    private PacketRing.@Nullable Reader past;
    private int pastTrack;
    private boolean live;
    private long begunAt;

    RingViewer(MediaSession session, Map<Integer, MediaTrack> wanted) {
        this.session = session;
        this.tracks = new MediaTrack
                [wanted.keySet().stream().mapToInt(Integer::intValue).max().orElse(0) + 1];
        wanted.forEach((number, track) -> tracks[number] = track);
    }

    boolean isLive() {
        return live;
    }

    /** @param next where the source's packets come from now on */
    void follow(PacketRing next) {
        if (ring != next) {
            ring = next;
            beginAgain();
        }
    }

    boolean mayBeginAgain(long nowNanos) {
        return live && nowNanos - begunAt >= LEAST_BETWEEN_BEGINNINGS;
    }

    /** With the newest key frame there is, or the next one. */
    void beginAgain() {
        live = false;
        past = null;
    }

    /** @param end where the worker's reader stands; @return whether there is more of the past to send */
    boolean catchUp(long end, ByteBuffer packet, long nowNanos) {
        PacketRing from = ring;
        if (live || from == null || !session.isConnected()) {
            return false;
        }
        if (past == null) {
            long key = from.newestKeyStart();
            if (key < 0 || key >= end) {
                return false;
            }
            aim(from.reader(key), end, packet);
            past = from.reader(key);
            begunAt = nowNanos;
        }
        for (int i = 0; i < PACKETS_A_TURN && past.position() < end; i++) {
            if (past.take(packet) != PacketRing.Taken.TAKEN) {
                past = null; // overtaken: again from the next key frame
                return false;
            }
            if (past.track() == pastTrack) {
                send(past, packet);
            }
        }
        live = past.position() >= end;
        return !live;
    }

    /** Of the past only the track with the key frame is sent, and told which time is now: sound begins with now. */
    private void aim(PacketRing.Reader scout, long end, ByteBuffer packet) {
        int newest = 0;
        boolean found = false;
        while (scout.position() < end && scout.take(packet) == PacketRing.Taken.TAKEN) {
            pastTrack = found ? pastTrack : scout.track();
            if (scout.track() == pastTrack && packet.remaining() >= RtpHeader.FIXED) {
                newest = packet.getInt(4);
                found = true;
            }
        }
        MediaTrack track = found && pastTrack < tracks.length ? tracks[pastTrack] : null;
        if (track != null) {
            track.catchUpTo(newest);
        }
    }

    void send(PacketRing.Reader reader, ByteBuffer packet) {
        MediaTrack track = trackOf(reader);
        PacketRing from = ring;
        if (track != null && from != null) {
            track.sendFrom(from, reader.sequence(), packet, reader.arrivalNanos());
        }
    }

    private @Nullable MediaTrack trackOf(PacketRing.Reader reader) {
        boolean control = (reader.flags() & PacketRing.CONTROL) != 0;
        return control || reader.track() >= tracks.length ? null : tracks[reader.track()];
    }
}

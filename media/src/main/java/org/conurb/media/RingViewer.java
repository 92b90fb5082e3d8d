package org.conurb.media;

import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One session that watches a ring. Confined to its worker. */
final class RingViewer {
    private static final int PACKETS_A_TURN = 64;

    final MediaSession session;
    private final PacketRing ring;
    private final @Nullable MediaTrack[] tracks;
    private PacketRing.@Nullable Reader past;
    private boolean live;

    RingViewer(MediaSession session, Map<Integer, MediaTrack> wanted, PacketRing ring) {
        this.session = session;
        this.ring = ring;
        this.tracks = new MediaTrack
                [wanted.keySet().stream().mapToInt(Integer::intValue).max().orElse(0) + 1];
        wanted.forEach((number, track) -> tracks[number] = track);
    }

    boolean isLive() {
        return live;
    }

    /** @param end where the worker's reader stands; @return whether there is more of the past to send */
    boolean catchUp(long end, ByteBuffer packet) {
        if (live || !session.isConnected()) {
            return false;
        }
        if (past == null) {
            long key = ring.newestKeyStart();
            if (key < 0 || key >= end) {
                return false;
            }
            aim(key, end, packet);
            past = ring.reader(key);
        }
        for (int i = 0; i < PACKETS_A_TURN && past.position() < end; i++) {
            if (past.take(packet) != PacketRing.Taken.TAKEN) {
                past = null; // overtaken: again from the next key frame
                return false;
            }
            send(past, packet);
        }
        live = past.position() >= end;
        return !live;
    }

    /** Tells each track which time is now. */
    private void aim(long from, long end, ByteBuffer packet) {
        PacketRing.Reader scout = ring.reader(from);
        int[] newest = new int[tracks.length];
        boolean[] found = new boolean[tracks.length];
        while (scout.position() < end && scout.take(packet) == PacketRing.Taken.TAKEN) {
            if (trackOf(scout) != null && packet.remaining() >= RtpHeader.FIXED) {
                newest[scout.track()] = packet.getInt(4);
                found[scout.track()] = true;
            }
        }
        for (int i = 0; i < tracks.length; i++) {
            MediaTrack track = tracks[i];
            if (track != null && found[i]) {
                track.catchUpTo(newest[i]);
            }
        }
    }

    void send(PacketRing.Reader reader, ByteBuffer packet) {
        MediaTrack track = trackOf(reader);
        if (track != null) {
            track.sendFrom(ring, reader.sequence(), packet, reader.arrivalNanos());
        }
    }

    private @Nullable MediaTrack trackOf(PacketRing.Reader reader) {
        boolean control = (reader.flags() & PacketRing.CONTROL) != 0;
        return control || reader.track() >= tracks.length ? null : tracks[reader.track()];
    }
}

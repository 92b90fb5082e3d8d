package org.conurb.media;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sends what enters one ring to all sessions that want it. Each worker with such sessions has one reader on the ring; a
 * packet crosses threads once per worker. A source without key frames flags each packet as one. Safe for all threads; a
 * session that ended leaves by itself.
 */
public final class RingFanout {
    private final PacketRing ring;
    private final Map<MediaWorker, WorkerFanout> byWorker = new ConcurrentHashMap<>();

    public RingFanout(PacketRing ring) {
        this.ring = ring;
    }

    /**
     * The session sees what the ring holds since its last key frame, quickly, and then what comes; or from the next key
     * frame on, where the ring holds none. Best called when it is {@link MediaListener#connected}: what comes before is not
     * sent.
     *
     * @param tracks of the session, by the number their source has in the ring
     */
    public void add(MediaSession session, Map<Integer, MediaTrack> tracks) {
        Map<Integer, MediaTrack> wanted = Map.copyOf(tracks);
        WorkerFanout there = byWorker.computeIfAbsent(session.worker, worker -> new WorkerFanout(worker, ring));
        session.execute(() -> there.add(new RingViewer(session, wanted, ring)));
    }

    public void remove(MediaSession session) {
        WorkerFanout there = byWorker.get(session.worker);
        if (there != null) {
            session.execute(() -> there.remove(session));
        }
    }

    /** To be called after packets were appended, once for as many as came together; costs next to nothing without listeners. */
    public void wake() {
        for (WorkerFanout fanout : byWorker.values()) {
            fanout.wake();
        }
    }

    /** Sessions that get packets now. */
    public int listeners() {
        return byWorker.values().stream().mapToInt(WorkerFanout::listeners).sum();
    }
}

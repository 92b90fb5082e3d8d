package org.conurb.media;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Sends what enters a ring to all sessions that want it. Each worker with such sessions has one reader on the ring; a
 * packet crosses threads once per worker. A source that begins anew brings another ring, and its sessions go on there. A
 * source without key frames flags each packet as one. Safe for all threads; a session that ended leaves by itself.
 */
public final class RingFanout implements AutoCloseable {
    private final Map<MediaWorker, WorkerFanout> byWorker = new ConcurrentHashMap<>();
    private volatile @Nullable PacketRing ring;
    private volatile boolean closed;

    /** The ring that packets come in from now on; each session goes on with the next key frame in it. */
    public void follow(PacketRing next) {
        ring = next;
        wake();
    }

    @Nullable
    PacketRing ring() {
        return ring;
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
        WorkerFanout there = byWorker.computeIfAbsent(session.worker, worker -> new WorkerFanout(worker, this));
        session.execute(() -> there.add(new RingViewer(session, wanted)));
        if (closed) {
            there.end();
        }
    }

    public void remove(MediaSession session) {
        WorkerFanout there = byWorker.get(session.worker);
        if (there != null) {
            session.execute(() -> there.remove(session));
        }
    }

    /**
     * The session cannot decode on: it begins again with the last key frame. At most every two seconds, as a peer that asks
     * for more has too little of a line for it. On the session's worker.
     */
    public void again(MediaSession session) {
        WorkerFanout there = byWorker.get(session.worker);
        if (there != null) {
            there.again(session);
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
        int listeners = 0;
        for (WorkerFanout fanout : byWorker.values()) {
            listeners += fanout.listeners();
        }
        return listeners;
    }

    /** The source is gone for good: its sessions end, and so do those that come later. */
    @Override
    public void close() {
        closed = true;
        byWorker.values().forEach(WorkerFanout::end);
    }
}

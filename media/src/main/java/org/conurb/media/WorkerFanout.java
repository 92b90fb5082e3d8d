package org.conurb.media;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** One worker's reader on one ring, and the sessions of that worker that watch it. */
final class WorkerFanout {
    private static final int PACKETS_A_TURN = 256;

    private final MediaWorker worker;
    private final PacketRing.Reader reader;
    private final ByteBuffer packet = ByteBuffer.allocate(PacketRing.MAX_PACKET_BYTES);
    private final List<RingViewer> viewers = new ArrayList<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile int listeners;

    WorkerFanout(MediaWorker worker, PacketRing ring) {
        this.worker = worker;
        this.reader = ring.reader(ring.next());
        this.ring = ring;
    }

    private final PacketRing ring;

    void add(RingViewer viewer) {
        if (viewers.isEmpty()) {
            reader.seek(ring.next());
        }
        viewers.add(viewer);
        listeners = viewers.size();
        wake();
    }

    void remove(MediaSession session) {
        viewers.removeIf(viewer -> viewer.session == session);
        listeners = viewers.size();
    }

    int listeners() {
        return listeners;
    }

    /** From any thread. */
    void wake() {
        if (listeners > 0 && woken.compareAndSet(false, true)) {
            worker.execute(this::drain);
        }
    }

    private void drain() {
        woken.set(false);
        viewers.removeIf(viewer -> viewer.session.isClosed());
        listeners = viewers.size();
        boolean more = false;
        for (int i = 0; i < PACKETS_A_TURN; i++) {
            PacketRing.Taken taken = reader.take(packet);
            if (taken == PacketRing.Taken.EMPTY) {
                break;
            }
            if (taken == PacketRing.Taken.TAKEN) {
                forward();
            }
            more = i == PACKETS_A_TURN - 1;
        }
        for (int i = 0; i < viewers.size(); i++) {
            more |= viewers.get(i).catchUp(reader.position(), packet);
        }
        if (more) {
            wake();
        }
    }

    private void forward() {
        for (int i = 0; i < viewers.size(); i++) {
            RingViewer viewer = viewers.get(i);
            if (viewer.isLive()) {
                viewer.send(reader, packet);
            }
        }
    }
}

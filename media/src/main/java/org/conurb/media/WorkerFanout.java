package org.conurb.media;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One worker's reader on the ring of a source, and the sessions of that worker that watch it. */
final class WorkerFanout {
    private static final int PACKETS_A_TURN = 256;

    private final MediaWorker worker;
    private final RingFanout source;
    private final List<RingViewer> viewers = new ArrayList<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private @Nullable PacketRing ring;
    private PacketRing.@Nullable Reader reader;
    private volatile int listeners;

    WorkerFanout(MediaWorker worker, RingFanout source) {
        this.worker = worker;
        this.source = source;
    }

    void add(RingViewer viewer) {
        if (viewers.isEmpty()) {
            ring = null; // what came while nobody watched is the past
        }
        PacketRing now = ring;
        if (now != null) {
            viewer.follow(now);
        }
        viewers.add(viewer);
        listeners = viewers.size();
        wake();
    }

    void remove(MediaSession session) {
        viewers.removeIf(viewer -> viewer.session == session);
        listeners = viewers.size();
    }

    void again(MediaSession session) {
        long now = worker.nanos();
        for (RingViewer viewer : viewers) {
            if (viewer.session == session && viewer.mayBeginAgain(now)) {
                viewer.beginAgain();
                wake();
            }
        }
    }

    void end() {
        worker.execute(() -> {
            List.copyOf(viewers).forEach(viewer -> viewer.session.end("the source ended"));
            viewers.clear();
            listeners = 0;
        });
    }

    int listeners() {
        return listeners;
    }

    /** From any thread. */
    void wake() {
        if (listeners > 0 && woken.compareAndSet(false, true)) {
            try {
                worker.execute(this::drain);
            } catch (MediaFull stuck) {
                woken.set(false);
            }
        }
    }

    private void drain() {
        woken.set(false);
        viewers.removeIf(viewer -> viewer.session.isClosed());
        listeners = viewers.size();
        PacketRing.Reader in = reader();
        if (in == null) {
            return;
        }
        ByteBuffer packet = worker.packet();
        boolean more = false;
        for (int i = 0; i < PACKETS_A_TURN; i++) {
            PacketRing.Taken taken = in.take(packet);
            if (taken == PacketRing.Taken.EMPTY) {
                break;
            }
            if (taken == PacketRing.Taken.TAKEN) {
                forward(in, packet);
            } else {
                viewers.forEach(RingViewer::beginAgain);
            }
            more = i == PACKETS_A_TURN - 1;
        }
        for (int i = 0; i < viewers.size(); i++) {
            more |= catchUp(viewers.get(i), in.position(), packet);
        }
        if (more) {
            wake();
        }
    }

    /** At the end of the ring that packets come in now. */
    private PacketRing.@Nullable Reader reader() {
        PacketRing now = source.ring();
        if (now != null && now != ring) {
            ring = now;
            reader = now.reader(now.next());
            viewers.forEach(viewer -> viewer.follow(now));
        }
        return reader;
    }

    private void forward(PacketRing.Reader in, ByteBuffer packet) {
        for (int i = 0; i < viewers.size(); i++) {
            RingViewer viewer = viewers.get(i);
            if (viewer.isLive()) {
                send(viewer, in, packet);
            }
        }
    }

    private void send(RingViewer viewer, PacketRing.Reader in, ByteBuffer packet) {
        try {
            viewer.send(in, packet);
        } catch (RuntimeException | Error e) {
            worker.failed(viewer.session, e);
        }
    }

    private boolean catchUp(RingViewer viewer, long end, ByteBuffer packet) {
        try {
            return viewer.catchUp(end, packet, worker.nanos());
        } catch (RuntimeException | Error e) {
            worker.failed(viewer.session, e);
            return false;
        }
    }
}

package org.conurb.media;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Those of an audience who are on one worker. Tracks come from any thread; packets are this worker's. */
final class AudiencePart {
    private static final MediaTrack[] NOBODY = {};
    private static final int PACKETS_A_TURN = 64;
    private static final long COUNT_NANOS = 1_000_000_000L;

    final MediaWorker worker;
    private final Fanout fanout;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Runnable drain = this::drain;
    private final List<MediaTrack> coming = new ArrayList<>();
    private volatile MediaTrack[] tracks = NOBODY;
    private volatile @Nullable Way way;
    private volatile ReportedLosses losses = new ReportedLosses();

    // of the worker
    private boolean begun;
    private long countedAt;
    private boolean ended;
    private PacketRing.@Nullable Reader reader;

    /** @param from where in the ring its packets begin */
    private record Way(PacketRing ring, long from) {}

    AudiencePart(MediaWorker worker, Fanout fanout, @Nullable PacketRing ring, long from) {
        this.worker = worker;
        this.fanout = fanout;
        this.way = ring == null ? null : new Way(ring, from);
    }

    void follow(PacketRing ring, long from) {
        way = new Way(ring, from);
    }

    /** Under the audience's lock, as the next two. */
    void prepare(MediaTrack track) {
        coming.add(track);
    }

    void publish() {
        if (coming.isEmpty()) {
            return;
        }
        List<MediaTrack> all = new ArrayList<>(List.of(tracks));
        for (MediaTrack track : coming) {
            track.session().execute(track::beginSpurt);
            all.add(track);
        }
        coming.clear();
        tracks = all.stream().distinct().toArray(MediaTrack[]::new);
    }

    void remove(MediaTrack gone) {
        List<MediaTrack> left = new ArrayList<>(List.of(tracks));
        if (left.remove(gone)) {
            tracks = left.toArray(NOBODY);
        }
    }

    int size() {
        return tracks.length;
    }

    /** On the worker. */
    void send(ByteBuffer rtp, long arrivalNanos) {
        MediaTrack[] now = tracks;
        if (!begun) {
            begun = true;
            countedAt = arrivalNanos - COUNT_NANOS;
            for (MediaTrack track : now) {
                track.beginSpurt();
            }
        }
        for (MediaTrack track : now) {
            send(track, rtp, arrivalNanos);
        }
        if (arrivalNanos - countedAt >= COUNT_NANOS) {
            countedAt = arrivalNanos;
            countLosses(now, arrivalNanos);
        }
    }

    private void send(MediaTrack track, ByteBuffer rtp, long arrivalNanos) {
        try {
            track.send(rtp, arrivalNanos);
        } catch (RuntimeException | Error e) {
            worker.failed(track.session(), e);
        }
    }

    private void countLosses(MediaTrack[] listeners, long nowNanos) {
        ReportedLosses counted = new ReportedLosses();
        for (MediaTrack track : listeners) {
            int fraction = track.out == null ? -1 : track.out.fractionLost(nowNanos);
            if (fraction >= 0) {
                counted.add(fraction);
            }
        }
        losses = counted;
    }

    /** As of the last second in which packets came. */
    ReportedLosses losses() {
        return losses;
    }

    /** From the source's thread. */
    void wake() {
        if (woken.compareAndSet(false, true)) {
            try {
                worker.execute(drain);
            } catch (MediaFull stuck) {
                woken.set(false);
            }
        }
    }

    private void drain() {
        woken.set(false);
        PacketRing.Reader in = reader();
        if (in == null || ended) {
            return;
        }
        ByteBuffer packet = worker.packet();
        for (int i = 0; i < PACKETS_A_TURN; i++) {
            PacketRing.Taken taken = in.take(packet);
            if (taken == PacketRing.Taken.EMPTY) {
                return;
            }
            if (taken == PacketRing.Taken.TAKEN && !fanout.isTooOld(in.arrivalNanos())) {
                send(packet, in.arrivalNanos());
            } else {
                fanout.shed.increment();
            }
        }
        wake();
    }

    private PacketRing.@Nullable Reader reader() {
        Way by = way;
        if (reader == null && by != null) {
            reader = by.ring().reader(by.from());
        }
        return reader;
    }

    void end() {
        ended = true;
        reader = null;
        way = null;
    }
}

package org.conurb.media;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who hear one source, on whatever workers: what the source's thread forwards goes at once to sinks and to tracks of
 * this thread's worker, and by a ring to other workers, once for each. Nothing is allocated for a packet. What is heard more
 * than 100 ms late, because a worker has too much to do, is not sent at all: old voice would only make the next later.
 * Ears come and go from any thread.
 */
public final class Audience implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Audience.class);

    private final Fanout fanout;
    private volatile AudiencePart[] parts = {};
    private volatile RtpSink[] sinks = {};
    private volatile boolean closed;
    /** Guarded by this. */
    private @Nullable PacketRing ring;

    Audience(Fanout fanout) {
        this.fanout = fanout;
    }

    /** Hears the source from now on; each once, however often it is added. */
    public void add(Ear ear) {
        add(List.of(ear));
    }

    /** As many at once: costs as much as adding one. */
    public synchronized void add(List<? extends Ear> ears) {
        if (closed) {
            return;
        }
        List<RtpSink> moreSinks = new ArrayList<>(Arrays.asList(sinks));
        List<AudiencePart> moreParts = new ArrayList<>(Arrays.asList(parts));
        for (Ear ear : ears) {
            switch (ear) {
                case RtpSink sink -> moreSinks.add(sink);
                case MediaTrack track -> part(moreParts, track.session().worker).prepare(track);
            }
        }
        moreParts.forEach(AudiencePart::publish);
        sinks = moreSinks.stream().distinct().toArray(RtpSink[]::new);
        parts = moreParts.toArray(AudiencePart[]::new);
    }

    private AudiencePart part(List<AudiencePart> all, MediaWorker worker) {
        for (AudiencePart part : all) {
            if (part.worker == worker) {
                return part;
            }
        }
        AudiencePart made = new AudiencePart(worker, fanout, ring, ring == null ? 0 : ring.next());
        all.add(made);
        return made;
    }

    public synchronized void remove(Ear ear) {
        if (closed) {
            return;
        }
        switch (ear) {
            case RtpSink sink ->
                sinks = Arrays.stream(sinks).filter(other -> other != sink).toArray(RtpSink[]::new);
            case MediaTrack track -> {
                for (AudiencePart part : parts) {
                    part.remove(track);
                }
            }
        }
    }

    /**
     * Passes a packet on. By one thread at a time, the source's.
     *
     * @param rtp a whole RTP packet from position to limit, which stay
     * @param arrivalNanos of the workers' clock, when it was heard
     */
    public void forward(ByteBuffer rtp, long arrivalNanos) {
        if (closed || rtp.remaining() < RtpHeader.FIXED) {
            return;
        }
        if (fanout.isTooOld(arrivalNanos)) {
            fanout.shed.increment();
            return;
        }
        for (RtpSink sink : sinks) {
            give(sink, rtp, arrivalNanos);
        }
        AudiencePart[] all = parts;
        boolean far = false;
        for (AudiencePart part : all) {
            if (part.worker.isHere()) {
                part.send(rtp, arrivalNanos);
            } else {
                far = true;
            }
        }
        if (far) {
            cross(all, rtp, arrivalNanos);
        }
    }

    /** A defect of a sink is neither the talker's nor the other listeners'. */
    private static void give(RtpSink sink, ByteBuffer rtp, long arrivalNanos) {
        try {
            sink.rtp(rtp, arrivalNanos);
        } catch (RuntimeException | Error e) {
            LOG.atError().setCause(e).log("media.sink-failed");
        }
    }

    /** The first packet on its way to another worker brings the ring. Locked, so that nobody else has the ring meanwhile. */
    private synchronized void cross(AudiencePart[] all, ByteBuffer rtp, long arrivalNanos) {
        if (closed || rtp.remaining() > SrtpScratch.MAX_PACKET) {
            return;
        }
        PacketRing over = ring == null ? lend() : ring;
        over.append(0, arrivalNanos, PacketRing.KEY_START, rtp);
        for (AudiencePart part : all) {
            if (!part.worker.isHere()) {
                part.wake();
            }
        }
    }

    private PacketRing lend() {
        PacketRing lent = fanout.lend();
        for (AudiencePart part : parts) {
            part.follow(lent, lent.next());
        }
        ring = lent;
        return lent;
    }

    /**
     * What its listeners lose now, the way here included, as their receiver reports tell: nine of ten lose no more. Each worker
     * counts its own once a second.
     *
     * @return 0..255 of 256; sinks do not report
     */
    public int lost() {
        ReportedLosses all = new ReportedLosses();
        for (AudiencePart part : parts) {
            all.add(part.losses());
        }
        return all.ninetiethPercentile();
    }

    /** How many hear it. */
    public int size() {
        int size = sinks.length;
        for (AudiencePart part : parts) {
            size += part.size();
        }
        return size;
    }

    /** Nothing is passed on any more; a packet that is on its way to another worker may be dropped. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        PacketRing lent = ring;
        ring = null;
        AudiencePart[] all = parts;
        if (lent == null) {
            return;
        }
        AtomicInteger readers = new AtomicInteger(all.length);
        for (AudiencePart part : all) {
            part.worker.execute(() -> {
                part.end();
                if (readers.decrementAndGet() == 0) {
                    fanout.giveBack(lent);
                }
            });
        }
    }
}

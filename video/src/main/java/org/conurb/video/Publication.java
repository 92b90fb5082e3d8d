package org.conurb.video;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.conurb.media.PacketRing;
import org.conurb.media.RingFanout;
import org.conurb.media.TrackFormat;

/**
 * A stream that a phone publishes to us. Confined to the thread that its packets come from, but for what is said to be for
 * all.
 */
final class Publication implements CameraLines.Published {
    private static final long SILENT_NANOS = 5_000_000_000L;

    private final PacketRing ring;
    private final StreamIngest ingest;
    private final LiveStream live;
    private final Optional<StreamRecorder> recorder;
    private final Runnable over;
    private final Consumer<Publication> left;
    private volatile boolean silent;
    private volatile long sinceNanos;
    private boolean ended;

    /**
     * @param over ends the phone's session; from any thread
     * @param left told once, when this has ended
     */
    Publication(
            CameraSource source,
            RingFanout out,
            Optional<StreamRecorder> recorder,
            List<TrackFormat> formats,
            RecordingSettings settings,
            long nanos,
            Runnable over,
            Consumer<Publication> left) {
        this.ring = new PacketRing(settings.ringBytes());
        this.recorder = recorder;
        this.sinceNanos = nanos;
        this.over = over;
        this.left = left;
        List<Integer> any = formats.stream().map(format -> -1).toList();
        this.ingest = new StreamIngest(
                ring, formats, any, recorder, settings.fragmentLongest().toNanos(), nanos);
        this.live = new LiveStream(source.id(), LiveStream.Kind.MAIN, out, List.copyOf(formats), ingest::reorders);
        recorder.ifPresent(to -> to.begin(ring, formats));
        out.follow(ring);
    }

    @Override
    public void datagram(int track, long arrivalNanos, ByteBuffer rtp) {
        if (ended) {
            return;
        }
        if (silent) {
            silent = false;
            sinceNanos = arrivalNanos;
            recorder.ifPresent(to -> to.begin(ring, live.formats()));
        }
        ingest.datagram(track, arrivalNanos, rtp);
        live.out().wake();
    }

    @Override
    public void tick(long nanos) {
        ingest.tick(nanos);
        live.out().wake();
        if (!silent && !ended && nanos - ingest.lastPacketNanos() > SILENT_NANOS) {
            silent = true;
            sinceNanos = nanos;
            stop(GapReason.SILENT);
        }
    }

    @Override
    public void end(GapReason why) {
        if (!ended) {
            ended = true;
            stop(why);
            left.accept(this);
        }
    }

    private void stop(GapReason why) {
        ingest.end();
        recorder.ifPresent(to -> to.outage(ring, why));
    }

    /** Ends the phone's session, which ends this. From any thread. */
    void close() {
        over.run();
    }

    /** For all threads. */
    LiveStream live() {
        return live;
    }

    /** Whether nothing has come for a while. For all threads. */
    boolean silent() {
        return silent;
    }

    /** When it began, or fell silent, or came back. For all threads. */
    long sinceNanos() {
        return sinceNanos;
    }

    /** For all threads. */
    StreamIngest.Figures figures() {
        return ingest.figures();
    }
}

package org.conurb.video;

import java.util.Optional;
import org.conurb.media.RingFanout;
import org.jspecify.annotations.Nullable;

/** One camera of the streams. Its sub stream and its publication change; all else stays until it is wanted otherwise. */
final class WantedCamera {
    final CameraSource source;
    final NetworkLoop loop;
    final Optional<StreamRecorder> recorder;
    final Optional<CameraSession> main;
    final RingFanout mainOut;
    final RingFanout subOut = new RingFanout();
    final long wantedNanos;
    volatile boolean everRecorded;
    volatile @Nullable CameraSession sub;
    volatile long subAsked;
    volatile @Nullable Publication published;

    WantedCamera(
            CameraSource source,
            NetworkLoop loop,
            Optional<StreamRecorder> recorder,
            Optional<CameraSession> main,
            RingFanout mainOut,
            long nanos) {
        this.source = source;
        this.loop = loop;
        this.recorder = recorder;
        this.main = main;
        this.mainOut = mainOut;
        this.wantedNanos = nanos;
    }

    CameraStatus status(WallClock wall) {
        return main.isPresent() ? fetched(main.get().view(), wall) : published(published, wall);
    }

    private CameraStatus published(@Nullable Publication by, WallClock wall) {
        if (by == null) {
            return status(CameraStatus.State.OFF, "nothing is published", wantedNanos, Optional.empty(), wall);
        }
        return status(
                by.silent() ? CameraStatus.State.STALLED : CameraStatus.State.RECORDING,
                by.silent() ? "no packet came for 5 s" : "",
                by.sinceNanos(),
                Optional.of(by.figures()),
                wall);
    }

    private CameraStatus fetched(CameraSession.View view, WallClock wall) {
        boolean records = view.phase() == CameraSession.Phase.RECORD;
        everRecorded |= records;
        boolean first = !everRecorded && view.trouble().isEmpty();
        CameraStatus.State state = records
                ? CameraStatus.State.RECORDING
                : first ? CameraStatus.State.CONNECTING : CameraStatus.State.STALLED;
        return status(state, view.trouble(), view.sinceNanos(), view.ingest().map(StreamIngest::figures), wall);
    }

    private CameraStatus status(
            CameraStatus.State state,
            String reason,
            long since,
            Optional<StreamIngest.Figures> figures,
            WallClock wall) {
        return new CameraStatus(
                state,
                reason,
                wall.instant(since),
                figures.filter(f -> f.lastPacketNanos() != 0).map(f -> wall.instant(f.lastPacketNanos())),
                figures.map(StreamIngest.Figures::bitsPerSecond).orElse(0L),
                main.flatMap(CameraSession::clockOffset),
                figures.map(StreamIngest.Figures::lostPackets).orElse(0L));
    }
}

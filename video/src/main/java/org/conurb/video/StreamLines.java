package org.conurb.video;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.conurb.media.TrackFormat;

/** The doors' view of {@link CameraStreams}. */
final class StreamLines implements CameraLines {
    private final CameraStreams streams;
    private final Clock clock;

    StreamLines(CameraStreams streams, Clock clock) {
        this.streams = streams;
        this.clock = clock;
    }

    @Override
    public void want(CameraSource source) {
        streams.want(source);
    }

    @Override
    public void unwant(CameraId camera) {
        streams.unwant(camera);
    }

    @Override
    public CameraStatus status(CameraId camera) {
        return streams.status(camera)
                .orElseGet(() -> new CameraStatus(
                        CameraStatus.State.OFF,
                        "not started",
                        clock.instant(),
                        Optional.empty(),
                        0,
                        Optional.empty(),
                        0));
    }

    @Override
    public Optional<LiveStream> live(CameraId camera, LiveStream.Kind kind) {
        return kind == LiveStream.Kind.SUB ? streams.sub(camera).or(() -> streams.live(camera)) : streams.live(camera);
    }

    @Override
    public Published publish(CameraId camera, List<TrackFormat> formats) {
        CameraStreams.Publication publication = streams.publish(camera, formats);
        return new Published() {
            @Override
            public void packet(int track, long arrivalNanos, ByteBuffer rtp) {
                publication.packet(track, arrivalNanos, rtp);
            }

            @Override
            public void close() {
                publication.close();
            }
        };
    }
}

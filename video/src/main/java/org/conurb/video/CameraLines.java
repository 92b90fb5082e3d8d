package org.conurb.video;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.conurb.media.TrackFormat;

/** The streams behind the cameras, as the doors need them: {@code CameraStreams} in the program, a fake in tests. */
interface CameraLines {
    /** From now on, this camera with this address; replaces what was wanted of it before. */
    void want(CameraSource source);

    void unwant(CameraId camera);

    CameraStatus status(CameraId camera);

    /** What comes in now. A sub stream is connected when it is asked for, so it may be there a little later. */
    Optional<LiveStream> live(CameraId camera, LiveStream.Kind kind);

    /**
     * Takes what a phone publishes; ends what was published to this camera before.
     *
     * @throws IllegalArgumentException where the camera is not one that publishes
     */
    Published publish(CameraId camera, List<TrackFormat> formats);

    /** A stream that is published to us; all calls from one thread. */
    interface Published extends AutoCloseable {
        /** @param rtp in order, valid during the call */
        void packet(int track, long arrivalNanos, ByteBuffer rtp);

        @Override
        void close();
    }
}

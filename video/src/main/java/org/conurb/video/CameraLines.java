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

    /**
     * What comes in now. A sub stream is connected when it is asked for, so it may be there a little later; it stays for as
     * long as somebody watches or asks.
     */
    Optional<LiveStream> live(CameraId camera, LiveStream.Kind kind);

    /**
     * Takes what a phone publishes; ends what was published to this camera before.
     *
     * @param over called from any thread when the camera is not wanted any more, or another phone takes its place
     * @throws IllegalArgumentException where the camera is not one that publishes
     */
    Published publish(CameraId camera, List<TrackFormat> formats, Runnable over);

    /** A stream that is published to us; all calls from one thread. */
    interface Published {
        /** @param rtp as it came, in whatever order; valid during the call */
        void datagram(int track, long arrivalNanos, ByteBuffer rtp);

        /** About each 100 ms. */
        void tick(long nanos);

        /** Nothing more comes. Doing it again does nothing. */
        void end(GapReason why);
    }
}

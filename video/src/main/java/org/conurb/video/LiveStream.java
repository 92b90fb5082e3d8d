package org.conurb.video;

import java.util.List;
import org.conurb.media.PacketRing;
import org.conurb.media.TrackFormat;

/**
 * A stream that comes in now. It ends when the camera is connected anew: {@link #ended} turns true, and {@link
 * CameraStreams#live} gives the next one.
 *
 * @param ring packets of all tracks; the track number of a packet is its place in {@code formats}
 * @param formats as told when the stream began; video first
 */
record LiveStream(CameraId camera, Kind kind, PacketRing ring, List<TrackFormat> formats, Ending ending) {
    enum Kind {
        MAIN,
        SUB
    }

    /** Turns true once; written by the stream's owner. */
    static final class Ending {
        private volatile boolean over;

        void end() {
            over = true;
        }
    }

    boolean ended() {
        return ending.over;
    }
}

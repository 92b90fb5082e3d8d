package org.conurb.video;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.conurb.media.RingFanout;
import org.conurb.media.TrackFormat;

/**
 * A stream that comes in now.
 *
 * @param out where its packets go; it stays the same when the camera is connected anew, and the track number of a packet is
 *     its place in {@code formats}
 * @param formats as told when the stream began; video first
 * @param reorders whether pictures come in another order than they are shown in (B frames)
 */
record LiveStream(CameraId camera, Kind kind, RingFanout out, List<TrackFormat> formats, BooleanSupplier reorders) {
    enum Kind {
        MAIN,
        SUB
    }
}

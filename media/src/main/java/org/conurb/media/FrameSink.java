package org.conurb.media;

import java.nio.ByteBuffer;

/** Takes what a {@link Depacketizer} makes of packets; called on the thread that gives them. */
public interface FrameSink {
    /**
     * One whole access unit or audio frame.
     *
     * @param rtpTime of presentation, in ticks of the track's clock, unwrapped
     * @param key whether decoding can begin here (IDR of H.264; IDR, CRA or BLA of H.265; every audio frame)
     * @param damaged whether packets of it were lost: part of it is missing
     * @param sample as a file holds it: NAL units each after four bytes of length, without parameter sets; audio bare.
     *     From position to limit; only during the call
     */
    void frame(long rtpTime, boolean key, boolean damaged, ByteBuffer sample);

    /** Parameter sets came in band that differ from those before: what follows needs a new header. Comes before the frame. */
    default void formatChanged(TrackFormat format) {}

    /** The stream began anew (other SSRC, or a jump in its sequence, RFC 3550 A.1): times that follow have nothing to do with those before. */
    default void restarted() {}
}

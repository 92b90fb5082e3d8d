package org.conurb.media;

import java.nio.ByteBuffer;

/** Takes whole RTP packets of one source after the other's. */
@FunctionalInterface
public non-sealed interface RtpSink extends Ear {
    /**
     * On the source's thread: return soon, never wait.
     *
     * @param rtp from position to limit, which stay; overwritten after the call
     * @param arrivalNanos of the workers' clock, when it was heard
     */
    void rtp(ByteBuffer rtp, long arrivalNanos);
}

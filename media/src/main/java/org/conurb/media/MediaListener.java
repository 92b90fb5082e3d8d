package org.conurb.media;

import java.nio.ByteBuffer;

/**
 * What happens in a session, told on its worker's thread: return soon, never wait. Buffers are overwritten after the
 * call.
 */
public interface MediaListener {
    /** Keys are agreed: packets flow from now on. */
    default void connected(MediaSession session) {}

    /** @param rtp one whole RTP packet (RFC 3550 §5.1), opened; @param arrivalNanos of the workers' clock */
    default void rtp(MediaTrack track, ByteBuffer rtp, long arrivalNanos) {}

    /** @param rtcp one RTCP packet of a compound that passed, whatever its type */
    default void rtcp(MediaSession session, ByteBuffer rtcp) {}

    /**
     * What those lose whom the track's packets are passed on to: the peer is told of it where it is more than was lost on the
     * way here, so that its encoder protects them all (in-band FEC, RFC 7587 §3.3). Asked once a second.
     *
     * @return 0..255 of 256
     */
    default int lostBeyond(MediaTrack track) {
        return 0;
    }

    /** The peer cannot decode on without a key frame (PLI or FIR); at most two a second. */
    default void keyFrameWanted(MediaTrack track) {}

    /** About each 100 ms while packets can flow. */
    default void tick(MediaSession session, long nanos) {}

    /** Told once, also for a session that never connected. @param reason for a log */
    default void closed(MediaSession session, String reason) {}
}

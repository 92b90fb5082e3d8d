package org.conurb.media;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One section of a session: a stream to the peer, one from it, or both. {@link #send}, {@link #changeSource} and
 * {@link #catchUpTo} belong to the session's worker; the rest is for every thread.
 */
public final class MediaTrack implements Ear {
    private static final long KEY_FRAME_PAUSE = 500_000_000L;

    private final MediaSession session;
    private final int section;
    private final WebRtcAnswer.Choice choice;
    final @Nullable SendStream out;
    private long keyFrameWantedAt;

    MediaTrack(MediaSession session, int section, WebRtcAnswer.Choice choice, @Nullable SendStream out, long nowNanos) {
        this.session = session;
        this.section = section;
        this.choice = choice;
        this.out = out;
        this.keyFrameWantedAt = nowNanos - KEY_FRAME_PAUSE;
    }

    /** What a track will be, before its session is there. */
    record Plan(
            int section,
            WebRtcAnswer.Choice choice,
            @Nullable SendStream out) {
        MediaTrack on(MediaSession session, long nowNanos) {
            return new MediaTrack(session, section, choice, out, nowNanos);
        }
    }

    public MediaSession session() {
        return session;
    }

    /** Which section of the offer, from 0. */
    public int section() {
        return section;
    }

    /** {@code audio} or {@code video}. */
    public String kind() {
        return choice.section().kind();
    }

    public RtpCodec codec() {
        return choice.codec();
    }

    /** Of the packets that arrive; those that leave get it by themselves. */
    public int payloadType() {
        return choice.payloadType();
    }

    public boolean sends() {
        return choice.sends();
    }

    public boolean receives() {
        return choice.receives();
    }

    boolean takes(int ssrc, int type) {
        return choice.receives()
                && type == choice.payloadType()
                && (choice.section().ssrcs().isEmpty()
                        || choice.section().ssrcs().contains(ssrc));
    }

    boolean takes(int type) {
        return choice.receives() && type == choice.payloadType();
    }

    boolean asksForLost() {
        return choice.nack() && choice.receives();
    }

    /**
     * Sends one RTP packet as the next of this track: payload type, SSRC, sequence and time are rewritten. On the
     * worker only.
     *
     * @param rtp from position to limit, which stay; at most 2,016 octets
     * @param arrivalNanos of the workers' clock, when it was heard
     * @return false where the session is not connected or the packet cannot be sent
     */
    public boolean send(ByteBuffer rtp, long arrivalNanos) {
        return out != null && session.send(out, rtp, arrivalNanos);
    }

    /**
     * As {@link #send}, with a packet that stands in a ring: where the peer loses it, it is taken from there again, and
     * nothing is kept for this peer. On the worker only.
     *
     * @param position of the packet in the ring: {@link PacketRing.Reader#sequence}
     */
    public boolean sendFrom(PacketRing ring, long position, ByteBuffer rtp, long arrivalNanos) {
        return out != null && session.sendFrom(ring, position, out, rtp, arrivalNanos);
    }

    /** The next packet begins another source: sequence and time go on from where the last one stopped. On the worker only. */
    public void changeSource() {
        if (out != null) {
            out.changeSource();
        }
    }

    /** As {@link #changeSource}, and the next packet is marked as the first of a talk spurt (RFC 3551 §4.1). On the worker only. */
    void beginSpurt() {
        if (out != null) {
            out.beginSpurt();
        }
    }

    /**
     * What follows begins with the past (the last key frame and what came since), up to this RTP time of the source: it
     * is shown forty times faster, so that the peer ends at now and not behind it. On the worker only.
     */
    public void catchUpTo(int liveTimestamp) {
        if (out != null) {
            out.catchUpTo(liveTimestamp);
        }
    }

    /** Asks the peer for a key frame (PLI). From any thread. */
    public void requestKeyFrame() {
        session.execute(() -> session.requestKeyFrame(this));
    }

    boolean mayAskForKeyFrame(long nowNanos) {
        if (nowNanos - keyFrameWantedAt < KEY_FRAME_PAUSE) {
            return false;
        }
        keyFrameWantedAt = nowNanos;
        return true;
    }
}

package org.conurb.talk;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * One RTP stream towards a phone: one SSRC, with sequence and time that go on across talkers, tones and silence. Losses
 * within one source stay visible as gaps. Callers hold its lock, {@code this}.
 */
final class SipVoiceOut {
    private static final int HEADER = 12;
    /** Sequence and time of one source do not step further than that; else it began anew. */
    private static final int FARTHEST = 500;

    private final int ssrc;
    private final int ticksPerMilli;
    private final ByteBuffer packet = ByteBuffer.allocate(HEADER + SipLeg.LONGEST);
    private int sequence;
    private int timestamp;
    private long sentAt;
    private boolean any;
    private int sourceSsrc;
    private int sourceSequence;
    private int sourceTimestamp;
    private boolean following;

    SipVoiceOut(int ssrc, int sequence, int timestamp, int ticksPerMilli) {
        this.ssrc = ssrc;
        this.sequence = sequence;
        this.timestamp = timestamp;
        this.ticksPerMilli = ticksPerMilli;
    }

    /** The next packet of a source. @return to be sent at once; empty for one that came too late */
    ByteBuffer follow(int type, int source, int itsSequence, int itsTimestamp, ByteBuffer payload, long now) {
        int steps = (short) (itsSequence - sourceSequence);
        boolean same = following && source == sourceSsrc && Math.abs(steps) < FARTHEST;
        if (same && steps <= 0) {
            return packet.clear().limit(0);
        }
        boolean mark = !same;
        if (same) {
            sequence += steps;
            timestamp += itsTimestamp - sourceTimestamp;
        } else {
            advance(now);
        }
        following = true;
        sourceSsrc = source;
        sourceSequence = itsSequence;
        sourceTimestamp = itsTimestamp;
        return write(type, mark, payload, now);
    }

    /** A packet of our own. */
    ByteBuffer own(int type, boolean mark, ByteBuffer payload, long now) {
        following = false;
        advance(now);
        return write(type, mark, payload, now);
    }

    /** On to now, at least by the length of a packet. */
    private void advance(long now) {
        sequence++;
        long millis = any ? TimeUnit.NANOSECONDS.toMillis(now - sentAt) : 0;
        // In whole packets, so that a phone sees an even beat.
        timestamp += (int) Math.max(20, (millis + 10) / 20 * 20) * ticksPerMilli;
    }

    private ByteBuffer write(int type, boolean mark, ByteBuffer payload, long now) {
        any = true;
        sentAt = now;
        packet.clear();
        packet.put((byte) 0x80).put((byte) (mark ? type | 0x80 : type));
        packet.putShort((short) sequence).putInt(timestamp).putInt(ssrc);
        packet.put(payload);
        return packet.flip();
    }

    /** Whether the last packet was a source's. */
    boolean isFollowing() {
        return following;
    }

    long sentAt() {
        return sentAt;
    }
}

package org.conurb.video;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What we tell a camera of its stream, and what its sender reports tell us (RFC 3550 §6.4). One a track. */
final class ReceiverReport {
    /** A receiver report about nothing. */
    static final byte[] EMPTY = {(byte) 0x80, (byte) 201, 0, 1, 0, 0, 0, 1};

    private static final long NTP_1970 = 2_208_988_800L;
    private static final int OURS = 0x436F6E75;

    private final ByteBuffer out = ByteBuffer.allocate(32);
    private int ssrc;
    private int highest;
    private int cycles;
    private boolean begun;
    private long lastSenderReport;
    private long lastSenderNanos;
    private boolean senderSeen;
    private Instant told = Instant.EPOCH;

    void packet(ByteBuffer rtp) {
        int at = rtp.position();
        if (rtp.remaining() < 12) {
            return;
        }
        int sequence = rtp.getShort(at + 2) & 0xFFFF;
        ssrc = rtp.getInt(at + 8);
        if (begun && sequence < highest && highest - sequence > 0x8000) {
            cycles++;
            highest = sequence;
        } else if (!begun || (short) (sequence - highest) > 0) {
            highest = sequence;
        }
        begun = true;
    }

    void control(ByteBuffer rtcp, long nanos) {
        int at = rtcp.position();
        if (rtcp.remaining() < 28 || (rtcp.get(at + 1) & 0xFF) != 200) {
            return;
        }
        long seconds = rtcp.getInt(at + 8) & 0xFFFFFFFFL;
        long fraction = rtcp.getInt(at + 12) & 0xFFFFFFFFL;
        lastSenderReport = (seconds & 0xFFFF) << 16 | fraction >>> 16;
        lastSenderNanos = nanos;
        senderSeen = seconds > NTP_1970;
        told = Instant.ofEpochSecond(seconds - NTP_1970, fraction * 1_000_000_000L >>> 32);
    }

    /** The sender's clock minus ours, up to a day: more is a clock that was never set. */
    Optional<Duration> clockOffset(WallClock wall) {
        Duration offset = Duration.between(wall.instant(lastSenderNanos), told);
        return senderSeen && offset.abs().toDays() < 1 ? Optional.of(offset) : Optional.empty();
    }

    /** A receiver report with one block. */
    ByteBuffer write(long nanos) {
        out.clear();
        out.put((byte) 0x81).put((byte) 201).putShort((short) 7).putInt(OURS).putInt(ssrc);
        out.putInt(0).putInt(cycles << 16 | highest).putInt(0);
        out.putInt((int) lastSenderReport).putInt(senderSeen ? delay(nanos) : 0);
        return out.flip();
    }

    private int delay(long nanos) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(0, (nanos - lastSenderNanos) * 65_536 / 1_000_000_000L));
    }
}

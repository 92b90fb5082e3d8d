package org.conurb.media;

import org.jspecify.annotations.Nullable;

/** One stream from one peer: its replay window, and what a receiver report says of it (RFC 3550 §6.4.1, A.3, A.8). */
final class ReceiveStream {
    final int ssrc;
    final MediaTrack track;
    final ReplayWindow window;
    private final int clockRate;
    private long base = -1;
    private long received;
    private long expectedBefore;
    private long receivedBefore;
    private long transit;
    private double jitter;
    private int reportMiddle;
    private long reportArrivedNanos;
    private int lostBeyond;

    ReceiveStream(int ssrc, MediaTrack track, ReplayWindow window) {
        this.ssrc = ssrc;
        this.track = track;
        this.window = window;
        this.clockRate = track.codec().clockRate();
    }

    void count(long index, int timestamp, long arrivalNanos) {
        long ticks = arrivalNanos / 1000 * clockRate / 1_000_000 - (timestamp & 0xffff_ffffL);
        if (base < 0) {
            base = index;
        } else {
            jitter += (Math.abs((int) (ticks - transit)) - jitter) / 16;
        }
        transit = ticks;
        received++;
    }

    void senderReport(byte[] packet, int at, long nowNanos) {
        reportMiddle = Bytes.i32(packet, at + 10);
        reportArrivedNanos = nowNanos;
    }

    /** @param fraction 0..255 of 256: the next report tells at least that, while its count of lost packets stays what it is */
    void lostBeyond(int fraction) {
        lostBeyond = fraction;
    }

    static final int BLOCK = 24;

    void writeBlock(byte[] into, int at, long nowNanos) {
        long highest = window.highest();
        long expected = highest - base + 1;
        long expectedNow = expected - expectedBefore;
        long lostNow = expectedNow - (received - receivedBefore);
        int fraction = expectedNow <= 0 || lostNow <= 0 ? 0 : (int) Math.min(255, lostNow * 256 / expectedNow);
        int lost = (int) Math.clamp(expected - received, -0x800000L, 0x7fffffL);
        expectedBefore = expected;
        receivedBefore = received;
        Bytes.put32(into, at, ssrc);
        Bytes.put32(into, at + 4, Math.max(fraction, lostBeyond) << 24 | lost & 0xffffff);
        Bytes.put32(into, at + 8, (int) highest);
        Bytes.put32(into, at + 12, (int) jitter);
        Bytes.put32(into, at + 16, reportMiddle);
        long since = reportMiddle == 0 ? 0 : (nowNanos - reportArrivedNanos) / 1000 * 65_536 / 1_000_000;
        Bytes.put32(into, at + 20, (int) since);
    }

    /** @return the stream of that source, by a walk over few */
    static @Nullable ReceiveStream find(java.util.List<ReceiveStream> streams, int ssrc) {
        for (int i = 0; i < streams.size(); i++) {
            if (streams.get(i).ssrc == ssrc) {
                return streams.get(i);
            }
        }
        return null;
    }
}

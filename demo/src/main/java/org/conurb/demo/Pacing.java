package org.conurb.demo;

/** When the next packet of a voice is due: each 20 ms from its beginning, by a clock that is asked and never slept by. */
final class Pacing {
    static final long PACKET_NANOS = 20_000_000;
    /** Who is later than this goes on from now, instead of sending all that was missed at once. */
    private static final long LATE_NANOS = 5 * PACKET_NANOS;

    private long next;

    /** @param now of {@code System.nanoTime}, as below: the first packet is due then */
    Pacing(long now) {
        next = now;
    }

    /** Whether one is due; asked again at the same time, whether one more is. */
    boolean due(long now) {
        long late = now - next;
        if (late < 0) {
            return false;
        }
        next = (late > LATE_NANOS ? now : next) + PACKET_NANOS;
        return true;
    }
}

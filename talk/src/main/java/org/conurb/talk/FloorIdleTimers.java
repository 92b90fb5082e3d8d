package org.conurb.talk;

/** Timers of a floor that nobody has (TS 24.380 6.3.4.3): T4, after which it is told inactive, and T7 with its count C7. */
final class FloorIdleTimers {
    private long t4 = Floor.NEVER;
    private long t7 = Floor.NEVER;
    private int c7;

    /** @param again whether Floor Idle is to be sent again */
    void begin(long now, FloorTimers timers, boolean again) {
        t4 = now + timers.t4().toNanos();
        c7 = 0;
        t7 = again && timers.c7() > 0 ? now + timers.t7().toNanos() : Floor.NEVER;
    }

    void stop() {
        t4 = Floor.NEVER;
        t7 = Floor.NEVER;
    }

    long next() {
        return Math.min(t4, t7);
    }

    void expire(long now, FloorTimers timers, Runnable idleAgain, Runnable inactive) {
        if (now >= t7) {
            c7++;
            t7 = c7 < timers.c7() ? now + timers.t7().toNanos() : Floor.NEVER;
            idleAgain.run();
        }
        if (now >= t4) {
            t4 = Floor.NEVER;
            inactive.run();
        }
    }
}

package org.conurb.video;

/**
 * Puts the frames of one track on the wall's axis. Lengths come from the camera's RTP clock, which is even; the place on
 * the axis from arrival, which is late by a delay that varies. The least delayed frame of the last seconds tells how far
 * the axis is off, and it is led back by at most 500 ppm, so that nobody sees or hears it: a camera's clock that is 200
 * ppm wrong stays within a few milliseconds for ever. More than a second off is no drift but a jump, and the caller closes
 * the file. All times in 90 kHz ticks. Confined to the writer thread. After the time keeping of Moonfire NVR.
 */
final class TimeAxis {
    static final double MOST_PPM = 500e-6;

    private static final long SECOND = 90_000;
    private static final long JUMP = SECOND;

    /** Frames this long in a row must all be late before it counts as a jump: less is a network that stalled. */
    private static final long STALL = 10 * SECOND;

    /** How far B frames may turn the order of RTP times back. */
    private static final long REORDER = SECOND;

    private static final double GAIN = 1.0 / (10 * SECOND);

    private final double ticksPerUnit;
    private boolean begun;
    private long lastRtp;
    private double wall;
    private double rate;
    private double leastError;
    private long windowStart;
    private long lateSince;
    private long lastArrival;

    TimeAxis(int clockRate) {
        ticksPerUnit = (double) SECOND / clockRate;
    }

    enum Step {
        GOES_ON,
        /** This frame is on another axis: {@link #begin} with it. */
        JUMPED
    }

    /**
     * Starts the axis: {@code wall} is the place of {@code rtp}, best that of the least delayed frame of a few.
     *
     * @param rtp unwrapped
     */
    void begin(long rtp, long wall90k) {
        begun = true;
        lastRtp = rtp;
        wall = wall90k;
        rate = 0;
        leastError = Double.POSITIVE_INFINITY;
        windowStart = wall90k;
        lateSince = Long.MAX_VALUE;
        lastArrival = wall90k;
    }

    boolean begun() {
        return begun;
    }

    /** Goes on to the next frame in the order of arrival. */
    Step next(long rtp, long arrival90k) {
        double ahead = (rtp - lastRtp) * ticksPerUnit;
        double error = arrival90k - place(rtp);
        boolean back = ahead < -REORDER;
        boolean forward = error < -JUMP;
        boolean wallBack = arrival90k - lastArrival < -JUMP;
        lateSince = error > JUMP ? Math.min(lateSince, arrival90k) : Long.MAX_VALUE;
        boolean late = lateSince != Long.MAX_VALUE && arrival90k - lateSince > STALL;
        if (back || forward || late || wallBack || ahead > 3600.0 * SECOND) {
            return Step.JUMPED;
        }
        lastArrival = arrival90k;
        leastError = Math.min(leastError, error);
        if (ahead > 0) {
            wall = place(rtp);
            lastRtp = rtp;
        }
        if (arrival90k - windowStart > 2 * SECOND) {
            rate = Math.clamp(leastError * GAIN, -MOST_PPM, MOST_PPM);
            leastError = Double.POSITIVE_INFINITY;
            windowStart = arrival90k;
        }
        return Step.GOES_ON;
    }

    /** Where this RTP time lies on the wall's axis; for frames near the last one. */
    long wall90k(long rtp) {
        return Math.round(place(rtp));
    }

    private double place(long rtp) {
        return wall + (rtp - lastRtp) * ticksPerUnit * (1 + rate);
    }

    /** The correction in force, in parts per million. */
    double correctionPpm() {
        return rate * 1e6;
    }
}

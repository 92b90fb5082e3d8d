package org.conurb.video;

import java.util.Random;

/**
 * How far from the wall's time a camera's pictures lie whose clock is wrong: hours of a camera of 25 frames a second, worked
 * out with the recorder's own axis, frames late by up to 80 ms by chance. Arguments: ppm, hours. Prints milliseconds, the
 * worst after the first minute. Run with the server's library.
 */
public final class WallErrorFigure {
    private static final long TICKS_A_FRAME = 3600;
    private static final int MOST_DELAY_TICKS = 80 * 90;
    private static final int FIRST_MINUTE = 1500;

    private WallErrorFigure() {}

    public static void main(String[] arguments) {
        double ppm = Double.parseDouble(arguments[0]);
        int frames = Integer.parseInt(arguments[1]) * 3600 * 25;
        TimeAxis axis = new TimeAxis(90_000);
        Random random = new Random(7);
        long start = 1_770_000_000L * 90_000;
        axis.begin(0, start);
        double worst = 0;
        for (int n = 1; n < frames; n++) {
            long captured = start + n * TICKS_A_FRAME;
            long rtp = Math.round(n * TICKS_A_FRAME * (1 + ppm / 1e6));
            if (axis.next(rtp, captured + random.nextInt(MOST_DELAY_TICKS)) != TimeAxis.Step.GOES_ON) {
                throw new IllegalStateException("The axis jumped at frame " + n);
            }
            worst = n > FIRST_MINUTE ? Math.max(worst, Math.abs(axis.wall90k(rtp) - captured) / 90.0) : worst;
        }
        System.out.printf("%.3f%n", worst);
    }
}

package org.conurb.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TimeAxisTest {
    private static final long SECOND = 90_000;
    private static final long START = 1_770_000_000L * SECOND;

    /** Wall error in milliseconds, greatest after the first minute, of a camera at 25 frames a second. */
    private static double worst(double ppm, int hours, long mostDelayMillis) {
        TimeAxis axis = new TimeAxis(90_000);
        Random random = new Random(7);
        axis.begin(0, START);
        double worst = 0;
        for (int n = 1; n < hours * 3600 * 25; n++) {
            long captured = START + n * 3600L;
            long rtp = Math.round(n * 3600 * (1 + ppm / 1e6));
            long delay = mostDelayMillis == 0 ? 0 : (long) (random.nextDouble() * mostDelayMillis * 90);
            assertThat(axis.next(rtp, captured + delay)).isEqualTo(TimeAxis.Step.GOES_ON);
            assertThat(Math.abs(axis.correctionPpm())).isLessThanOrEqualTo(500.001);
            if (n > 1500) {
                worst = Math.max(worst, Math.abs(axis.wall90k(rtp) - captured) / 90.0);
            }
        }
        return worst;
    }

    @Test
    void aCameraClockThatIsWrongByTwoHundredPpmStaysWithinAHundredMillisecondsForHours() {
        assertThat(worst(200, 6, 0)).isLessThan(100);
        assertThat(worst(-200, 6, 0)).isLessThan(100);
        assertThat(worst(200, 6, 80)).isLessThan(100);
        assertThat(worst(-200, 6, 80)).isLessThan(100);
    }

    @Test
    void aNetworkThatStallsForSomeSecondsIsNoJump() {
        TimeAxis axis = new TimeAxis(90_000);
        axis.begin(0, START);
        for (int n = 1; n < 100; n++) {
            assertThat(axis.next(n * 3600L, START + n * 3600L)).isEqualTo(TimeAxis.Step.GOES_ON);
        }
        for (int n = 100; n < 200; n++) { // four seconds of pictures come in one moment
            assertThat(axis.next(n * 3600L, START + 200 * 3600L)).isEqualTo(TimeAxis.Step.GOES_ON);
        }
        assertThat(axis.next(200 * 3600L, START + 200 * 3600L)).isEqualTo(TimeAxis.Step.GOES_ON);
        assertThat(Math.abs(axis.wall90k(200 * 3600L) - START - 200 * 3600L)).isLessThan(900);
    }

    @Test
    void timestampsThatJumpEitherWayAndAWallClockThatIsSetBackAreJumps() {
        assertThat(after(100 * 3600L + 5 * SECOND, START + 100 * 3600L)).isEqualTo(TimeAxis.Step.JUMPED);
        assertThat(after(100 * 3600L - 20 * SECOND, START + 100 * 3600L)).isEqualTo(TimeAxis.Step.JUMPED);
        assertThat(after(100 * 3600L, START - 60 * SECOND)).isEqualTo(TimeAxis.Step.JUMPED);
    }

    private static TimeAxis.Step after(long rtp, long arrival) {
        TimeAxis axis = new TimeAxis(90_000);
        axis.begin(0, START);
        for (int n = 1; n < 100; n++) {
            axis.next(n * 3600L, START + n * 3600L);
        }
        return axis.next(rtp, arrival);
    }

    @Test
    void aClockThatLagsForMoreThanTenSecondsIsAJump() {
        TimeAxis axis = new TimeAxis(90_000);
        axis.begin(0, START);
        boolean jumped = false;
        for (int n = 1; n < 25 * 15 && !jumped; n++) {
            jumped = axis.next(n * 3600L, START + n * 3600L + 3 * SECOND) == TimeAxis.Step.JUMPED;
        }
        assertThat(jumped).isTrue();
    }
}

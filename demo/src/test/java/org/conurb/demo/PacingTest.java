package org.conurb.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PacingTest {
    private static final long MILLI = 1_000_000;
    private static final long START = Long.MAX_VALUE - 70 * MILLI; // so that the clock passes its end within the test

    private final Pacing pacing = new Pacing(START);

    @Test
    void aPacketIsDueEachTwentyMilliseconds() {
        assertThat(dueAt(0)).isEqualTo(1);
        assertThat(dueAt(19)).isZero();
        assertThat(dueAt(20)).isEqualTo(1);
        assertThat(dueAt(39)).isZero();
        assertThat(dueAt(85)).as("after the end of the clock").isEqualTo(3);
    }

    @Test
    void whatIsAskedUnevenlyIsSentEvenlyOverTime() {
        int sent = 0;
        for (int millis = 0; millis < 1_000; millis += 7) {
            sent += dueAt(millis);
        }
        assertThat(sent).isEqualTo(50);
    }

    @Test
    void whoWasHeldUpForLongGoesOnFromThereAndSendsNoBurst() {
        assertThat(dueAt(0)).isEqualTo(1);
        assertThat(dueAt(900)).isEqualTo(1);
        assertThat(dueAt(919)).isZero();
        assertThat(dueAt(920)).isEqualTo(1);
    }

    private int dueAt(long millis) {
        int due = 0;
        while (pacing.due(START + millis * MILLI)) {
            due++;
        }
        return due;
    }
}

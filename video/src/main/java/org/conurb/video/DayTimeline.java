package org.conurb.video;

import java.time.Instant;
import java.util.List;

/**
 * What there is of one camera in one day.
 *
 * @param from start of the day
 * @param minutes one bit a minute, lowest first, 64 a word: set where at least half of the minute is on disk
 * @param gaps with their reasons, in order, shorter than a second left out; at most 1000
 * @param coveredSeconds seconds on disk
 */
record DayTimeline(Instant from, Instant to, long[] minutes, List<Gap> gaps, long coveredSeconds, long bytes) {
    boolean covered(int minute) {
        return (minutes[minute >> 6] & (1L << (minute & 63))) != 0;
    }
}

package org.conurb.video;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.conurb.kernel.OrganisationId;

/**
 * A camera's hour in figures.
 *
 * @param minutes bit n set: at least half of minute n is on disk
 * @param gaps with their reasons, in order, those under a second left out; the longest 100
 * @param chainHead of {@link HourChain}
 */
record RecordedHour(
        CameraId camera,
        OrganisationId organisation,
        Instant start,
        int records,
        long bytes,
        int coveredMillis,
        long minutes,
        List<Gap> gaps,
        byte[] chainHead) {
    static final Duration HOUR = Duration.ofHours(1);

    private static final int MOST_GAPS = 100;
    private static final long MINUTE_90K = 60_000 * IndexRecord.TICKS_PER_MILLI;
    private static final long HOUR_90K = 60 * MINUTE_90K;

    /**
     * Adds up an hour.
     *
     * @param lines of this hour's index and of the hour before, whose last file may reach into this one
     */
    static RecordedHour of(
            CameraId camera,
            OrganisationId organisation,
            Instant hour,
            List<IndexRecord> lines,
            int records,
            long bytes,
            byte[] chainHead) {
        long from = hour.toEpochMilli() * IndexRecord.TICKS_PER_MILLI;
        long[] covered = new long[60];
        List<Gap> gaps = new ArrayList<>();
        for (IndexRecord line : lines) {
            long start = Math.max(line.start90k(), from);
            long end = Math.min(line.end90k(), from + HOUR_90K);
            if (line.isGap()) {
                if (end > start) {
                    gaps.add(new Gap(instant(start), instant(end), GapReason.of((int) line.offset())));
                }
            } else {
                cover(covered, start - from, end - from);
            }
        }
        long minutes = 0;
        long total = 0;
        for (int minute = 0; minute < 60; minute++) {
            long ticks = Math.min(covered[minute], MINUTE_90K);
            total += ticks;
            minutes |= ticks * 2 >= MINUTE_90K ? 1L << minute : 0;
        }
        return new RecordedHour(
                camera,
                organisation,
                hour,
                records,
                bytes,
                (int) (total / IndexRecord.TICKS_PER_MILLI),
                minutes,
                longest(merged(gaps)),
                chainHead);
    }

    private static void cover(long[] covered, long start, long end) {
        for (long at = start; at < end; ) {
            int minute = (int) (at / MINUTE_90K);
            long next = Math.min(end, (minute + 1) * MINUTE_90K);
            covered[minute] += next - at;
            at = next;
        }
    }

    /** Gaps that follow one another for the same reason are one: they are written in pieces while they last. */
    static List<Gap> merged(List<Gap> gaps) {
        List<Gap> merged = new ArrayList<>();
        for (Gap gap : gaps.stream().sorted(Comparator.comparing(Gap::from)).toList()) {
            Gap last = merged.isEmpty() ? null : merged.getLast();
            boolean goesOn = last != null
                    && last.reason() == gap.reason()
                    && !gap.from().isAfter(last.to().plusMillis(50));
            if (last != null && goesOn) {
                Instant end = gap.to().isAfter(last.to()) ? gap.to() : last.to();
                merged.set(merged.size() - 1, new Gap(last.from(), end, gap.reason()));
            } else {
                merged.add(gap);
            }
        }
        return merged;
    }

    private static List<Gap> longest(List<Gap> gaps) {
        return gaps.stream()
                .filter(gap -> Duration.between(gap.from(), gap.to()).toMillis() >= 1000)
                .sorted(Comparator.comparing((Gap gap) -> Duration.between(gap.from(), gap.to()))
                        .reversed())
                .limit(MOST_GAPS)
                .sorted(Comparator.comparing(Gap::from))
                .toList();
    }

    static Instant instant(long ticks90k) {
        return Instant.EPOCH.plusNanos(Math.floorDiv(ticks90k, 9) * 100_000 + Math.floorMod(ticks90k, 9) * 100_000 / 9);
    }

    static long ticks(Instant at) {
        return at.getEpochSecond() * 90_000 + at.getNano() * 9L / 100_000;
    }
}

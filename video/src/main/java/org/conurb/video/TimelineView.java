package org.conurb.video;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A camera's day, as {@code timeline?day=} tells it: a day of the city's time zone.
 *
 * @param covered spans of minutes of which at least half is on disk
 * @param gaps with their reasons, from a second on
 */
record TimelineView(
        String camera,
        LocalDate day,
        Instant from,
        Instant to,
        long coveredSeconds,
        long bytes,
        List<Span> covered,
        List<GapView> gaps) {

    record Span(Instant from, Instant to) {}

    /** @param reason as {@code camera-unreachable}: the recorder's word for it */
    record GapView(Instant from, Instant to, String reason) {
        static GapView of(Gap gap) {
            return new GapView(gap.from(), gap.to(), TimelineView.reason(gap.reason()));
        }
    }

    static TimelineView of(Camera camera, LocalDate day, DayTimeline timeline) {
        List<Span> covered = new ArrayList<>();
        int minutes =
                (int) java.time.Duration.between(timeline.from(), timeline.to()).toMinutes();
        int start = -1;
        for (int minute = 0; minute <= minutes; minute++) {
            boolean there = minute < minutes && timeline.covered(minute);
            if (there && start < 0) {
                start = minute;
            } else if (!there && start >= 0) {
                covered.add(new Span(
                        timeline.from().plusSeconds(start * 60L),
                        timeline.from().plusSeconds(minute * 60L)));
                start = -1;
            }
        }
        return new TimelineView(
                camera.urn(),
                day,
                timeline.from(),
                timeline.to(),
                timeline.coveredSeconds(),
                timeline.bytes(),
                covered,
                timeline.gaps().stream().map(GapView::of).toList());
    }

    static String reason(GapReason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

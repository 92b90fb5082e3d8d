package org.conurb.video;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a playlist: fragments that lie one behind another in one file, the first starting with a key frame.
 *
 * @param discontinuity whether it does not go on where the one before ended
 */
record Segment(
        Path file, int initLength, long offset, long length, Instant start, Duration duration, boolean discontinuity) {
    /** Clocks are corrected by less than this between two fragments; more is a gap. */
    private static final Duration TOLERANCE = Duration.ofMillis(200);

    Instant end() {
        return start.plus(duration);
    }

    String fileName() {
        return String.valueOf(file.getFileName());
    }

    /**
     * Fragments one cannot start from go with the one before; where that is not there, they are left out.
     *
     * @param longest of a segment made of more than one group of pictures
     */
    static List<Segment> of(List<IndexedFragment> fragments, Duration longest) {
        List<Segment> segments = new ArrayList<>();
        for (IndexedFragment fragment : fragments) {
            Segment last = segments.isEmpty() ? null : segments.getLast();
            if (last != null && last.goesOnWith(fragment, longest)) {
                segments.set(segments.size() - 1, last.plus(fragment));
            } else if (fragment.keyStart()) {
                boolean gap = last != null
                        && (fragment.discontinuity()
                                || Duration.between(last.end(), fragment.start())
                                                .abs()
                                                .compareTo(TOLERANCE)
                                        > 0);
                segments.add(new Segment(
                        fragment.file(),
                        fragment.initLength(),
                        fragment.offset(),
                        fragment.length(),
                        fragment.start(),
                        fragment.duration(),
                        gap));
            }
        }
        return segments;
    }

    private boolean goesOnWith(IndexedFragment fragment, Duration longest) {
        return !fragment.discontinuity()
                && fragment.file().equals(file)
                && fragment.offset() == offset + length
                && (!fragment.keyStart() || duration.plus(fragment.duration()).compareTo(longest) <= 0);
    }

    private Segment plus(IndexedFragment fragment) {
        return new Segment(
                file,
                initLength,
                offset,
                length + fragment.length(),
                start,
                Duration.between(start, fragment.end()),
                discontinuity);
    }
}

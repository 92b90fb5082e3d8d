package org.conurb.video;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * One fragment (moof and mdat) of a recording. Its file is a whole CMAF fMP4: bytes [0, {@code initLength}) are its init
 * segment. {@code tfdt} is wall time: milliseconds since 1970 times 90.
 *
 * @param start of its first frame
 * @param keyStart whether it starts with a key frame, so that playing can start here
 * @param discontinuity whether it does not go on where the one before ended
 * @param damaged whether packets were lost inside
 */
record IndexedFragment(
        Path file,
        int initLength,
        long offset,
        int length,
        Instant start,
        Duration duration,
        boolean keyStart,
        boolean discontinuity,
        boolean damaged) {

    Instant end() {
        return start.plus(duration);
    }
}

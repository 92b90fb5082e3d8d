package org.conurb.video;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Told what is wrong with recording and pictures, and when it is well again. Called from the threads of the reconciler and
 * of {@link PictureWatch}, each with kinds of its own; it may write to the database.
 */
interface RecordingListener {
    /**
     * @param camera empty where it concerns the disk
     * @param kind stable: {@code not-recording}, {@code disk-full}, {@code retention-at-risk}, {@code black},
     *     {@code frozen}, {@code moved}
     * @param detail with figures
     */
    record Finding(Optional<CameraId> camera, String kind, Instant since, String detail, String remedy) {}

    void opened(Finding finding);

    void closed(Finding finding, Instant at);

    /** What was opened and not closed before the program started; who found it closes it where it is over. */
    default List<Finding> stillOpen() {
        return List.of();
    }
}

package org.conurb.video;

import java.time.Instant;
import java.util.Optional;

/**
 * Told what is wrong with recording, and when it is well again. Called from the reconciler's thread, one call at a time;
 * it may write to the database.
 */
interface RecordingListener {
    /**
     * @param camera empty where it concerns the disk
     * @param kind stable: {@code not-recording}, {@code disk-full}, {@code retention-at-risk}, {@code packets-lost}
     * @param detail with figures
     */
    record Finding(Optional<CameraId> camera, String kind, Instant since, String detail, String remedy) {}

    void opened(Finding finding);

    void closed(Finding finding, Instant at);
}

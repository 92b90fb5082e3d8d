package org.conurb.kernel;

import java.time.Instant;
import java.util.Optional;

/** Work that waits on disk to be done; the operations page lists all of it. */
public interface Backlog {
    /** Most that is counted, so that asking stays cheap. */
    int MOST = 100_000;

    /** Cheap (a few milliseconds, no network); asked every few seconds. */
    Waiting read();

    /**
     * @param queue stable name, as {@code notifications}
     * @param count how many wait, 0..{@link #MOST}
     * @param oldest since when the first of them waits
     */
    record Waiting(String queue, int count, Optional<Instant> oldest) {}
}

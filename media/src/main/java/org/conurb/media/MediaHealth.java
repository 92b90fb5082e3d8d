package org.conurb.media;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.conurb.kernel.Health.Reading;
import org.conurb.kernel.Health.State;

/** How the workers are, in one line. */
final class MediaHealth {
    private static final String COMPONENT = "media.workers";
    /** How long a worker that failed is spoken of after it turns again. */
    private static final Duration MEMORY = Duration.ofHours(1);

    private MediaHealth() {}

    /** @param since when the workers were started */
    static Reading of(List<MediaWorker> workers, Instant since, Instant now) {
        Reading worst = new Reading(
                COMPONENT,
                State.OK,
                since,
                "%d workers, %d sessions"
                        .formatted(
                                workers.size(),
                                workers.stream().mapToInt(MediaWorker::load).sum()),
                "");
        for (MediaWorker worker : workers) {
            Optional<Reading> reading = worker.lastBreakdown().flatMap(last -> after(worker.udpPort(), last, now));
            if (reading.isPresent() && reading.get().state().compareTo(worst.state()) > 0) {
                worst = reading.get();
            }
        }
        return worst;
    }

    private static Optional<Reading> after(int port, MediaWorker.Breakdown last, Instant now) {
        if (!last.isOver()) {
            return Optional.of(
                    new Reading(
                            COMPONENT,
                            State.DEGRADED,
                            last.at(),
                            "The media worker of UDP port %d stands still: %s".formatted(port, last.cause()),
                            "It tries again by itself. Look at who else uses the port; media.worker-failed in the log says why it began."));
        }
        if (now.isAfter(last.at().plus(MEMORY))) {
            return Optional.empty();
        }
        return Optional.of(new Reading(
                COMPONENT,
                State.WARNING,
                last.at(),
                "The media worker of UDP port %d failed and was started again: %s".formatted(port, last.cause()),
                "Its sessions went on. media.worker-failed in the log says what happened: report it as a defect."));
    }
}

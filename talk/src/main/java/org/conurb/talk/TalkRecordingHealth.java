package org.conurb.talk;

import java.time.Clock;
import java.time.Instant;
import org.conurb.kernel.Health;

/** How recording of talk is, for the operations page. */
final class TalkRecordingHealth implements Health {
    private static final String COMPONENT = "talk.recording";
    private static final int MANY_WAITING = 1_000;

    private final TalkRecorder recorder;
    private final SpurtBook book;
    private final SpurtRecovery recovery;
    private final Clock clock;
    private Reading last;

    TalkRecordingHealth(TalkRecorder recorder, SpurtBook book, SpurtRecovery recovery, Clock clock) {
        this.recorder = recorder;
        this.book = book;
        this.recovery = recovery;
        this.clock = clock;
        this.last = new Reading(COMPONENT, State.OK, clock.instant(), "No talk was recorded yet", "");
    }

    @Override
    public synchronized Reading read() {
        Reading now = now();
        boolean same = now.state() == last.state();
        last = new Reading(COMPONENT, now.state(), same ? last.since() : now.since(), now.detail(), now.remedy());
        return last;
    }

    private Reading now() {
        Instant at = clock.instant();
        if (recorder.isFull()) {
            return new Reading(
                    COMPONENT,
                    State.DEGRADED,
                    at,
                    "Talk is not recorded: the disk has no room",
                    "Make room on the disk of the folder media, or shorten the retention class talk.");
        }
        if (book.waiting() > MANY_WAITING || book.dropped() > 0) {
            return new Reading(
                    COMPONENT,
                    State.DEGRADED,
                    at,
                    "%d spurts wait to be written, %d were not".formatted(book.waiting(), book.dropped()),
                    "Look at the database: talk.spurt.not-written in the log says why.");
        }
        if (recovery.missing() + recovery.broken() > 0) {
            return new Reading(
                    COMPONENT,
                    State.WARNING,
                    at,
                    "At the start %d recordings of talk were missing and %d files could not be read"
                            .formatted(recovery.missing(), recovery.broken()),
                    "talk.file.missing and talk.file.not-readable in the log name them: lay them back from a copy.");
        }
        return new Reading(COMPONENT, State.OK, at, "%d talks are recorded now".formatted(recorder.running()), "");
    }
}

package org.conurb.warnings;

import java.time.Instant;
import java.util.Optional;

/**
 * How a source is.
 *
 * @param succeededAt when it was last read in full
 * @param problem what is wrong now; empty when all is well
 * @param since when that began
 * @param taken messages taken in since the start
 * @param refused messages refused since the start
 */
record SourceState(Optional<Instant> succeededAt, Optional<String> problem, Instant since, long taken, long refused) {
    static SourceState fresh(Instant now) {
        return new SourceState(Optional.empty(), Optional.empty(), now, 0, 0);
    }

    SourceState after(SourceRound round, Instant now) {
        boolean same = problem.isPresent() == round.problem().isPresent();
        return new SourceState(
                round.complete() ? Optional.of(now) : succeededAt,
                round.problem(),
                same ? since : now,
                taken + round.taken(),
                refused + round.refused());
    }
}

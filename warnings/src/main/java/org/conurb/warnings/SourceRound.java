package org.conurb.warnings;

import java.util.Optional;

/**
 * What one look at a source brought.
 *
 * @param complete whether it could be read
 * @param problem the last thing that was wrong
 */
record SourceRound(int taken, int refused, boolean complete, Optional<String> problem) {
    static final SourceRound NOTHING = new SourceRound(0, 0, true, Optional.empty());

    static SourceRound failed(String problem) {
        return new SourceRound(0, 0, false, Optional.of(problem));
    }

    SourceRound took(boolean fresh) {
        return new SourceRound(taken + (fresh ? 1 : 0), refused, complete, problem);
    }

    SourceRound refusing(String reason) {
        return new SourceRound(taken, refused + 1, complete, Optional.of(reason));
    }

    /** It could be read, and not to its end. */
    SourceRound broken(String reason) {
        return new SourceRound(taken, refused, false, Optional.of(reason));
    }
}

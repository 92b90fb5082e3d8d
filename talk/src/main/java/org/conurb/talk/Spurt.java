package org.conurb.talk;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;

/**
 * A talk spurt as it is kept: who talked where, when and how long, and what there is to hear of it.
 *
 * @param facts without what only the file tells: the monotonic clock is 0
 * @param ended empty while it goes on
 * @param fault why there is nothing, or not all, to hear of a recorded one
 */
record Spurt(SpurtFacts facts, Optional<Instant> ended, Optional<Audio> audio, Optional<Fault> fault) {
    static final String KIND = "TalkSpurt";

    /**
     * What its sealed file holds.
     *
     * @param at when the first packet was heard; empty where none came
     * @param lost packets that the site could not keep up with
     */
    record Audio(Optional<Instant> at, long bytes, byte[] sha256, int packets, int lost) {}

    enum Fault {
        /** More talks ran at once than are recorded. */
        TOO_MANY,
        /** The disk was full, or failed. */
        DISK,
        /** The file is not where it was written. */
        MISSING,
        /** The program was killed while it was written: its last seconds may be missing. */
        CUT
    }

    UUID id() {
        return facts.spurt();
    }

    String urn() {
        return Ids.urn(KIND, id());
    }

    OrganisationId organisation() {
        return facts.organisation();
    }

    Duration length() {
        return ended.map(end -> Duration.between(facts.began(), end))
                .filter(length -> !length.isNegative())
                .orElse(Duration.ZERO);
    }

    /** Whether there should be something to hear. */
    boolean isHeard() {
        return audio.isPresent() && fault.filter(Fault.MISSING::equals).isEmpty();
    }
}

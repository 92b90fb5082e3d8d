package org.conurb.kernel;

import java.time.Instant;

/** A part of the program that tells how it is; the operations page lists all of them. */
public interface Health {
    /** Cheap (under a millisecond, no network); asked every few seconds. */
    Reading read();

    /**
     * @param component stable name, as {@code audit.sequencer}
     * @param since when this state began
     * @param detail what is so, with figures
     * @param remedy what to do about it; empty when all is well
     */
    record Reading(String component, State state, Instant since, String detail, String remedy) {}

    /** From good to bad. */
    enum State {
        OK,
        /** All works; somebody should see to it all the same. */
        WARNING,
        DEGRADED,
        DOWN
    }
}

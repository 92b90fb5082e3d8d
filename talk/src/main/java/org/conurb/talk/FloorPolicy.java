package org.conurb.talk;

/**
 * How a group's floor is given.
 *
 * @param talkers how many may talk at once, 1 to 16 (audio of several talkers: TS 24.380 6.3.7; each client hears as many
 *     as its Nc5 lets it)
 * @param queueLimit how many requests may wait, 0 to 253; 0: what cannot be granted is denied
 * @param preemptFrom floor priority from which a request is pre-emptive against those below it, 0 to 256 (none is);
 *     without meaning in mode NONE
 */
record FloorPolicy(int talkers, int queueLimit, OverrideMode override, int preemptFrom, FloorTimers timers) {
    FloorPolicy {
        check("talkers", talkers, 1, 16);
        check("queueLimit", queueLimit, 0, 253);
        check("preemptFrom", preemptFrom, 0, 256);
    }

    /** One talker, ten in the queue, priorities from 200 on take the floor. */
    static FloorPolicy standard() {
        return new FloorPolicy(1, 10, OverrideMode.REVOKE, 200, FloorTimers.standard());
    }

    boolean isPreemptive(int priority) {
        return override != OverrideMode.NONE && priority >= preemptFrom;
    }

    private static void check(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("%s is %d: it is %d to %d.".formatted(name, value, least, most));
        }
    }
}

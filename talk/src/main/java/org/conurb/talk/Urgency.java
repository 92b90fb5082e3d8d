package org.conurb.talk;

/**
 * How urgent a call, or somebody's wish to talk, is (TS 23.379 10.6.2.6): each comes before all below it, whatever the
 * floor priorities are.
 */
enum Urgency {
    ROUTINE,
    IMMINENT_PERIL,
    EMERGENCY;

    boolean isAbove(Urgency other) {
        return compareTo(other) > 0;
    }

    static Urgency higher(Urgency one, Urgency other) {
        return one.isAbove(other) ? one : other;
    }
}

package org.conurb.talk;

import java.util.List;
import java.util.Optional;

/**
 * How the call of a group is at one moment.
 *
 * @param talkers in the order in which they began
 * @param waiting for the floor, the next first
 * @param joined how many are in it, devices that only listen among them: nobody listens unseen
 * @param patchedTo the group whose floor it shares
 */
record CallState(
        Urgency urgency,
        List<Participant> talkers,
        List<Participant> waiting,
        int joined,
        List<Distress> distressed,
        Optional<String> patchedTo) {
    static final CallState NONE = new CallState(Urgency.ROUTINE, List.of(), List.of(), 0, List.of(), Optional.empty());

    /** One who is in an emergency or peril, or has an alert out. */
    record Distress(Participant who, Urgency urgency, boolean alert) {}
}

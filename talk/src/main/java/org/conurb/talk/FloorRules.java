package org.conurb.talk;

import java.util.Comparator;
import java.util.List;
import org.conurb.talk.FloorMember.State;
import org.conurb.talk.Membership.Right;
import org.jspecify.annotations.Nullable;

/** Who may have a floor, and who gives way to whom (TS 24.380 4.1.1.4): decides, and does nothing. */
final class FloorRules {
    /** The one that gives way first: least urgent, least priority, latest come. */
    static final Comparator<FloorMember> WEAKEST = Comparator.<FloorMember, Urgency>comparing(m -> m.urgency)
            .thenComparingInt(m -> m.priority)
            .thenComparing(Comparator.<FloorMember>comparingLong(m -> m.askedAt).reversed());

    /** What is done for somebody who asks while there is no room. */
    enum Way {
        WAIT,
        /** Talks beside the others. */
        BESIDE,
        /** The other one ends at once. */
        TAKE,
        /** The other one is told to end, and this one waits for it. */
        REVOKE
    }

    /** @param from who gives way; none where nobody does */
    record Decision(Way way, @Nullable FloorMember from) {
        static final Decision WAIT = new Decision(Way.WAIT, null);
    }

    private FloorRules() {}

    /**
     * @param broadcaster who has begun the broadcast that is going on
     * @param members how many are in the call
     * @return why one may not have the floor even if nobody had it
     */
    static @Nullable DenyCause refusal(
            FloorMember member, CallKind kind, @Nullable FloorMember broadcaster, int members, long now) {
        boolean mayBroadcast = kind != CallKind.BROADCAST
                || (broadcaster == null ? member.may(Right.ORIGINATE_BROADCAST) : broadcaster == member);
        if (!member.may(Right.TALK) || !mayBroadcast) {
            return DenyCause.RECEIVE_ONLY;
        }
        if (member.urgency.isAbove(Urgency.ROUTINE)) {
            return null;
        }
        if (members == 1) {
            return DenyCause.ONLY_ONE_PARTICIPANT;
        }
        return now < member.retryAfter ? DenyCause.RETRY_AFTER_NOT_EXPIRED : null;
    }

    /** @param talkers one at least, and as many as there is room for */
    static Decision override(FloorMember asking, List<FloorMember> talkers, FloorPolicy policy) {
        FloorMember weakest = weakest(talkers);
        boolean roomBeside =
                policy.override() == OverrideMode.BOTH_HEARD && talkers.stream().noneMatch(talker -> talker.beside);
        if (asking.urgency.isAbove(weakest.urgency)) {
            return roomBeside ? new Decision(Way.BESIDE, null) : new Decision(Way.TAKE, weakest);
        }
        if (weakest.urgency.isAbove(asking.urgency)) {
            return Decision.WAIT;
        }
        return switch (policy.override()) {
            case NONE -> Decision.WAIT;
            case AUDIO_CUT_IN -> new Decision(Way.TAKE, weakest);
            case BOTH_HEARD ->
                roomBeside && isPreemptive(asking, weakest, policy) ? new Decision(Way.BESIDE, null) : Decision.WAIT;
            case REVOKE -> preemption(asking, talkers, policy);
        };
    }

    private static Decision preemption(FloorMember asking, List<FloorMember> talkers, FloorPolicy policy) {
        FloorMember victim = talkers.stream()
                .filter(talker -> talker.state == State.PERMITTED)
                .min(WEAKEST)
                .orElse(null);
        if (victim == null || victim.urgency.isAbove(asking.urgency) || !isPreemptive(asking, victim, policy)) {
            return Decision.WAIT;
        }
        return new Decision(policy.queueLimit() == 0 ? Way.TAKE : Way.REVOKE, victim);
    }

    private static boolean isPreemptive(FloorMember asking, FloorMember talker, FloorPolicy policy) {
        return policy.isPreemptive(asking.priority) && !policy.isPreemptive(talker.priority);
    }

    /** Whether one that waits may take the place of the last one in a full queue. */
    static boolean displaces(FloorMember asking, FloorMember last, FloorPolicy policy) {
        return (asking.urgency.isAbove(Urgency.ROUTINE) || policy.isPreemptive(asking.priority))
                && asking.goesBefore(last);
    }

    /** @param talkers one at least */
    static FloorMember weakest(List<FloorMember> talkers) {
        return talkers.stream().min(WEAKEST).orElseThrow();
    }
}

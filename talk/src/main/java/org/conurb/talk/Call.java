package org.conurb.talk;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.conurb.talk.Membership.Right;

/**
 * A call of a group, or of two, from its beginning to its end and the next (TS 23.379 10.6, 10.7): who is in it, whether it is
 * an emergency, and by its {@link FloorArbiter} who talks. Confined to one thread, with the calls that it is patched to;
 * {@code now} is as there.
 */
final class Call {
    /** What became of a wish to come in. */
    enum Entry {
        IN,
        NOT_A_MEMBER,
        /** The group's capacity is reached. */
        FULL,
        /** Nc4 or N10 is. */
        TOO_MANY_CALLS,
        /** Its coming again ended the broadcast: the talk was to end. */
        OVER
    }

    private final CallLimits limits;
    private final CallOutput output;
    private final FloorArbiter floor;
    private final Emergencies emergencies;
    private final Set<Participant> joined = new LinkedHashSet<>();
    private TalkGroup group;
    private boolean broadcastOver;
    private boolean inactive;

    /** @param emergencyTimeOut after which an emergency, or an alert, that nobody cancelled is over; above zero, up to 30 days */
    Call(TalkGroup group, CallLimits limits, Duration emergencyTimeOut, CallOutput output) {
        if (!emergencyTimeOut.isPositive() || emergencyTimeOut.compareTo(Duration.ofDays(30)) > 0) {
            throw new IllegalArgumentException(
                    "Emergencies of %s last %s: above zero, up to 30 days.".formatted(group.id(), emergencyTimeOut));
        }
        this.group = group;
        this.limits = limits;
        this.output = output;
        this.emergencies = new Emergencies(emergencyTimeOut.toNanos());
        this.floor = new FloorArbiter(group, new FromFloor());
    }

    // ---- who is in it

    /** Begins the call by coming into it; those who are affiliated are invited, but to a chat one comes by oneself. */
    Entry begin(Participant by, boolean reliable, Set<Participant> affiliated, long now) {
        boolean first = joined.isEmpty();
        Entry entry = join(by, reliable, now);
        if (first && entry == Entry.IN && group.kind() != CallKind.CHAT) {
            affiliated.stream().filter(this::isToBeInvited).forEach(output::invite);
        }
        return entry;
    }

    /** One has just affiliated: a running call takes it in late. */
    void affiliated(Participant who) {
        if (!joined.isEmpty() && group.kind() != CallKind.CHAT && isToBeInvited(who)) {
            output.invite(who);
        }
    }

    private boolean isToBeInvited(Participant who) {
        return !joined.contains(who) && group.membership(who).isPresent();
    }

    /**
     * Comes in, or comes again on another path; is told at once who talks.
     *
     * @param reliable as in {@link FloorArbiter#join}
     */
    Entry join(Participant who, boolean reliable, long now) {
        Membership membership = group.membership(who).orElse(null);
        if (membership == null) {
            return Entry.NOT_A_MEMBER;
        }
        if (!joined.contains(who)) {
            if (joined.size() >= group.capacity()) {
                return Entry.FULL;
            }
            if (!limits.enter(who, group.kind(), emergencies.inProgress())) {
                return Entry.TOO_MANY_CALLS;
            }
            joined.add(who);
        }
        floor.join(who, membership, reliable, now);
        settle(now);
        return joined.contains(who) ? Entry.IN : Entry.OVER;
    }

    /** Leaves, or is lost. Its emergency goes on: one who is cut off still needs help. */
    void leave(Participant who, long now) {
        if (joined.remove(who)) {
            limits.leave(who, group.kind());
            floor.leave(who, now);
            if (group.kind().isPrivate()) {
                end(CallEnd.OTHER_LEFT, now);
            }
            settle(now);
        }
    }

    /** @return whether one may end it: either of a private call, else one with {@link Right#END_CALL} */
    boolean end(Participant by, long now) {
        boolean may = group.kind().isPrivate() ? joined.contains(by) : may(by, Right.END_CALL);
        if (may) {
            end(CallEnd.BY_USER, now);
        }
        return may;
    }

    private void end(CallEnd why, long now) {
        List<Participant> all = List.copyOf(joined);
        joined.clear();
        floor.close(now);
        broadcastOver = false;
        inactive = false;
        for (Participant one : all) {
            limits.leave(one, group.kind());
            output.released(one, why);
        }
    }

    /** Takes the group as it is configured now; who is no member any more is released. */
    void update(TalkGroup changed, long now) {
        floor.update(changed, now);
        group = changed;
        for (Participant one : List.copyOf(joined)) {
            if (group.membership(one).isEmpty()) {
                leave(one, now);
                output.released(one, CallEnd.BY_USER);
            }
        }
        settle(now);
    }

    // ---- emergencies

    /**
     * One is in an emergency or in imminent peril, whether in the call or not.
     *
     * @return whether it may say so
     */
    boolean raise(Participant who, Urgency urgency, long now) {
        if (urgency == Urgency.ROUTINE || !may(who, Right.RAISE_EMERGENCY)) {
            return false;
        }
        if (emergencies.raise(who, urgency, now)) {
            floor.raise(who, urgency, now);
            tellProgress(who, now);
        }
        return true;
    }

    /** @return whether one may cancel it, by {@link Right#CANCEL_EMERGENCY}, and there was one */
    boolean cancel(Participant by, Participant whom, long now) {
        return may(by, Right.CANCEL_EMERGENCY) && cancelled(by, whom, now);
    }

    private boolean cancelled(Participant by, Participant whom, long now) {
        boolean was = emergencies.cancel(whom);
        if (was) {
            floor.lower(whom, now);
            tellProgress(by, now);
        }
        return was;
    }

    private void tellProgress(Participant by, long now) {
        Urgency urgency = emergencies.inProgress();
        floor.inProgress(urgency, now);
        output.inProgress(urgency, by);
    }

    /**
     * One calls for help without talking (emergency alert).
     *
     * @return whether it may
     */
    boolean alert(Participant who, long now) {
        if (!may(who, Right.RAISE_EMERGENCY)) {
            return false;
        }
        if (emergencies.alert(who, now)) {
            output.alert(who, true);
        }
        return true;
    }

    /** @return whether one may cancel it, by {@link Right#CANCEL_EMERGENCY}, and it was out */
    boolean cancelAlert(Participant by, Participant whom) {
        boolean was = may(by, Right.CANCEL_EMERGENCY) && emergencies.cancelAlert(whom);
        if (was) {
            output.alert(whom, false);
        }
        return was;
    }

    // ---- the floor: see FloorArbiter

    /** Asking urgently is to raise an emergency; who is in one asks urgently, until it is cancelled. */
    void request(Participant who, int priority, Urgency urgency, long now) {
        raise(who, urgency, now);
        floor.request(who, priority, Urgency.higher(urgency, emergencies.of(who)), now);
        settle(now);
    }

    void release(Participant who, long now) {
        floor.release(who, now);
        settle(now);
    }

    void queuePosition(Participant who, long now) {
        floor.queuePosition(who, now);
        settle(now);
    }

    void acknowledge(Participant who, long now) {
        floor.acknowledge(who, now);
        settle(now);
    }

    boolean mediaArrived(Participant who, long now) {
        boolean pass = floor.mediaArrived(who, now);
        settle(now);
        return pass;
    }

    boolean cancelQueued(Participant by, Participant whom, long now) {
        boolean done = floor.cancelQueued(by, whom, now);
        settle(now);
        return done;
    }

    boolean forcedRelease(Participant by, Participant whom, long now) {
        boolean done = floor.forcedRelease(by, whom, now);
        settle(now);
        return done;
    }

    void patch(Call other, long now) {
        floor.patch(other.floor, now);
        settle(now);
        other.settle(now);
    }

    void unpatch(Call other, long now) {
        floor.unpatch(other.floor, now);
        settle(now);
        other.settle(now);
    }

    // ---- time

    void tick(long now) {
        for (Participant one : emergencies.expired(now)) {
            cancelled(one, one, now);
            if (emergencies.cancelAlert(one)) {
                output.alert(one, false);
            }
        }
        floor.tick(now);
        settle(now);
    }

    long nextTimer() {
        return Math.min(floor.nextTimer(), emergencies.nextTimer());
    }

    /**
     * Ends what the floor has shown to be over, which a call that it is patched to may have made it show. An emergency is not
     * over because nobody talks.
     */
    void settle(long now) {
        if (broadcastOver) {
            end(CallEnd.BROADCAST_OVER, now);
        } else if (inactive && group.kind() != CallKind.CHAT && inProgress() == Urgency.ROUTINE) {
            end(CallEnd.INACTIVE, now);
        }
        inactive = false;
    }

    // ---- how it is

    TalkGroup group() {
        return group;
    }

    /** Who is in it, in the order in which they came; nobody: there is no call at present. */
    List<Participant> joined() {
        return List.copyOf(joined);
    }

    /** As {@link #joined}, without a list. */
    void forEachJoined(Consumer<Participant> each) {
        joined.forEach(each);
    }

    /** How many are in it. */
    int size() {
        return joined.size();
    }

    Urgency inProgress() {
        return emergencies.inProgress();
    }

    Urgency urgency(Participant who) {
        return emergencies.of(who);
    }

    boolean hasAlert(Participant who) {
        return emergencies.hasAlert(who);
    }

    List<Participant> talkers() {
        return floor.talkers();
    }

    List<Participant> waiting() {
        return floor.waiting();
    }

    private boolean may(Participant by, Right right) {
        return group.membership(by).map(membership -> membership.may(right)).orElse(false);
    }

    private final class FromFloor implements FloorOutput {
        @Override
        public void send(Participant to, FloorMessage message) {
            output.send(to, message);
        }

        @Override
        public void permit(Participant talker, boolean mayTalk) {
            output.permit(talker, mayTalk);
            broadcastOver |= group.kind() == CallKind.BROADCAST && !mayTalk;
        }

        @Override
        public void warn(Participant talker, Duration left) {
            output.warn(talker, left);
        }

        @Override
        public void inactive() {
            output.inactive();
            inactive = true;
        }
    }
}

package org.conurb.talk;

import java.util.ArrayList;
import java.util.List;
import org.conurb.talk.Membership.Right;
import org.jspecify.annotations.Nullable;

/**
 * The one who says who may talk in a call: the single writer of its floor (TS 24.380 6.3, floor control server). Confined to
 * one thread, as are all arbiters of one patch together. It neither waits nor has a clock: {@code now} is nanoseconds of a
 * clock that does not go back (what does counts as no time passed), and who owns it calls {@link #tick} at {@link
 * #nextTimer}. What was due happens before any other input, so that a late tick delays, and never lets anybody keep the floor.
 *
 * <p>Every request is answered before {@link #request} returns. A talk ends by release, by leaving, by T1, or T2 and T3.
 */
final class FloorArbiter {
    /** What {@link #nextTimer} answers where no timer runs. */
    static final long NEVER = Floor.NEVER;

    private final FloorOutput output;
    private final Floor own;
    private final FloorInputs ownInputs;
    private final List<FloorArbiter> patchedHere = new ArrayList<>(0);
    private TalkGroup group;
    private Urgency inProgress = Urgency.ROUTINE;
    /** Whose floor this one's members have: its own, but in a patch. */
    private FloorArbiter host = this;

    FloorArbiter(TalkGroup group, FloorOutput output) {
        this(group, output, new Floor(group));
    }

    FloorArbiter(TalkGroup group, FloorOutput output, Floor own) {
        this.group = group;
        this.output = output;
        this.own = own;
        this.ownInputs = new FloorInputs(own);
    }

    FloorOutput output() {
        return output;
    }

    TalkGroup group() {
        return group;
    }

    // ---- who is in the call

    /**
     * Comes into the call, or again with another path; is told how the floor is, at once (late entry, TS 23.379 10.6.2.3).
     *
     * @param reliable whether its path neither loses nor doubles messages; on others what matters is sent again
     * @return whether there was room for it
     */
    boolean join(Participant who, Membership membership, boolean reliable, long now) {
        Floor floor = floor(now);
        FloorMember member = floor.member(who);
        boolean here = member != null && member.homes.containsKey(this);
        if (!here && size() >= group.capacity()) {
            return false;
        }
        host.ownInputs.join(who, membership, reliable, this);
        floor.settle();
        return true;
    }

    /** Leaves the call, or its line is lost: either way its talk and its request are over. */
    void leave(Participant who, long now) {
        Floor floor = floor(now);
        FloorMember member = member(who);
        if (member != null) {
            host.ownInputs.leave(member, this);
            floor.settle();
        }
    }

    /** All of this group leave; none of them is told anything. */
    void close(long now) {
        Floor floor = floor(now);
        for (FloorMember member : List.copyOf(floor.members())) {
            if (member.homes.containsKey(this)) {
                host.ownInputs.leave(member, this);
            }
        }
        floor.settle();
    }

    /** Takes the group as it is configured now; talks that go beyond it end by themselves, those without a right at once. */
    void update(TalkGroup changed, long now) {
        if (!changed.id().equals(group.id()) || changed.kind() != group.kind()) {
            throw new IllegalArgumentException(
                    "%s, %s cannot become %s, %s.".formatted(group.id(), group.kind(), changed.id(), changed.kind()));
        }
        Floor floor = floor(now);
        group = changed;
        own.regroup(changed);
        host.indicate();
        for (FloorMember member : floor.members()) {
            if (member.homes.containsKey(this)) {
                changed.membership(member.participant).ifPresent(membership -> member.admit(this, membership));
            }
        }
        floor.settle();
    }

    // ---- wishes to talk

    /**
     * Floor Request. Answered before this returns: granted, denied with its cause, or its place in the queue.
     *
     * @param priority 0 to 255; at most what the membership allows counts
     * @param urgency counts as routine without {@link Right#RAISE_EMERGENCY}
     */
    void request(Participant who, int priority, Urgency urgency, long now) {
        Floor floor = floor(now);
        FloorMember member = member(who);
        if (member == null) {
            output.send(who, new FloorMessage.Deny(DenyCause.OTHER_REASON, "", FloorIndicator.NONE));
            return;
        }
        member.askBy(this);
        host.ownInputs.request(member, priority, urgency);
        floor.settle();
    }

    /** Floor Release: ends a talk, or takes a request back; else the sender is told how the floor is. */
    void release(Participant who, long now) {
        Floor floor = floor(now);
        FloorMember member = member(who);
        if (member != null) {
            host.ownInputs.release(member);
            floor.settle();
        }
    }

    /** Floor Queue Position Request. */
    void queuePosition(Participant who, long now) {
        Floor floor = floor(now);
        FloorMember member = member(who);
        if (member != null) {
            host.ownInputs.tellPosition(member);
            floor.settle();
        }
    }

    /** Floor Ack: Floor Granted need not be sent again. */
    void acknowledge(Participant who, long now) {
        floor(now);
        FloorMember member = member(who);
        if (member != null) {
            member.t20 = NEVER;
        }
    }

    /**
     * A packet of media came.
     *
     * @return whether it may be passed on; where not, its sender is told so from time to time (TS 24.380 6.3.5.7)
     */
    boolean mediaArrived(Participant who, long now) {
        floor(now);
        FloorMember member = member(who);
        return member != null && host.ownInputs.hear(member);
    }

    // ---- what others decide

    /**
     * Takes a request out of the queue (TS 23.379 10.9.1.3.4); the one who waits is told by Floor Deny.
     *
     * @param by who waits, or one with {@link Right#CANCEL_REQUESTS}
     * @return whether it may and there was one
     */
    boolean cancelQueued(Participant by, Participant whom, long now) {
        Floor floor = floor(now);
        FloorMember member = member(whom);
        if (member == null
                || member.state != FloorMember.State.QUEUED
                || !(by.equals(whom) || may(by, Right.CANCEL_REQUESTS))) {
            return false;
        }
        host.ownInputs.cancel(member);
        floor.settle();
        return true;
    }

    /**
     * Takes the floor from somebody at once, for T9.
     *
     * @param by one with {@link Right#FORCE_RELEASE}, in the call or not
     * @return whether it may and that one talked
     */
    boolean forcedRelease(Participant by, Participant whom, long now) {
        Floor floor = floor(now);
        FloorMember member = member(whom);
        if (member == null || !floor.isControlled() || !member.talks() || !may(by, Right.FORCE_RELEASE)) {
            return false;
        }
        host.ownInputs.forceRelease(member);
        floor.settle();
        return true;
    }

    /** The call is in this state now (TS 23.379 10.6.2.6): every message tells it, and all are told at once. */
    void inProgress(Urgency urgency, long now) {
        Floor floor = floor(now);
        inProgress = urgency;
        host.indicate();
        floor.tellAll();
        floor.settle();
    }

    private void indicate() {
        Urgency highest = inProgress;
        for (FloorArbiter guest : patchedHere) {
            highest = Urgency.higher(highest, guest.inProgress);
        }
        own.indicate(highest);
    }

    /** Somebody is in an emergency or peril: its talk, or its request, becomes as urgent. */
    void raise(Participant who, Urgency urgency, long now) {
        Floor floor = floor(now);
        FloorMember member = member(who);
        if (member != null && floor.isControlled()) {
            if (member.homes.containsKey(this)) {
                member.askBy(this); // who waited in a joined group is now answered here
            }
            host.ownInputs.raise(member, urgency);
            floor.settle();
        }
    }

    /** Its emergency is over: its talk, or its request, is routine again. */
    void lower(Participant who, long now) {
        Floor floor = floor(now);
        FloorMember member = member(who);
        if (member != null && floor.isControlled()) {
            host.ownInputs.lower(member);
            floor.settle();
        }
    }

    // ---- patches

    /**
     * From now on the other group and this one have one floor, by this one's policy, until {@link #unpatch}. Talks and
     * requests of the other ask anew here; a talk that finds no room is revoked.
     *
     * @throws IllegalStateException where one of them is in a patch that does not allow it
     * @throws IllegalArgumentException where one of them is a private call or a broadcast, or both are the same
     */
    void patch(FloorArbiter other, long now) {
        if (other == this || !isPatchable(group) || !isPatchable(other.group)) {
            throw new IllegalArgumentException("%s cannot be patched to %s.".formatted(other.group.id(), group.id()));
        }
        if (host != this || other.host != other || !other.patchedHere.isEmpty()) {
            throw new IllegalStateException("%s or %s is in a patch already.".formatted(other.group.id(), group.id()));
        }
        own.at(now);
        other.own.at(now);
        patchedHere.add(other);
        indicate();
        other.ownInputs.moveTo(ownInputs, other);
        other.host = this;
        settle(other);
    }

    /** The other group has its own floor again. Talks and requests of its members go with them. */
    void unpatch(FloorArbiter other, long now) {
        if (!patchedHere.remove(other)) {
            return;
        }
        own.at(now);
        other.own.at(now);
        other.host = other;
        indicate();
        other.indicate();
        ownInputs.moveTo(other.ownInputs, other);
        settle(other);
    }

    private void settle(FloorArbiter other) {
        other.own.settle();
        own.settle();
    }

    static boolean isPatchable(TalkGroup group) {
        return !group.kind().isPrivate() && group.kind() != CallKind.BROADCAST;
    }

    // ---- time

    /** Does what is due. */
    void tick(long now) {
        floor(now);
    }

    /** When {@link #tick} must be called, if nothing else is before; ask again after every input. */
    long nextTimer() {
        return host.own.nextTimer();
    }

    // ---- how it is

    /** Who talks, in the order in which they began. */
    List<Participant> talkers() {
        return host.own.talkers().stream().map(member -> member.participant).toList();
    }

    /** Who waits, in the order in which they will be granted. */
    List<Participant> waiting() {
        return host.own.waiting().stream().map(member -> member.participant).toList();
    }

    boolean isIn(Participant who) {
        return member(who) != null;
    }

    private Floor floor(long now) {
        host.own.at(now);
        return host.own;
    }

    private @Nullable FloorMember member(Participant who) {
        FloorMember member = host.own.member(who);
        return member == null || !member.homes.containsKey(this) ? null : member;
    }

    private boolean may(Participant by, Right right) {
        FloorMember member = member(by);
        return member != null
                ? member.may(right)
                : group.membership(by).map(membership -> membership.may(right)).orElse(false);
    }

    /** How many are in the call by this group. */
    int size() {
        int count = 0;
        for (FloorMember member : host.own.members()) {
            count += member.homes.containsKey(this) ? 1 : 0;
        }
        return count;
    }
}

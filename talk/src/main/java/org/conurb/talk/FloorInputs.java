package org.conurb.talk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.conurb.talk.FloorMember.State;
import org.conurb.talk.Membership.Right;

/** What participants, and those who may decide over them, do to one floor (TS 24.380 6.3.5). */
final class FloorInputs {
    private final Floor floor;
    private final FloorNotices notices;

    FloorInputs(Floor floor) {
        this.floor = floor;
        this.notices = floor.notices();
    }

    /**
     * Comes in, or comes again on another path or with other rights, and is told how the floor is. A talk goes on, but not
     * one that was to end.
     */
    void join(Participant who, Membership membership, boolean reliable, FloorArbiter home) {
        FloorMember member = floor.admit(who);
        member.admit(home, membership);
        member.reliable = reliable;
        member.toldPosition = 0;
        if (!floor.isControlled()) {
            if (member.state == State.LISTENING) {
                member.state = State.PERMITTED;
                home.output().permit(who, true);
            }
        } else if (member.state == State.PENDING_REVOKE) {
            floor.end(member);
        } else if (member.state == State.PERMITTED && member.may(Right.TALK)) {
            notices.granted(member, member.left(floor.now(), floor.timers()));
            floor.tell(member);
        } else {
            floor.tell(member);
        }
    }

    /** Goes, or is lost. One that is here by another group too keeps its request, and its talk if that is by the other. */
    void leave(FloorMember member, FloorArbiter home) {
        if (!floor.isControlled()) {
            home.output().permit(member.participant, false);
        } else if (member.talks() && member.home() == home) {
            floor.end(member);
        }
        member.dismiss(home);
        if (member.homes.isEmpty()) {
            floor.remove(member);
        }
    }

    /**
     * Answers at once, by Floor Granted, Floor Deny or Floor Queue Position Info; one that must stop already hears Floor
     * Revoke again.
     */
    void request(FloorMember member, int priority, Urgency urgency) {
        Urgency allowed = member.may(Right.RAISE_EMERGENCY) ? urgency : Urgency.ROUTINE;
        if (!floor.isControlled()) {
            notices.granted(member, Duration.ZERO);
        } else if (member.state == State.PENDING_REVOKE && !allowed.isAbove(member.urgency)) {
            notices.revoke(member, member.revokeCause);
        } else if (member.talks()) {
            raiseTalker(member, allowed);
            notices.granted(member, member.left(floor.now(), floor.timers()));
        } else {
            member.priority = Math.clamp(priority, 0, member.membership.priority());
            ask(member, allowed);
        }
    }

    /** Who waits already keeps its turn among equals, and its urgency. */
    private void ask(FloorMember member, Urgency urgency) {
        if (floor.dequeue(member)) {
            member.urgency = Urgency.higher(member.urgency, urgency);
        } else {
            member.urgency = urgency;
            member.askedAt = floor.now();
        }
        DenyCause refusal = floor.refusal(member);
        if (refusal != null) {
            floor.refuse(member, refusal);
        } else if (floor.hasRoom()) {
            floor.grant(member, false);
        } else if (!floor.override(member)) {
            floor.enqueue(member);
        }
    }

    /** One that must stop and is now in an emergency need not: nobody that urgent waits for it. */
    private void raiseTalker(FloorMember talker, Urgency urgency) {
        if (!urgency.isAbove(talker.urgency)) {
            return;
        }
        talker.urgency = urgency;
        if (talker.state == State.PENDING_REVOKE) {
            talker.begin(floor.now(), floor.timers(), false);
        }
        floor.tellAll();
    }

    /** Its talk or its wish becomes as urgent as this. */
    void raise(FloorMember member, Urgency urgency) {
        if (member.talks()) {
            raiseTalker(member, urgency);
        } else if (member.state == State.QUEUED) {
            ask(member, urgency);
        }
    }

    /** Its talk or its wish is routine again. */
    void lower(FloorMember member) {
        member.urgency = Urgency.ROUTINE;
        floor.requeue(member);
        if (member.talks()) {
            floor.tellAll();
        }
    }

    void release(FloorMember member) {
        if (floor.isControlled() && member.talks()) {
            floor.end(member);
            return;
        }
        if (floor.dequeue(member)) {
            member.state = State.LISTENING;
        }
        floor.tell(member);
    }

    void cancel(FloorMember member) {
        if (floor.dequeue(member)) {
            floor.refuse(member, DenyCause.OTHER_REASON);
        }
    }

    void tellPosition(FloorMember member) {
        if (member.state == State.QUEUED) {
            member.toldPosition = 0; // settling tells
        } else {
            notices.notQueued(member);
        }
    }

    void forceRelease(FloorMember talker) {
        floor.cut(talker, RevokeCause.OTHER_REASON);
        talker.retryAfter = floor.now() + floor.timers().t9().toNanos();
    }

    /** @return whether this packet may be passed on */
    boolean hear(FloorMember member) {
        if (!floor.isControlled()) {
            return true;
        }
        if (member.talks()) {
            member.hear(floor.now(), floor.timers());
            return true;
        }
        if (floor.now() >= member.t8) {
            member.t8 = floor.now() + floor.timers().t8().toNanos();
            notices.revoke(member, RevokeCause.NO_PERMISSION);
        }
        return false;
    }

    /**
     * Those of one group go over to another floor, and those who talk or wait ask there anew. Who talked and cannot at once
     * is revoked; if urgent, it waits. Who is here by another group too stays as well.
     */
    void moveTo(FloorInputs there, FloorArbiter home) {
        List<FloorMember> talked = new ArrayList<>(2);
        List<FloorMember> waited = new ArrayList<>();
        List<FloorMember> talkers = List.copyOf(floor.talkers());
        for (FloorMember member : List.copyOf(floor.members())) {
            Membership membership = member.homes.get(home);
            if (membership == null) {
                continue;
            }
            boolean talks = member.talks() && member.home() == home;
            boolean waits = member.state == State.QUEUED && member.homes.size() == 1;
            if (talks) {
                notices.parted(member, talkers);
            }
            leave(member, home);
            FloorMember other = there.floor.admit(member.participant);
            other.admit(home, membership);
            other.reliable = member.reliable;
            other.retryAfter = Math.max(other.retryAfter, member.retryAfter);
            if ((talks || waits) && other.state == State.LISTENING) {
                other.priority = member.priority;
                other.urgency = member.urgency;
                other.askedAt = member.askedAt;
                (talks ? talked : waited).add(other);
            }
        }
        talked.forEach(there::talkOn);
        waited.forEach(there::waitOn);
        there.floor.tellAll();
        floor.tellAll();
    }

    private void talkOn(FloorMember member) {
        if (floor.hasRoom()) {
            floor.grant(member, false);
        } else if (member.urgency == Urgency.ROUTINE) {
            notices.revoke(member, RevokeCause.PREEMPTED);
        } else if (!floor.override(member)) {
            notices.revoke(member, RevokeCause.PREEMPTED);
            floor.enqueue(member);
        }
    }

    private void waitOn(FloorMember member) {
        if (floor.hasRoom()) {
            floor.grant(member, true);
        } else {
            floor.enqueue(member);
        }
    }
}

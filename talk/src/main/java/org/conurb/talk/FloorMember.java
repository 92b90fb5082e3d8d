package org.conurb.talk;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.conurb.talk.Membership.Right;

/**
 * One participant as the floor sees it (TS 24.380 6.3.5). A bare record of state: {@link Floor} alone changes it. Times are
 * nanoseconds, {@link Floor#NEVER} for a timer that does not run.
 */
final class FloorMember {
    enum State {
        LISTENING,
        QUEUED,
        PERMITTED,
        PENDING_REVOKE
    }

    final Participant participant;
    /** Groups it came by, and what each lets it do: one group, or more of a patch. */
    final SequencedMap<FloorArbiter, Membership> homes = new LinkedHashMap<>(2);

    /** What any of them lets it do. */
    Membership membership = Membership.listening();

    /** Its path neither loses nor doubles, so nothing is sent to it again. */
    boolean reliable;

    State state = State.LISTENING;
    Urgency urgency = Urgency.ROUTINE;
    int priority;
    /** Since when it wishes to talk; tells who comes first among equals. */
    long askedAt;
    /** Talks beside the one it overrode. */
    boolean beside;
    /** Has sent media since it was granted. */
    boolean heard;

    long t1 = Floor.NEVER;
    long t2 = Floor.NEVER;
    long warning = Floor.NEVER;
    long t3 = Floor.NEVER;
    /** While it is not permitted: before this, its media is not answered by Floor Revoke. */
    long t8 = Long.MIN_VALUE;

    long t20 = Floor.NEVER;
    int c20;
    RevokeCause revokeCause = RevokeCause.OTHER_REASON;
    /** T9 ends; not before this is routine talk of it granted. */
    long retryAfter = Long.MIN_VALUE;
    /** Position it was last told; 0 for none. */
    int toldPosition;

    FloorMember(Participant participant) {
        this.participant = participant;
    }

    FloorArbiter home() {
        return homes.firstEntry().getKey();
    }

    /** It asks by this group: what becomes of it is told there, and its talk is that group's. */
    void askBy(FloorArbiter home) {
        if (!talks()) {
            homes.putFirst(home, homes.get(home));
        }
    }

    void admit(FloorArbiter home, Membership to) {
        homes.put(home, to);
        membership = homes.values().stream().reduce(Membership::or).orElseThrow();
    }

    /** @return whether it came by this group */
    boolean dismiss(FloorArbiter home) {
        boolean was = homes.remove(home) != null;
        membership = homes.values().stream().reduce(Membership::or).orElse(membership);
        return was;
    }

    boolean talks() {
        return state == State.PERMITTED || state == State.PENDING_REVOKE;
    }

    boolean may(Right right) {
        return membership.may(right);
    }

    /** Whether its wish goes before another's: urgency, then priority, then who asked first. */
    boolean goesBefore(FloorMember other) {
        int byUrgency = urgency.compareTo(other.urgency);
        if (byUrgency != 0) {
            return byUrgency > 0;
        }
        return priority != other.priority ? priority > other.priority : askedAt < other.askedAt;
    }

    /** T1 begins anew; a talk's first packet also starts T2 and ends T20. */
    void hear(long now, FloorTimers timers) {
        t1 = now + timers.t1().toNanos();
        if (!heard && state == State.PERMITTED) {
            heard = true;
            t2 = now + timers.t2().toNanos();
            warning = t2 - timers.t2Warning().toNanos();
            t20 = Floor.NEVER;
        }
    }

    void begin(long now, FloorTimers timers, boolean waited) {
        state = State.PERMITTED;
        heard = false;
        t1 = now + timers.t1().toNanos();
        t2 = Floor.NEVER;
        warning = Floor.NEVER;
        t3 = Floor.NEVER;
        c20 = 0;
        t20 = waited && !reliable && timers.c20() > 0 ? now + timers.t20().toNanos() : Floor.NEVER;
    }

    void beginGrace(long now, FloorTimers timers, RevokeCause cause) {
        state = State.PENDING_REVOKE;
        revokeCause = cause;
        t2 = Floor.NEVER;
        warning = Floor.NEVER;
        t20 = Floor.NEVER;
        t3 = now + timers.t3().toNanos();
        t8 = now + timers.t8().toNanos();
    }

    void end(long now, FloorTimers timers) {
        state = State.LISTENING;
        beside = false;
        t1 = Floor.NEVER;
        t2 = Floor.NEVER;
        warning = Floor.NEVER;
        t3 = Floor.NEVER;
        t20 = Floor.NEVER;
        // what is still on its way is no offence
        t8 = now + timers.t8().toNanos();
    }

    /** When a timer of its talk expires next. */
    long nextTimer() {
        long next = Math.min(t1, Math.min(t2, t3));
        next = Math.min(next, Math.min(warning, t20));
        return state == State.PENDING_REVOKE && !reliable ? Math.min(next, t8) : next;
    }

    /** What is left of its talk; all of it before its first packet. */
    Duration left(long now, FloorTimers timers) {
        return heard ? Duration.ofNanos(Math.max(0, t2 - now)) : timers.t2();
    }
}

package org.conurb.talk;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.conurb.talk.FloorMember.State;
import org.conurb.talk.Membership.Right;
import org.jspecify.annotations.Nullable;

/**
 * Who has one floor, and who waits for it (TS 24.380 6.3.4). {@link FloorInputs} says what happens; each input ends with
 * {@link #settle}, which gives the floor on, so that whatever happened, room and a queue never stay side by side, nothing
 * urgent waits behind what is less so, and everyone is told. Costs O(members) where something is told to all, else
 * O(talkers + queue).
 */
class Floor {
    static final long NEVER = Long.MAX_VALUE;

    private final Map<Participant, FloorMember> members = new LinkedHashMap<>();
    private final List<FloorMember> talkers = new ArrayList<>(2);
    private final FloorQueue queue = new FloorQueue();
    private final FloorNotices notices = new FloorNotices();
    private final FloorIdleTimers idle = new FloorIdleTimers();

    private TalkGroup group;
    private long now = Long.MIN_VALUE;
    /** Who began the broadcast that is going on. */
    private @Nullable FloorMember broadcaster;

    /** What this input changed and settling has to tell. */
    private boolean takenToTell;

    private boolean idleToTell;
    /** Whose talk this input ended. */
    private final List<FloorMember> ended = new ArrayList<>(2);

    Floor(TalkGroup group) {
        this.group = group;
        indicate(Urgency.ROUTINE);
    }

    // ---- what it is

    TalkGroup group() {
        return group;
    }

    boolean isControlled() {
        return group.kind().hasFloor();
    }

    FloorTimers timers() {
        return group.policy().timers();
    }

    FloorNotices notices() {
        return notices;
    }

    long now() {
        return now;
    }

    @Nullable
    FloorMember member(Participant who) {
        return members.get(who);
    }

    Collection<FloorMember> members() {
        return members.values();
    }

    List<FloorMember> talkers() {
        return talkers;
    }

    List<FloorMember> waiting() {
        return queue.all();
    }

    void regroup(TalkGroup now) {
        group = now;
    }

    final void indicate(Urgency inProgress) {
        notices.indicate(FloorIndicator.of(group.kind(), group.policy(), inProgress));
    }

    // ---- time

    /** Goes on to this moment, doing what was due; time never goes back. */
    void at(long nanos) {
        now = Math.max(now, nanos);
        if (nextTimer() > now) {
            return;
        }
        for (FloorMember talker : List.copyOf(talkers)) {
            expire(talker);
        }
        settle();
        idle.expire(now, timers(), () -> notices.idleAgain(members.values()), this::tellInactive);
    }

    long nextTimer() {
        long next = idle.next();
        for (int i = 0; i < talkers.size(); i++) {
            next = Math.min(next, talkers.get(i).nextTimer());
        }
        return next;
    }

    private void expire(FloorMember talker) {
        if (now >= talker.t1 || now >= talker.t3) {
            end(talker);
        } else if (now >= talker.t2) {
            revoke(talker, RevokeCause.MEDIA_BURST_TOO_LONG);
        } else if (talker.state == State.PENDING_REVOKE) {
            if (now >= talker.t8) {
                notices.revoke(talker, talker.revokeCause);
                talker.t8 = now + timers().t8().toNanos();
            }
        } else {
            if (now >= talker.warning) {
                talker.warning = NEVER;
                talker.home().output().warn(talker.participant, talker.left(now, timers()));
            }
            if (now >= talker.t20) {
                talker.c20++;
                talker.t20 = talker.c20 < timers().c20() ? now + timers().t20().toNanos() : NEVER;
                notices.granted(talker, timers().t2());
            }
        }
    }

    private void tellInactive() {
        members.values().stream()
                .flatMap(member -> member.homes.keySet().stream())
                .distinct()
                .forEach(home -> home.output().inactive());
    }

    // ---- members

    FloorMember admit(Participant who) {
        FloorMember member = members.get(who);
        if (member == null) {
            member = new FloorMember(who);
            members.put(who, member);
            if (members.size() == 1 && isControlled()) {
                idle.begin(now, timers(), false);
            }
        }
        return member;
    }

    /** It talks no more and goes; says nothing to it. */
    void remove(FloorMember member) {
        members.remove(member.participant);
        queue.remove(member);
        ended.remove(member);
        if (members.isEmpty()) {
            idle.stop();
        }
    }

    /** Tells one how the floor is; who has it for itself knows. */
    void tell(FloorMember member) {
        if (talkers.size() > 1 || !member.talks()) {
            notices.state(member, talkers, broadcaster);
        }
    }

    void tellAll() {
        takenToTell = true;
        idleToTell = true;
    }

    // ---- giving and taking

    /** @return why it may not have the floor even if nobody had it */
    @Nullable
    DenyCause refusal(FloorMember member) {
        return FloorRules.refusal(member, group.kind(), broadcaster, members.size(), now);
    }

    boolean hasRoom() {
        int ordinary = 0;
        for (int i = 0; i < talkers.size(); i++) {
            ordinary += talkers.get(i).beside ? 0 : 1;
        }
        return ordinary < group.policy().talkers();
    }

    void grant(FloorMember member, boolean waited) {
        queue.remove(member);
        member.toldPosition = 0;
        member.begin(now, timers(), waited);
        talkers.add(member);
        takenToTell = true;
        if (group.kind() == CallKind.BROADCAST) {
            broadcaster = member;
        }
        idle.stop();
        member.home().output().permit(member.participant, true);
        notices.granted(member, timers().t2());
    }

    /**
     * Takes the floor from another, or beside another, where that is right.
     *
     * @param asking not in the queue
     * @return whether it talks now, or waits for one that has been told to stop
     */
    boolean override(FloorMember asking) {
        FloorRules.Decision decision = FloorRules.override(asking, talkers, group.policy());
        FloorMember from = decision.from();
        switch (decision.way()) {
            case WAIT -> {
                return false;
            }
            case BESIDE -> asking.beside = true;
            case TAKE -> {
                asking.beside = from != null && from.beside;
                if (from != null) {
                    cut(from, RevokeCause.PREEMPTED);
                }
            }
            case REVOKE -> {
                if (from != null) {
                    revoke(from, RevokeCause.PREEMPTED);
                }
                enqueue(asking);
                return true;
            }
        }
        grant(asking, asking.state == State.QUEUED);
        return true;
    }

    /** In its place of the queue; where that is full, what is urgent or pre-emptive displaces the last. */
    void enqueue(FloorMember member) {
        int limit = group.policy().queueLimit();
        FloorMember last = queue.last();
        if (queue.size() >= limit) {
            if (last == null || !FloorRules.displaces(member, last, group.policy())) {
                refuse(member, limit == 0 ? DenyCause.ANOTHER_CLIENT_HAS_PERMISSION : DenyCause.QUEUE_FULL);
                return;
            }
            queue.remove(last);
            refuse(last, DenyCause.QUEUE_FULL);
        }
        member.state = State.QUEUED;
        member.toldPosition = 0;
        queue.add(member);
    }

    /** @return whether it waited */
    boolean dequeue(FloorMember member) {
        return queue.remove(member);
    }

    void requeue(FloorMember member) {
        if (queue.remove(member)) {
            queue.add(member);
        }
    }

    void refuse(FloorMember member, DenyCause cause) {
        member.state = State.LISTENING;
        member.toldPosition = 0;
        notices.deny(member, cause);
    }

    /** It has T3 to come to an end. */
    private void revoke(FloorMember talker, RevokeCause cause) {
        notices.revoke(talker, cause);
        talker.beginGrace(now, timers(), cause);
    }

    /** It has no more time at all. */
    void cut(FloorMember talker, RevokeCause cause) {
        notices.revoke(talker, cause);
        end(talker);
    }

    void end(FloorMember talker) {
        if (talker.state == State.PENDING_REVOKE && talker.revokeCause == RevokeCause.MEDIA_BURST_TOO_LONG) {
            talker.retryAfter = now + timers().t9().toNanos();
        }
        talkers.remove(talker);
        talker.end(now, timers());
        if (broadcaster == talker) {
            broadcaster = null;
        }
        talker.home().output().permit(talker.participant, false);
        ended.add(talker);
        idleToTell = true;
        if (!talkers.isEmpty()) {
            notices.released(members.values(), talker);
        }
    }

    // ---- settling

    void settle() {
        if (isControlled()) {
            silence();
            fill();
            giveToTheUrgent();
            tellWhatChanged();
        }
    }

    /** Who may talk no more, and who would talk to nobody: only what is urgent may be said alone, as somebody may come. */
    private void silence() {
        for (int i = talkers.size() - 1; i >= 0; i--) {
            if (!talkers.get(i).may(Right.TALK)) {
                cut(talkers.get(i), RevokeCause.NO_PERMISSION);
            }
        }
        for (int i = queue.size() - 1; i >= 0; i--) {
            FloorMember waits = queue.all().get(i);
            if (!waits.may(Right.TALK)) {
                queue.remove(waits);
                refuse(waits, DenyCause.RECEIVE_ONLY);
            }
        }
        if (members.size() != 1) {
            return;
        }
        FloorMember alone = members.values().iterator().next();
        if (alone.urgency == Urgency.ROUTINE && alone.talks()) {
            cut(alone, RevokeCause.ONLY_ONE_CLIENT);
        } else if (alone.urgency == Urgency.ROUTINE && queue.remove(alone)) {
            refuse(alone, DenyCause.ONLY_ONE_PARTICIPANT);
        }
    }

    void fill() {
        while (hasRoom()) {
            FloorMember beside = beside();
            FloorMember first = queue.first();
            if (beside != null) {
                beside.beside = false; // what it overrode has ended
            } else if (first != null) {
                grant(first, true);
            } else {
                return;
            }
        }
    }

    /** Who waits may have become more urgent than one that talks. */
    private void giveToTheUrgent() {
        FloorMember first = queue.first();
        while (first != null && first.urgency.isAbove(FloorRules.weakest(talkers).urgency)) {
            queue.remove(first);
            override(first);
            first = queue.first();
        }
    }

    private void tellWhatChanged() {
        if (talkers.isEmpty() && idleToTell) {
            notices.idle(members.values());
            if (!members.isEmpty()) {
                idle.begin(now, timers(), members.values().stream().anyMatch(member -> !member.reliable));
            }
        } else if (!talkers.isEmpty() && takenToTell) {
            notices.taken(members.values(), talkers, broadcaster);
        } else {
            for (FloorMember member : ended) {
                if (!member.talks()) {
                    tell(member);
                }
            }
        }
        takenToTell = false;
        idleToTell = false;
        ended.clear();
        List<FloorMember> waiting = queue.all();
        for (int i = 0; i < waiting.size(); i++) {
            if (waiting.get(i).toldPosition != i + 1) {
                notices.position(waiting.get(i), i + 1);
            }
        }
    }

    private @Nullable FloorMember beside() {
        for (FloorMember talker : talkers) {
            if (talker.beside) {
                return talker;
            }
        }
        return null;
    }
}

package org.conurb.talk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.conurb.talk.FloorMember.State;
import org.conurb.talk.Membership.Right;
import org.jspecify.annotations.Nullable;

/** What members are told: makes floor messages and sends each to whom it concerns. */
final class FloorNotices {
    private FloorIndicator indicator = FloorIndicator.NONE;
    private int sequence;

    void indicate(FloorIndicator now) {
        indicator = now;
    }

    void granted(FloorMember member, Duration left) {
        send(member, new FloorMessage.Granted(left, member.priority, 0, of(member)));
    }

    void deny(FloorMember member, DenyCause cause) {
        send(member, new FloorMessage.Deny(cause, "", indicator));
    }

    void revoke(FloorMember member, RevokeCause cause) {
        member.revokeCause = cause;
        send(member, new FloorMessage.Revoke(cause, "", of(member)));
    }

    void position(FloorMember member, int position) {
        member.toldPosition = position;
        send(member, new FloorMessage.QueuePositionInfo(position, member.priority, of(member)));
    }

    void notQueued(FloorMember member) {
        send(member, new FloorMessage.QueuePositionInfo(FloorMessage.QueuePositionInfo.NOT_QUEUED, 0, indicator));
    }

    /** To all but one who talks alone. */
    void taken(Collection<FloorMember> members, List<FloorMember> talkers, @Nullable FloorMember broadcaster) {
        FloorMessage.Taken mayAsk = taken(talkers, true);
        FloorMessage.Taken mayNot = taken(mayAsk.parties(), talkers, false);
        for (FloorMember member : members) {
            if (talkers.size() > 1 || !member.talks()) {
                send(member, mayRequest(member, broadcaster) ? mayAsk : mayNot);
            }
        }
    }

    /** The floor as it is, to one. */
    void state(FloorMember member, List<FloorMember> talkers, @Nullable FloorMember broadcaster) {
        send(
                member,
                talkers.isEmpty()
                        ? new FloorMessage.Idle(next(), indicator)
                        : taken(talkers, mayRequest(member, broadcaster)));
    }

    void idle(Collection<FloorMember> members) {
        FloorMessage idle = new FloorMessage.Idle(next(), indicator);
        members.forEach(member -> send(member, idle));
    }

    /** To those only whose path is unreliable. */
    void idleAgain(Collection<FloorMember> members) {
        FloorMessage idle = new FloorMessage.Idle(next(), indicator);
        for (FloorMember member : members) {
            if (!member.reliable) {
                send(member, idle);
            }
        }
    }

    /** One has ended and others talk on. */
    void released(Collection<FloorMember> members, FloorMember ended) {
        FloorMessage message = new FloorMessage.ReleaseMultiTalker(ended.participant.party(), indicator);
        for (FloorMember member : members) {
            if (member != ended) {
                send(member, message);
            }
        }
    }

    /** One talks on elsewhere, without those it talked beside. */
    void parted(FloorMember member, List<FloorMember> talkers) {
        for (FloorMember other : talkers) {
            if (other != member) {
                send(member, new FloorMessage.ReleaseMultiTalker(other.participant.party(), indicator));
            }
        }
    }

    private static boolean mayRequest(FloorMember member, @Nullable FloorMember broadcaster) {
        return member.may(Right.TALK) && (broadcaster == null || broadcaster == member);
    }

    private FloorMessage.Taken taken(List<FloorMember> talkers, boolean mayRequest) {
        List<GrantedParty> parties = new ArrayList<>(talkers.size());
        for (FloorMember talker : talkers) {
            parties.add(talker.participant.party());
        }
        next();
        return taken(parties, talkers, mayRequest);
    }

    private FloorMessage.Taken taken(List<GrantedParty> parties, List<FloorMember> talkers, boolean mayRequest) {
        FloorIndicator how = indicator;
        for (FloorMember talker : talkers) {
            how = talker.beside ? how.with(FloorIndicator.DUAL_FLOOR) : how;
            how = how.with(talker.urgency);
        }
        return new FloorMessage.Taken(parties, mayRequest, sequence, 0, how);
    }

    private FloorIndicator of(FloorMember member) {
        FloorIndicator how = member.beside ? indicator.with(FloorIndicator.DUAL_FLOOR) : indicator;
        return member.state == State.LISTENING ? how : how.with(member.urgency);
    }

    private int next() {
        sequence = (sequence + 1) & 0xFFFF;
        return sequence;
    }

    private static void send(FloorMember member, FloorMessage message) {
        member.home().output().send(member.participant, message);
    }
}

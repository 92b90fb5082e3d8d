package org.conurb.talk;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.conurb.talk.FloorMessage.Deny;
import org.conurb.talk.FloorMessage.Granted;
import org.conurb.talk.FloorMessage.Idle;
import org.conurb.talk.FloorMessage.QueuePositionInfo;
import org.conurb.talk.FloorMessage.ReleaseMultiTalker;
import org.conurb.talk.FloorMessage.Revoke;
import org.conurb.talk.FloorMessage.Taken;
import org.conurb.talk.Membership.Right;

/**
 * Knows what was asked and sees what came out, and says after each step whether that can be. Shares no code with the arbiter;
 * asks it only who talks and who waits, and holds that against the gates and the messages.
 */
final class FloorChecker {
    /** What one wishes, or its talk is, as the checker reckons it. */
    private static final class Wish {
        Urgency urgency = Urgency.ROUTINE;
        int priority;
        long askedAt;
    }

    /** What one client knows by what came to it. */
    private static final class View {
        boolean reliable = true;
        boolean granted;
        int position;
        Set<String> talkers = new LinkedHashSet<>();
    }

    /** One talk behind an open gate. */
    private static final class Talk {
        long lastSound;
        long firstSound = -1;
        /** When it was told to stop. */
        long revoked = -1;

        Talk(long now) {
            lastSound = now;
        }
    }

    private List<Schedule.Side> sides = List.of();
    private final List<Map<Participant, Talk>> gates = new ArrayList<>();
    private final List<Set<Participant>> joined = new ArrayList<>();
    private final List<Map<Participant, View>> views = new ArrayList<>();
    private final List<Map<Participant, Wish>> wishes = new ArrayList<>();
    private final Set<Participant> answered = new LinkedHashSet<>();
    private boolean patched;
    private long now;

    void begin(List<Schedule.Side> all) {
        sides = all;
        for (int i = 0; i < all.size(); i++) {
            gates.add(new LinkedHashMap<>());
            joined.add(new LinkedHashSet<>());
            views.add(new LinkedHashMap<>());
            wishes.add(new HashMap<>());
        }
    }

    private int floor(Schedule.Side side) {
        return patched ? 0 : side.number;
    }

    private List<Schedule.Side> sidesOf(int floor) {
        return patched ? sides : List.of(sides.get(floor));
    }

    private Membership membership(int floor, Participant who) {
        return sidesOf(floor).stream()
                .filter(side -> joined.get(side.number).contains(who))
                .map(side -> side.group.membership(who).orElseThrow())
                .reduce(Membership::or)
                .orElse(Membership.listening());
    }

    private Map<Participant, Talk> talks(int floor) {
        Map<Participant, Talk> all = new LinkedHashMap<>();
        sidesOf(floor).forEach(side -> all.putAll(gates.get(side.number)));
        return all;
    }

    private Set<Participant> joined(int floor) {
        Set<Participant> all = new LinkedHashSet<>();
        sidesOf(floor).forEach(side -> all.addAll(joined.get(side.number)));
        return all;
    }

    // ---- what is asked

    void at(long moment) {
        now = Math.max(now, moment);
    }

    /** What is due happens first: a talk that is over by then is no talk any more when this is asked. */
    private void due(Schedule.Side side, long moment) {
        at(moment);
        side.arbiter.tick(moment);
    }

    void joins(Schedule.Side side, Participant who, boolean reliable, long moment) {
        due(side, moment);
        joined.get(side.number).add(who);
        View view = new View(); // of a client that knows nothing yet
        view.reliable = reliable;
        views.get(floor(side)).put(who, view);
    }

    void leaves(Schedule.Side side, Participant who, long moment) {
        due(side, moment);
        joined.get(side.number).remove(who);
        if (!joined(floor(side)).contains(who)) {
            views.get(floor(side)).remove(who);
        }
    }

    void asks(Schedule.Side side, Participant who, int priority, Urgency urgency, long moment) {
        due(side, moment);
        answered.clear();
        if (!joined.get(side.number).contains(who)) {
            return;
        }
        int floor = floor(side);
        Membership membership = membership(floor, who);
        Urgency allowed = membership.may(Right.RAISE_EMERGENCY) ? urgency : Urgency.ROUTINE;
        if (talks(floor).containsKey(who)) {
            raised(floor, who, allowed);
            return;
        }
        Wish wish = wishes.get(floor).computeIfAbsent(who, one -> new Wish());
        boolean waits = side.arbiter.waiting().contains(who);
        wish.urgency = waits ? Urgency.higher(wish.urgency, allowed) : allowed;
        wish.askedAt = waits ? wish.askedAt : now;
        wish.priority = Math.min(priority, membership.priority());
    }

    void isAnswered(Schedule.Side side, Participant who) {
        if (!answered.contains(who)) {
            throw new AssertionError("The request of " + who + " was not answered.");
        }
    }

    void raises(Schedule.Side side, Participant who, Urgency urgency, long moment) {
        due(side, moment);
        int floor = floor(side);
        if (!joined.get(side.number).contains(who)) {
            return;
        }
        if (talks(floor).containsKey(who) || side.arbiter.waiting().contains(who)) {
            raised(floor, who, urgency);
        }
    }

    private void raised(int floor, Participant who, Urgency urgency) {
        Wish wish = wishes.get(floor).computeIfAbsent(who, one -> new Wish());
        if (urgency.isAbove(wish.urgency)) {
            wish.urgency = urgency;
            Talk talk = talks(floor).get(who);
            if (talk != null && talk.revoked >= 0) {
                // it need not stop, and its times begin anew
                talk.lastSound = now;
                talk.firstSound = -1;
                talk.revoked = -1;
            }
        }
    }

    void lowers(Schedule.Side side, Participant who, long moment) {
        due(side, moment);
        if (joined.get(side.number).contains(who)) {
            wishes.get(floor(side)).computeIfAbsent(who, one -> new Wish()).urgency = Urgency.ROUTINE;
        }
    }

    void released(Schedule.Side side, Participant who) {
        View view = views.get(floor(side)).get(who);
        if (view != null && joined.get(side.number).contains(who)) {
            view.position = 0;
        }
    }

    void media(Schedule.Side side, Participant who, boolean passed) {
        boolean floorless = !side.group.kind().hasFloor();
        Talk talk = talks(floor(side)).get(who);
        boolean here = joined.get(side.number).contains(who);
        if (passed != (talk != null && here)) {
            throw new AssertionError("Media of " + who + (passed ? " passed" : " did not pass") + " the gate.");
        }
        if (talk != null && here && !floorless) {
            talk.lastSound = now;
            talk.firstSound = talk.firstSound < 0 ? now : talk.firstSound;
        }
    }

    /** Who is in both groups has its wish where it is active; the rest goes over. */
    void patched(boolean now) {
        Map<Participant, Wish> first = wishes.get(0);
        Map<Participant, Wish> second = wishes.get(1);
        Set<Participant> active = new LinkedHashSet<>(sides.get(0).arbiter.waiting());
        active.addAll(sides.get(0).arbiter.talkers());
        patched = now;
        if (now) {
            second.forEach((who, wish) -> {
                if (!active.contains(who)) {
                    first.put(who, wish);
                }
            });
            views.get(1).forEach(views.get(0)::putIfAbsent);
            views.get(1).clear();
            return;
        }
        second.clear();
        first.forEach((who, wish) -> {
            Wish copy = new Wish();
            copy.urgency = wish.urgency;
            copy.priority = wish.priority;
            copy.askedAt = wish.askedAt;
            second.put(who, copy);
        });
        for (Participant who : joined.get(1)) {
            View view = views.get(0).get(who);
            View here = new View();
            here.reliable = view.reliable;
            if (!joined.get(0).contains(who)) {
                views.get(0).remove(who);
                here = view;
            }
            views.get(1).put(who, here);
        }
    }

    // ---- what came out

    void sent(Schedule.Side side, Participant to, FloorMessage message, boolean arrived) {
        switch (message) {
            case Granted granted -> answered.add(to);
            case Deny deny -> {
                answered.add(to);
                checkDenial(side, to, deny.cause());
            }
            case QueuePositionInfo info -> answered.add(to);
            case Revoke revoke -> {
                answered.add(to);
                Talk talk = talks(floor(side)).get(to);
                if (talk != null && talk.revoked < 0) {
                    talk.revoked = now;
                }
            }
            default -> {}
        }
        View view = views.get(floor(side)).get(to);
        boolean stranger = message instanceof Deny && !joined.get(side.number).contains(to);
        if (view == null || !arrived || stranger) {
            return;
        }
        switch (message) {
            case Granted granted -> {
                if (!view.granted) {
                    view.talkers = new LinkedHashSet<>(Set.of(to.mcpttId()));
                }
                view.granted = true;
                view.position = 0;
            }
            case Taken taken -> {
                view.talkers = new LinkedHashSet<>();
                taken.parties().forEach(party -> view.talkers.add(party.mcpttId()));
                view.granted = view.talkers.contains(to.mcpttId());
            }
            case Idle idle -> {
                view.talkers = new LinkedHashSet<>();
                view.granted = false;
            }
            case ReleaseMultiTalker release ->
                view.talkers.remove(release.party().mcpttId());
            case QueuePositionInfo info ->
                view.position = info.position() == QueuePositionInfo.NOT_QUEUED ? 0 : info.position();
            case Deny deny -> view.position = 0;
            default -> {}
        }
    }

    private void checkDenial(Schedule.Side side, Participant to, DenyCause cause) {
        int floor = floor(side);
        FloorPolicy policy = sides.get(floor).group.policy();
        int waiting = sides.get(floor).arbiter.waiting().size();
        boolean right = switch (cause) {
            case RECEIVE_ONLY -> !membership(floor, to).may(Right.TALK) || side.group.kind() == CallKind.BROADCAST;
            case ONLY_ONE_PARTICIPANT -> joined(floor).size() == 1;
            // it may have given its place to another
            case QUEUE_FULL -> waiting >= policy.queueLimit() - 1;
            case ANOTHER_CLIENT_HAS_PERMISSION ->
                policy.queueLimit() == 0 && !talks(floor).isEmpty();
            case RETRY_AFTER_NOT_EXPIRED -> wish(floor, to).urgency == Urgency.ROUTINE;
            default -> true;
        };
        that(right, to + " was denied for no reason: " + cause);
    }

    void permitted(Schedule.Side side, Participant talker, boolean mayTalk) {
        Map<Participant, Talk> open = gates.get(side.number);
        boolean was = mayTalk ? open.put(talker, new Talk(now)) != null : open.remove(talker) == null;
        if (was) {
            throw new AssertionError("The gate of " + talker + " is " + (mayTalk ? "open" : "shut") + " already.");
        }
    }

    // ---- whether it can be

    void check(long moment) {
        at(moment);
        for (int floor = 0; floor < (patched ? 1 : sides.size()); floor++) {
            Schedule.Side side = sides.get(floor);
            if (side.group.kind().hasFloor()) {
                checkFloor(floor, side.group.policy(), side.arbiter);
            } else {
                that(
                        gates.get(0).keySet().equals(joined.get(0)),
                        "All hear all, but it is " + gates.get(0).keySet());
            }
        }
    }

    private void checkFloor(int floor, FloorPolicy policy, FloorArbiter arbiter) {
        Map<Participant, Talk> talks = talks(floor);
        List<Participant> waiting = arbiter.waiting();
        int most = policy.talkers() + (policy.override() == OverrideMode.BOTH_HEARD ? 1 : 0);
        that(talks.size() <= most, talks.size() + " talk, where " + most + " may: " + talks.keySet());
        that(Set.copyOf(arbiter.talkers()).equals(talks.keySet()), "It says that " + arbiter.talkers() + " talk.");
        that(waiting.isEmpty() || talks.size() >= policy.talkers(), waiting + " wait for a floor that has room.");
        that(waiting.size() <= policy.queueLimit(), waiting + " wait, where " + policy.queueLimit() + " may.");
        that(arbiter.nextTimer() > now, "A timer that is due has not run.");
        talks.forEach((who, talk) -> checkTalk(floor, policy.timers(), who, talk));
        checkQueue(floor, waiting, talks.keySet());
        checkViews(floor, waiting, talks.keySet());
    }

    private void checkTalk(int floor, FloorTimers timers, Participant who, Talk talk) {
        that(joined(floor).contains(who), who + " talks and is not in the call.");
        that(membership(floor, who).may(Right.TALK), who + " talks and may only listen.");
        that(
                sides.get(floor).group.kind() != CallKind.BROADCAST
                        || membership(floor, who).may(Right.ORIGINATE_BROADCAST),
                who + " talks in another's broadcast.");
        that(now < talk.lastSound + timers.t1().toNanos(), who + " has the floor and has been silent for T1.");
        that(
                talk.revoked >= 0
                        || talk.firstSound < 0
                        || now < talk.firstSound + timers.t2().toNanos(),
                who + " has talked for T2 and is not told to stop.");
        that(
                talk.revoked < 0 || now < talk.revoked + timers.t3().toNanos(),
                who + " was to stop and has had T3 for it.");
        that(
                joined(floor).size() > 1 || wish(floor, who).urgency != Urgency.ROUTINE,
                who + " talks to nobody, and not urgently.");
    }

    private Wish wish(int floor, Participant who) {
        return wishes.get(floor).computeIfAbsent(who, one -> new Wish());
    }

    private void checkQueue(int floor, List<Participant> waiting, Set<Participant> talkers) {
        for (Participant who : waiting) {
            for (Participant talker : talkers) {
                that(
                        !wish(floor, who).urgency.isAbove(wish(floor, talker).urgency),
                        "%s (%s) waits behind %s (%s)."
                                .formatted(who, wish(floor, who).urgency, talker, wish(floor, talker).urgency));
            }
        }
        Comparator<Participant> order = Comparator.<Participant, Urgency>comparing(who -> wish(floor, who).urgency)
                .thenComparingInt(who -> wish(floor, who).priority)
                .reversed()
                .thenComparingLong(who -> wish(floor, who).askedAt);
        List<Participant> sorted = new ArrayList<>(waiting);
        sorted.sort(order);
        that(sorted.equals(waiting), "They wait as " + waiting + " and should as " + sorted + ".");
    }

    private void checkViews(int floor, List<Participant> waiting, Set<Participant> talkers) {
        Set<String> ids = new LinkedHashSet<>();
        talkers.forEach(talker -> ids.add(talker.mcpttId()));
        views.get(floor).forEach((who, view) -> {
            if (view.reliable) {
                that(view.talkers.equals(ids), who + " was told that " + view.talkers + " talk, and it is " + ids);
                that(
                        view.position == waiting.indexOf(who) + 1,
                        "%s was told that it waits at %d, and it is %d."
                                .formatted(who, view.position, waiting.indexOf(who) + 1));
                that(view.granted == talkers.contains(who), who + " does not know whether it may talk.");
            }
        });
    }

    void rests() {
        for (int floor = 0; floor < (patched ? 1 : sides.size()); floor++) {
            if (!sides.get(floor).group.kind().hasFloor()) {
                continue;
            }
            that(talks(floor).isEmpty(), talks(floor).keySet() + " talk at rest.");
            that(sides.get(floor).arbiter.waiting().isEmpty(), "Somebody waits at rest.");
            views.get(floor)
                    .forEach((who, view) ->
                            that(view.talkers.isEmpty(), who + " still thinks that " + view.talkers + " talk."));
        }
    }

    private static void that(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}

package org.conurb.talk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.conurb.talk.Membership.Right;

/**
 * Knows what was asked of a site and sees what came out: which talks run, what devices are told and hear, what the site shows.
 * Says after each step whether that can be. Reckons by itself; asks the site only who is in which call, and holds the rest
 * against it.
 */
final class SiteChecker {
    private static final long EMERGENCY_NANOS = Duration.ofHours(4).toNanos();
    /** The longest T1, and until the next beat. */
    private static final long SILENCE_NANOS = Duration.ofMillis(4_600).toNanos();

    private final ControllingFunction site;
    private final CallLimits limits;
    private final int nc4;
    private final int n10;
    private final Map<String, TalkGroup> groups = new LinkedHashMap<>();
    private final Map<String, Ring> rings = new LinkedHashMap<>();
    /** The group that shares the floor of another. */
    private final Map<String, String> patches = new LinkedHashMap<>();
    /** Whose talkers or waiting ones may have asked before they were patched, parted or changed. */
    private final Set<String> mixed = new HashSet<>();

    private final Map<String, Map<Participant, Talk>> talks = new HashMap<>();
    /** Since when a talk has been silent. */
    private final Map<UUID, Long> silentSince = new HashMap<>();

    private final Map<Participant, List<Talk>> begun = new HashMap<>();
    private final Map<String, Map<Participant, Distress>> distress = new HashMap<>();
    private final EarChecker ears = new EarChecker(this);
    /** Calls that one was let into while they were an emergency. */
    private final Map<Participant, Set<String>> urgentEntries = new HashMap<>();

    private final Map<Participant, Set<String>> follows = new HashMap<>();
    private Set<String> runs = Set.of();
    private long now;
    private Set<String> asked = Set.of();
    private int answersBefore;

    private static final class Distress {
        Urgency urgency = Urgency.ROUTINE;
        boolean alert;
        long until;
    }

    /** A private call. */
    private static final class Ring {
        final Participant caller;
        final long since;
        boolean answered;

        Ring(Participant caller, long since) {
            this.caller = caller;
            this.since = since;
        }
    }

    SiteChecker(ControllingFunction site, CallLimits limits, int nc4, int n10) {
        this.site = site;
        this.limits = limits;
        this.nc4 = nc4;
        this.n10 = n10;
    }

    // ---- groups

    List<String> groups() {
        return List.copyOf(groups.keySet());
    }

    List<String> standing() {
        return groups.keySet().stream().filter(id -> !rings.containsKey(id)).toList();
    }

    List<String> privateCalls() {
        return List.copyOf(rings.keySet());
    }

    TalkGroup group(String id) {
        return Objects.requireNonNull(groups.get(id));
    }

    void opened(GroupFacts facts) {
        String id = facts.group().id();
        if (groups.put(id, facts.group()) != null) {
            mixed.addAll(floorOf(id));
        }
    }

    void closed(String id) {
        groups.remove(id);
        follows.values().forEach(of -> of.remove(id));
        distress.remove(id);
        if (patches.containsKey(id)) {
            parted(id);
        }
        List.copyOf(patches.keySet()).stream()
                .filter(guest -> patches.get(guest).equals(id))
                .forEach(this::parted);
        ears.closed(id);
    }

    Map<String, String> patches() {
        return patches;
    }

    void patched(String host, String guest) {
        that(
                group(host).kind() != CallKind.BROADCAST && group(guest).kind() != CallKind.BROADCAST,
                "A broadcast is patched");
        patches.put(guest, host);
        mixed.addAll(floorOf(host));
    }

    void parted(String guest) {
        mixed.addAll(floorOf(guest));
        patches.remove(guest);
    }

    Set<String> floorOf(String id) {
        String host = patches.getOrDefault(id, id);
        Set<String> all = new LinkedHashSet<>(Set.of(host));
        patches.forEach((guest, of) -> {
            if (of.equals(host)) {
                all.add(guest);
            }
        });
        return all;
    }

    void called(String id, Participant caller, Participant callee, boolean withFloor, long moment) {
        groups.put(id, TalkGroup.ofTwo(id, TestFloor.FIRE, FloorPolicy.standard(), caller, callee, withFloor));
        rings.put(id, new Ring(caller, moment));
    }

    void answered(String id, Participant by, boolean accepted) {
        Ring ring = rings.get(id);
        boolean callee = !by.equals(ring.caller) && group(id).membership(by).isPresent();
        that(callee || !accepted, by + " has accepted a call that is not for it");
        ring.answered |= accepted;
    }

    // ---- late entry

    /** Before somebody comes, or follows a group: which calls run. */
    void arrives() {
        runs = new HashSet<>();
        for (String id : standing()) {
            if (group(id).kind() == CallKind.CHAT || !joined(Set.of(id)).isEmpty()) {
                runs.add(id);
            }
        }
    }

    void follows(String group, Participant who) {
        if (groups.containsKey(group) && group(group).membership(who).isPresent() && !rings.containsKey(group)) {
            follows.computeIfAbsent(who, one -> new LinkedHashSet<>()).add(group);
        }
    }

    boolean isFollowing(String group, Participant who) {
        return follows.getOrDefault(who, Set.of()).contains(group);
    }

    void followsNoMore(String group, Participant who) {
        follows.computeIfAbsent(who, one -> new LinkedHashSet<>()).remove(group);
    }

    /** Who has come is in the calls that run of the groups it follows, as far as it may be in so many. */
    void isLetIn(Participant who, Set<String> those) {
        for (String id : those) {
            boolean wanted = runs.contains(id) && group(id).membership(who).isPresent();
            that(
                    !wanted || calls(who).contains(id) || limits.groupCalls(who) >= nc4,
                    who + " follows " + id + " and is not let in late");
        }
    }

    Set<String> followed(Participant who) {
        return Set.copyOf(follows.getOrDefault(who, Set.of()));
    }

    // ---- emergencies

    void raises(String group, Participant who, Urgency urgency, long moment) {
        if (urgency != Urgency.ROUTINE && may(group, who, Right.RAISE_EMERGENCY)) {
            Distress one = distress(group, who);
            one.urgency = Urgency.higher(one.urgency, urgency);
            one.until = moment + EMERGENCY_NANOS;
            begun.getOrDefault(who, List.of())
                    .forEach(talk -> silentSince.put(talk.id(), moment)); // its times begin anew
        }
    }

    void alerts(String group, Participant who, long moment) {
        if (may(group, who, Right.RAISE_EMERGENCY)) {
            Distress one = distress(group, who);
            one.alert = true;
            one.until = moment + EMERGENCY_NANOS;
        }
    }

    void cancels(String group, Participant by, Participant whom) {
        if (may(group, by, Right.CANCEL_EMERGENCY)) {
            distress.computeIfAbsent(group, id -> new LinkedHashMap<>()).remove(whom);
        }
    }

    boolean isDistressed(String group, Participant who) {
        return distress.getOrDefault(group, Map.of()).containsKey(who);
    }

    Optional<Participant> someoneDistressed(String group, int which) {
        List<Participant> all =
                List.copyOf(distress.getOrDefault(group, Map.of()).keySet());
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(which % all.size()));
    }

    private Distress distress(String group, Participant who) {
        return distress.computeIfAbsent(group, id -> new LinkedHashMap<>()).computeIfAbsent(who, one -> new Distress());
    }

    private Urgency urgency(String group, Participant who) {
        Distress one = distress.getOrDefault(group, Map.of()).get(who);
        return one == null ? Urgency.ROUTINE : one.urgency;
    }

    private boolean may(String group, Participant who, Right right) {
        return groups.containsKey(group)
                && group(group).membership(who).map(it -> it.may(right)).orElse(false);
    }

    /** The floor's thread overslept so long: it heard packets as late, and T1 begins with that. */
    void slept(long nanos) {
        silentSince.replaceAll((talk, since) -> since + nanos);
    }

    void speaks(Participant talker, long moment) {
        latest(talker).ifPresent(talk -> silentSince.put(talk.id(), moment));
    }

    /** The latest talk that this one has begun and not ended. */
    Optional<Talk> latest(Participant talker) {
        List<Talk> own = begun.getOrDefault(talker, List.of());
        return own.isEmpty() ? Optional.empty() : Optional.of(own.getLast());
    }

    EarChecker ears() {
        return ears;
    }

    // ---- requests

    void asks(TestClient client, String group) {
        asked = Set.of(group);
        for (String mate : floorOf(group)) {
            if (talks.getOrDefault(mate, Map.of()).containsKey(client.participant())) {
                asked = floorOf(group); // who talks already is answered where it does
            }
        }
        answersBefore = answers(client);
    }

    /** Every request is answered: granted, denied or queued. */
    void isAnswered(TestClient client, boolean here) {
        that(!here || answers(client) > answersBefore, "The request of " + client.id() + " was not answered");
    }

    private int answers(TestClient client) {
        return (int) client.told(TalkNotice.FloorTold.class).stream()
                .filter(told -> asked.contains(told.group()))
                .map(TalkNotice.FloorTold::message)
                .filter(message -> message instanceof FloorMessage.Granted
                        || message instanceof FloorMessage.Deny
                        || message instanceof FloorMessage.Revoke
                        || message instanceof FloorMessage.QueuePositionInfo)
                .count();
    }

    // ---- talks

    void began(Talk talk, long moment) {
        silentSince.put(talk.id(), moment);
        Talk before =
                talks.computeIfAbsent(talk.group(), id -> new LinkedHashMap<>()).put(talk.talker(), talk);
        that(before == null, talk.talker() + " begins to talk and has not ended");
        begun.computeIfAbsent(talk.talker(), who -> new ArrayList<>()).add(talk);
    }

    void ended(Talk talk) {
        that(
                talks.computeIfAbsent(talk.group(), id -> new LinkedHashMap<>()).remove(talk.talker(), talk),
                talk.talker() + " ends a talk that does not run");
        begun.get(talk.talker()).remove(talk);
        silentSince.remove(talk.id());
    }

    List<Talk> running() {
        return talks.values().stream().flatMap(of -> of.values().stream()).toList();
    }

    // ---- whether it can be

    void check(long moment) {
        now = moment;
        distress.values().forEach(of -> of.values().removeIf(one -> one.until <= now));
        rings.keySet().removeIf(this::isOver);
        groups.keySet().forEach(this::checkGroup);
        groups.keySet().stream().filter(id -> !patches.containsKey(id)).forEach(this::checkFloor);
        for (Participant who : participants()) {
            checkLimits(who);
        }
        ears.check(now);
        for (Talk talk : running()) {
            that(groups.containsKey(talk.group()), talk.talker() + " talks in a group that is no more");
            that(
                    !group(talk.group()).kind().hasFloor() || now < silentSince.get(talk.id()) + SILENCE_NANOS,
                    talk.talker() + " has the floor of " + talk.group() + " and has been silent for T1");
        }
    }

    private boolean isOver(String call) {
        boolean over = site.state(call) == CallState.NONE;
        if (over) {
            groups.remove(call);
            distress.remove(call);
        }
        return over;
    }

    private Set<Participant> participants() {
        return ears.participants();
    }

    /** Calls that one is in. */
    Set<String> calls(Participant who) {
        Station station = site.station(who);
        return station == null ? Set.of() : station.calls();
    }

    private Set<Participant> joined(Set<String> floor) {
        Set<Participant> all = new LinkedHashSet<>();
        for (Participant who : participants()) {
            if (calls(who).stream().anyMatch(floor::contains)) {
                all.add(who);
            }
        }
        return all;
    }

    private void checkGroup(String id) {
        CallState state = site.state(id);
        int loudspeakers = ears.loudspeakers(id);
        int joined = joined(Set.of(id)).size();
        that(
                state.joined() == joined + loudspeakers,
                "%d are shown in %s, and %d are, with %d loudspeakers"
                        .formatted(state.joined(), id, joined, loudspeakers));
        that(
                state.patchedTo().equals(Optional.ofNullable(patches.get(id))),
                id + " is shown as patched to " + state.patchedTo() + ", and is to " + patches.get(id));
        Map<Participant, Distress> of = distress.getOrDefault(id, Map.of());
        Urgency highest = of.values().stream().map(one -> one.urgency).reduce(Urgency.ROUTINE, Urgency::higher);
        that(state.urgency() == highest, id + " is shown as " + state.urgency() + ", and is in " + highest);
        Set<String> shown = new HashSet<>();
        state.distressed().forEach(one -> {
            if (one.urgency() != Urgency.ROUTINE || one.alert()) {
                shown.add(one.who() + " " + one.urgency() + " " + one.alert());
            }
        });
        Set<String> reckoned = new HashSet<>();
        of.forEach((who, one) -> reckoned.add(who + " " + one.urgency + " " + one.alert));
        that(shown.equals(reckoned), "In " + id + " " + shown + " are shown in distress, and " + reckoned + " are");
        Ring ring = rings.get(id);
        if (ring != null && joined == 2) {
            ring.answered = true; // by asking for the floor
        }
        that(
                ring == null
                        || ring.answered
                        || joined == 0
                        || now
                                < ring.since
                                        + Duration.ofMinutes(1).plusSeconds(1).toNanos(),
                "A call rings for ever");
    }

    private void checkFloor(String host) {
        Set<String> floor = floorOf(host);
        TalkGroup group = group(host);
        CallState state = site.state(host);
        Set<Participant> talkers = new LinkedHashSet<>();
        floor.forEach(id -> talkers.addAll(talks.getOrDefault(id, Map.of()).keySet()));
        Set<Participant> joined = joined(floor);
        that(joined.containsAll(talkers), talkers + " talk in " + floor + ", where " + joined + " are");
        if (!group.kind().hasFloor()) {
            that(talkers.equals(joined), "In " + host + " both talk, but it is " + talkers);
            return;
        }
        for (String id : floor) {
            CallState shown = site.state(id);
            that(
                    Set.copyOf(shown.talkers()).equals(talkers),
                    shown.talkers() + " are shown to talk in " + id + ", and " + talkers + " do");
            that(
                    shown.waiting().equals(state.waiting()),
                    "The queue of " + host + " is " + state.waiting() + ", in " + id + " " + shown.waiting());
        }
        FloorPolicy policy = group.policy();
        int most = policy.talkers() + (policy.override() == OverrideMode.BOTH_HEARD ? 1 : 0);
        that(
                talkers.size() <= most || mixed.contains(host), // a policy that was changed ends nobody's talk
                talkers + " talk in " + floor + ", where " + most + " may");
        that(
                state.waiting().isEmpty() || talkers.size() >= policy.talkers(),
                state.waiting() + " wait for " + floor + ", which has room");
        if (talkers.isEmpty() && state.waiting().isEmpty()) {
            mixed.removeAll(floor);
        }
        if (mixed.contains(host) || floor.size() > 1) {
            return;
        }
        for (Participant waits : state.waiting()) {
            for (Participant talks : talkers) {
                that(
                        !urgency(host, waits).isAbove(urgency(host, talks)),
                        "%s (%s) waits behind %s (%s) in %s"
                                .formatted(waits, urgency(host, waits), talks, urgency(host, talks), host));
            }
        }
    }

    private void checkLimits(Participant who) {
        Set<String> calls = calls(who);
        Set<String> urgent = urgentEntries.computeIfAbsent(who, one -> new HashSet<>());
        urgent.retainAll(calls);
        long two = calls.stream().filter(rings::containsKey).count();
        long several = calls.size() - two;
        that(
                limits.groupCalls(who) == several && limits.privateCalls(who) == two,
                "%s is counted in %d and %d calls, and is in %s"
                        .formatted(who, limits.groupCalls(who), limits.privateCalls(who), calls));
        if (several > nc4 || two > n10) {
            calls.stream()
                    .filter(id -> site.state(id).urgency() == Urgency.EMERGENCY)
                    .forEach(urgent::add);
        }
        long urgentTwo = urgent.stream().filter(rings::containsKey).count();
        that(
                several - (urgent.size() - urgentTwo) <= nc4 && two - urgentTwo <= n10,
                who + " is in " + calls + ", beyond what one may");
    }

    // ---- at the end

    /** Nobody has done anything for long. */
    void isQuiet() {
        that(running().isEmpty(), running() + " run at rest");
        for (String id : groups.keySet()) {
            that(site.state(id).waiting().isEmpty(), "Somebody waits for " + id + " at rest");
        }
    }

    /** All emergencies are over by themselves. */
    void isAtRest() {
        isQuiet();
        that(rings.isEmpty(), "Private calls are left: " + rings.keySet());
        for (String id : groups.keySet()) {
            boolean chat = group(id).kind() == CallKind.CHAT;
            that(chat || joined(Set.of(id)).isEmpty(), joined(Set.of(id)) + " are left in the call of " + id);
        }
    }

    /** All groups are closed. */
    void isEmpty() {
        for (Participant who : participants()) {
            that(calls(who).isEmpty(), who + " is left in " + calls(who));
            that(limits.groupCalls(who) + limits.privateCalls(who) == 0, who + " is still counted");
        }
        ears.isEmpty();
    }

    static void that(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}

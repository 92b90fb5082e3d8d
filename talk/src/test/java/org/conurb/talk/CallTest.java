package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.talk.TestFloor.CHIEF;
import static org.conurb.talk.TestFloor.DISPATCH;
import static org.conurb.talk.TestFloor.ENGINE;
import static org.conurb.talk.TestFloor.FIRE;
import static org.conurb.talk.TestFloor.LADDER;
import static org.conurb.talk.TestFloor.MEDIC;
import static org.conurb.talk.TestFloor.seat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.conurb.talk.Call.Entry;
import org.junit.jupiter.api.Test;

/** Calls from beginning to end. */
class CallTest implements CallOutput {
    private static final Duration HOUR = Duration.ofHours(1);

    private final CallLimits limits = new CallLimits(2, 1, 1);
    private final List<String> log = new ArrayList<>();
    private final Set<Participant> open = new LinkedHashSet<>();
    private long millis = 1;

    private Call call(CallKind kind) {
        return call(TestFloor.group(kind, FloorPolicy.standard(), TestFloor.crews()));
    }

    private Call call(TalkGroup group) {
        return new Call(group, limits, HOUR, this);
    }

    private long now() {
        return millis * 1_000_000;
    }

    private void pass(Call call, Duration length) {
        long end = now() + length.toNanos();
        while (call.nextTimer() <= end) {
            millis = Math.max(millis, Math.ceilDiv(call.nextTimer(), 1_000_000L));
            call.tick(now());
        }
        millis = end / 1_000_000;
        call.tick(now());
    }

    private void join(Call call, Participant... all) {
        for (Participant one : all) {
            assertThat(call.join(one, true, now())).isEqualTo(Entry.IN);
        }
    }

    // ---- who is in it

    @Test
    void whoBeginsAPreArrangedCallCallsAllWhoAreAffiliated() {
        Call call = call(CallKind.PRE_ARRANGED);
        assertThat(call.begin(ENGINE, true, Set.of(ENGINE, LADDER, seat("stranger")), now()))
                .isEqualTo(Entry.IN);
        assertThat(log).containsExactly("invite ladder-2");
        assertThat(call.joined()).containsExactly(ENGINE);

        log.clear();
        call.begin(LADDER, true, Set.of(ENGINE, LADDER, MEDIC), now());
        assertThat(log).isEmpty();
    }

    @Test
    void whoAffiliatesLateIsCalledIntoARunningCall() {
        Call call = call(CallKind.PRE_ARRANGED);
        call.affiliated(MEDIC);
        assertThat(log).isEmpty();
        call.begin(ENGINE, true, Set.of(), now());
        call.affiliated(MEDIC);
        call.affiliated(ENGINE);
        call.affiliated(seat("stranger"));
        assertThat(log).containsExactly("invite medic-3");
    }

    @Test
    void toAChatOneComesByOneself() {
        Call call = call(CallKind.CHAT);
        call.begin(ENGINE, true, Set.of(LADDER), now());
        call.affiliated(MEDIC);
        join(call, LADDER);
        assertThat(log).isEmpty();
        pass(call, Duration.ofDays(1));
        assertThat(call.joined()).containsExactly(ENGINE, LADDER);
    }

    @Test
    void aCallInWhichNobodyTalksEndsAndCanBeginAgain() {
        Call call = call(CallKind.PRE_ARRANGED);
        call.begin(ENGINE, true, Set.of(), now());
        join(call, LADDER);
        call.request(ENGINE, 10, Urgency.ROUTINE, now());
        call.release(ENGINE, now());
        pass(call, Duration.ofSeconds(30));
        assertThat(log).containsExactly("released engine-1 INACTIVE", "released ladder-2 INACTIVE");
        assertThat(call.joined()).isEmpty();
        assertThat(limits.groupCalls(ENGINE)).isZero();

        assertThat(call.begin(ENGINE, true, Set.of(MEDIC), now())).isEqualTo(Entry.IN);
        assertThat(log).last().isEqualTo("invite medic-3");
    }

    @Test
    void anEmergencyCallDoesNotEndBecauseNobodyTalks() {
        Call call = call(CallKind.PRE_ARRANGED);
        call.begin(ENGINE, true, Set.of(), now());
        join(call, LADDER);
        call.raise(ENGINE, Urgency.EMERGENCY, now());
        pass(call, Duration.ofMinutes(50));
        assertThat(call.joined()).containsExactly(ENGINE, LADDER);
        call.cancel(DISPATCH, ENGINE, now());
        pass(call, Duration.ofSeconds(30));
        assertThat(call.joined()).isEmpty();
    }

    @Test
    void whoMayEndsACall() {
        Call call = call(CallKind.PRE_ARRANGED);
        call.begin(ENGINE, true, Set.of(), now());
        call.request(ENGINE, 0, Urgency.EMERGENCY, now());
        assertThat(call.end(LADDER, now())).isFalse();
        assertThat(open).containsExactly(ENGINE);
        assertThat(call.end(DISPATCH, now())).isTrue();
        assertThat(open).isEmpty();
        assertThat(log).contains("released engine-1 BY_USER");
    }

    @Test
    void strangersAndTooManyCallsAreKeptOut() {
        TalkGroup second = new TalkGroup(
                "sip:second@alder.example", CallKind.CHAT, FIRE, FloorPolicy.standard(), 100, TestFloor.crews());
        TalkGroup third = new TalkGroup(
                "sip:third@alder.example", CallKind.CHAT, FIRE, FloorPolicy.standard(), 2, TestFloor.crews());
        Call one = call(CallKind.CHAT);
        Call two = call(second);
        Call three = call(third);
        assertThat(one.join(seat("stranger"), true, now())).isEqualTo(Entry.NOT_A_MEMBER);
        join(one, ENGINE);
        join(two, ENGINE);
        assertThat(three.join(ENGINE, true, now())).isEqualTo(Entry.TOO_MANY_CALLS);
        two.leave(ENGINE, now());
        join(three, ENGINE, LADDER);
        assertThat(three.join(MEDIC, true, now())).isEqualTo(Entry.FULL);
        assertThat(limits.groupCalls(MEDIC)).isZero();
    }

    @Test
    void anEmergencyIsLetInBeyondTheLimits() {
        Call one = call(CallKind.CHAT);
        Call two = call(CallKind.CHAT);
        Call three = call(CallKind.CHAT);
        join(one, ENGINE);
        join(two, ENGINE);
        three.raise(LADDER, Urgency.EMERGENCY, now());
        join(three, ENGINE);
        assertThat(limits.groupCalls(ENGINE)).isEqualTo(3);
    }

    @Test
    void aPrivateCallEndsWhenOneGoes() {
        Call call = call(TalkGroup.ofTwo("sip:p@alder.example", FIRE, FloorPolicy.standard(), ENGINE, MEDIC, false));
        call.begin(ENGINE, true, Set.of(MEDIC), now());
        join(call, MEDIC);
        assertThat(open).containsExactlyInAnyOrder(ENGINE, MEDIC);
        assertThat(limits.privateCalls(MEDIC)).isEqualTo(1);
        call.leave(ENGINE, now());
        assertThat(open).isEmpty();
        assertThat(log).containsExactly("invite medic-3", "released medic-3 OTHER_LEFT");
        assertThat(limits.privateCalls(MEDIC)).isZero();
    }

    @Test
    void aBroadcastIsOverWhenItsOriginatorHasEnded() {
        Call call = call(CallKind.BROADCAST);
        call.begin(DISPATCH, true, Set.of(ENGINE), now());
        join(call, ENGINE, LADDER);
        call.request(DISPATCH, 250, Urgency.ROUTINE, now());
        assertThat(open).containsExactly(DISPATCH);
        call.release(DISPATCH, now());
        assertThat(log)
                .contains(
                        "released dispatch BROADCAST_OVER",
                        "released engine-1 BROADCAST_OVER",
                        "released ladder-2 BROADCAST_OVER");
        assertThat(call.joined()).isEmpty();
    }

    @Test
    void whoIsNoMemberAnyMoreIsReleased() {
        Call call = call(CallKind.PRE_ARRANGED);
        join(call, ENGINE, LADDER, MEDIC);
        call.request(ENGINE, 10, Urgency.ROUTINE, now());
        Map<Participant, Membership> members = new LinkedHashMap<>(TestFloor.crews());
        members.remove(ENGINE);
        call.update(TestFloor.group(CallKind.PRE_ARRANGED, FloorPolicy.standard(), members), now());
        assertThat(open).isEmpty();
        assertThat(call.joined()).containsExactly(LADDER, MEDIC);
        assertThat(log).containsExactly("released engine-1 BY_USER");
    }

    @Test
    void patchedCallsHaveOneFloor() {
        Call one = call(CallKind.CHAT);
        Call two = call(CallKind.CHAT);
        join(one, ENGINE, LADDER);
        join(two, MEDIC, CHIEF);
        one.patch(two, now());
        two.request(MEDIC, 10, Urgency.ROUTINE, now());
        one.request(ENGINE, 10, Urgency.ROUTINE, now());
        assertThat(open).containsExactly(MEDIC);
        assertThat(one.talkers()).containsExactly(MEDIC);
        one.unpatch(two, now());
        assertThat(open).containsExactlyInAnyOrder(MEDIC, ENGINE);
    }

    // ---- emergencies

    @Test
    void askingUrgentlyRaisesAnEmergencyThatLastsUntilItIsCancelledByOneWhoMay() {
        Call call = call(CallKind.PRE_ARRANGED);
        join(call, ENGINE, LADDER, CHIEF);
        call.request(CHIEF, 220, Urgency.ROUTINE, now());
        call.request(ENGINE, 10, Urgency.EMERGENCY, now());
        assertThat(log).containsExactly("EMERGENCY by engine-1");
        assertThat(open).containsExactly(ENGINE);
        call.release(ENGINE, now());

        call.request(CHIEF, 220, Urgency.ROUTINE, now());
        call.request(ENGINE, 10, Urgency.ROUTINE, now());
        assertThat(open).containsExactly(ENGINE);

        assertThat(call.cancel(LADDER, ENGINE, now())).isFalse();
        assertThat(call.cancel(ENGINE, ENGINE, now())).isFalse();
        assertThat(call.inProgress()).isEqualTo(Urgency.EMERGENCY);
        assertThat(call.cancel(DISPATCH, ENGINE, now())).isTrue();
        assertThat(call.cancel(DISPATCH, ENGINE, now())).isFalse();
        assertThat(call.inProgress()).isEqualTo(Urgency.ROUTINE);
        assertThat(log).last().isEqualTo("ROUTINE by dispatch");
    }

    @Test
    void anEmergencyOutlivesTheLine() {
        Call call = call(CallKind.PRE_ARRANGED);
        join(call, ENGINE, LADDER);
        call.request(ENGINE, 10, Urgency.EMERGENCY, now());
        call.leave(ENGINE, now());
        assertThat(call.inProgress()).isEqualTo(Urgency.EMERGENCY);
        assertThat(call.urgency(ENGINE)).isEqualTo(Urgency.EMERGENCY);
    }

    @Test
    void anEmergencyNobodyCancelsEndsByItself() {
        Call call = call(CallKind.PRE_ARRANGED);
        join(call, ENGINE, LADDER);
        call.raise(ENGINE, Urgency.IMMINENT_PERIL, now());
        call.alert(ENGINE, now());
        pass(call, HOUR.minusSeconds(1));
        assertThat(call.inProgress()).isEqualTo(Urgency.IMMINENT_PERIL);
        assertThat(call.hasAlert(ENGINE)).isTrue();
        pass(call, Duration.ofSeconds(1));
        assertThat(call.inProgress()).isEqualTo(Urgency.ROUTINE);
        assertThat(log)
                .containsExactly(
                        "IMMINENT_PERIL by engine-1", "alert engine-1", "ROUTINE by engine-1", "no alert engine-1");
    }

    @Test
    void theMostUrgentOfSeveralIsTheStateOfTheCall() {
        Call call = call(CallKind.PRE_ARRANGED);
        join(call, ENGINE, LADDER);
        call.raise(ENGINE, Urgency.IMMINENT_PERIL, now());
        call.raise(LADDER, Urgency.EMERGENCY, now());
        call.raise(LADDER, Urgency.EMERGENCY, now());
        call.raise(LADDER, Urgency.IMMINENT_PERIL, now());
        assertThat(call.urgency(LADDER)).isEqualTo(Urgency.EMERGENCY);
        call.cancel(DISPATCH, LADDER, now());
        assertThat(log)
                .containsExactly("IMMINENT_PERIL by engine-1", "EMERGENCY by ladder-2", "IMMINENT_PERIL by dispatch");
    }

    @Test
    void anAlertIsCancelledByOneWhoMayAndChangesNoFloor() {
        Call call = call(CallKind.PRE_ARRANGED);
        join(call, ENGINE, LADDER);
        assertThat(call.alert(ENGINE, now())).isTrue();
        assertThat(call.alert(seat("stranger"), now())).isFalse();
        assertThat(call.inProgress()).isEqualTo(Urgency.ROUTINE);
        assertThat(call.cancelAlert(ENGINE, ENGINE)).isFalse();
        assertThat(call.cancelAlert(DISPATCH, LADDER)).isFalse();
        assertThat(call.cancelAlert(DISPATCH, ENGINE)).isTrue();
        assertThat(call.hasAlert(ENGINE)).isFalse();
        assertThat(log).containsExactly("alert engine-1", "no alert engine-1");
    }

    @Test
    void whoMayNotRaiseAnEmergencyDoesNot() {
        Map<Participant, Membership> members = new LinkedHashMap<>(TestFloor.crews());
        members.put(ENGINE, new Membership(10, Set.of(Membership.Right.TALK)));
        Call call = call(TestFloor.group(CallKind.PRE_ARRANGED, FloorPolicy.standard(), members));
        join(call, ENGINE, LADDER);
        call.request(LADDER, 10, Urgency.ROUTINE, now());
        call.request(ENGINE, 10, Urgency.EMERGENCY, now());
        assertThat(open).containsExactly(LADDER);
        assertThat(call.inProgress()).isEqualTo(Urgency.ROUTINE);
    }

    // ---- output

    @Override
    public void invite(Participant who) {
        log.add("invite " + name(who));
    }

    @Override
    public void released(Participant who, CallEnd why) {
        log.add("released " + name(who) + " " + why);
    }

    @Override
    public void inProgress(Urgency urgency, Participant by) {
        log.add(urgency + " by " + name(by));
    }

    @Override
    public void alert(Participant who, boolean out) {
        log.add((out ? "alert " : "no alert ") + name(who));
    }

    @Override
    public void send(Participant to, FloorMessage message) {}

    @Override
    public void permit(Participant talker, boolean mayTalk) {
        boolean changed = mayTalk ? open.add(talker) : open.remove(talker);
        assertThat(changed).isTrue();
    }

    private static String name(Participant who) {
        return who.mcpttId().substring(4, who.mcpttId().indexOf('@'));
    }
}

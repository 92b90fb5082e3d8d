package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.talk.TestFloor.CHIEF;
import static org.conurb.talk.TestFloor.DISPATCH;
import static org.conurb.talk.TestFloor.ENGINE;
import static org.conurb.talk.TestFloor.LADDER;
import static org.conurb.talk.TestFloor.MEDIC;

import org.conurb.talk.FloorMessage.Granted;
import org.conurb.talk.FloorMessage.Idle;
import org.conurb.talk.FloorMessage.ReleaseMultiTalker;
import org.conurb.talk.FloorMessage.Taken;
import org.junit.jupiter.api.Test;

/** Who takes the floor from whom. */
class FloorOverrideTest {
    private final TestFloor floor = TestFloor.pre(policy -> policy);

    // ---- pre-emptive priority

    @Test
    void preemptivePriorityRevokesAndWaitsForTheGraceOrTheRelease() {
        floor.request(ENGINE);
        floor.talk(ENGINE, 1_000);
        floor.request(CHIEF);

        assertThat(floor.revoked(ENGINE)).containsExactly(RevokeCause.PREEMPTED);
        assertThat(floor.position(CHIEF)).isEqualTo(1);
        assertThat(floor.media(ENGINE)).isTrue();

        floor.release(ENGINE);
        assertThat(floor.open).containsExactly(CHIEF);
    }

    @Test
    void theGraceEndsByItself() {
        floor.request(ENGINE);
        floor.talk(ENGINE, 1_000);
        floor.request(CHIEF);
        floor.talk(ENGINE, 2_900);
        assertThat(floor.open).containsExactly(ENGINE);
        floor.pass(101);
        assertThat(floor.open).containsExactly(CHIEF);
        assertThat(floor.isTold(ENGINE, CHIEF)).isTrue();
        assertThat(floor.media(ENGINE)).isFalse();
    }

    @Test
    void whoMustStopAndAsksAgainHearsThatItMustStop() {
        floor.request(ENGINE);
        floor.request(CHIEF);
        floor.request(ENGINE);
        assertThat(floor.revoked(ENGINE)).containsExactly(RevokeCause.PREEMPTED, RevokeCause.PREEMPTED);
        assertThat(floor.arbiter.waiting()).containsExactly(CHIEF);
    }

    @Test
    void preemptivePriorityDoesNotPreemptItsLike() {
        floor.request(CHIEF);
        floor.request(DISPATCH);
        assertThat(floor.revoked(CHIEF)).isEmpty();
        assertThat(floor.position(DISPATCH)).isEqualTo(1);
    }

    @Test
    void askingWithAnOrdinaryPriorityOverridesNobody() {
        floor.request(ENGINE);
        floor.request(CHIEF, 199);
        assertThat(floor.revoked(ENGINE)).isEmpty();
        assertThat(floor.position(CHIEF)).isEqualTo(1);
    }

    @Test
    void aFullQueueGivesItsLastPlaceToPreemptivePriority() {
        TestFloor small = TestFloor.pre(policy -> TestFloor.queue(policy, 1));
        small.request(ENGINE);
        small.request(LADDER);
        small.request(CHIEF);
        assertThat(small.denied(LADDER)).isEqualTo(DenyCause.QUEUE_FULL);
        assertThat(small.position(CHIEF)).isEqualTo(1);
        assertThat(small.revoked(ENGINE)).containsExactly(RevokeCause.PREEMPTED);
    }

    @Test
    void whereNobodyCanWaitPreemptionIsAtOnce() {
        TestFloor none = TestFloor.pre(policy -> TestFloor.queue(policy, 0));
        none.request(ENGINE);
        none.request(CHIEF);
        assertThat(none.open).containsExactly(CHIEF);
        assertThat(none.isTold(ENGINE, CHIEF)).isTrue();
    }

    @Test
    void withoutOverrideOneWaits() {
        TestFloor none = TestFloor.pre(policy -> TestFloor.with(policy, OverrideMode.NONE));
        none.request(ENGINE);
        none.request(CHIEF);
        assertThat(none.open).containsExactly(ENGINE);
        assertThat(none.position(CHIEF)).isEqualTo(1);
    }

    @Test
    void audioCutInTakesTheFloorAtOnce() {
        TestFloor cutIn = TestFloor.pre(policy -> TestFloor.with(policy, OverrideMode.AUDIO_CUT_IN));
        cutIn.request(CHIEF);
        cutIn.request(ENGINE);
        assertThat(cutIn.open).containsExactly(ENGINE);
        assertThat(cutIn.revoked(CHIEF)).containsExactly(RevokeCause.PREEMPTED);

        cutIn.emergency(LADDER);
        cutIn.request(MEDIC);
        assertThat(cutIn.open).containsExactly(LADDER);
        assertThat(cutIn.position(MEDIC)).isEqualTo(1);
    }

    // ---- both heard

    @Test
    void bothAreHeardWhereTheGroupWantsIt() {
        TestFloor dual = TestFloor.pre(policy -> TestFloor.with(policy, OverrideMode.BOTH_HEARD));
        dual.request(ENGINE);
        dual.request(CHIEF);

        assertThat(dual.open).containsExactly(ENGINE, CHIEF);
        assertThat(((Granted) dual.told(CHIEF).get(1)).indicator().has(FloorIndicator.DUAL_FLOOR))
                .isTrue();
        assertThat(dual.isTold(LADDER, ENGINE, CHIEF)).isTrue();
        assertThat(((Taken) dual.last(LADDER)).indicator().has(FloorIndicator.DUAL_FLOOR))
                .isTrue();
        assertThat(dual.isTold(ENGINE, ENGINE, CHIEF)).isTrue();
        assertThat(dual.revoked(ENGINE)).isEmpty();

        dual.request(DISPATCH);
        assertThat(dual.position(DISPATCH)).isEqualTo(1);
    }

    @Test
    void whatIsLeftOfBothIsAnOrdinaryTalk() {
        TestFloor dual = TestFloor.pre(policy -> TestFloor.with(policy, OverrideMode.BOTH_HEARD));
        dual.request(ENGINE);
        dual.request(CHIEF);
        dual.forget();
        dual.release(ENGINE);
        assertThat(dual.last(LADDER)).isInstanceOf(ReleaseMultiTalker.class);
        assertThat(dual.isTold(ENGINE, CHIEF)).isTrue();
        dual.request(LADDER);
        assertThat(dual.position(LADDER)).isEqualTo(1);
        dual.release(CHIEF);
        assertThat(dual.open).containsExactly(LADDER);
    }

    @Test
    void whenTheOverridingOneEndsTheOtherTalksOn() {
        TestFloor dual = TestFloor.pre(policy -> TestFloor.with(policy, OverrideMode.BOTH_HEARD));
        dual.request(ENGINE);
        dual.request(CHIEF);
        dual.request(LADDER);
        dual.release(CHIEF);
        assertThat(dual.open).containsExactly(ENGINE);
        assertThat(dual.arbiter.waiting()).containsExactly(LADDER);
    }

    @Test
    void anEmergencyIsHeardBesideWhoTalksAndThenInPlaceOfThem() {
        TestFloor dual = TestFloor.pre(policy -> TestFloor.with(policy, OverrideMode.BOTH_HEARD));
        dual.request(ENGINE);
        dual.emergency(LADDER);
        assertThat(dual.open).containsExactly(ENGINE, LADDER);
        dual.emergency(MEDIC);
        assertThat(dual.open).containsExactly(LADDER, MEDIC);
        assertThat(dual.revoked(ENGINE)).containsExactly(RevokeCause.PREEMPTED);
    }

    // ---- urgency

    @Test
    void anEmergencyTakesTheFloorAtOnceWhateverThePriorities() {
        floor.request(DISPATCH);
        floor.talk(DISPATCH, 500);
        floor.forget();
        floor.emergency(MEDIC);

        assertThat(floor.open).containsExactly(MEDIC);
        assertThat(floor.revoked(DISPATCH)).containsExactly(RevokeCause.PREEMPTED);
        assertThat(floor.isTold(DISPATCH, MEDIC)).isTrue();
        assertThat(floor.media(DISPATCH)).isFalse();
        assertThat(floor.log.indexOf("-dispatch")).isLessThan(floor.log.indexOf("+medic-3"));
        assertThat(((Taken) floor.last(LADDER)).indicator())
                .isEqualTo(new FloorIndicator(FloorIndicator.EMERGENCY | FloorIndicator.QUEUEING));
    }

    @Test
    void anEmergencyTakesTheFloorInEveryMode() {
        for (OverrideMode mode : OverrideMode.values()) {
            TestFloor one = TestFloor.pre(policy -> TestFloor.with(policy, mode));
            one.request(CHIEF);
            one.emergency(ENGINE);
            assertThat(one.open).as("%s", mode).contains(ENGINE);
        }
    }

    @Test
    void imminentPerilIsAboveRoutineAndBelowEmergency() {
        floor.request(ENGINE);
        floor.peril(LADDER);
        assertThat(floor.open).containsExactly(LADDER);
        floor.request(CHIEF);
        floor.peril(MEDIC);
        assertThat(floor.arbiter.waiting()).containsExactly(MEDIC, CHIEF);
        floor.emergency(ENGINE);
        assertThat(floor.open).containsExactly(ENGINE);
    }

    @Test
    void anEmergencyWaitsOnlyBehindAnEmergency() {
        floor.emergency(ENGINE);
        floor.request(CHIEF);
        floor.peril(MEDIC);
        floor.emergency(LADDER);
        assertThat(floor.open).containsExactly(ENGINE);
        assertThat(floor.arbiter.waiting()).containsExactly(LADDER, MEDIC, CHIEF);
        assertThat(floor.position(LADDER)).isEqualTo(1);
    }

    @Test
    void anEmergencyDoesNotWaitForAGrace() {
        floor.request(ENGINE);
        floor.request(CHIEF);
        floor.emergency(LADDER);
        assertThat(floor.open).containsExactly(LADDER);
        assertThat(floor.arbiter.waiting()).containsExactly(CHIEF);
    }

    @Test
    void aFullQueueGivesItsLastPlaceToAnEmergency() {
        TestFloor small = TestFloor.pre(policy -> TestFloor.queue(policy, 1));
        small.emergency(ENGINE);
        small.request(LADDER);
        small.emergency(MEDIC);
        assertThat(small.position(MEDIC)).isEqualTo(1);
        assertThat(small.denied(LADDER)).isEqualTo(DenyCause.QUEUE_FULL);
        small.emergency(CHIEF);
        assertThat(small.denied(CHIEF)).isEqualTo(DenyCause.QUEUE_FULL);
    }

    @Test
    void whoMayNotRaiseAnEmergencyAsksRoutinely() {
        floor.arbiter.join(LADDER, new Membership(10, java.util.Set.of(Membership.Right.TALK)), true, 0);
        floor.request(ENGINE);
        floor.emergency(LADDER);
        assertThat(floor.open).containsExactly(ENGINE);
        assertThat(floor.position(LADDER)).isEqualTo(1);
    }

    @Test
    void whoMustStopAndComesIntoAnEmergencyTalksOn() {
        floor.request(ENGINE);
        floor.talk(ENGINE, 1_000);
        floor.request(CHIEF);
        floor.emergency(ENGINE);
        assertThat(floor.last(ENGINE)).isInstanceOf(Granted.class);
        floor.talk(ENGINE, 10_000);
        assertThat(floor.open).containsExactly(ENGINE);
        assertThat(floor.arbiter.waiting()).containsExactly(CHIEF);
    }

    @Test
    void whatIsRaisedWhileWaitingTakesTheFloor() {
        floor.request(ENGINE);
        floor.request(LADDER);
        floor.arbiter.raise(LADDER, Urgency.EMERGENCY, floor.nanos());
        assertThat(floor.open).containsExactly(LADDER);
    }

    @Test
    void whenTheTalkersEmergencyIsCancelledWhoIsInOneNeedNotWait() {
        floor.emergency(ENGINE);
        floor.peril(LADDER);
        floor.arbiter.lower(ENGINE, floor.nanos());
        assertThat(floor.open).containsExactly(LADDER);
    }

    @Test
    void whatIsLoweredWhileWaitingGoesBack() {
        floor.emergency(ENGINE);
        floor.emergency(LADDER);
        floor.request(CHIEF);
        floor.arbiter.lower(LADDER, floor.nanos());
        assertThat(floor.arbiter.waiting()).containsExactly(CHIEF, LADDER);
        assertThat(floor.position(LADDER)).isEqualTo(2);
    }

    @Test
    void aCallInEmergencySaysSoInEveryMessageAndAtOnce() {
        floor.arbiter.inProgress(Urgency.EMERGENCY, floor.nanos());
        assertThat(((Idle) floor.last(LADDER)).indicator().has(FloorIndicator.EMERGENCY))
                .isTrue();
        floor.request(ENGINE);
        assertThat(((Taken) floor.last(LADDER)).indicator().has(FloorIndicator.NORMAL))
                .isFalse();
        floor.arbiter.inProgress(Urgency.ROUTINE, floor.nanos());
        assertThat(((Taken) floor.last(LADDER)).indicator().has(FloorIndicator.NORMAL))
                .isTrue();
    }

    // ---- forced release

    @Test
    void aForcedReleaseNeedsTheRightAndKeepsOneFromTheFloorForAWhile() {
        floor.request(ENGINE);
        floor.talk(ENGINE, 500);
        assertThat(floor.arbiter.forcedRelease(LADDER, ENGINE, floor.nanos())).isFalse();
        assertThat(floor.arbiter.forcedRelease(DISPATCH, LADDER, floor.nanos())).isFalse();
        assertThat(floor.open).containsExactly(ENGINE);

        assertThat(floor.arbiter.forcedRelease(DISPATCH, ENGINE, floor.nanos())).isTrue();
        assertThat(floor.open).isEmpty();
        assertThat(floor.revoked(ENGINE)).containsExactly(RevokeCause.OTHER_REASON);
        floor.request(ENGINE);
        assertThat(floor.denied(ENGINE)).isEqualTo(DenyCause.RETRY_AFTER_NOT_EXPIRED);
        floor.pass(TestFloor.TIMERS.t9());
        floor.request(ENGINE);
        assertThat(floor.open).containsExactly(ENGINE);
    }

    @Test
    void aDispatcherOutsideTheCallMayReleaseToo() {
        floor.leave(DISPATCH);
        floor.emergency(ENGINE);
        assertThat(floor.arbiter.forcedRelease(DISPATCH, ENGINE, floor.nanos())).isTrue();
        assertThat(floor.open).isEmpty();
    }

    @Test
    void whoLosesTheRightToTalkLosesTheFloor() {
        floor.request(ENGINE);
        floor.arbiter.join(ENGINE, Membership.listening(), true, floor.nanos());
        assertThat(floor.open).isEmpty();
        assertThat(floor.revoked(ENGINE)).containsExactly(RevokeCause.NO_PERMISSION);
    }

    @Test
    void whoLosesTheRightToTalkWaitsNoMore() {
        floor.request(ENGINE);
        floor.request(LADDER);
        floor.arbiter.join(LADDER, Membership.listening(), true, floor.nanos());
        assertThat(floor.denied(LADDER)).isEqualTo(DenyCause.RECEIVE_ONLY);
        floor.release(ENGINE);
        assertThat(floor.open).isEmpty();
    }
}

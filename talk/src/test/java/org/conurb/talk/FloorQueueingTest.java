package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.talk.TestFloor.CHIEF;
import static org.conurb.talk.TestFloor.DISPATCH;
import static org.conurb.talk.TestFloor.ENGINE;
import static org.conurb.talk.TestFloor.LADDER;
import static org.conurb.talk.TestFloor.MEDIC;

import java.time.Duration;
import org.conurb.talk.FloorMessage.Deny;
import org.conurb.talk.FloorMessage.Granted;
import org.conurb.talk.FloorMessage.Idle;
import org.conurb.talk.FloorMessage.QueuePositionInfo;
import org.conurb.talk.FloorMessage.Taken;
import org.junit.jupiter.api.Test;

/** Asking, waiting and getting, where nothing is urgent and nobody overrides. */
class FloorQueueingTest {
    private final TestFloor floor = TestFloor.pre(policy -> TestFloor.with(policy, OverrideMode.NONE));

    @Test
    void whoAsksFirstGetsTheFloorAndAllOthersHearWhoHasIt() {
        floor.request(ENGINE);

        assertThat(floor.last(ENGINE)).isInstanceOfSatisfying(Granted.class, granted -> {
            assertThat(granted.talkFor()).isEqualTo(Duration.ofSeconds(30));
            assertThat(granted.priority()).isEqualTo(10);
            assertThat(granted.indicator().has(FloorIndicator.NORMAL)).isTrue();
        });
        assertThat(floor.open).containsExactly(ENGINE);
        assertThat(floor.isTold(LADDER, ENGINE)).isTrue();
        assertThat(floor.isTold(DISPATCH, ENGINE)).isTrue();
        assertThat(floor.told(LADDER).getFirst())
                .isInstanceOfSatisfying(
                        Taken.class, taken -> assertThat(taken.mayRequest()).isTrue());
    }

    @Test
    void theGateOpensBeforeTheTalkerIsToldAndShutsBeforeTheNextOpens() {
        floor.request(ENGINE);
        floor.request(LADDER);
        floor.release(ENGINE);

        assertThat(floor.log.indexOf("+engine-1")).isLessThan(floor.log.indexOf("engine-1 Granted"));
        assertThat(floor.log.indexOf("-engine-1")).isLessThan(floor.log.indexOf("+ladder-2"));
    }

    @Test
    void theyWaitByPriorityThenByArrivalAndAreToldWhere() {
        floor.request(ENGINE);
        floor.request(LADDER);
        floor.request(MEDIC);
        assertThat(floor.position(LADDER)).isEqualTo(1);
        assertThat(floor.position(MEDIC)).isEqualTo(2);

        floor.request(CHIEF);

        assertThat(floor.position(CHIEF)).isEqualTo(1);
        assertThat(floor.position(LADDER)).isEqualTo(2);
        assertThat(floor.position(MEDIC)).isEqualTo(3);
        assertThat(floor.arbiter.waiting()).containsExactly(CHIEF, LADDER, MEDIC);
    }

    @Test
    void theFloorGoesFromHandToHandWithoutBeingIdleBetween() {
        floor.request(ENGINE);
        floor.request(LADDER);
        floor.request(CHIEF);
        floor.forget();

        floor.release(ENGINE);

        assertThat(floor.open).containsExactly(CHIEF);
        assertThat(floor.position(LADDER)).isEqualTo(1);
        assertThat(floor.isTold(ENGINE, CHIEF)).isTrue();
        assertThat(floor.count(MEDIC, Idle.class)).isZero();
    }

    @Test
    void askingWithLessPriorityCountsAndAskingWithMoreThanOnesOwnDoesNot() {
        floor.request(ENGINE);
        floor.request(LADDER, 255);
        floor.request(CHIEF, 5);

        assertThat(floor.arbiter.waiting()).containsExactly(LADDER, CHIEF);
    }

    @Test
    void askingAgainKeepsTheTurnAndIsAnswered() {
        floor.request(ENGINE);
        floor.request(LADDER);
        floor.pass(100);
        floor.request(MEDIC);
        floor.pass(100);
        floor.forget();

        floor.request(LADDER);

        assertThat(floor.position(LADDER)).isEqualTo(1);
        assertThat(floor.arbiter.waiting()).containsExactly(LADDER, MEDIC);
    }

    @Test
    void theTalkerThatAsksAgainHearsWhatIsLeftToIt() {
        floor.request(ENGINE);
        floor.talk(ENGINE, 10_000);
        floor.request(ENGINE);

        assertThat(floor.last(ENGINE))
                .isInstanceOfSatisfying(
                        Granted.class, granted -> assertThat(granted.talkFor()).isEqualTo(Duration.ofSeconds(20)));
        assertThat(floor.count(LADDER, Taken.class)).isEqualTo(1);
    }

    @Test
    void whereTheQueueIsFullOneIsDenied() {
        TestFloor small = TestFloor.pre(policy -> TestFloor.queue(TestFloor.with(policy, OverrideMode.NONE), 1));
        small.request(ENGINE);
        small.request(LADDER);
        small.request(CHIEF);

        assertThat(small.denied(CHIEF)).isEqualTo(DenyCause.QUEUE_FULL);
        assertThat(small.arbiter.waiting()).containsExactly(LADDER);
    }

    @Test
    void whereNobodyWaitsOneIsDeniedBecauseAnotherTalks() {
        TestFloor none = TestFloor.pre(policy -> TestFloor.queue(TestFloor.with(policy, OverrideMode.NONE), 0));
        none.request(ENGINE);
        none.request(LADDER);

        assertThat(none.denied(LADDER)).isEqualTo(DenyCause.ANOTHER_CLIENT_HAS_PERMISSION);
    }

    @Test
    void releasingTakesARequestBack() {
        floor.request(ENGINE);
        floor.request(LADDER);
        floor.request(MEDIC);
        floor.release(LADDER);

        assertThat(floor.isTold(LADDER, ENGINE)).isTrue();
        assertThat(floor.position(MEDIC)).isEqualTo(1);
    }

    @Test
    void releasingWhatOneHasNotIsAnsweredByHowTheFloorIs() {
        floor.release(LADDER);
        assertThat(floor.isToldIdle(LADDER)).isTrue();
        floor.request(ENGINE);
        floor.release(LADDER);
        assertThat(floor.isTold(LADDER, ENGINE)).isTrue();
        assertThat(floor.open).containsExactly(ENGINE);
    }

    @Test
    void aPlaceIsToldOnRequest() {
        floor.queuePosition(LADDER);
        assertThat(floor.position(LADDER)).isEqualTo(QueuePositionInfo.NOT_QUEUED);
        floor.request(ENGINE);
        floor.request(LADDER);
        floor.forget();
        floor.queuePosition(LADDER);
        assertThat(floor.position(LADDER)).isEqualTo(1);
        assertThat(floor.told(LADDER)).hasSize(1);
    }

    @Test
    void aRequestIsCancelledByItsOwnerOrByOneWhoMay() {
        floor.request(ENGINE);
        floor.request(LADDER);
        floor.request(MEDIC);

        assertThat(floor.arbiter.cancelQueued(MEDIC, LADDER, floor.nanos())).isFalse();
        assertThat(floor.arbiter.cancelQueued(DISPATCH, LADDER, floor.nanos())).isTrue();
        assertThat(floor.arbiter.cancelQueued(MEDIC, MEDIC, floor.nanos())).isTrue();
        assertThat(floor.arbiter.cancelQueued(DISPATCH, ENGINE, floor.nanos())).isFalse();

        assertThat(floor.denied(LADDER)).isEqualTo(DenyCause.OTHER_REASON);
        assertThat(floor.arbiter.waiting()).isEmpty();
    }

    @Test
    void whoIsNotInTheCallIsDenied() {
        floor.leave(LADDER);
        floor.request(LADDER);
        assertThat(floor.denied(LADDER)).isEqualTo(DenyCause.OTHER_REASON);
        assertThat(floor.open).isEmpty();
        assertThat(floor.media(LADDER)).isFalse();
    }

    @Test
    void whoOnlyListensIsDeniedAndToldSo() {
        TestFloor listeners = TestFloor.of(CallKind.PRE_ARRANGED, FloorPolicy.standard());
        listeners.arbiter.join(LADDER, Membership.listening(), true, 0);
        listeners.request(LADDER);
        assertThat(listeners.denied(LADDER)).isEqualTo(DenyCause.RECEIVE_ONLY);
        listeners.request(ENGINE);
        assertThat(listeners.last(LADDER))
                .isInstanceOfSatisfying(
                        Taken.class, taken -> assertThat(taken.mayRequest()).isFalse());
    }

    @Test
    void oneAloneTalksToNobody() {
        for (Participant other : new Participant[] {LADDER, MEDIC, CHIEF, DISPATCH}) {
            floor.leave(other);
        }
        floor.request(ENGINE);
        assertThat(floor.denied(ENGINE)).isEqualTo(DenyCause.ONLY_ONE_PARTICIPANT);
        floor.join(LADDER);
        floor.request(ENGINE);
        assertThat(floor.open).containsExactly(ENGINE);
        floor.leave(LADDER);
        assertThat(floor.revoked(ENGINE)).containsExactly(RevokeCause.ONLY_ONE_CLIENT);
        assertThat(floor.isToldIdle(ENGINE)).isTrue();
        assertThat(floor.open).isEmpty();
        floor.emergency(ENGINE);
        assertThat(floor.open).containsExactly(ENGINE);
    }

    @Test
    void whoLeavesGivesTheFloorToTheNext() {
        floor.request(ENGINE);
        floor.request(LADDER);
        floor.request(MEDIC);
        floor.forget();
        floor.leave(ENGINE);
        floor.leave(MEDIC);

        assertThat(floor.open).containsExactly(LADDER);
        assertThat(floor.told(ENGINE)).isEmpty();
        assertThat(floor.arbiter.waiting()).isEmpty();
    }

    @Test
    void whoLeavesAnIdleQueueLeavesTheFloorIdle() {
        floor.request(ENGINE);
        floor.forget();
        floor.leave(ENGINE);
        assertThat(floor.isToldIdle(LADDER)).isTrue();
    }

    @Test
    void whoComesLateHearsAtOnceWhoTalks() {
        floor.leave(MEDIC);
        floor.request(ENGINE);
        floor.forget();
        floor.join(MEDIC);
        assertThat(floor.isTold(MEDIC, ENGINE)).isTrue();
        assertThat(floor.told(LADDER)).isEmpty();

        floor.release(ENGINE);
        floor.leave(MEDIC);
        floor.join(MEDIC);
        assertThat(floor.isToldIdle(MEDIC)).isTrue();
    }

    @Test
    void sequenceNumbersGrowWithEachTakenAndIdle() {
        floor.request(ENGINE);
        int first = ((Taken) floor.last(LADDER)).sequence();
        floor.release(ENGINE);
        assertThat(((Idle) floor.last(LADDER)).sequence()).isEqualTo(first + 1);
    }

    @Test
    void aGroupThatIsFullLetsNobodyMoreIn() {
        TestFloor two = new TestFloor(
                new TalkGroup("g", CallKind.CHAT, TestFloor.FIRE, FloorPolicy.standard(), 2, TestFloor.crews()));
        Membership membership = Membership.talking(1);
        assertThat(two.arbiter.join(ENGINE, membership, true, 0)).isTrue();
        assertThat(two.arbiter.join(LADDER, membership, true, 0)).isTrue();
        assertThat(two.arbiter.join(MEDIC, membership, true, 0)).isFalse();
        assertThat(two.arbiter.join(LADDER, membership, true, 0)).isTrue();
    }

    @Test
    void deniedRequestsLeaveNothingBehind() {
        TestFloor small = TestFloor.pre(policy -> TestFloor.queue(TestFloor.with(policy, OverrideMode.NONE), 0));
        small.request(ENGINE);
        small.request(LADDER);
        small.release(ENGINE);
        assertThat(small.open).isEmpty();
        assertThat(small.count(LADDER, Deny.class)).isEqualTo(1);
        assertThat(small.wasGranted(LADDER)).isFalse();
    }
}

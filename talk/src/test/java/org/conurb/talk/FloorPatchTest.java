package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.conurb.talk.TestFloor.CHIEF;
import static org.conurb.talk.TestFloor.DISPATCH;
import static org.conurb.talk.TestFloor.ENGINE;
import static org.conurb.talk.TestFloor.LADDER;
import static org.conurb.talk.TestFloor.MEDIC;
import static org.conurb.talk.TestFloor.seat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.conurb.talk.FloorMessage.Idle;
import org.conurb.talk.FloorMessage.Taken;
import org.junit.jupiter.api.Test;

/** Two groups with one floor for a while. */
class FloorPatchTest {
    private static final Participant PATROL = seat("patrol-7");
    private static final Participant SERGEANT = seat("sergeant");

    private final TestFloor fire = TestFloor.pre(policy -> TestFloor.with(policy, OverrideMode.NONE));
    private final TestFloor police = police();

    private static TestFloor police() {
        Map<Participant, Membership> members = new LinkedHashMap<>();
        members.put(PATROL, Membership.talking(20));
        members.put(SERGEANT, Membership.talking(30));
        members.put(DISPATCH, Membership.dispatching(100));
        TestFloor police = new TestFloor(TestFloor.group(CallKind.CHAT, FloorPolicy.standard(), members));
        members.keySet().forEach(police::join);
        police.forget();
        return police;
    }

    private void patch() {
        fire.arbiter.patch(police.arbiter, fire.nanos());
    }

    private void unpatch() {
        fire.arbiter.unpatch(police.arbiter, fire.nanos());
    }

    @Test
    void bothGroupsHaveOneFloor() {
        patch();
        police.request(PATROL);
        fire.request(ENGINE);

        assertThat(police.open).containsExactly(PATROL);
        assertThat(fire.open).isEmpty();
        assertThat(fire.isTold(LADDER, PATROL)).isTrue();
        assertThat(fire.position(ENGINE)).isEqualTo(1);
        police.release(PATROL);
        assertThat(fire.open).containsExactly(ENGINE);
        assertThat(police.isTold(SERGEANT, ENGINE)).isTrue();
    }

    @Test
    void whoWaitsInOneAndIsInAnEmergencyInTheOtherIsAnsweredThere() {
        patch();
        police.request(PATROL);
        fire.request(DISPATCH);
        assertThat(fire.position(DISPATCH)).isEqualTo(1);

        police.arbiter.raise(DISPATCH, Urgency.EMERGENCY, fire.nanos());
        police.release(PATROL);
        assertThat(police.open).containsExactly(DISPATCH);
        assertThat(fire.open).isEmpty();
    }

    @Test
    void aTalkGoesOnOverThePatchWhereThereIsRoom() {
        police.request(PATROL);
        patch();
        assertThat(police.open).containsExactly(PATROL);
        assertThat(fire.isTold(ENGINE, PATROL)).isTrue();
    }

    @Test
    void ofTwoTalksOneIsRevokedAndWhoWaitedWaitsOn() {
        fire.request(ENGINE);
        fire.request(LADDER);
        police.request(PATROL);
        police.request(SERGEANT);
        patch();

        assertThat(fire.open).containsExactly(ENGINE);
        assertThat(police.open).isEmpty();
        assertThat(police.revoked(PATROL)).containsExactly(RevokeCause.PREEMPTED);
        assertThat(police.isTold(PATROL, ENGINE)).isTrue();
        assertThat(fire.arbiter.waiting()).containsExactly(SERGEANT, LADDER);
        assertThat(fire.position(LADDER)).isEqualTo(2);
    }

    @Test
    void anEmergencyOfTheOtherGroupTakesTheFloor() {
        fire.request(ENGINE);
        police.emergency(PATROL);
        patch();
        assertThat(police.open).containsExactly(PATROL);
        assertThat(fire.open).isEmpty();
        assertThat(fire.revoked(ENGINE)).containsExactly(RevokeCause.PREEMPTED);
    }

    @Test
    void ofTwoEmergenciesOneWaits() {
        fire.emergency(ENGINE);
        fire.request(LADDER);
        police.emergency(PATROL);
        patch();
        assertThat(fire.open).containsExactly(ENGINE);
        assertThat(fire.arbiter.waiting()).containsExactly(PATROL, LADDER);
    }

    @Test
    void anEmergencyInOneGroupIsToldInBoth() {
        patch();
        police.arbiter.inProgress(Urgency.EMERGENCY, fire.nanos());
        assertThat(((Idle) fire.last(ENGINE)).indicator().has(FloorIndicator.EMERGENCY))
                .isTrue();
        fire.arbiter.inProgress(Urgency.ROUTINE, fire.nanos());
        assertThat(((Idle) fire.last(ENGINE)).indicator().has(FloorIndicator.EMERGENCY))
                .isTrue();
        unpatch();
        fire.request(ENGINE);
        assertThat(((Taken) fire.last(LADDER)).indicator().has(FloorIndicator.EMERGENCY))
                .isFalse();
    }

    @Test
    void afterwardsEachHasItsOwnAndTakesItsTalkAlong() {
        patch();
        police.request(PATROL);
        police.request(SERGEANT);
        fire.request(ENGINE);
        fire.forget();
        unpatch();

        assertThat(police.open).containsExactly(PATROL);
        assertThat(police.arbiter.waiting()).containsExactly(SERGEANT);
        assertThat(fire.open).containsExactly(ENGINE);
        assertThat(fire.isTold(LADDER, ENGINE)).isTrue();
        assertThat(police.isTold(DISPATCH, PATROL)).isTrue();
        assertThat(fire.arbiter.size()).isEqualTo(5);
        assertThat(police.arbiter.size()).isEqualTo(3);
    }

    @Test
    void whoIsInBothIsInItOnceAndStaysInBoth() {
        patch();
        fire.request(DISPATCH);
        assertThat(fire.open).containsExactly(DISPATCH);
        assertThat(police.open).isEmpty();
        police.leave(DISPATCH);
        assertThat(fire.open).containsExactly(DISPATCH);
        police.join(DISPATCH);
        unpatch();
        assertThat(fire.open).containsExactly(DISPATCH);
        assertThat(police.arbiter.isIn(DISPATCH)).isTrue();
        assertThat(police.isToldIdle(DISPATCH)).isTrue();
    }

    @Test
    void whoLeavesTheGroupByWhichItTalksHasEnded() {
        patch();
        fire.request(DISPATCH);
        fire.leave(DISPATCH);
        assertThat(fire.open).isEmpty();
        assertThat(police.arbiter.isIn(DISPATCH)).isTrue();
        police.request(DISPATCH);
        assertThat(police.open).containsExactly(DISPATCH);
    }

    @Test
    void aMemberOfOneCannotActThroughTheOther() {
        patch();
        fire.request(PATROL);
        assertThat(fire.denied(PATROL)).isEqualTo(DenyCause.OTHER_REASON);
        assertThat(fire.open).isEmpty();
    }

    @Test
    void aGroupThatClosesLeavesThePatchedFloorToTheOther() {
        patch();
        police.request(PATROL);
        fire.request(ENGINE);
        police.arbiter.close(fire.nanos());
        assertThat(police.open).isEmpty();
        assertThat(fire.open).containsExactly(ENGINE);
        assertThat(police.arbiter.size()).isZero();
    }

    @Test
    void severalMayBePatchedToOneButNotInAChain() {
        TestFloor third = TestFloor.of(CallKind.CHAT, FloorPolicy.standard());
        patch();
        fire.arbiter.patch(third.arbiter, fire.nanos());
        assertThat(third.arbiter.talkers()).isEmpty();
        third.request(CHIEF);
        assertThat(police.isTold(PATROL, CHIEF)).isTrue();
        assertThatThrownBy(() -> police.arbiter.patch(fire.arbiter, fire.nanos()))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> fire.arbiter.patch(police.arbiter, fire.nanos()))
                .isInstanceOf(IllegalStateException.class);
        TestFloor broadcast = TestFloor.of(CallKind.BROADCAST, FloorPolicy.standard());
        assertThatThrownBy(() -> fire.arbiter.patch(broadcast.arbiter, fire.nanos()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(MEDIC).isNotIn(police.arbiter.talkers());
    }
}

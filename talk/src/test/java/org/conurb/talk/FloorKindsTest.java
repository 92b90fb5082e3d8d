package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.conurb.talk.TestFloor.CHIEF;
import static org.conurb.talk.TestFloor.DISPATCH;
import static org.conurb.talk.TestFloor.ENGINE;
import static org.conurb.talk.TestFloor.FIRE;
import static org.conurb.talk.TestFloor.LADDER;
import static org.conurb.talk.TestFloor.MEDIC;

import java.time.Duration;
import java.util.List;
import org.conurb.talk.FloorMessage.Granted;
import org.conurb.talk.FloorMessage.ReleaseMultiTalker;
import org.conurb.talk.FloorMessage.Taken;
import org.junit.jupiter.api.Test;

/** What is peculiar to some kinds of calls. */
class FloorKindsTest {
    // ---- several talkers

    @Test
    void asManyTalkAsTheGroupLets() {
        TestFloor two = TestFloor.pre(policy -> TestFloor.talkers(policy, 2));
        two.request(ENGINE);
        two.request(LADDER);
        assertThat(two.open).containsExactly(ENGINE, LADDER);
        assertThat(two.isTold(MEDIC, ENGINE, LADDER)).isTrue();
        assertThat(two.isTold(ENGINE, ENGINE, LADDER)).isTrue();
        assertThat(((Taken) two.last(MEDIC)).indicator().has(FloorIndicator.MULTI_TALKER))
                .isTrue();

        two.request(MEDIC);
        assertThat(two.position(MEDIC)).isEqualTo(1);
        two.release(ENGINE);
        assertThat(two.open).containsExactly(LADDER, MEDIC);
        assertThat(two.isTold(ENGINE, LADDER, MEDIC)).isTrue();
    }

    @Test
    void whenOneOfSeveralEndsTheOthersHearWho() {
        TestFloor two = TestFloor.pre(policy -> TestFloor.talkers(policy, 2));
        two.request(ENGINE);
        two.request(LADDER);
        two.release(ENGINE);
        assertThat(two.last(MEDIC))
                .isInstanceOfSatisfying(
                        ReleaseMultiTalker.class,
                        release -> assertThat(release.party()).isEqualTo(ENGINE.party()));
        assertThat(two.isTold(ENGINE, LADDER)).isTrue();
        two.release(LADDER);
        assertThat(two.isToldIdle(MEDIC)).isTrue();
    }

    @Test
    void ofSeveralTheWeakestGivesWay() {
        TestFloor two = TestFloor.pre(policy -> TestFloor.talkers(policy, 2));
        two.request(LADDER, 10);
        two.request(ENGINE, 5);
        two.emergency(MEDIC);
        assertThat(two.open).containsExactly(LADDER, MEDIC);
        two.request(CHIEF);
        assertThat(two.revoked(LADDER)).containsExactly(RevokeCause.PREEMPTED);
        two.request(DISPATCH);
        assertThat(two.arbiter.waiting()).containsExactly(DISPATCH, CHIEF);
        two.release(LADDER);
        assertThat(two.open).containsExactly(MEDIC, DISPATCH);
    }

    @Test
    void whoComesLateHearsOfAllWhoTalk() {
        TestFloor two = TestFloor.pre(policy -> TestFloor.talkers(policy, 2));
        two.leave(MEDIC);
        two.request(ENGINE);
        two.request(LADDER);
        two.join(MEDIC);
        assertThat(two.isTold(MEDIC, ENGINE, LADDER)).isTrue();
    }

    // ---- broadcast

    @Test
    void onlyWhoBeginsABroadcastTalksInIt() {
        TestFloor broadcast = TestFloor.of(CallKind.BROADCAST, FloorPolicy.standard());
        broadcast.request(ENGINE);
        assertThat(broadcast.denied(ENGINE)).isEqualTo(DenyCause.RECEIVE_ONLY);
        broadcast.request(DISPATCH);
        assertThat(broadcast.open).containsExactly(DISPATCH);
        assertThat(broadcast.last(ENGINE)).isInstanceOfSatisfying(Taken.class, taken -> {
            assertThat(taken.mayRequest()).isFalse();
            assertThat(taken.indicator().has(FloorIndicator.BROADCAST)).isTrue();
        });
        broadcast.emergency(CHIEF);
        assertThat(broadcast.denied(CHIEF)).isEqualTo(DenyCause.RECEIVE_ONLY);
        assertThat(broadcast.open).containsExactly(DISPATCH);
    }

    // ---- private calls

    private static TestFloor ofTwo(boolean withFloor) {
        TestFloor two = new TestFloor(
                TalkGroup.ofTwo("sip:call-1@alder.example", FIRE, FloorPolicy.standard(), ENGINE, MEDIC, withFloor));
        two.join(ENGINE);
        two.join(MEDIC);
        return two;
    }

    @Test
    void inAPrivateCallWithFloorTheyTakeTurns() {
        TestFloor two = ofTwo(true);
        two.request(ENGINE);
        two.request(MEDIC);
        assertThat(two.open).containsExactly(ENGINE);
        assertThat(two.isTold(MEDIC, ENGINE)).isFalse();
        assertThat(two.position(MEDIC)).isEqualTo(1);
        two.release(ENGINE);
        assertThat(two.open).containsExactly(MEDIC);
    }

    @Test
    void inAPrivateCallWithoutFloorBothAreHeardAllTheTime() {
        TestFloor two = ofTwo(false);
        assertThat(two.open).containsExactlyInAnyOrder(ENGINE, MEDIC);
        assertThat(two.told).isEmpty();
        two.pass(Duration.ofHours(1));
        assertThat(two.media(ENGINE)).isTrue();
        assertThat(two.media(MEDIC)).isTrue();

        two.request(ENGINE);
        assertThat(two.last(ENGINE))
                .isInstanceOfSatisfying(
                        Granted.class, granted -> assertThat(granted.talkFor()).isZero());
        two.release(ENGINE);
        assertThat(two.media(ENGINE)).isTrue();
        two.leave(ENGINE);
        assertThat(two.open).containsExactly(MEDIC);
        assertThat(two.media(ENGINE)).isFalse();
    }

    @Test
    void aPrivateCallHasTwo() {
        assertThatThrownBy(
                        () -> new TalkGroup("p", CallKind.PRIVATE, FIRE, FloorPolicy.standard(), 2, TestFloor.crews()))
                .hasMessageContaining("two");
    }

    // ---- temporary groups

    @Test
    void aTemporaryGroupHasTheMembersOfAllAndTheirBestRights() {
        TalkGroup fire = TestFloor.group(
                CallKind.PRE_ARRANGED, FloorPolicy.standard(), java.util.Map.of(ENGINE, Membership.talking(10)));
        TalkGroup ambulance = TestFloor.group(
                CallKind.PRE_ARRANGED,
                FloorPolicy.standard(),
                java.util.Map.of(ENGINE, Membership.talking(50), MEDIC, Membership.listening()));
        TalkGroup both =
                TalkGroup.regroup("sip:regroup@alder.example", FIRE, FloorPolicy.standard(), List.of(fire, ambulance));

        assertThat(both.members()).containsEntry(ENGINE, Membership.talking(50)).containsKey(MEDIC);
        TestFloor floor = new TestFloor(both);
        both.members().keySet().forEach(floor::join);
        floor.request(ENGINE);
        assertThat(((Taken) floor.last(MEDIC)).indicator().has(FloorIndicator.TEMPORARY_GROUP))
                .isTrue();
    }

    // ---- configuration

    @Test
    void aChangedGroupCountsAtOnce() {
        TestFloor floor = TestFloor.pre(policy -> policy);
        floor.request(ENGINE);
        floor.request(LADDER);
        TalkGroup group = floor.arbiter.group();
        java.util.Map<Participant, Membership> members = new java.util.LinkedHashMap<>(group.members());
        members.put(ENGINE, Membership.listening());
        floor.arbiter.update(
                new TalkGroup(
                        group.id(),
                        group.kind(),
                        FIRE,
                        TestFloor.talkers(group.policy(), 2),
                        group.capacity(),
                        members),
                floor.nanos());
        assertThat(floor.open).containsExactly(LADDER);
        floor.request(MEDIC);
        assertThat(floor.open).containsExactly(LADDER, MEDIC);
        assertThatThrownBy(() -> floor.arbiter.update(
                        new TalkGroup("other", group.kind(), FIRE, group.policy(), 10, members), floor.nanos()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.conurb.talk.TestFloor.CHIEF;
import static org.conurb.talk.TestFloor.ENGINE;
import static org.conurb.talk.TestFloor.LADDER;
import static org.conurb.talk.TestFloor.MEDIC;
import static org.conurb.talk.TestFloor.TIMERS;

import java.time.Duration;
import org.conurb.talk.FloorMessage.Granted;
import org.conurb.talk.FloorMessage.Idle;
import org.conurb.talk.FloorMessage.Revoke;
import org.junit.jupiter.api.Test;

/** Timers of TS 24.380 11.1.3 as they run out. */
class FloorTimersTest {
    private final TestFloor floor = TestFloor.pre(policy -> TestFloor.with(policy, OverrideMode.NONE));

    @Test
    void silenceForT1EndsATalk() {
        floor.request(ENGINE);
        floor.request(LADDER);
        floor.talk(ENGINE, 3_000);
        floor.pass(3_900);
        assertThat(floor.open).containsExactly(ENGINE);
        floor.pass(100);
        assertThat(floor.open).containsExactly(LADDER);
        assertThat(floor.isTold(ENGINE, LADDER)).isTrue();
        assertThat(floor.revoked(ENGINE)).isEmpty();
    }

    @Test
    void whoIsGrantedAndNeverSendsLosesTheFloorAfterT1() {
        floor.request(ENGINE);
        floor.pass(TIMERS.t1());
        assertThat(floor.open).isEmpty();
        assertThat(floor.isToldIdle(ENGINE)).isTrue();
    }

    @Test
    void aTalkIsLimitedFromItsFirstPacketOnAndWarnedBefore() {
        floor.request(ENGINE);
        floor.pass(2_000);
        floor.talk(ENGINE, 24_980);
        assertThat(floor.log).noneMatch(entry -> entry.startsWith("warn"));
        floor.talk(ENGINE, 40);
        assertThat(floor.log).contains("warn 5");
        floor.talk(ENGINE, 4_960);
        assertThat(floor.revoked(ENGINE)).isEmpty();
        floor.talk(ENGINE, 40);
        assertThat(floor.revoked(ENGINE)).containsExactly(RevokeCause.MEDIA_BURST_TOO_LONG);
        assertThat(floor.open).containsExactly(ENGINE);
        floor.talk(ENGINE, 2_940);
        assertThat(floor.open).containsExactly(ENGINE);
        floor.talk(ENGINE, 100);
        assertThat(floor.open).isEmpty();
    }

    @Test
    void whoTalkedTooLongStaysOffTheFloorForT9ButNotInAnEmergency() {
        floor.request(ENGINE);
        floor.talk(ENGINE, 30_100);
        floor.release(ENGINE);
        floor.request(ENGINE);
        assertThat(floor.denied(ENGINE)).isEqualTo(DenyCause.RETRY_AFTER_NOT_EXPIRED);
        floor.emergency(ENGINE);
        assertThat(floor.open).containsExactly(ENGINE);
        floor.release(ENGINE);
        floor.pass(TIMERS.t9());
        floor.request(ENGINE);
        assertThat(floor.open).containsExactly(ENGINE);
    }

    @Test
    void whoEndsInTimeMayAskAgainAtOnce() {
        floor.request(ENGINE);
        floor.talk(ENGINE, 29_000);
        floor.release(ENGINE);
        floor.request(ENGINE);
        assertThat(floor.open).containsExactly(ENGINE);
    }

    @Test
    void silenceInTheGraceEndsItToo() {
        TestFloor short1 = TestFloor.pre(policy -> new FloorPolicy(
                1,
                5,
                OverrideMode.REVOKE,
                200,
                new FloorTimers(
                        Duration.ofSeconds(1),
                        TIMERS.t2(),
                        TIMERS.t2Warning(),
                        Duration.ofSeconds(10),
                        TIMERS.t4(),
                        TIMERS.t7(),
                        TIMERS.t8(),
                        TIMERS.t9(),
                        TIMERS.t20(),
                        10,
                        3)));
        short1.request(ENGINE);
        short1.media(ENGINE);
        short1.request(CHIEF);
        short1.pass(1_000);
        assertThat(short1.open).containsExactly(CHIEF);
    }

    @Test
    void mediaOfWhoMayNotTalkIsNotPassedOnAndItsSenderIsToldNowAndThen() {
        for (int i = 0; i < 100; i++) {
            assertThat(floor.media(LADDER)).isFalse();
            floor.pass(20);
        }
        assertThat(floor.revoked(LADDER)).containsExactly(RevokeCause.NO_PERMISSION, RevokeCause.NO_PERMISSION);
        assertThat(floor.open).isEmpty();
    }

    @Test
    void packetsThatWereUnderWayAtTheReleaseAreNoOffence() {
        floor.request(ENGINE);
        floor.talk(ENGINE, 1_000);
        floor.release(ENGINE);
        floor.pass(100);
        assertThat(floor.media(ENGINE)).isFalse();
        assertThat(floor.revoked(ENGINE)).isEmpty();
    }

    @Test
    void onAnUnreliablePathTheGrantOfOneWhoWaitedIsRepeatedUntilItsMediaComes() {
        floor.joinUnreliably(LADDER);
        floor.request(ENGINE);
        floor.request(LADDER);
        floor.release(ENGINE);
        floor.pass(1_500);
        assertThat(floor.count(LADDER, Granted.class)).isEqualTo(2);
        floor.talk(LADDER, 5_000);
        assertThat(floor.count(LADDER, Granted.class)).isEqualTo(2);
    }

    @Test
    void theGrantIsRepeatedC20TimesOrUntilItIsAcknowledged() {
        floor.joinUnreliably(LADDER);
        floor.request(ENGINE);
        floor.request(LADDER);
        floor.release(ENGINE);
        floor.pass(3_900);
        assertThat(floor.count(LADDER, Granted.class)).isEqualTo(1 + TIMERS.c20());

        floor.request(ENGINE);
        floor.pass(200);
        assertThat(floor.open).containsExactly(ENGINE);
        floor.request(LADDER);
        floor.release(ENGINE);
        floor.forget();
        floor.arbiter.acknowledge(LADDER, floor.nanos());
        floor.pass(3_000);
        assertThat(floor.count(LADDER, Granted.class)).isZero();
    }

    @Test
    void onAReliablePathNothingIsRepeated() {
        floor.request(ENGINE);
        floor.request(LADDER);
        floor.release(ENGINE);
        floor.talk(LADDER, 1_000);
        floor.release(LADDER);
        floor.forget();
        floor.pass(20_000);
        assertThat(floor.told).isEmpty();
    }

    @Test
    void idleIsRepeatedC7TimesToThoseWhoMayHaveMissedIt() {
        floor.joinUnreliably(LADDER);
        floor.request(ENGINE);
        floor.release(ENGINE);
        floor.forget();
        floor.pass(Duration.ofMinutes(2));
        assertThat(floor.count(LADDER, Idle.class)).isEqualTo(TIMERS.c7());
        assertThat(floor.told(MEDIC)).isEmpty();

        floor.request(ENGINE);
        floor.release(ENGINE);
        floor.request(ENGINE);
        floor.forget();
        floor.talk(ENGINE, 10_000);
        assertThat(floor.count(LADDER, Idle.class)).isZero();
    }

    @Test
    void aRevokeIsRepeatedEachT8ToWhoMayHaveMissedIt() {
        TestFloor lossy = TestFloor.pre(policy -> policy);
        lossy.joinUnreliably(ENGINE);
        lossy.request(ENGINE);
        lossy.request(CHIEF);
        lossy.talk(ENGINE, 2_900);
        assertThat(lossy.count(ENGINE, Revoke.class)).isEqualTo(3);
    }

    @Test
    void afterT4ItIsToldInactiveOnce() {
        floor.request(ENGINE);
        floor.release(ENGINE);
        floor.pass(TIMERS.t4().minusMillis(1));
        assertThat(floor.inactive).isZero();
        floor.pass(Duration.ofMinutes(10));
        assertThat(floor.inactive).isEqualTo(1);
        assertThat(floor.arbiter.nextTimer()).isEqualTo(FloorArbiter.NEVER);
    }

    @Test
    void aCallInWhichNobodyEverTalksIsInactiveToo() {
        TestFloor quiet = TestFloor.pre(policy -> policy);
        quiet.pass(TIMERS.t4());
        assertThat(quiet.inactive).isEqualTo(1);
    }

    @Test
    void whatWasDueHappensBeforeAnythingElseHoweverLateItIs() {
        floor.request(ENGINE);
        floor.request(LADDER);
        floor.oversleep(Duration.ofHours(1));
        floor.request(MEDIC);
        assertThat(floor.open).containsExactly(LADDER);
        assertThat(floor.position(MEDIC)).isEqualTo(1);
        assertThat(floor.media(ENGINE)).isFalse();
    }

    @Test
    void timeThatGoesBackCountsAsNone() {
        floor.pass(10_000);
        floor.request(ENGINE);
        floor.arbiter.mediaArrived(ENGINE, 0);
        floor.arbiter.tick(1);
        floor.pass(3_900);
        assertThat(floor.open).containsExactly(ENGINE);
        floor.pass(100);
        assertThat(floor.open).isEmpty();
    }

    @Test
    void timersOfNoLengthAreRefused() {
        assertThatThrownBy(() -> new FloorTimers(
                        Duration.ZERO,
                        TIMERS.t2(),
                        TIMERS.t2Warning(),
                        TIMERS.t3(),
                        TIMERS.t4(),
                        TIMERS.t7(),
                        TIMERS.t8(),
                        TIMERS.t9(),
                        TIMERS.t20(),
                        1,
                        1))
                .hasMessageContaining("T1");
        assertThatThrownBy(() -> new FloorTimers(
                        TIMERS.t1(),
                        TIMERS.t2(),
                        TIMERS.t2(),
                        TIMERS.t3(),
                        TIMERS.t4(),
                        TIMERS.t7(),
                        TIMERS.t8(),
                        TIMERS.t9(),
                        TIMERS.t20(),
                        1,
                        1))
                .hasMessageContaining("warning");
    }
}

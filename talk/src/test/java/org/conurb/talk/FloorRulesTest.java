package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.conurb.talk.FloorRules.Decision;
import org.conurb.talk.FloorRules.Way;
import org.junit.jupiter.api.Test;

/** What holds for whatever wishes meet. */
class FloorRulesTest {
    private static final int ROUNDS = 20_000;

    private final Random random = new Random(24_380);

    private FloorMember wish() {
        FloorMember member = new FloorMember(TestFloor.ENGINE);
        member.urgency = Urgency.values()[random.nextInt(3)];
        member.priority = random.nextInt(4) * 85;
        member.askedAt = random.nextInt(3);
        return member;
    }

    private List<FloorMember> talkers(int most) {
        List<FloorMember> talkers = new ArrayList<>();
        for (int i = random.nextInt(most); i >= 0; i--) {
            FloorMember talker = wish();
            talker.state = random.nextInt(4) == 0 ? FloorMember.State.PENDING_REVOKE : FloorMember.State.PERMITTED;
            talkers.add(talker);
        }
        return talkers;
    }

    private FloorPolicy policy(OverrideMode mode) {
        return new FloorPolicy(1, random.nextInt(3), mode, 85 * random.nextInt(4), FloorTimers.standard());
    }

    private OverrideMode mode() {
        return OverrideMode.values()[random.nextInt(OverrideMode.values().length)];
    }

    @Test
    void theOrderOfWishesIsOne() {
        for (int i = 0; i < ROUNDS; i++) {
            FloorMember a = wish();
            FloorMember b = wish();
            FloorMember c = wish();
            assertThat(a.goesBefore(a)).isFalse();
            assertThat(a.goesBefore(b) && b.goesBefore(a)).isFalse();
            if (a.goesBefore(b) && b.goesBefore(c)) {
                assertThat(a.goesBefore(c)).isTrue();
            }
            if (!a.goesBefore(b) && !b.goesBefore(a) && a.goesBefore(c)) {
                assertThat(b.goesBefore(c)).isTrue();
            }
        }
    }

    @Test
    void aQueueIsAlwaysInOrderAndEqualsKeepTheirs() {
        for (int round = 0; round < 200; round++) {
            FloorQueue queue = new FloorQueue();
            List<FloorMember> model = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                if (random.nextInt(3) > 0 || model.isEmpty()) {
                    FloorMember one = wish();
                    queue.add(one);
                    model.add(one);
                    model.sort((a, b) -> a.goesBefore(b) ? -1 : b.goesBefore(a) ? 1 : 0); // stable
                } else {
                    FloorMember one = model.remove(random.nextInt(model.size()));
                    assertThat(queue.remove(one)).isTrue();
                    assertThat(queue.remove(one)).isFalse();
                }
                assertThat(queue.all()).containsExactlyElementsOf(model);
            }
        }
    }

    @Test
    void nobodyGivesWayToWhatIsLessUrgent() {
        for (int i = 0; i < ROUNDS; i++) {
            FloorMember asking = wish();
            Decision decision = FloorRules.override(asking, talkers(3), policy(mode()));
            if (decision.from() != null) {
                assertThat(decision.from().urgency.isAbove(asking.urgency)).isFalse();
            }
        }
    }

    @Test
    void whatIsMoreUrgentThanAnyWhoTalksNeverWaits() {
        for (int i = 0; i < ROUNDS; i++) {
            FloorMember asking = wish();
            List<FloorMember> talkers = talkers(3);
            if (talkers.stream().anyMatch(talker -> asking.urgency.isAbove(talker.urgency))) {
                assertThat(FloorRules.override(asking, talkers, policy(mode())).way())
                        .isIn(Way.TAKE, Way.BESIDE);
            }
        }
    }

    @Test
    void amongEquallyUrgentOnlyTheModeAndPreemptivePriorityCount() {
        for (int i = 0; i < ROUNDS; i++) {
            FloorMember asking = wish();
            FloorMember talker = wish();
            talker.urgency = asking.urgency;
            talker.state = FloorMember.State.PERMITTED;
            FloorPolicy policy = policy(mode());
            boolean preemptive = asking.priority >= policy.preemptFrom() && talker.priority < policy.preemptFrom();
            Way way = FloorRules.override(asking, List.of(talker), policy).way();
            Way expected = switch (policy.override()) {
                case NONE -> Way.WAIT;
                case AUDIO_CUT_IN -> Way.TAKE;
                case BOTH_HEARD -> preemptive ? Way.BESIDE : Way.WAIT;
                case REVOKE -> !preemptive ? Way.WAIT : policy.queueLimit() == 0 ? Way.TAKE : Way.REVOKE;
            };
            assertThat(way).isEqualTo(expected);
        }
    }

    @Test
    void whoGivesWayIsTheWeakest() {
        for (int i = 0; i < ROUNDS; i++) {
            FloorMember asking = wish();
            List<FloorMember> talkers = talkers(3);
            Decision decision = FloorRules.override(asking, talkers, policy(mode()));
            if (decision.way() == Way.TAKE && asking.urgency.isAbove(FloorRules.weakest(talkers).urgency)) {
                for (FloorMember talker : talkers) {
                    assertThat(talker.urgency.compareTo(decision.from().urgency))
                            .isGreaterThanOrEqualTo(0);
                }
            }
        }
    }
}

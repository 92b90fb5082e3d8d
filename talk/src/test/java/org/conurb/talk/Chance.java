package org.conurb.talk;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Random;
import org.conurb.talk.Membership.Right;

/** What simulations are made of, by a seed. */
record Chance(Random random) {
    int below(int bound) {
        return random.nextInt(bound);
    }

    /** One of a hundred ways out of {@code percent}. */
    boolean percent(int percent) {
        return random.nextInt(100) < percent;
    }

    int of(int... values) {
        return values[random.nextInt(values.length)];
    }

    Membership membership() {
        EnumSet<Right> rights = EnumSet.noneOf(Right.class);
        for (Right right : Right.values()) {
            boolean common = right == Right.TALK || right == Right.RAISE_EMERGENCY;
            if (random.nextInt(10) < (common ? 9 : 4)) {
                rights.add(right);
            }
        }
        return new Membership(of(0, 10, 10, 50, 150, 220, 255), rights);
    }

    FloorPolicy policy(boolean one) {
        int talkers = one || random.nextInt(10) < 7 ? 1 : 2 + random.nextInt(2);
        OverrideMode[] modes = OverrideMode.values();
        return new FloorPolicy(
                talkers, random.nextInt(5), modes[random.nextInt(modes.length)], of(200, 256, 100), timers());
    }

    private FloorTimers timers() {
        return new FloorTimers(
                Duration.ofMillis(of(500, 2_000, 4_000)),
                Duration.ofMillis(of(1_000, 5_000, 30_000)),
                Duration.ofMillis(500),
                Duration.ofMillis(of(1, 300, 3_000)),
                Duration.ofMillis(of(5_000, 30_000)),
                Duration.ofMillis(of(200, 2_000)),
                Duration.ofMillis(of(200, 1_000)),
                Duration.ofMillis(of(1, 3_000)),
                Duration.ofMillis(of(200, 1_000)),
                5,
                3);
    }
}

package org.conurb.testkit;

import java.time.Clock;
import java.util.Random;
import org.conurb.kernel.Ids;

/** Ids that are the same in each run. */
public final class TestIds {
    private TestIds() {}

    public static Ids seeded(Clock clock) {
        return seeded(clock, 1);
    }

    public static Ids seeded(Clock clock, long seed) {
        return new Ids(clock, new Random(seed));
    }
}

package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;
import org.conurb.talk.SiteSchedule.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lives of whole sites made by chance; settings as for {@link FloorSimulationTest}. */
class SiteSimulationTest {
    private static final int SCHEDULES = Integer.getInteger("conurb.talk.schedules", 150);
    private static final long SEED = Long.getLong("conurb.talk.seed", 1);

    @Test
    void whateverHappensCallsAndEarsAreAsTheyShould() {
        long steps = 0;
        for (long seed = SEED; seed < SEED + SCHEDULES; seed++) {
            steps += new SiteSchedule(seed, Fault.NONE).run();
        }
        assertThat(steps).isGreaterThan(60L * SCHEDULES);
        System.out.printf("%d schedules of a site from seed %d on, %d steps%n", SCHEDULES, SEED, steps);
    }

    /** Lives in which something was found once. */
    @ParameterizedTest
    @ValueSource(longs = {1_975, 2_708, 3_221, 3_493, 5_143, 6_347, 6_728})
    void whatWasFoundIsMended(long seed) {
        assertThat(new SiteSchedule(seed, Fault.NONE).run()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aSiteBrokenOnPurposeIsFoundAndFoundAgainByItsSeed(Fault fault) {
        AtomicLong seed = new AtomicLong(SEED - 1);
        AssertionError found = null;
        while (found == null) {
            assertThat(seed.incrementAndGet()).as("%s is not found", fault).isLessThan(SEED + 100);
            try {
                new SiteSchedule(seed.get(), fault).run();
            } catch (AssertionError failure) {
                found = failure;
            }
        }
        assertThat(found).hasMessageContaining("seed " + seed.get());
        assertThatThrownBy(() -> new SiteSchedule(seed.get(), fault).run()).hasMessage(found.getMessage());
    }
}

package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScanTest {
    private static final Duration KEEP = Duration.ofSeconds(3);
    private static final long SECOND = 1_000_000_000L;

    private final Scan scan = of(1);

    private static Scan of(int nc5) {
        Scan scan = new Scan(nc5, KEEP);
        scan.add("incident", 3, 0);
        scan.add("district", 2, 0);
        scan.add("city", 2, 0);
        return scan;
    }

    @Test
    void whoTalksFirstIsHeardUntilSomethingOfAHigherPriorityComes() {
        scan.talk("district", Urgency.ROUTINE, 0);
        scan.talk("city", Urgency.ROUTINE, 0);
        assertThat(scan.heard()).containsExactly("district");
        scan.talk("incident", Urgency.ROUTINE, 0);
        assertThat(scan.heard()).containsExactly("incident");
    }

    @Test
    void whatIsUrgentIsHeardWhateverThePriorities() {
        scan.talk("incident", Urgency.IMMINENT_PERIL, 0);
        scan.talk("city", Urgency.EMERGENCY, 0);
        assertThat(scan.heard()).containsExactly("city");
        scan.talk("incident", Urgency.EMERGENCY, 0);
        assertThat(scan.heard()).containsExactly("incident");
    }

    @Test
    void aGroupIsKeptForTheAnswer() {
        scan.talk("district", Urgency.ROUTINE, 0);
        scan.talk("city", Urgency.ROUTINE, 0);
        scan.silent("district", SECOND);
        assertThat(scan.heard()).containsExactly("district");
        scan.talk("district", Urgency.ROUTINE, 2 * SECOND);
        scan.silent("district", 3 * SECOND);
        assertThat(scan.nextTimer()).isEqualTo(6 * SECOND);
        scan.tick(6 * SECOND);
        assertThat(scan.heard()).containsExactly("city");
        scan.silent("city", 7 * SECOND);
        scan.tick(10 * SECOND);
        assertThat(scan.heard()).isEmpty();
        assertThat(scan.nextTimer()).isEqualTo(FloorArbiter.NEVER);
    }

    @Test
    void whatIsKeptGivesWayToTheMoreImportant() {
        scan.talk("district", Urgency.EMERGENCY, 0);
        scan.silent("district", SECOND);
        scan.talk("incident", Urgency.ROUTINE, SECOND);
        assertThat(scan.heard()).containsExactly("incident");
    }

    @Test
    void asManyAreHeardAsNc5Lets() {
        Scan two = of(2);
        two.talk("district", Urgency.ROUTINE, 0);
        two.talk("city", Urgency.ROUTINE, 1);
        two.talk("incident", Urgency.ROUTINE, 2);
        assertThat(two.heard()).containsExactly("incident", "district");
    }

    @Test
    void aChangedListCountsAtOnce() {
        scan.talk("district", Urgency.ROUTINE, 0);
        scan.talk("city", Urgency.ROUTINE, 0);
        scan.add("city", 5, 0);
        assertThat(scan.heard()).containsExactly("city");
        scan.remove("city", 0);
        assertThat(scan.heard()).containsExactly("district");
        scan.talk("stranger", Urgency.EMERGENCY, 0);
        assertThat(scan.heard()).containsExactly("district");
    }

    @Test
    void theListIsBounded() {
        for (int i = 0; i < Scan.MOST_GROUPS - 3; i++) {
            assertThat(scan.add("g" + i, 1, 0)).isTrue();
        }
        assertThat(scan.add("one more", 1, 0)).isFalse();
        assertThat(scan.add("city", 9, 0)).isTrue();
    }
}

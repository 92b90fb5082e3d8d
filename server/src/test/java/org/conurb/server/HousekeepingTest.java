package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.City;
import org.conurb.kernel.Health;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Retained;
import org.conurb.store.Retained.Forgotten;
import org.conurb.testkit.FakeAudit;
import org.conurb.testkit.TestClock;
import org.conurb.testkit.TestStore;
import org.junit.jupiter.api.Test;

class HousekeepingTest {
    private static final OrganisationId FIRE = new OrganisationId("fire");
    private static final OrganisationId POLICE = new OrganisationId("police");

    private final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");
    private final FakeAudit audit = new FakeAudit();
    private final List<Instant> asked = new ArrayList<>();

    @Test
    void eachOrganisationIsToldOncePerClassHowMuchWentAndBeforeWhen() {
        Housekeeping housekeeping = of(
                room("grants", "grants", gone(2, Map.of(FIRE, 1, POLICE, 1), true), gone(1, Map.of(FIRE, 1), false)),
                room("units", "history", gone(3, Map.of(POLICE, 3), false)),
                room("units", "positions", gone(4, Map.of(POLICE, 4), false)),
                room("forever", "stones"));
        housekeeping.run();

        assertThat(audit.entries())
                .extracting(
                        AuditEntry::owner,
                        AuditEntry::action,
                        entry -> entry.facts().get("class"),
                        entry -> entry.facts().get("count"))
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(FIRE, "retention.applied", "grants", "2"),
                        org.assertj.core.groups.Tuple.tuple(POLICE, "retention.applied", "grants", "1"),
                        org.assertj.core.groups.Tuple.tuple(POLICE, "retention.applied", "units", "7"));
        assertThat(audit.entries().getFirst().facts()).containsEntry("before", "2026-01-30T08:00:00Z");
        assertThat(asked).contains(Instant.parse("2026-01-30T08:00:00Z"), Instant.parse("2026-02-27T08:00:00Z"));
        assertThat(housekeeping.read().detail())
                .isEqualTo("Ran at 2026-03-01T08:00:00Z: removed 3 grants, 3 history, 4 positions");
    }

    @Test
    void aRunThatRemovesNothingTellsNobody() {
        Housekeeping housekeeping = of(room("grants", "grants", Forgotten.NOTHING));
        assertThat(housekeeping.read().detail()).contains("not run");
        housekeeping.run();
        assertThat(audit.entries()).isEmpty();
        assertThat(housekeeping.read().detail()).contains("nothing was old enough");
    }

    @Test
    void whereOneFailsTheOthersGoOnAndTheOperationsPageTells() {
        Housekeeping housekeeping = of(
                Retained.by("units", "history", before -> {
                    throw new IllegalStateException("disk");
                }),
                room("grants", "grants", gone(1, Map.of(FIRE, 1), false)));
        housekeeping.run();
        assertThat(audit.actions()).containsExactly("retention.applied");
        assertThat(housekeeping.read().state()).isEqualTo(Health.State.DEGRADED);
        assertThat(housekeeping.read().detail()).endsWith("removed 1 grants; failed: history");
    }

    private Housekeeping of(Retained... rooms) {
        return new Housekeeping(List.of(rooms), TestStore.with(), audit, city(), clock);
    }

    private Retained room(String retention, String what, Forgotten... answers) {
        Deque<Forgotten> left = new ArrayDeque<>(List.of(answers));
        return Retained.by(retention, what, before -> {
            asked.add(before);
            return left.isEmpty() ? Forgotten.NOTHING : left.removeFirst();
        });
    }

    private static Forgotten gone(int count, Map<OrganisationId, Integer> owners, boolean more) {
        return new Forgotten(count, owners, more);
    }

    private static City city() {
        return new City(
                "test",
                "Test",
                ZoneId.of("UTC"),
                List.of(Locale.ENGLISH),
                List.of(new City.Organisation(FIRE, City.Text.of("en", "Fire"), "fire")),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Map.of("grants", Duration.ofDays(30), "units", Duration.ofDays(2)),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty());
    }
}

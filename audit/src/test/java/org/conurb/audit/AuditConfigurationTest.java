package org.conurb.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.conurb.kernel.Access;
import org.conurb.kernel.Audit;
import org.conurb.kernel.City;
import org.conurb.kernel.Health;
import org.conurb.kernel.Ids;
import org.conurb.store.Migrations;
import org.conurb.store.Transactions;
import org.conurb.testkit.FakeAccess;
import org.conurb.testkit.TestClock;
import org.conurb.testkit.TestIds;
import org.conurb.testkit.TestStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;

class AuditConfigurationTest {
    @TempDir
    @SuppressWarnings("NullAway")
    private Path folder;

    @Test
    void thePartsFindEachOtherAndStopCleanly() {
        Path file = folder.resolve("keys/audit.key");
        SequencerLoop loop;
        try (AnnotationConfigApplicationContext context = context(Map.of("conurb.audit.key", file.toString()))) {
            assertThat(context.getBean(Migrations.class)).isEqualTo(new Migrations("audit"));
            assertThat(context.getBean(Audit.class)).isInstanceOf(AuditLog.class);
            loop = (SequencerLoop) context.getBean(Health.class);
            assertThat(loop.isRunning()).isTrue();
            assertThat(context.getBean(AuditController.class)
                            .key(AuditFixtures.person(AuditFixtures.ANNE, AuditFixtures.FIRE))
                            .getBody())
                    .startsWith("alder.conurb/audit+");
        }
        assertThat(file).exists();
        assertThat(folder.resolve("keys/audit.pub")).content().startsWith("alder.conurb/audit+");
        assertThat(loop.isRunning()).isFalse();
    }

    @Test
    void aWrongSettingStopsTheStartAndNamesItself() {
        for (Map<String, Object> wrong : List.<Map<String, Object>>of(
                Map.of("conurb.audit.checkpoint-every", "11s"),
                Map.of("conurb.audit.checkpoint-every", "1ms"),
                Map.of("conurb.audit.checkpoints-kept", "1s"),
                Map.of("conurb.audit.batch", "0"))) {
            assertThatThrownBy(() -> context(wrong).close())
                    .hasStackTraceContaining(wrong.keySet().iterator().next());
        }
        assertThat(Files.exists(folder.resolve("keys"))).isFalse();
    }

    private static AnnotationConfigApplicationContext context(Map<String, Object> settings) {
        TestClock clock = TestClock.at("2026-03-01T08:00:00Z");
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", settings));
        context.registerBean(Transactions.class, () -> TestStore.with("store", "audit"));
        context.registerBean(Clock.class, () -> clock);
        context.registerBean(Ids.class, () -> TestIds.seeded(clock));
        context.registerBean(City.class, AuditConfigurationTest::alder);
        context.registerBean(Access.class, () -> FakeAccess.to("fire"));
        context.register(AuditConfiguration.class);
        context.refresh();
        return context;
    }

    private static City alder() {
        return new City(
                "alder",
                "Alder",
                ZoneOffset.UTC,
                List.of(Locale.ENGLISH),
                List.of(new City.Organisation(AuditFixtures.FIRE, City.Text.of("en", "Fire"), "fire")),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Map.of("audit", Duration.ofDays(1)),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty());
    }
}

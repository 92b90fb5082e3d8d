package org.conurb.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import org.conurb.kernel.Health;
import org.conurb.testkit.TestIds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class SequencerLoopTest {
    @AutoClose
    private final LogFixture fixture = new LogFixture();

    private final SequencerLoop loop = new SequencerLoop(fixture.sequencer, fixture.clock, 2000);
    private final AuditLog log = new AuditLog(
            fixture.transactions, fixture.clock, TestIds.seeded(Clock.systemUTC()), new Random(1), "alder", loop);

    @AfterEach
    void stop() {
        loop.stop();
    }

    @Test
    void aCommittedEntryIsProvenWithinSeconds() {
        loop.start();
        fixture.clock.advance(Duration.ofSeconds(5));
        UUID id = fixture.transactions.as(LogFixture.ALL, () -> log.record(AuditFixtures.opened(1)));
        Proofs proofs = new Proofs(fixture.transactions);
        AuditFixtures.await(Duration.ofSeconds(10), () -> {
            fixture.clock.advance(Duration.ofSeconds(1));
            return !proofs.inclusion(fixture.transactions.as(
                            LogFixture.ALL,
                            () -> new Entries(fixture.transactions.jdbc())
                                    .find(id)
                                    .orElseThrow()))
                    .pending();
        });
        AuditFixtures.await(Duration.ofSeconds(5), () -> log.lag() == 0);
        assertThat(loop.read().state()).isEqualTo(Health.State.OK);
        assertThat(loop.read().component()).isEqualTo("audit.sequencer");
    }

    @Test
    void whatIsCommittedLastGetsItsPlaceBeforeTheEnd() {
        loop.start();
        assertThat(loop.isRunning()).isTrue();
        assertThat(fixture.transactions.as(LogFixture.ALL, () -> log.record(AuditFixtures.opened(1))))
                .isNotNull();
        loop.stop();
        assertThat(loop.isRunning()).isFalse();
        assertThat(fixture.count("select count(*) from audit.place")).isEqualTo(1);
        assertThat(loop.read().state()).isEqualTo(Health.State.DOWN);
        loop.start();
        AuditFixtures.await(Duration.ofSeconds(5), () -> loop.read().state() == Health.State.OK);
    }

    @Test
    void aBrokenLogShowsInTheHealthAndEntriesAreKept() {
        fixture.record(0, 5);
        fixture.settle();
        assertThat(fixture.asSuperuser("delete from audit.tile")).isEqualTo(1);
        loop.start();
        assertThat(fixture.transactions.as(LogFixture.ALL, () -> log.record(AuditFixtures.opened(6))))
                .isNotNull();
        AuditFixtures.await(Duration.ofSeconds(10), () -> loop.read().state() == Health.State.DOWN);
        assertThat(loop.read().remedy()).contains("verify-audit");
        assertThat(loop.lag()).isEqualTo(1);
        assertThat(fixture.count("select count(*) from audit.pending")).isEqualTo(1);
    }

    @Test
    void aLogThatFallsBehindIsDegraded() {
        fixture.transactions.doAs(
                LogFixture.ALL,
                () -> assertThat(log.record(AuditFixtures.opened(1))).isNotNull());
        loop.start();
        AuditFixtures.await(Duration.ofSeconds(10), () -> loop.lag() == 0);
        fixture.transactions.doAsSystem(() -> {
            AuditFixtures.await(Duration.ofSeconds(10), fixture.tree::lock);
            loop.committed();
            fixture.clock.advance(Duration.ofSeconds(11));
            assertThat(loop.lag()).isBetween(0L, 1L);
        });
    }
}

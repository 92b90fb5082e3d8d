package org.conurb.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.conurb.kernel.AuditEntry;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class AuditLogStoreTest {
    @AutoClose
    private final LogFixture fixture = new LogFixture();

    @Test
    void anEntryIsPendingUntilACheckpointCoversItAndThenProven() {
        fixture.settle();
        UUID id = fixture.record(AuditFixtures.opened(1));
        Proofs proofs = new Proofs(fixture.transactions);
        assertThat(proofs.inclusion(find(id)).state()).isEqualTo("pending");
        fixture.settle();
        Proofs.Inclusion proof = proofs.inclusion(find(id));
        assertThat(proof.state()).isEqualTo("included");
        Checkpoint head = Checkpoint.parse(
                        fixture.key.verifier().open(proof.checkpoint()).orElseThrow())
                .orElseThrow();
        byte[] leafHash = MerkleTree.leafHash(proof.leaf().getBytes(UTF_8));
        List<byte[]> hashes = proof.hashes().stream()
                .map(java.util.Base64.getDecoder()::decode)
                .toList();
        assertThat(MerkleTree.includes(leafHash, proof.index(), head.size(), hashes, head.root()))
                .isTrue();
    }

    @Test
    void aChangeAnswersWithItsEntryAndAReadDoesNot() {
        Change change = new Change(
                fixture.transactions,
                AuditFixtures.client(AuditFixtures.FIRE),
                LogFixture.ALL,
                Optional.empty(),
                new byte[32]);
        AuditEntry read = AuditEntry.of(
                AuditFixtures.client(AuditFixtures.FIRE), "incident.read", "Incident", "1", AuditFixtures.FIRE);
        AuditEntry granted =
                AuditEntry.of(AuditFixtures.client(AuditFixtures.FIRE), "grant.used", "Grant", "1", AuditFixtures.FIRE);
        UUID[] written = new UUID[1];
        Answer answer = change.commit(() -> {
            written[0] = fixture.log.record(AuditFixtures.opened(1));
            assertThat(fixture.log.record(read)).isNotEqualTo(fixture.log.record(granted));
            return Answer.noContent();
        });
        assertThat(answer.headers()).containsEntry("Conurb-Audit", written[0].toString());
    }

    @Test
    void aRolledBackChangeLeavesNoEntry() {
        assertThatThrownBy(() -> fixture.transactions.doAs(LogFixture.ALL, () -> {
                    fixture.record(1, 20);
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        fixture.record(20, 21);
        fixture.settle();
        assertThat(fixture.count("select count(*) from audit.entry")).isEqualTo(1);
        assertThat(fixture.count("select count(*) from audit.personal")).isEqualTo(2);
        assertThat(fixture.verify()).isEqualTo(new AuditVerifier.Report(1, 0, 1, List.of()));
    }

    @Test
    void anEntryOutsideATransactionIsRefused() {
        assertThatThrownBy(() -> fixture.log.record(AuditFixtures.opened(1))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void concurrentWritersLoseDoubleAndSkipNothing() throws Exception {
        int writers = 8;
        int each = 150;
        Sequencer small = fixture.sequencer(7);
        Set<UUID> acknowledged = ConcurrentHashMap.newKeySet();
        AtomicBoolean writing = new AtomicBoolean(true);
        Thread sequencing = Thread.ofVirtual().start(() -> {
            while (writing.get() || small.step() > 0) {
                fixture.clock.advance(Duration.ofMillis(100));
                int placed = small.step();
                assertThat(placed).isBetween(0, 7);
            }
        });
        List<Thread> threads = java.util.stream.IntStream.range(0, writers)
                .mapToObj(writer -> Thread.ofVirtual().start(() -> {
                    for (int i = 0; i < each; i++) {
                        int number = writer * each + i;
                        try {
                            acknowledged.add(fixture.transactions.as(LogFixture.ALL, () -> {
                                UUID id = fixture.log.record(AuditFixtures.opened(number));
                                if (number % 10 == 3) {
                                    throw new IllegalStateException("rolled back");
                                }
                                return id;
                            }));
                        } catch (IllegalStateException rolledBack) {
                            assertThat(rolledBack).hasMessage("rolled back");
                        }
                    }
                }))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        writing.set(false);
        sequencing.join();
        fixture.settle();
        List<UUID> placed = fixture.transactions.asSystem(() -> fixture.transactions
                .jdbc()
                .sql("select entry from audit.place order by index")
                .query((row, n) -> row.getObject(1, UUID.class))
                .list());
        assertThat(acknowledged).hasSize(writers * each * 9 / 10);
        assertThat(placed).hasSize(acknowledged.size());
        assertThat(new HashSet<>(placed)).isEqualTo(acknowledged);
        AuditVerifier.Report report = fixture.verify();
        assertThat(report.faults()).isEmpty();
        assertThat(report.signed()).isEqualTo(acknowledged.size());
    }

    @Test
    void aSlowTransactionIsNotSkippedByFasterOnes() throws Exception {
        AtomicBoolean written = new AtomicBoolean();
        AtomicBoolean go = new AtomicBoolean();
        UUID[] slow = new UUID[1];
        Thread thread = Thread.ofVirtual()
                .start(() -> fixture.transactions.doAs(LogFixture.ALL, () -> {
                    slow[0] = fixture.log.record(AuditFixtures.opened(0));
                    written.set(true);
                    AuditFixtures.await(Duration.ofSeconds(20), go::get);
                }));
        AuditFixtures.await(Duration.ofSeconds(20), written::get);
        fixture.record(1, 50);
        fixture.settle();
        assertThat(place(slow[0])).isEmpty();
        go.set(true);
        thread.join();
        fixture.settle();
        assertThat(place(slow[0])).contains(49L);
        assertThat(fixture.verify().sound()).isTrue();
    }

    @Test
    void twoSequencersNeverWorkAtOnce() {
        fixture.record(0, 10);
        Sequencer second = fixture.sequencer(100);
        fixture.transactions.doAsSystem(() -> {
            assertThat(fixture.tree.lock()).isTrue();
            Thread other =
                    Thread.ofVirtual().start(() -> assertThat(second.step()).isZero());
            assertThat(joined(other)).isTrue();
        });
        assertThat(fixture.count("select count(*) from audit.pending")).isEqualTo(10);
        assertThat(second.step()).isEqualTo(10);
    }

    @Test
    void erasingAPersonKeepsTheProofs() {
        fixture.record(0, 300);
        String other = "person:0190a1b2-0000-7000-8000-00000000bbbb";
        UUID kept = fixture.record(AuditEntry.of(
                AuditFixtures.person(other, AuditFixtures.FIRE), "unit.changed", "Unit", "u", AuditFixtures.FIRE));
        fixture.settle();
        int erased = fixture.log.erase(AuditFixtures.client(AuditFixtures.FIRE), AuditFixtures.ANNE);
        assertThat(erased).isEqualTo(300);
        fixture.settle();
        assertThat(fixture.count("select count(*) from audit.personal where value = '" + AuditFixtures.ANNE + "'"))
                .isZero();
        assertThat(fixture.count("select count(*) from audit.personal where entry = '" + kept + "'"))
                .isEqualTo(1);
        assertThat(fixture.verify()).isEqualTo(new AuditVerifier.Report(302, 0, 302, List.of()));
        assertThatThrownBy(() -> fixture.log.erase(AuditFixtures.client(AuditFixtures.FIRE), "client:crm"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void neitherRoleMayChangeOrDeleteAnEntry() {
        fixture.record(0, 3);
        for (String sql : List.of(
                "update audit.entry set action = 'x'",
                "delete from audit.entry",
                "truncate audit.entry",
                "update audit.personal set value = 'x'")) {
            assertThatThrownBy(() -> fixture.transactions.doAs(LogFixture.ALL, () -> execute(sql)))
                    .hasStackTraceContaining("permission denied");
            assertThatThrownBy(() -> fixture.transactions.doAsSystem(() -> execute(sql)))
                    .hasStackTraceContaining("permission denied");
        }
    }

    @Test
    void entriesOfOthersDoNotExistBehindTheSecondWall() {
        UUID id = fixture.record(AuditFixtures.opened(1));
        Entries entries = new Entries(fixture.transactions.jdbc());
        fixture.transactions.doAs(List.of(AuditFixtures.POLICE), () -> {
            assertThat(entries.find(id)).isEmpty();
            assertThat(entries.personal(List.of(id))).isEmpty();
            assertThat(entries.newest(
                            Set.copyOf(LogFixture.ALL), Optional.empty(), Optional.empty(), Optional.empty(), 10))
                    .isEmpty();
        });
    }

    @Test
    void aCheckpointComesOnlyWhenTheLogGrewAndItsTimeHasCome() {
        fixture.settle();
        assertThat(checkpoints()).isEqualTo(1);
        fixture.settle();
        assertThat(checkpoints()).isEqualTo(1);
        fixture.record(0, 1);
        assertThat(fixture.sequencer.step()).isEqualTo(1);
        assertThat(checkpoints()).isEqualTo(2);
        fixture.record(1, 2);
        assertThat(fixture.sequencer.step()).isEqualTo(1);
        assertThat(checkpoints()).isEqualTo(2);
        fixture.clock.advance(Duration.ofSeconds(2));
        assertThat(fixture.sequencer.step()).isZero();
        assertThat(checkpoints()).isEqualTo(3);
        fixture.record(2, 3);
        fixture.clock.advance(Duration.ofHours(-1));
        assertThat(fixture.sequencer.step()).isEqualTo(1);
        assertThat(checkpoints()).isEqualTo(4);
        fixture.record(3, 4);
        fixture.clock.advance(Duration.ofDays(8));
        assertThat(fixture.sequencer.step()).isEqualTo(1);
        assertThat(checkpoints()).isEqualTo(1);
        assertThat(fixture.verify().sound()).isTrue();
    }

    @Test
    void aNewKeySignsAtOnce() {
        fixture.record(0, 5);
        fixture.settle();
        LogKey other = new LogKey("alder.conurb/audit", LogKey.generate());
        Sequencer restarted = new Sequencer(
                fixture.transactions,
                other,
                fixture.clock,
                new AuditSettings(java.nio.file.Path.of("unused"), "", Duration.ofSeconds(2), Duration.ofDays(7), 10));
        assertThat(restarted.step()).isZero();
        assertThat(AuditVerifier.verify(fixture.transactions, other.verifier().text(), Optional.empty())
                        .sound())
                .isTrue();
        assertThat(fixture.verify().sound()).isFalse();
    }

    @Test
    void tamperingInTheDatabaseIsNamed() {
        fixture.record(0, 600);
        fixture.settle();
        UUID victim = entryAt(300);
        assertThat(fixture.asSuperuser("update audit.entry set kind = 'Unit' where id = '%s'".formatted(victim)))
                .isEqualTo(1);
        assertNamed(300, victim);
        assertThat(fixture.asSuperuser(
                        "update audit.entry set kind = 'Incident', leaf = set_byte(leaf, 50, 65) where id = '%s'"
                                .formatted(victim)))
                .isEqualTo(1);
        assertNamed(300, victim);
        assertThat(fixture.asSuperuser("delete from audit.entry where id = '%s'".formatted(victim)))
                .isEqualTo(1);
        assertNamed(300, victim);
        UUID hidden = entryAt(299);
        assertThat(fixture.asSuperuser("delete from audit.place where index >= 299"))
                .isEqualTo(301);
        AuditVerifier.Report report = fixture.verify();
        assertThat(report.faults().getFirst().index()).contains(299L);
        assertThat(report.faults()).anyMatch(fault -> fault.entry().equals(Optional.of(hidden)));
    }

    @Test
    void nothingIsSignedOnTopOfABrokenTree() {
        fixture.record(0, 300);
        fixture.settle();
        assertThat(
                        fixture.asSuperuser(
                                "update audit.tile set hashes = set_byte(hashes, 3, (get_byte(hashes, 3) + 1) % 256) where level = 0 and index = 1"))
                .isEqualTo(1);
        fixture.record(300, 301);
        fixture.clock.advance(Duration.ofSeconds(5));
        assertThatThrownBy(() -> fixture.sequencer.step()).isInstanceOf(LogBroken.class);
        assertThat(fixture.asSuperuser("delete from audit.tile where level = 0 and index = 1"))
                .isEqualTo(1);
        assertThatThrownBy(() -> fixture.sequencer.step())
                .isInstanceOf(LogBroken.class)
                .hasMessageContaining("verify-audit");
        assertThat(fixture.count("select count(*) from audit.pending")).isEqualTo(1);
    }

    private void assertNamed(long index, UUID entry) {
        assertThat(fixture.verify().faults()).hasSize(1).first().satisfies(fault -> {
            assertThat(fault.index()).contains(index);
            assertThat(fault.entry()).contains(entry);
        });
    }

    private UUID entryAt(long index) {
        return fixture.transactions.asSystem(() -> fixture.transactions
                .jdbc()
                .sql("select entry from audit.place where index = " + index)
                .query((row, n) -> row.getObject(1, UUID.class))
                .single());
    }

    private Optional<Long> place(UUID entry) {
        return fixture.transactions.asSystem(() -> fixture.tree.place(entry));
    }

    private Entries.Stored find(UUID id) {
        return fixture.transactions.as(
                LogFixture.ALL,
                () -> new Entries(fixture.transactions.jdbc()).find(id).orElseThrow());
    }

    private long checkpoints() {
        return fixture.count("select count(*) from audit.checkpoint");
    }

    private void execute(String sql) {
        assertThat(fixture.transactions.jdbc().sql(sql).update()).isNotNegative();
    }

    private static boolean joined(Thread thread) {
        try {
            return thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

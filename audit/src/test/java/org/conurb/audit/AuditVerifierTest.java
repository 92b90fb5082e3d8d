package org.conurb.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import org.conurb.audit.AuditVerifier.Report;
import org.junit.jupiter.api.Test;

class AuditVerifierTest {
    private static final int SMALL = 300;
    /** Both ends, both sides of a tile's edge, and every eleventh between. */
    private static final long[] INDEXES = LongStream.range(0, SMALL)
            .filter(index -> index < 3 || index > SMALL - 4 || Math.abs(index - 256) < 3 || index % 11 == 0)
            .toArray();

    private final LogKey key = new LogKey("alder.conurb/audit", LogKey.generate());
    private final MemoryLog log = MemoryLog.of(SMALL, key, 0, 100, 256, 290, SMALL);

    @Test
    void aSoundLogIsSound() {
        for (int size : new int[] {0, 1, 2, 255, 256, 257, 300, 512, 1000}) {
            Report report = verify(MemoryLog.of(size, key, size / 2, size));
            assertThat(report).isEqualTo(new Report(size, 0, size, List.of()));
        }
    }

    @Test
    void everyChangedEntryIsNamed() {
        for (long index : INDEXES) {
            MemoryLog tampered = log.copy();
            tampered.rewrite(index, flipped(log.entry(index).leaf(), (int) index));
            assertNamed(tampered, index);
        }
    }

    @Test
    void everyDeletedEntryIsNamed() {
        for (long index : INDEXES) {
            MemoryLog withoutEntry = log.copy();
            LogSource.Row row = log.rows.get(index);
            withoutEntry.rows.put(index, new LogSource.Row(index, row.id(), Optional.empty(), List.of()));
            assertNamed(withoutEntry, index);
            MemoryLog withoutPlace = log.copy();
            withoutPlace.rows.remove(index);
            assertThat(verify(withoutPlace).faults().getFirst().index()).contains(index);
        }
    }

    @Test
    void everyPairOfSwappedEntriesIsNamed() {
        for (long index : LongStream.of(INDEXES).limit(INDEXES.length - 1).toArray()) {
            MemoryLog tampered = log.copy();
            LogSource.Row one = log.rows.get(index);
            LogSource.Row two = log.rows.get(index + 1);
            tampered.rows.put(index, new LogSource.Row(index, two.id(), two.entry(), two.personal()));
            tampered.rows.put(index + 1, new LogSource.Row(index + 1, one.id(), one.entry(), one.personal()));
            assertThat(verify(tampered).faults().getFirst().index()).contains(index);
        }
    }

    @Test
    void everyTruncationIsNamed() {
        for (long size : INDEXES) {
            MemoryLog tampered = log.copy();
            tampered.rows.tailMap(size).clear();
            assertThat(verify(tampered).faults().getFirst().index()).contains(size);
            tampered.tiles.clear();
            tampered.tiles.putAll(MemoryLog.of((int) size, key).tiles);
            assertThat(verify(tampered).sound()).isFalse();
        }
    }

    @Test
    void aLogCutBackWithTilesAndCheckpointsIsFoundByAKeptCheckpoint() {
        String kept = log.checkpoints.get((long) SMALL);
        MemoryLog cut = MemoryLog.of(290, key, 100, 290);
        assertThat(verify(cut).sound()).isTrue();
        Report report = AuditVerifier.verify(cut, key.verifier(), Optional.of(kept));
        assertThat(report.faults().getFirst().index()).contains(290L);
        assertThat(AuditVerifier.verify(log, key.verifier(), Optional.of(kept)).sound())
                .isTrue();
        assertThat(AuditVerifier.verify(log, key.verifier(), Optional.of("nonsense"))
                        .sound())
                .isFalse();
    }

    @Test
    void anEntryRewrittenTogetherWithItsTilesIsFoundByTheCheckpoints() {
        MemoryLog forged = log.copy();
        forged.rewrite(120, flipped(log.entry(120).leaf(), 40));
        RightEdge edge = new RightEdge((level, position, hash) -> {});
        forged.rows
                .values()
                .forEach(row -> edge.append(
                        MerkleTree.leafHash(row.entry().orElseThrow().leaf())));
        forged.tiles.putAll(edge.drain());
        Report report = verify(forged);
        assertThat(report.sound()).isFalse();
        assertThat(report.faults()).anyMatch(fault -> fault.what().contains("checkpoint of 256"));
        assertThat(report.faults()).noneMatch(fault -> fault.what().contains("checkpoint of 100"));
    }

    @Test
    void aWholeForgedLogIsFoundWithoutTheKey() {
        LogKey forger = new LogKey("alder.conurb/audit", LogKey.generate());
        assertThat(verify(MemoryLog.of(50, forger, 50)).sound()).isFalse();
    }

    @Test
    void everyChangedHashOfEveryTileIsFound() {
        for (Map.Entry<TileId, byte[]> tile : log.tiles.entrySet()) {
            for (int hash = 0; hash < tile.getValue().length / 32; hash++) {
                MemoryLog tampered = log.copy();
                tampered.tiles.put(tile.getKey(), flipped(tile.getValue(), hash * 32 + hash % 32));
                assertThat(verify(tampered).faults().getFirst().index())
                        .contains(tile.getKey().level() == 0 ? tile.getKey().index() * 256 + hash : 0L);
            }
        }
    }

    @Test
    void missingTilesAndCheckpointsAreFound() {
        for (TileId id : log.tiles.keySet()) {
            MemoryLog tampered = log.copy();
            tampered.tiles.remove(id);
            assertThat(verify(tampered).sound()).as(id.toString()).isFalse();
        }
        MemoryLog unsigned = log.copy();
        unsigned.checkpoints.clear();
        assertThat(verify(unsigned).sound()).isFalse();
        MemoryLog unreadable = log.copy();
        unreadable.checkpoints.put(256L, "nonsense");
        assertThat(verify(unreadable).faults()).hasSize(1);
    }

    @Test
    void columnsThatDifferFromWhatWasHashedAreNamed() {
        LogSource.Entry was = log.entry(9);
        Map<String, LogSource.Entry> changed = new HashMap<>();
        changed.put("organisation_id", entry("police", was.kind(), was.thing(), was.action(), was));
        changed.put("kind", entry(was.organisation(), "Unit", was.thing(), was.action(), was));
        changed.put("thing", entry(was.organisation(), was.kind(), "other", was.action(), was));
        changed.put("action", entry(was.organisation(), was.kind(), was.thing(), "incident.closed", was));
        changed.put(
                "column at",
                new LogSource.Entry(
                        was.organisation(),
                        was.kind(),
                        was.thing(),
                        was.action(),
                        was.at().plusMillis(1),
                        was.leaf()));
        changed.forEach((column, entry) -> {
            MemoryLog tampered = log.copy();
            tampered.put(9, entry);
            assertNamed(tampered, 9);
            assertThat(verify(tampered).faults().getFirst().what()).contains(column);
        });
    }

    @Test
    void changedPersonalValuesAreNamedAndErasedOnesAreNot() {
        for (long index : INDEXES) {
            LogSource.Row row = log.rows.get(index);
            for (Leaf.Personal personal : row.personal()) {
                MemoryLog tampered = log.copy();
                Leaf.Personal other = new Leaf.Personal(personal.name(), personal.salt(), personal.value() + "x");
                tampered.rows.put(index, new LogSource.Row(index, row.id(), row.entry(), List.of(other)));
                assertNamed(tampered, index);
            }
            MemoryLog erased = log.copy();
            erased.rows.put(index, new LogSource.Row(index, row.id(), row.entry(), List.of()));
            if (index % 50 == 0) {
                assertThat(verify(erased).sound()).isTrue();
            }
        }
    }

    @Test
    void anEntryThatHasNoPlaceIsNamed() {
        UUID hidden = new UUID(1, 1);
        log.strays.add(hidden);
        assertThat(verify(log).faults().getFirst().entry()).contains(hidden);
    }

    @Test
    void anyFlippedBitInAnyOfAThousandEntriesIsNamed() {
        MemoryLog thousand = MemoryLog.of(1_000, key, 1_000);
        Random random = new Random(12);
        for (long index : random.longs(40, 0, 1_000).toArray()) {
            MemoryLog tampered = thousand.copy();
            tampered.rewrite(
                    index,
                    flipped(
                            thousand.entry(index).leaf(),
                            random.nextInt(thousand.entry(index).leaf().length)));
            assertNamed(tampered, index);
        }
    }

    private void assertNamed(MemoryLog tampered, long index) {
        Report report = verify(tampered);
        assertThat(report.faults()).hasSize(1);
        assertThat(report.faults().getFirst().index()).contains(index);
        assertThat(report.faults().getFirst().entry())
                .contains(tampered.rows.get(index).id());
    }

    private Report verify(MemoryLog tampered) {
        return AuditVerifier.verify(tampered, key.verifier(), Optional.empty());
    }

    private static byte[] flipped(byte[] bytes, int at) {
        byte[] flipped = bytes.clone();
        flipped[at % bytes.length] ^= 1;
        return flipped;
    }

    private static LogSource.Entry entry(
            String organisation, String kind, String thing, String action, LogSource.Entry was) {
        return new LogSource.Entry(organisation, kind, thing, action, was.at(), was.leaf());
    }
}

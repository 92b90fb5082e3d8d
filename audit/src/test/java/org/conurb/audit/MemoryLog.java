package org.conurb.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

/** A log in memory that a test may tamper with as a superuser could with the database. */
final class MemoryLog implements LogSource {
    final TreeMap<Long, Row> rows = new TreeMap<>();
    final Map<TileId, byte[]> tiles = new HashMap<>();
    final TreeMap<Long, String> checkpoints = new TreeMap<>();
    final List<UUID> strays = new ArrayList<>();

    /** @param signedAt sizes that have a checkpoint; the last is the whole */
    static MemoryLog of(int size, LogKey key, long... signedAt) {
        MemoryLog log = new MemoryLog();
        Random random = new Random(size);
        Instant at = Instant.parse("2026-03-01T08:00:00Z");
        RightEdge edge = new RightEdge((level, position, hash) -> {});
        Frontier frontier = new Frontier();
        for (int index = 0; index <= size; index++) {
            for (long signed : signedAt) {
                if (signed == index) {
                    log.checkpoints.put(
                            signed, key.sign(new Checkpoint(key.verifier().name(), signed, frontier.root()).text()));
                }
            }
            if (index < size) {
                UUID id = new UUID(0x0190a1b2c3d47000L, index);
                Leaf leaf = Leaf.of(id, at, "alder", AuditFixtures.opened(index), random);
                Entry entry = new Entry(
                        "fire", "Incident", "urn:ngsi-ld:Incident:" + index, "incident.opened", at, leaf.bytes());
                log.rows.put((long) index, new Row(index, id, Optional.of(entry), leaf.personal()));
                edge.append(MerkleTree.leafHash(leaf.bytes()));
                frontier.append(MerkleTree.leafHash(leaf.bytes()));
            }
        }
        log.tiles.putAll(edge.drain());
        return log;
    }

    MemoryLog copy() {
        MemoryLog copy = new MemoryLog();
        copy.rows.putAll(rows);
        copy.tiles.putAll(tiles);
        copy.checkpoints.putAll(checkpoints);
        return copy;
    }

    Entry entry(long index) {
        return rows.get(index).entry().orElseThrow();
    }

    /** Puts other bytes in place of an entry's. */
    void rewrite(long index, byte[] leaf) {
        Entry old = entry(index);
        put(index, new Entry(old.organisation(), old.kind(), old.thing(), old.action(), old.at(), leaf));
    }

    void put(long index, Entry entry) {
        Row row = rows.get(index);
        rows.put(index, new Row(index, row.id(), Optional.of(entry), row.personal()));
    }

    @Override
    public List<Row> rows(long from, int limit) {
        return rows.tailMap(from).values().stream().limit(limit).toList();
    }

    @Override
    public Optional<byte[]> tile(TileId id) {
        return Optional.ofNullable(tiles.get(id));
    }

    @Override
    public OptionalLong lastTile(int level) {
        return tiles.keySet().stream()
                .filter(id -> id.level() == level)
                .mapToLong(TileId::index)
                .max();
    }

    @Override
    public List<Note> checkpoints(long size, int limit) {
        return checkpoints.tailMap(size, false).entrySet().stream()
                .limit(limit)
                .map(entry -> new Note(entry.getKey(), entry.getValue()))
                .toList();
    }

    @Override
    public List<UUID> strays(int limit) {
        return strays;
    }

    @Override
    public long pending() {
        return 0;
    }
}

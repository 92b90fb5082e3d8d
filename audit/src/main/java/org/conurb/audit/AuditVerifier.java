package org.conurb.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.VerifierKey;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;

/**
 * Recomputes the whole log from its entries and compares with what is stored and signed: every entry with its hash,
 * every hash with its tile, every checkpoint with the tree of its size, columns and personal values with what was
 * hashed. Streams in one pass: memory does not grow with the log.
 *
 * <p>Where an entry does not fit, the tile's hash stands in for it, so that one bad entry is one fault and the rest is
 * still checked. What nobody can find from the database alone is a log cut back to an older state with all its tiles
 * and checkpoints: for that, give a checkpoint that was kept elsewhere.
 */
public final class AuditVerifier {
    private static final int PAGE = 2000;
    private static final int MAX_FAULTS = 100;

    private final LogSource source;
    private final EntryCheck entries = new EntryCheck();
    private final List<Fault> faults = new ArrayList<>();
    private final StoredHashes stored;
    private final Frontier frontier = new Frontier();
    private final RightEdge edge = new RightEdge(this::compareWithTile);
    private final Checkpoints checkpoints;
    private long next; // index of the entry that comes next

    private AuditVerifier(LogSource source, VerifierKey key, Optional<String> kept) {
        this.source = source;
        this.stored = new StoredHashes(source);
        this.checkpoints = new Checkpoints(source, key, kept);
    }

    /**
     * What was found.
     *
     * @param size entries that have a place
     * @param pending committed entries that still wait for theirs
     * @param signed entries that the newest checkpoint covers
     * @param faults at most 100, the first broken record first; empty when the log is sound
     */
    public record Report(long size, long pending, long signed, List<Fault> faults) {
        public boolean sound() {
            return faults.isEmpty();
        }
    }

    /**
     * @param index place in the log, from 0; empty for what has no place
     * @param entry its id, where that is known
     * @param what is wrong
     */
    public record Fault(Optional<Long> index, Optional<UUID> entry, String what) {
        @Override
        public String toString() {
            return "record %s, entry %s: %s"
                    .formatted(
                            index.map(String::valueOf).orElse("-"),
                            entry.map(UUID::toString).orElse("-"),
                            what);
        }
    }

    /**
     * Verifies the log in the database as of now; writers go on meanwhile.
     *
     * @param verifierKey as {@code GET /api/audit/key} shows it, better as an auditor kept it
     * @param kept a signed checkpoint kept outside this machine; finds a log that was cut back
     */
    public static Report verify(Transactions transactions, String verifierKey, Optional<String> kept) {
        VerifierKey key = VerifierKey.parse(verifierKey);
        return transactions.asSystem(() -> {
            transactions
                    .jdbc()
                    .sql("set transaction isolation level repeatable read, read only")
                    .update();
            return verify(new DatabaseLog(transactions.jdbc()), key, kept);
        });
    }

    static Report verify(LogSource source, VerifierKey key, Optional<String> kept) {
        return new AuditVerifier(source, key, kept).run();
    }

    private Report run() {
        checkpoints.checkAt(0, frontier, this::fault);
        for (List<LogSource.Row> page = source.rows(0, PAGE); !page.isEmpty(); page = source.rows(next, PAGE)) {
            for (LogSource.Row row : page) {
                skipTo(row.index());
                take(row);
            }
            if (faults.size() >= MAX_FAULTS) {
                return report(); // tampered with beyond repair: the first ones tell enough
            }
        }
        checkpoints.checkBeyond(next, this::fault);
        checkRightEdge();
        for (UUID stray : source.strays(MAX_FAULTS)) {
            fault(Optional.empty(), Optional.of(stray), "the entry has no place and waits for none");
        }
        return report();
    }

    /** Names each place that is missing before {@code index}, as long as anyone would read it. */
    private void skipTo(long index) {
        while (next < index && faults.size() < MAX_FAULTS) {
            fault(Optional.of(next), Optional.empty(), "there is no entry at this place");
            append(stored.at(0, next).orElse(new byte[MerkleTree.HASH_LENGTH]));
        }
        next = Math.max(next, index);
    }

    private void take(LogSource.Row row) {
        byte[] expected = stored.at(0, row.index()).orElse(null);
        byte[] hash =
                row.entry().map(entry -> MerkleTree.leafHash(entry.leaf())).orElse(null);
        if (hash == null) {
            fault(row, "the entry is missing");
        } else if (expected == null) {
            fault(row, "the tile that holds its hash is missing or too short");
        } else if (!Arrays.equals(hash, expected)) {
            fault(row, "the entry is not what was hashed");
        } else {
            entries.check(row).ifPresent(what -> fault(row, what));
        }
        append(expected != null ? expected : hash != null ? hash : new byte[MerkleTree.HASH_LENGTH]);
    }

    private void append(byte[] hash) {
        frontier.append(hash);
        edge.append(hash);
        next++;
        checkpoints.checkAt(next, frontier, this::fault);
    }

    /** Level 0 is compared entry by entry in {@link #take}; here the levels above. */
    private void compareWithTile(int level, long position, byte[] hash) {
        if (level == 0) {
            return;
        }
        byte @Nullable [] expected = stored.at(level, position).orElse(null);
        if (expected == null || !Arrays.equals(expected, hash)) {
            long first = position << (TileId.HEIGHT * level);
            long end = position + 1 << (TileId.HEIGHT * level);
            fault(
                    Optional.of(first),
                    Optional.empty(),
                    "the hash over records %d to %d in level %d is %s"
                            .formatted(first, end - 1, level, expected == null ? "missing" : "another"));
        }
    }

    private void checkRightEdge() {
        for (int level = 0; level <= TileId.MAX_LEVEL; level++) {
            long hashes = TileId.hashes(level, next);
            long last = source.lastTile(level).orElse(-1);
            TileId id = new TileId(level, Math.max(0, last));
            if (last > (hashes - 1) / TileId.WIDTH
                    || last >= 0
                            && source.tile(id).orElse(new byte[0]).length > id.width(next) * MerkleTree.HASH_LENGTH) {
                fault(
                        Optional.of(next),
                        Optional.empty(),
                        "the log ends here, and level %d of the tree goes on".formatted(level));
                return;
            }
        }
    }

    private Report report() {
        return new Report(next, source.pending(), checkpoints.signed(), List.copyOf(faults));
    }

    private void fault(LogSource.Row row, String what) {
        fault(Optional.of(row.index()), Optional.of(row.id()), what);
    }

    private void fault(Optional<Long> index, Optional<UUID> entry, String what) {
        if (faults.size() < MAX_FAULTS) {
            faults.add(new Fault(index, entry, what));
        }
    }
}

package org.conurb.audit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** What the verifier reads; all from one moment. */
interface LogSource {
    /** Places from {@code from} on, by index; empty at the end. */
    List<Row> rows(long from, int limit);

    Optional<byte[]> tile(TileId id);

    /** Index of the last tile of a level. */
    OptionalLong lastTile(int level);

    /** Checkpoints greater than {@code size}, smallest first. */
    List<Note> checkpoints(long size, int limit);

    /** Entries that have no place and do not wait for one. */
    List<UUID> strays(int limit);

    long pending();

    /**
     * A place and what stands there.
     *
     * @param entry empty where the entry is gone
     */
    record Row(long index, UUID id, Optional<Entry> entry, List<Leaf.Personal> personal) {}

    /** A checkpoint as stored: column and signed note. */
    record Note(long size, String text) {}

    /** An entry as stored: columns and leaf. */
    record Entry(String organisation, String kind, String thing, String action, Instant at, byte[] leaf) {}
}

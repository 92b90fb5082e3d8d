package org.conurb.audit;

import static java.time.ZoneOffset.UTC;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The Merkle tree in PostgreSQL: places, tiles and checkpoints. Everything here runs inside a transaction. */
final class TreeStore {
    private static final long LOCK = 0x636f6e7572620001L; // any number of ours: one sequencer a database

    private final JdbcClient jdbc;

    TreeStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A committed entry without a place. */
    record Pending(UUID entry, byte[] leaf) {}

    /** @param note signed */
    record Signed(long size, Instant at, String note) {}

    /** Until the transaction ends nobody else sequences. */
    boolean lock() {
        return jdbc.sql("select pg_try_advisory_xact_lock(:lock)")
                .param("lock", LOCK)
                .query(Boolean.class)
                .single();
    }

    /**
     * Oldest first. In two steps, each of which has one sensible plan whatever the planner believes of a queue's size.
     */
    List<Pending> pending(int limit) {
        String[] ids = jdbc.sql("select entry::text from audit.pending order by audit.pending.entry limit :limit")
                .param("limit", limit)
                .query((row, n) -> row.getString("entry"))
                .list()
                .toArray(String[]::new);
        return ids.length == 0
                ? List.of()
                : jdbc.sql("select id, leaf from audit.entry where id = any(:ids::uuid[]) order by id")
                        .param("ids", ids)
                        .query((row, n) -> new Pending(row.getObject("id", UUID.class), row.getBytes("leaf")))
                        .list();
    }

    /** How many entries have a place. */
    long size() {
        return jdbc.sql("select coalesce(max(index) + 1, 0) from audit.place")
                .query(Long.class)
                .single();
    }

    Optional<byte[]> tile(TileId id) {
        return jdbc.sql("select hashes from audit.tile where level = :level and index = :index")
                .param("level", id.level())
                .param("index", id.index())
                .query((row, n) -> row.getBytes("hashes"))
                .optional();
    }

    MerkleTree.Nodes nodes() {
        return new TileNodes(this::tile);
    }

    /** Gives entries their places from {@code first} on, and writes the tiles that this changed. */
    void append(long first, List<UUID> entries, Map<TileId, byte[]> tiles) {
        String[] ids = entries.stream().map(UUID::toString).toArray(String[]::new);
        jdbc.sql("""
                        with gone as (delete from audit.pending where entry = any(:ids::uuid[]))
                        insert into audit.place (index, entry)
                            select :first + n - 1, id from unnest(:ids::uuid[]) with ordinality as e (id, n)
                        """).param("ids", ids).param("first", first).update();
        jdbc.sql("""
                        insert into audit.tile (level, index, hashes)
                            select * from unnest(:levels::int[], :indexes::bigint[], :hashes::bytea[])
                            on conflict (level, index) do update set hashes = excluded.hashes
                        """)
                .param("levels", tiles.keySet().stream().mapToInt(TileId::level).toArray())
                .param(
                        "indexes",
                        tiles.keySet().stream().mapToLong(TileId::index).toArray())
                .param("hashes", tiles.values().toArray(byte[][]::new))
                .update();
    }

    Optional<Signed> latest() {
        return jdbc.sql("select size, at, note from audit.checkpoint order by size desc limit 1")
                .query((row, n) -> new Signed(
                        row.getLong("size"),
                        row.getObject("at", OffsetDateTime.class).toInstant(),
                        row.getString("note")))
                .optional();
    }

    /** Keeps a checkpoint, and drops those from before {@code keptFrom}. */
    void keep(Signed signed, Instant keptFrom) {
        jdbc.sql("""
                        with old as (delete from audit.checkpoint where at < :keptFrom and size <> :size)
                        insert into audit.checkpoint (size, at, note) values (:size, :at, :note)
                            on conflict (size) do update set at = excluded.at, note = excluded.note
                        """)
                .param("keptFrom", keptFrom.atOffset(UTC))
                .param("size", signed.size())
                .param("at", signed.at().atOffset(UTC))
                .param("note", signed.note())
                .update();
    }

    /** Where the entry stands; empty while it is pending. */
    Optional<Long> place(UUID entry) {
        return jdbc.sql("select index from audit.place where entry = :entry")
                .param("entry", entry)
                .query(Long.class)
                .optional();
    }

    /**
     * Leaves from {@code first} on, in order.
     *
     * @throws LogBroken where one is missing
     */
    List<byte[]> leaves(long first, int count) {
        return jdbc.sql("""
                        select index, (select leaf from audit.entry where id = place.entry) as leaf
                          from audit.place where index >= :first and index < :end order by index
                        """)
                .param("first", first)
                .param("end", first + count)
                .query((row, n) -> Optional.ofNullable(row.getBytes("leaf"))
                        .orElseThrow(() -> new LogBroken("The entry at place %d is missing".formatted(first + n))))
                .list();
    }
}

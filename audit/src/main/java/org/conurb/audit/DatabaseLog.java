package org.conurb.audit;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The log in PostgreSQL, for the verifier. Lives inside one repeatable-read transaction of the system role. */
final class DatabaseLog implements LogSource {
    private final JdbcClient jdbc;
    private final TreeStore tree;

    DatabaseLog(JdbcClient jdbc) {
        this.jdbc = jdbc;
        this.tree = new TreeStore(jdbc);
    }

    /** In steps, each of which has one sensible plan, also where the tables were never analysed. */
    @Override
    public List<Row> rows(long from, int limit) {
        List<Place> places = jdbc.sql(
                        "select index, entry from audit.place where index >= :from order by index limit :limit")
                .param("from", from)
                .param("limit", limit)
                .query((row, n) -> new Place(row.getLong("index"), row.getObject("entry", UUID.class)))
                .list();
        String[] ids = places.stream().map(place -> place.entry().toString()).toArray(String[]::new);
        Map<UUID, Entry> entries = entries(ids);
        Map<UUID, List<Leaf.Personal>> personal = personal(ids);
        return places.stream()
                .map(place -> new Row(
                        place.index(),
                        place.entry(),
                        Optional.ofNullable(entries.get(place.entry())),
                        personal.getOrDefault(place.entry(), List.of())))
                .toList();
    }

    private record Place(long index, UUID entry) {}

    private Map<UUID, Entry> entries(String[] ids) {
        Map<UUID, Entry> found = new HashMap<>();
        jdbc.sql("""
                        select id, organisation_id, kind, thing, action, at, leaf
                          from audit.entry where id = any(:ids::uuid[])
                        """).param("ids", ids).query(row -> {
            found.put(
                    row.getObject("id", UUID.class),
                    new Entry(
                            row.getString("organisation_id"),
                            row.getString("kind"),
                            row.getString("thing"),
                            row.getString("action"),
                            row.getObject("at", OffsetDateTime.class).toInstant(),
                            row.getBytes("leaf")));
        });
        return found;
    }

    private Map<UUID, List<Leaf.Personal>> personal(String[] ids) {
        Map<UUID, List<Leaf.Personal>> found = new HashMap<>();
        jdbc.sql("select entry, name, salt, value from audit.personal where entry = any(:ids::uuid[])")
                .param("ids", ids)
                .query(row -> {
                    found.computeIfAbsent(row.getObject("entry", UUID.class), id -> new ArrayList<>())
                            .add(new Leaf.Personal(
                                    row.getString("name"), row.getBytes("salt"), row.getString("value")));
                });
        return found;
    }

    @Override
    public Optional<byte[]> tile(TileId id) {
        return tree.tile(id);
    }

    @Override
    public OptionalLong lastTile(int level) {
        return jdbc.sql("select index from audit.tile where level = :level order by index desc limit 1")
                .param("level", level)
                .query(Long.class)
                .optional()
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    @Override
    public List<Note> checkpoints(long size, int limit) {
        return jdbc.sql("select size, note from audit.checkpoint where size > :size order by size limit :limit")
                .param("size", size)
                .param("limit", limit)
                .query((row, n) -> new Note(row.getLong("size"), row.getString("note")))
                .list();
    }

    @Override
    public List<UUID> strays(int limit) {
        return jdbc.sql("""
                        select entry.id from audit.entry
                         where not exists (select from audit.place where place.entry = entry.id)
                           and not exists (select from audit.pending where pending.entry = entry.id)
                         order by entry.id limit :limit
                        """)
                .param("limit", limit)
                .query((row, n) -> row.getObject("id", UUID.class))
                .list();
    }

    @Override
    public long pending() {
        return jdbc.sql("select count(*) from audit.pending").query(Long.class).single();
    }
}

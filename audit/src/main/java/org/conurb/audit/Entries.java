package org.conurb.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.conurb.kernel.OrganisationId;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Entries as readers see them. Everything here runs inside a transaction behind the second wall. */
final class Entries {
    private final JdbcClient jdbc;

    Entries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param index place in the log; null while pending */
    record Stored(UUID id, String organisation, @Nullable Long index, byte[] leaf) {}

    /**
     * Newest first. Each organisation is read by its own index from the top, so the page costs what it holds.
     *
     * @param before entries older than this one
     */
    List<Stored> newest(
            Set<OrganisationId> owners,
            Optional<UUID> before,
            Optional<String> kind,
            Optional<String> thing,
            int limit) {
        String sql = """
                select entry.id, entry.organisation_id, entry.leaf,
                       (select index from audit.place where place.entry = entry.id) as index
                  from unnest(:owners::text[]) as owner (id)
                 cross join lateral (
                     select id, organisation_id, leaf from audit.entry
                      where organisation_id = owner.id %s %s %s order by id desc limit :limit) as entry
                 order by entry.id desc limit :limit
                """.formatted(
                        before.isPresent() ? "and id < :before" : "",
                        kind.isPresent() ? "and kind = :kind" : "",
                        thing.isPresent() ? "and thing = :thing" : "");
        var statement = jdbc.sql(sql)
                .param("owners", owners.stream().map(OrganisationId::value).toArray(String[]::new))
                .param("limit", limit);
        before.ifPresent(id -> statement.param("before", id));
        kind.ifPresent(value -> statement.param("kind", Leaf.clean(value)));
        thing.ifPresent(value -> statement.param("thing", Leaf.cut(Leaf.clean(value), AuditLog.MAX_THING)));
        return statement.query(Entries::stored).list();
    }

    Optional<Stored> find(UUID id) {
        return jdbc.sql("""
                        select entry.id, entry.organisation_id, place.index, entry.leaf
                          from audit.entry left join audit.place on place.entry = entry.id where entry.id = :id
                        """).param("id", id).query(Entries::stored).optional();
    }

    /** Personal values that were not erased, by entry and name. */
    Map<UUID, Map<String, String>> personal(List<UUID> entries) {
        Map<UUID, Map<String, String>> found = new HashMap<>();
        jdbc.sql("select entry, name, value from audit.personal where entry = any(:entries::uuid[])")
                .param("entries", entries.stream().map(UUID::toString).toArray(String[]::new))
                .query(row -> {
                    found.computeIfAbsent(row.getObject("entry", UUID.class), id -> new TreeMap<>())
                            .put(row.getString("name"), row.getString("value"));
                });
        return found;
    }

    private static Stored stored(ResultSet row, int number) throws SQLException {
        long index = row.getLong("index");
        return new Stored(
                row.getObject("id", UUID.class),
                row.getString("organisation_id"),
                row.wasNull() ? null : index,
                row.getBytes("leaf"));
    }
}

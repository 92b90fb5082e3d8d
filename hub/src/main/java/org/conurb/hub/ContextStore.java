package org.conurb.hub;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;

/** Rows of @contexts, each within the current transaction. */
final class ContextStore {
    private static final long MAX_BYTES = 64L << 20;
    private static final String COLUMNS =
            "id, kind, organisation_id, url, document, created_at, expires_at, used_at, hits";

    private final Transactions transactions;

    ContextStore(Transactions transactions) {
        this.transactions = transactions;
    }

    private static ContextRow row(ResultSet row, int n) throws SQLException {
        return new ContextRow(
                row.getString("id"),
                ContextRow.Kind.of(row.getString("kind")),
                Optional.ofNullable(row.getString("organisation_id")).map(OrganisationId::new),
                Optional.ofNullable(row.getString("url")),
                row.getString("document"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                Optional.ofNullable(row.getObject("expires_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant),
                row.getObject("used_at", OffsetDateTime.class).toInstant(),
                row.getLong("hits"));
    }

    /** By its local id or, of a cached one, by its URL. */
    Optional<ContextRow> find(String idOrUrl) {
        return transactions
                .jdbc()
                .sql(
                        "select %s from hub.context where id = :key union all select %1$s from hub.context where url = :key"
                                .formatted(COLUMNS))
                .param("key", idOrUrl)
                .query(ContextStore::row)
                .optional();
    }

    List<ContextRow> list(@Nullable String kind, String after, int limit) {
        return transactions
                .jdbc()
                .sql("""
                        select %s from hub.context where (cast(:kind as text) is null or kind = :kind) and id > :after
                         order by id limit :limit
                        """.formatted(COLUMNS))
                .param("kind", kind, Types.VARCHAR)
                .param("after", after)
                .param("limit", limit)
                .query(ContextStore::row)
                .list();
    }

    long count(OrganisationId owner) {
        return transactions
                .jdbc()
                .sql("select count(*) from hub.context where organisation_id = :owner")
                .param("owner", owner.value())
                .query(Long.class)
                .single();
    }

    /** Adds it, or writes over a cached one of the same URL, which keeps its id; one made before stays as it is. */
    void put(ContextRow context) {
        transactions
                .jdbc()
                .sql("""
                        insert into hub.context (id, kind, organisation_id, url, document, bytes, created_at, expires_at, used_at)
                        values (:id, :kind, :owner, :url, :document, octet_length(:document), :created, :expires, :used)
                        on conflict (%s) do update
                          set document = excluded.document, bytes = excluded.bytes, created_at = excluded.created_at,
                              expires_at = excluded.expires_at
                        """.formatted(context.url().isPresent() ? "url" : "id"))
                .param("id", context.id())
                .param("kind", context.kind().code())
                .param("owner", context.owner().map(OrganisationId::value).orElse(null), Types.VARCHAR)
                .param("url", context.url().orElse(null), Types.VARCHAR)
                .param("document", context.text())
                .param("created", context.createdAt().atOffset(UTC))
                .param(
                        "expires",
                        context.expiresAt().map(at -> at.atOffset(UTC)).orElse(null),
                        Types.TIMESTAMP_WITH_TIMEZONE)
                .param("used", context.usedAt().atOffset(UTC))
                .update();
    }

    boolean delete(String id) {
        return transactions
                        .jdbc()
                        .sql("delete from hub.context where id = :id")
                        .param("id", id)
                        .update()
                > 0;
    }

    /** As the system role: those of a kind that are too many or too large together go, not used for longest first. */
    void evict(ContextRow.Kind kind, int most) {
        transactions
                .jdbc()
                .sql("""
                        delete from hub.context where id in (
                          select id from (
                            select id, row_number() over w as n, sum(bytes) over w as total from hub.context
                             where kind = :kind window w as (order by used_at desc, id desc)) kept
                           where n > :most or total > :bytes)
                        """)
                .param("kind", kind.code())
                .param("most", most)
                .param("bytes", MAX_BYTES)
                .update();
    }

    /** As the system role: notes uses. */
    void used(Collection<String> ids, Collection<Long> hits, Instant at) {
        transactions
                .jdbc()
                .sql("""
                        update hub.context c set hits = c.hits + u.hits, used_at = greatest(c.used_at, :at)
                          from unnest(:ids, :hits) u (id, hits) where c.id = u.id
                        """)
                .param("ids", ids.toArray(String[]::new))
                .param("hits", hits.toArray(Long[]::new))
                .param("at", at.atOffset(UTC))
                .update();
    }
}

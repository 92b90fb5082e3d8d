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
import java.util.Set;
import java.util.function.Predicate;
import org.conurb.kernel.Json;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import tools.jackson.databind.node.ObjectNode;

/** Rows of registered context sources; each change of one is a change of the stream. Behind the caller's wall. */
final class RegistrationStore {
    private static final int BATCH = 200;
    private static final String COLUMNS = "rid, id, organisation_id, document, created_at, at, expires_at";

    private final Transactions transactions;

    RegistrationStore(Transactions transactions) {
        this.transactions = transactions;
    }

    /** @param document as sent, with its @context */
    record Row(
            long rid,
            String id,
            OrganisationId owner,
            ObjectNode document,
            Instant createdAt,
            Instant at,
            @Nullable Instant expiresAt) {

        Registration registration(Contexts contexts) {
            return new RegistrationReader(contexts.ofDocument(document)).read(document);
        }
    }

    private static Row row(ResultSet row, int n) throws SQLException {
        OffsetDateTime expires = row.getObject("expires_at", OffsetDateTime.class);
        return new Row(
                row.getLong("rid"),
                row.getString("id"),
                new OrganisationId(row.getString("organisation_id")),
                (ObjectNode) Json.mapper().readTree(row.getString("document")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                expires == null ? null : expires.toInstant());
    }

    void insert(OrganisationId owner, ObjectNode document, Registration registration, Instant now) {
        long rid;
        try {
            rid = transactions
                    .jdbc()
                    .sql("""
                            insert into hub.registration (tenant, id, organisation_id, mode, document, created_at, at, expires_at)
                            values ((select store.tenant()), :id, :owner, :mode, :document, :now, :now, :expires) returning rid
                            """)
                    .param("id", registration.id())
                    .param("owner", owner.value())
                    .param("mode", registration.mode().code())
                    .param("document", document.toString())
                    .param("now", now.atOffset(UTC))
                    .param("expires", expires(registration), Types.TIMESTAMP_WITH_TIMEZONE)
                    .query(Long.class)
                    .single();
        } catch (DuplicateKeyException taken) {
            throw NgsiLdFault.taken("registration", registration.id());
        }
        types(rid, owner, registration.types());
        changed(rid, owner, registration.id(), "C", document, null, now, now);
    }

    void update(Row before, ObjectNode document, Registration registration, Instant now) {
        transactions
                .jdbc()
                .sql("""
                        with gone as (delete from hub.registered_type where rid = :rid)
                        update hub.registration set document = :document, mode = :mode, at = :now, expires_at = :expires where rid = :rid
                        """)
                .param("document", document.toString())
                .param("mode", registration.mode().code())
                .param("now", now.atOffset(UTC))
                .param("expires", expires(registration), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("rid", before.rid())
                .update();
        types(before.rid(), before.owner(), registration.types());
        changed(before.rid(), before.owner(), before.id(), "U", document, before.document(), now, before.createdAt());
    }

    void delete(Row before, Instant now) {
        transactions
                .jdbc()
                .sql("delete from hub.registration where rid = :rid")
                .param("rid", before.rid())
                .update();
        changed(before.rid(), before.owner(), before.id(), "D", null, before.document(), now, before.createdAt());
    }

    private static @Nullable OffsetDateTime expires(Registration registration) {
        return registration.expiresAt().map(at -> at.atOffset(UTC)).orElse(null);
    }

    private void types(long rid, OrganisationId owner, Set<String> types) {
        transactions
                .jdbc()
                .sql("""
                        insert into hub.registered_type (tenant, organisation_id, kind, rid)
                        select (select store.tenant()), :owner, x.kind, :rid from unnest(:kinds) as x (kind)
                        """)
                .param("owner", owner.value())
                .param("rid", rid)
                .param("kinds", types.toArray(String[]::new))
                .update();
    }

    private void changed(
            long rid,
            OrganisationId owner,
            String id,
            String what,
            @Nullable ObjectNode document,
            @Nullable ObjectNode before,
            Instant now,
            Instant createdAt) {
        transactions
                .jdbc()
                .sql("""
                        insert into hub.change
                          (tenant, organisation_id, iid, entity_id, kind, kinds, what, at, names, document, before, created_at)
                        values ((select store.tenant()), :owner, :rid, :id, :kind, array[:kind], :what, :now, '{}', :document, :before, :created)
                        """)
                .param("owner", owner.value())
                .param("rid", rid)
                .param("id", id)
                .param("kind", ChangeRow.REGISTRATION)
                .param("what", what)
                .param("now", now.atOffset(UTC))
                .param("document", document == null ? null : document.toString(), Types.VARCHAR)
                .param("before", before == null ? null : before.toString(), Types.VARCHAR)
                .param("created", createdAt.atOffset(UTC))
                .update();
    }

    Optional<Row> find(String id, boolean lock) {
        return transactions
                .jdbc()
                .sql("select %s from hub.registration where tenant = (select store.tenant()) and id = :id %s"
                        .formatted(COLUMNS, lock ? "for update" : ""))
                .param("id", id)
                .query(RegistrationStore::row)
                .optional();
    }

    long count(OrganisationId owner) {
        return transactions
                .jdbc()
                .sql("""
                        select count(*) from hub.registration where tenant = (select store.tenant()) and organisation_id = :owner
                        """)
                .param("owner", owner.value())
                .query(Long.class)
                .single();
    }

    /** Those of one organisation that claim something for themselves, one writer at a time until the transaction ends. */
    List<Row> proxied(OrganisationId owner) {
        transactions
                .jdbc()
                .sql("select 1 from pg_advisory_xact_lock(hashtextextended('hub.registration ' || :owner, 0))")
                .param("owner", owner.value())
                .query(Integer.class)
                .single();
        return transactions
                .jdbc()
                .sql("""
                        select %s from hub.registration
                         where tenant = (select store.tenant()) and organisation_id = :owner and mode in ('e', 'r')
                        """.formatted(COLUMNS))
                .param("owner", owner.value())
                .query(RegistrationStore::row)
                .list();
    }

    /**
     * Hands on those in force, in order of their number, until told enough.
     *
     * @param types one of which they are about, or about attributes only; empty for all
     * @param more whether to go on
     */
    void each(
            Collection<OrganisationId> owners, Collection<String> types, long after, Instant now, Predicate<Row> more) {
        String[] whose = owners.stream().map(OrganisationId::value).toArray(String[]::new);
        long last = after;
        List<Row> rows;
        do {
            rows = transactions
                    .jdbc()
                    .sql("""
                            select %s from hub.registration r
                             where r.rid in (%s) and (r.expires_at is null or r.expires_at > :now)
                             order by r.rid limit :most
                            """.formatted(COLUMNS, types.isEmpty() ? """
                                            select y.rid from unnest(:owners) o (v) cross join lateral (
                                              select z.rid from hub.registration z
                                               where z.tenant = (select store.tenant()) and z.organisation_id = o.v and z.rid > :after
                                                 and (z.expires_at is null or z.expires_at > :now)
                                               order by z.rid limit :most) y""" : """
                                            select z.rid from hub.registered_type z
                                             where z.tenant = (select store.tenant()) and z.organisation_id = any(:owners)
                                               and z.kind = any(:types || array['']) and z.rid > :after"""))
                    .param("owners", whose)
                    .param("types", types.toArray(String[]::new))
                    .param("after", last)
                    .param("now", now.atOffset(UTC))
                    .param("most", BATCH)
                    .query(RegistrationStore::row)
                    .list();
            for (Row row : rows) {
                last = row.rid();
                if (!more.test(row)) {
                    return;
                }
            }
        } while (rows.size() == BATCH);
    }
}

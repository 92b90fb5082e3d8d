package org.conurb.hub;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;

/** The tables of entities: one statement creates or changes one or many with everything that belongs to them. */
final class EntityRows {
    /** All columns of an entity {@code e} that {@link #stored} reads. */
    static final String COLUMNS =
            "e.iid, e.organisation_id, e.created_at, e.at, e.version, e.expires_at, e.parts_expire_at, e.times, e.document";

    /** Whether an entity {@code e} is neither deleted nor expired. */
    static final String LIVES = "e.deleted_at is null and (e.expires_at is null or e.expires_at > :now)";

    /** The entities as rows; every other list names them by {@code n}. */
    private static final String ENTITIES = """
            with i as materialized (
              select * from unnest(:iids, :owners, :ids, :kinds, :allKinds, :located, :cells, :whats, :changed, :scopes,
                                   cast(:expiries as timestamptz[]), cast(:partExpiries as timestamptz[]), :times, :documents, :befores)
                       with ordinality as i (iid, owner, id, kind, kinds, located, cell, what, changed, scopes,
                                             expires_at, parts_expire_at, times, document, before, n)
            ), x as materialized (
              select * from unnest(:rowsOf, :rowKinds, :rowNames, :rowDatasets, :rowOrdinals, :rowListed, :rowNumbers, :rowTexts,
                                   cast(:rowMoments as timestamptz[]))
                       as x (e, kind, name, dataset, n, listed, number, text, moment)
            ), c as materialized (
              select * from unnest(:placesOf, :placeKinds, :placeNames, :placeCells) as c (e, kind, name, cell)
            ), k as materialized (
              select * from unnest(:typesOf, :types) as k (e, kind)
            ), \
            """;

    /**
     * Follows {@code e (iid, tenant, created_at, n, owner, kind)}, the entities that were written: all that is written with them. Its places
     * take what happens to a row that is there already.
     */
    private static final String REST = """
            , t as (
              insert into hub.entity_type (tenant, kind, organisation_id, iid)
              select e.tenant, k.kind, e.owner, e.iid from k join e on e.n = k.e %2$s
            ), a as (
              insert into hub.attribute (iid, tenant, organisation_id, kind, name, path, dataset, n, listed, number, text, moment)
              select e.iid, e.tenant, e.owner, x.kind, x.name, '', x.dataset, x.n, x.listed, x.number, x.text, x.moment
                from x join e on e.n = x.e %1$s
            ), p as (
              insert into hub.place (tenant, organisation_id, kind, name, cell, iid)
              select e.tenant, e.owner, c.kind, c.name, c.cell, e.iid from c join e on e.n = c.e %2$s
            ), h as (
              insert into hub.attribute_instance
                     (tenant, organisation_id, iid, kind, name, dataset, at, observed_at, recorded_at, value, shape, number)
              select e.tenant, e.owner, e.iid, e.kind, h.name, h.dataset, coalesce(h.observed, h.recorded, :at), h.observed,
                     coalesce(h.recorded, :at), h.value, h.shape, h.number
                from unnest(:pastOf, :pastNames, :pastDatasets, cast(:pastObserved as timestamptz[]), cast(:pastRecorded as timestamptz[]),
                            :pastValues, :pastShapes, :pastNumbers) with ordinality
                     as h (e, name, dataset, observed, recorded, value, shape, number, o) join e on e.n = h.e
               order by h.o
            )
            insert into hub.change (tenant, organisation_id, iid, entity_id, kind, kinds, what, at, names, document, before, created_at)
            select e.tenant, i.owner, e.iid, i.id, i.kind, string_to_array(i.kinds, ' '), i.what, :at,
                   string_to_array(i.changed, ' '), nullif(i.document, ''), i.before, e.created_at
              from i join e on e.n = i.n
            returning entity_id, iid
            """;

    private static final String CREATE = ENTITIES + """
            made as (
              insert into hub.entity (tenant, id, organisation_id, kind, cell, at, created_at, expires_at, parts_expire_at, version, scopes, document)
              select (select store.tenant()), i.id, i.owner, i.kind, i.cell, :at, :at, i.expires_at, i.parts_expire_at, 1, string_to_array(i.scopes, ' '), i.document
                from i
              on conflict (tenant, id) do nothing
              returning iid, tenant, id, created_at
            ), e as (
              select made.iid, made.tenant, made.created_at, i.n, i.owner, i.kind from made join i on i.id = made.id
            )""" + REST.formatted("", "");

    private static final String CHANGE = ENTITIES + """
            e as (
              update hub.entity e set organisation_id = i.owner, kind = i.kind, at = :at, version = version + 1,
                     cell = case when i.located then i.cell else e.cell end,
                     created_at = case when i.what = 'C' then :at else e.created_at end,
                     deleted_at = case when i.what = 'D' then :at end, expires_at = i.expires_at,
                     parts_expire_at = i.parts_expire_at, times = i.times, scopes = string_to_array(i.scopes, ' '),
                     document = i.document
                from i where e.iid = i.iid
              returning e.iid, e.tenant, e.created_at, i.n, i.owner, i.kind
            ), g as materialized (
              select e.iid, e.n, e.owner, g.name from unnest(:goneOf, :goneNames) as g (e, name) join e on e.n = g.e
            ), a0 as (
              delete from hub.attribute a using g
               where a.iid = g.iid and a.name = g.name
                 and not exists (select from x where x.e = g.n and x.kind = a.kind and x.name = a.name and a.path = ''
                                                 and x.dataset = a.dataset and x.n = a.n)
            ), p0 as (
              delete from hub.place p using g
               where p.iid = g.iid and p.name = g.name
                 and not exists (select from c where c.e = g.n and c.kind = p.kind and c.name = p.name and c.cell = p.cell
                                                 and p.organisation_id = g.owner)
            )\
            """;

    private static final String REWRITE = REST.formatted("""
                    on conflict (iid, name, path, dataset, n, kind) do update
                      set organisation_id = excluded.organisation_id, listed = excluded.listed, number = excluded.number,
                          text = excluded.text, moment = excluded.moment
                    """, "on conflict do nothing");

    /** Entities that keep their types and owner. */
    private static final String UPDATE = CHANGE + REWRITE;

    /** Entities that do not, or begin to live, or end: the history of one that ends keeps its types. */
    private static final String MOVE = CHANGE + """
            , t0 as (
              delete from hub.entity_type y using e
               where y.iid = e.iid
                 and not exists (select from k where k.e = e.n and k.kind = y.kind and y.organisation_id = e.owner)
              returning y.tenant, y.kind, y.organisation_id, y.iid, e.n
            ), gone as (
              insert into hub.past_type (tenant, kind, organisation_id, iid)
              select t0.tenant, t0.kind, t0.organisation_id, t0.iid from t0 join i on i.n = t0.n where i.what = 'D'
              on conflict do nothing
            ), back as (
              delete from hub.past_type y using e join i on i.n = e.n where y.iid = e.iid and i.what = 'C'
            )\
            """ + REWRITE;

    private final Transactions transactions;

    EntityRows(Transactions transactions) {
        this.transactions = transactions;
    }

    /** The row of that id, locked until the transaction ends; deleted ones too. */
    Optional<Stored> lock(String id, Instant now) {
        return transactions
                .jdbc()
                .sql("select %s from hub.entity e where e.tenant = (select store.tenant()) and e.id = :id for update"
                        .formatted(COLUMNS))
                .param("id", id)
                .query((row, n) -> stored(row, now))
                .optional();
    }

    /** The rows of these ids by id, locked as in {@link #lock}; whoever locks several does so in the same order. */
    Map<String, Stored> lock(Collection<String> ids, Instant now) {
        Map<String, Stored> found = new HashMap<>();
        transactions
                .jdbc()
                .sql(
                        "select e.id, %s from hub.entity e where e.tenant = (select store.tenant()) and e.id = any(:ids) order by e.id for update"
                                .formatted(COLUMNS))
                .param("ids", ids.toArray(String[]::new))
                .query((ResultSet row) -> {
                    found.put(row.getString("id"), stored(row, now));
                });
        return found;
    }

    /** Those of these ids that live, in no order. */
    static List<Stored> named(Transactions transactions, Collection<String> ids, Instant now) {
        return transactions
                .jdbc()
                .sql("""
                        select %s from hub.entity e where e.tenant = (select store.tenant()) and e.id = any(:ids) and %s
                        """.formatted(COLUMNS, LIVES))
                .param("ids", ids.toArray(String[]::new))
                .param("now", now.atOffset(UTC))
                .query((row, n) -> stored(row, now))
                .list();
    }

    /** Rows of any tenant that have expired, or attributes of which have, locked; what somebody works on is left for later. */
    List<Stored> lockExpired(Instant now, int most) {
        return transactions
                .jdbc()
                .sql("""
                        select %1$s from hub.entity e
                         where e.iid in (
                           (select x.iid from hub.entity x where x.expires_at <= :now order by x.expires_at limit :most)
                           union all
                           (select x.iid from hub.entity x where x.parts_expire_at <= :now order by x.parts_expire_at limit :most))
                           and e.deleted_at is null
                         limit :most for update skip locked
                        """.formatted(COLUMNS))
                .param("now", now.atOffset(UTC))
                .param("most", most)
                .query((row, n) -> stored(row, now))
                .list();
    }

    /** The entity of that id that lives at that moment. */
    Optional<Stored> find(String id, Instant now) {
        return transactions
                .jdbc()
                .sql("""
                        select %s from hub.entity e
                         where e.tenant = (select store.tenant()) and e.id = :id and %s
                        """.formatted(COLUMNS, LIVES))
                .param("id", id)
                .param("now", now.atOffset(UTC))
                .query((row, n) -> stored(row, now))
                .optional();
    }

    static Stored stored(ResultSet row, Instant now) throws SQLException {
        return new Stored(
                row.getLong("iid"),
                new OrganisationId(row.getString("organisation_id")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getLong("version"),
                instant(row, "expires_at"),
                instant(row, "parts_expire_at"),
                row.getString("times"),
                row.getString("document"),
                now);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    /**
     * Writes entities that have no row yet, in the order of their ids, so that nobody waits in a circle.
     *
     * @return rows by id; an id that is taken, by whomever, is missing, and nothing is written of it
     */
    Map<String, Stored> create(List<EntityStep> steps) {
        Instant at = steps.getFirst().at();
        StepColumns columns = new StepColumns(at);
        Map<String, OrganisationId> owners = new HashMap<>();
        steps.stream().sorted((a, b) -> a.id().compareTo(b.id())).forEach(step -> {
            columns.add(step);
            owners.put(step.id(), step.owner());
        });
        Map<String, Stored> made = new HashMap<>();
        columns.bind(transactions.jdbc().sql(CREATE)).query((ResultSet row) -> {
            String id = row.getString("entity_id");
            OrganisationId owner = Objects.requireNonNull(owners.get(id));
            made.put(id, Stored.made(row.getLong("iid"), owner, at));
        });
        return made;
    }

    /** Writes entities whose rows this transaction holds, each once. */
    void change(List<EntityStep> steps) {
        change(UPDATE, steps.stream().filter(step -> !step.moved()).toList());
        change(MOVE, steps.stream().filter(EntityStep::moved).toList());
    }

    private void change(String statement, List<EntityStep> steps) {
        if (!steps.isEmpty()) {
            StepColumns columns = new StepColumns(steps.getFirst().at());
            steps.forEach(columns::add);
            columns.bind(transactions.jdbc().sql(statement)).query((ResultSet row) -> {});
        }
    }

    /** The row of a deleted entity and its history. */
    void forget(long iid) {
        transactions.jdbc().sql("""
                        with h as (delete from hub.attribute_instance where iid = :iid),
                             t as (delete from hub.past_type where iid = :iid)
                        delete from hub.entity where iid = :iid
                        """).param("iid", iid).update();
    }
}

package org.conurb.hub;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The text of the one statement that writes entities with everything that belongs to them. It has only the parts that have
 * something to do, as PostgreSQL sets each up anew each time; and where it writes one entity, that one's columns are scalars
 * and its lists are taken by subscript, as a set costs more than the few rows in it.
 *
 * @param one whether it writes one entity with short lists
 * @param types whether there are rows of types to be made
 * @param rows whether there are rows of attributes to be written
 * @param places whether there are rows of places to be made
 * @param past whether there are instances for the history
 * @param goneRows whether rows of attributes may have to go
 * @param gonePlaces whether rows of places may have to go
 */
record EntityStatement(
        Way way,
        boolean one,
        boolean types,
        boolean rows,
        boolean places,
        boolean past,
        boolean goneRows,
        boolean gonePlaces) {

    /** Rows in a list up to which subscripts are quicker. */
    static final int SHORT = 40;

    private static final Map<EntityStatement, String> TEXTS = new ConcurrentHashMap<>();

    /** What happens to the entities. */
    enum Way {
        /** They have no row yet. */
        CREATE,
        /** They keep their types and owner. */
        UPDATE,
        /** They do not, or begin to live, or end: the history of one that ends keeps its types. */
        MOVE
    }

    private static final String ONE = """
            with i as not materialized (
              select cast(:iids as bigint) as iid, cast(:owners as text) as owner, cast(:ids as text) as id, cast(:kinds as text) as kind,
                     cast(:allKinds as text) as kinds, cast(:located as boolean) as located, cast(:cells as bigint) as cell,
                     cast(:whats as text) as what, cast(:changed as text) as changed, cast(:scopes as text) as scopes,
                     cast(:expiries as timestamptz) as expires_at, cast(:partExpiries as timestamptz) as parts_expire_at,
                     cast(:times as text) as times, cast(:documents as text) as document, cast(:befores as text) as before, 1 as n
            )""";
    private static final String ONES_ROWS = """
            , x as not materialized (
              select 1 as e, (cast(:rowKinds as text[]))[s] as kind, (cast(:rowNames as text[]))[s] as name,
                     (cast(:rowDatasets as text[]))[s] as dataset, (cast(:rowOrdinals as int[]))[s] as n,
                     (cast(:rowListed as boolean[]))[s] as listed, (cast(:rowNumbers as float8[]))[s] as number,
                     (cast(:rowTexts as text[]))[s] as text, cast((cast(:rowMoments as text[]))[s] as timestamptz) as moment
                from generate_series(1, cast(:rowCount as int)) s
            )""";
    private static final String ONES_PLACES = """
            , c as not materialized (
              select 1 as e, (cast(:placeKinds as text[]))[s] as kind, (cast(:placeNames as text[]))[s] as name,
                     (cast(:placeCells as bigint[]))[s] as cell
                from generate_series(1, cast(:placeCount as int)) s
            )""";
    private static final String ONES_TYPES = """
            , k as not materialized (
              select 1 as e, (cast(:types as text[]))[s] as kind from generate_series(1, cast(:typeCount as int)) s
            )""";
    private static final String ONES_PAST = """
            , r as not materialized (
              select 1 as e, (cast(:pastNames as text[]))[s] as name, (cast(:pastDatasets as text[]))[s] as dataset,
                     cast((cast(:pastObserved as text[]))[s] as timestamptz) as observed,
                     cast((cast(:pastRecorded as text[]))[s] as timestamptz) as recorded, (cast(:pastValues as text[]))[s] as value,
                     (cast(:pastShapes as text[]))[s] as shape, (cast(:pastNumbers as float8[]))[s] as number, s as o
                from generate_series(1, cast(:pastCount as int)) s
            )""";

    /** Every other list names its entity by {@code n}. */
    private static final String MANY = """
            with i as materialized (
              select * from unnest(:iids, :owners, :ids, :kinds, :allKinds, :located, :cells, :whats, :changed, :scopes,
                                   cast(:expiries as timestamptz[]), cast(:partExpiries as timestamptz[]), :times, :documents, :befores)
                       with ordinality as i (iid, owner, id, kind, kinds, located, cell, what, changed, scopes,
                                             expires_at, parts_expire_at, times, document, before, n)
            )""";

    private static final String ROWS = """
            , x as (
              select * from unnest(:rowsOf, :rowKinds, :rowNames, :rowDatasets, :rowOrdinals, :rowListed, :rowNumbers, :rowTexts,
                                   cast(:rowMoments as timestamptz[]))
                       as x (e, kind, name, dataset, n, listed, number, text, moment)
            )""";
    private static final String PLACES = """
            , c as (
              select * from unnest(:placesOf, :placeKinds, :placeNames, :placeCells) as c (e, kind, name, cell)
            )""";
    private static final String TYPES = """
            , k as (
              select * from unnest(:typesOf, :types) as k (e, kind)
            )""";
    private static final String PAST = """
            , r as (
              select * from unnest(:pastOf, :pastNames, :pastDatasets, cast(:pastObserved as timestamptz[]),
                                   cast(:pastRecorded as timestamptz[]), :pastValues, :pastShapes, :pastNumbers) with ordinality
                       as r (e, name, dataset, observed, recorded, value, shape, number, o)
            )""";

    private static final String CREATED = """
            , made as (
              insert into hub.entity (tenant, id, organisation_id, kind, cell, at, created_at, expires_at, parts_expire_at, version, scopes, document)
              select (select store.tenant()), i.id, i.owner, i.kind, i.cell, :at, :at, i.expires_at, i.parts_expire_at, 1, string_to_array(i.scopes, ' '), i.document
                from i
              on conflict (tenant, id) do nothing
              returning iid, tenant, id, created_at
            ), e as (
              select made.iid, made.tenant, made.created_at, i.n, i.owner, i.kind from made join i on i.id = made.id
            )""";
    private static final String CHANGED = """
            , e as (
              update hub.entity e set organisation_id = i.owner, kind = i.kind, at = :at, version = version + 1,
                     cell = case when i.located then i.cell else e.cell end,
                     created_at = case when i.what = 'C' then :at else e.created_at end,
                     deleted_at = case when i.what = 'D' then :at end, expires_at = i.expires_at,
                     parts_expire_at = i.parts_expire_at, times = i.times, scopes = string_to_array(i.scopes, ' '),
                     document = i.document
                from i where e.iid = i.iid
              returning e.iid, e.tenant, e.created_at, i.n, i.owner, i.kind
            )""";
    private static final String GONE = """
            , g as materialized (
              select e.iid, e.n, e.owner, g.name from unnest(:goneOf, :goneNames) as g (e, name) join e on e.n = g.e
            )""";
    private static final String GONE_ROWS = """
            , a0 as (
              delete from hub.attribute a using g
               where a.iid = g.iid and a.name = g.name%s
            )""";
    private static final String ROWS_STAY = """

                 and not exists (select from x where x.e = g.n and x.kind = a.kind and x.name = a.name and a.path = ''
                                                 and x.dataset = a.dataset and x.n = a.n)""";
    private static final String GONE_PLACES = """
            , p0 as (
              delete from hub.place p using g
               where p.iid = g.iid and p.name = g.name%s
            )""";
    private static final String PLACES_STAY = """

                 and not exists (select from c where c.e = g.n and c.kind = p.kind and c.name = p.name and c.cell = p.cell
                                                 and p.organisation_id = g.owner)""";
    private static final String GONE_TYPES = """
            , t0 as (
              delete from hub.entity_type y using e
               where y.iid = e.iid%s
              returning y.tenant, y.kind, y.organisation_id, y.iid, e.n
            ), gone as (
              insert into hub.past_type (tenant, kind, organisation_id, iid)
              select t0.tenant, t0.kind, t0.organisation_id, t0.iid from t0 join i on i.n = t0.n where i.what = 'D'
              on conflict do nothing
            ), back as (
              delete from hub.past_type y using e join i on i.n = e.n where y.iid = e.iid and i.what = 'C'
            )""";
    private static final String TYPES_STAY = """

                 and not exists (select from k where k.e = e.n and k.kind = y.kind and y.organisation_id = e.owner)""";

    private static final String MADE_TYPES = """
            , t as (
              insert into hub.entity_type (tenant, kind, organisation_id, iid)
              select e.tenant, k.kind, e.owner, e.iid from k join e on e.n = k.e
              %s
            )""";
    private static final String MADE_ROWS = """
            , a as (
              insert into hub.attribute (iid, tenant, organisation_id, kind, name, path, dataset, n, listed, number, text, moment)
              select e.iid, e.tenant, e.owner, x.kind, x.name, '', x.dataset, x.n, x.listed, x.number, x.text, x.moment
                from x join e on e.n = x.e
              %s
            )""";
    private static final String MADE_PLACES = """
            , p as (
              insert into hub.place (tenant, organisation_id, kind, name, cell, iid)
              select e.tenant, e.owner, c.kind, c.name, c.cell, e.iid from c join e on e.n = c.e
              %s
            )""";
    private static final String MADE_PAST = """
            , h as (
              insert into hub.attribute_instance
                     (tenant, organisation_id, iid, kind, name, dataset, at, observed_at, recorded_at, value, shape, number)
              select e.tenant, e.owner, e.iid, e.kind, r.name, r.dataset, coalesce(r.observed, r.recorded, :at), r.observed,
                     coalesce(r.recorded, :at), r.value, r.shape, r.number
                from r join e on e.n = r.e
               order by r.o
            )""";
    private static final String CHANGE = """

            insert into hub.change (tenant, organisation_id, iid, entity_id, kind, kinds, what, at, names, document, before, created_at)
            select e.tenant, i.owner, e.iid, i.id, i.kind, string_to_array(i.kinds, ' '), i.what, :at,
                   string_to_array(i.changed, ' '), nullif(i.document, ''), i.before, e.created_at
              from i join e on e.n = i.n
            returning entity_id, iid
            """;

    private static final String THERE_ALREADY = "on conflict do nothing";
    private static final String AS_IT_IS_NOW = """
            on conflict (iid, name, path, dataset, n, kind) do update
                set organisation_id = excluded.organisation_id, listed = excluded.listed, number = excluded.number,
                    text = excluded.text, moment = excluded.moment""";

    String text() {
        return TEXTS.computeIfAbsent(this, EntityStatement::write);
    }

    private String write() {
        boolean creates = way == Way.CREATE;
        StringBuilder sql = new StringBuilder(one ? ONE : MANY);
        add(sql, rows, one ? ONES_ROWS : ROWS);
        add(sql, places, one ? ONES_PLACES : PLACES);
        add(sql, types, one ? ONES_TYPES : TYPES);
        add(sql, past, one ? ONES_PAST : PAST);
        sql.append(creates ? CREATED : CHANGED);
        add(sql, goneRows || gonePlaces, GONE);
        add(sql, goneRows, GONE_ROWS.formatted(rows ? ROWS_STAY : ""));
        add(sql, gonePlaces, GONE_PLACES.formatted(places ? PLACES_STAY : ""));
        add(sql, way == Way.MOVE, GONE_TYPES.formatted(types ? TYPES_STAY : ""));
        add(sql, types, MADE_TYPES.formatted(creates ? "" : THERE_ALREADY));
        add(sql, rows, MADE_ROWS.formatted(creates ? "" : AS_IT_IS_NOW));
        add(sql, places, MADE_PLACES.formatted(creates ? "" : THERE_ALREADY));
        add(sql, past, MADE_PAST);
        return sql.append(CHANGE).toString();
    }

    private static void add(StringBuilder sql, boolean part, String text) {
        if (part) {
            sql.append(text);
        }
    }
}

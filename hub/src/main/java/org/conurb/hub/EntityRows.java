package org.conurb.hub;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The tables of entities: one statement creates or changes one with everything that belongs to it. */
final class EntityRows {
    /** Of a row {@code e} of entities, as {@link #stored} reads them. */
    static final String COLUMNS = "e.iid, e.organisation_id, e.created_at, e.at, e.version, e.document";

    private static final int MAX_CELLS = 12;

    /**
     * Follows {@code with e as (… returning iid, tenant)}: all that is written anew when an entity is created or changed.
     */
    private static final String REST = """
            , a as (
              insert into hub.attribute (iid, tenant, organisation_id, kind, name, path, dataset, n, listed, number, text, moment)
              select e.iid, e.tenant, :owner, x.kind, x.name, '', x.dataset, x.n, x.listed, x.number, x.text, x.moment
                from e, unnest(:kinds, :names, :datasets, :ordinals, :listed, :numbers, :texts, cast(:moments as timestamptz[]))
                     as x (kind, name, dataset, n, listed, number, text, moment)
              %s
            ), p as (
              insert into hub.place (tenant, organisation_id, kind, name, cell, iid)
              select e.tenant, :owner, x.kind, x.name, x.cell, e.iid
                from e, unnest(:placeKinds, :placeNames, :placeCells) as x (kind, name, cell)
              %s
            ), h as (
              %s
            )
            insert into hub.change (tenant, organisation_id, iid, entity_id, kind, kinds, what, at, names, document, before, created_at)
            select e.tenant, :owner, e.iid, :id, :kind, :types, :what, :at, :told, :changeDocument, :before, e.created_at from e
            """;

    private static final String CREATE = """
            with e as (
              insert into hub.entity (tenant, id, organisation_id, kind, cell, at, created_at, version, scopes, document)
              values ((select store.tenant()), :id, :owner, :kind, :cell, :at, :at, 1, :scopes, :document)
              on conflict (tenant, id) do nothing
              returning iid, tenant, created_at
            ), t as (
              insert into hub.entity_type (tenant, kind, organisation_id, iid)
              select e.tenant, x.kind, :owner, e.iid from e, unnest(:types) as x (kind)
            )""" + rest("", "");

    private static final String UPDATE = """
            with e as (
              update hub.entity set organisation_id = :owner, kind = :kind, at = :at, version = version + 1,
                     cell = case when 'location' = any(:changed) then :cell else cell end,
                     created_at = case when deleted_at is null then created_at else :at end,
                     deleted_at = case when :what = 'D' then :at end, scopes = :scopes, document = :document
               where iid = :iid
              returning iid, tenant, created_at
            ), \
            """;

    /** Attributes of an entity that keeps its types and owner. */
    private static final String CHANGE = UPDATE + """
            a0 as (
              delete from hub.attribute a where a.iid = :iid and a.name = any(:changed)
                 and (a.kind, a.name, a.path, a.dataset, a.n) not in (
                     select x.kind, x.name, '', x.dataset, x.n
                       from unnest(:kinds, :names, :datasets, :ordinals) as x (kind, name, dataset, n))
            ), p0 as (
              delete from hub.place p where p.iid = :iid and p.name = any(:changed)
                 and (p.kind, p.name, p.cell) not in (
                     select x.kind, x.name, x.cell from unnest(:placeKinds, :placeNames, :placeCells) as x (kind, name, cell))
            )""" + rest("""
                    on conflict (iid, name, path, dataset, n, kind) do update
                      set listed = excluded.listed, number = excluded.number, text = excluded.text, moment = excluded.moment
                    """, "on conflict do nothing");

    /** After {@link #clear}: all of an entity. */
    private static final String REPLACE = UPDATE + """
            t as (
              insert into hub.entity_type (tenant, kind, organisation_id, iid)
              select e.tenant, x.kind, :owner, e.iid from e, unnest(:newTypes) as x (kind)
            )""" + rest("", "");

    private final Transactions transactions;

    EntityRows(Transactions transactions) {
        this.transactions = transactions;
    }

    /** The two arguments take what happens to a value, and to a cell, that is there already. */
    private static String rest(String value, String cell) {
        return REST.formatted(value, cell, HistoryRows.INSERT);
    }

    /** The row of that id, locked until the transaction ends; deleted ones too. */
    Optional<Stored> lock(String id) {
        return transactions
                .jdbc()
                .sql("""
                        select %s from hub.entity e where e.tenant = (select store.tenant()) and e.id = :id for update
                        """.formatted(COLUMNS))
                .param("id", id)
                .query(EntityRows::stored)
                .optional();
    }

    /** The entity of that id. */
    Optional<Stored> find(String id) {
        return transactions
                .jdbc()
                .sql("""
                        select %s from hub.entity e where e.tenant = (select store.tenant()) and e.id = :id and e.deleted_at is null
                        """.formatted(COLUMNS))
                .param("id", id)
                .query(EntityRows::stored)
                .optional();
    }

    /** The living entities of those ids, in no order. */
    static List<Stored> named(Transactions transactions, Collection<String> ids) {
        return transactions
                .jdbc()
                .sql("""
                        select %s from hub.entity e where e.tenant = (select store.tenant()) and e.id = any(:ids) and e.deleted_at is null
                        """.formatted(COLUMNS))
                .param("ids", ids.toArray(String[]::new))
                .query(EntityRows::stored)
                .list();
    }

    static Stored stored(ResultSet row, int n) throws SQLException {
        return new Stored(
                row.getLong("iid"),
                new OrganisationId(row.getString("organisation_id")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getLong("version"),
                row.getString("document"));
    }

    /** @return false where the id is taken, by whomever; nothing is written then */
    boolean create(OrganisationId owner, ObjectNode document, Instant at) {
        String id = document.path("id").stringValue();
        List<String> types = Stored.types(document);
        Collection<String> names = attributes(document);
        Writing writing = new Writing(owner, id, types, Documents.none(), document, names, at, "C");
        return writing.bind(transactions.jdbc().sql(CREATE), document).update() > 0;
    }

    /** @param changed attributes to write anew: those that differ, or all of them when owner or types do */
    void change(Stored before, OrganisationId owner, ObjectNode document, Collection<String> changed, Instant at) {
        ObjectNode old = before.deleted() ? Documents.none() : before.seen();
        List<String> types = Stored.types(document);
        boolean moved = before.deleted() || !owner.equals(before.owner()) || !types.equals(Stored.types(old));
        Collection<String> names = new TreeSet<>(changed);
        if (moved) {
            names.addAll(attributes(document));
        }
        Writing writing = new Writing(
                owner,
                document.path("id").stringValue(),
                types,
                old,
                document,
                names,
                at,
                before.deleted() ? "C" : "U");
        writing.tells(changed, before.deleted() ? null : asTheyWere(old, changed));
        if (moved) {
            clear(before.iid(), names, before.deleted() ? "C" : "U");
            writing.bind(transactions.jdbc().sql(REPLACE), document)
                    .param("iid", before.iid())
                    .param("newTypes", types.toArray(String[]::new))
                    .update();
        } else {
            writing.bind(transactions.jdbc().sql(CHANGE), document)
                    .param("iid", before.iid())
                    .update();
        }
    }

    void delete(Stored before, Instant at) {
        ObjectNode old = before.seen();
        Collection<String> names = attributes(old);
        clear(before.iid(), names, "D");
        Writing writing = new Writing(
                before.owner(), old.path("id").stringValue(), Stored.types(old), old, Documents.none(), names, at, "D");
        writing.tells(names, before.text());
        writing.bind(transactions.jdbc().sql(REPLACE), null)
                .param("iid", before.iid())
                .param("newTypes", new String[0])
                .update();
    }

    private static @Nullable String asTheyWere(ObjectNode old, Collection<String> changed) {
        ObjectNode were = Documents.none();
        for (String name : changed) {
            if (old.has(name)) {
                were.set(name, old.get(name));
            }
        }
        return were.isEmpty() ? null : were.toString();
    }

    /** The row of a deleted entity and its history. */
    void forget(long iid) {
        transactions.jdbc().sql("""
                        with h as (delete from hub.attribute_instance where iid = :iid),
                             t as (delete from hub.past_type where iid = :iid)
                        delete from hub.entity where iid = :iid
                        """).param("iid", iid).update();
    }

    /** @param what happens to the entity: its history keeps the types of one that goes, and drops them of one that comes back */
    private void clear(long iid, Collection<String> names, String what) {
        transactions
                .jdbc()
                .sql("""
                        with a as (delete from hub.attribute where iid = :iid and name = any(:names)),
                             t as (delete from hub.entity_type where iid = :iid returning tenant, kind, organisation_id, iid),
                             gone as (insert into hub.past_type select t.* from t where :what = 'D' on conflict do nothing),
                             back as (delete from hub.past_type where iid = :iid and :what = 'C')
                        delete from hub.place where iid = :iid
                        """)
                .param("iid", iid)
                .param("what", what)
                .param("names", names.toArray(String[]::new))
                .update();
    }

    static Collection<String> attributes(ObjectNode document) {
        Collection<String> names = new ArrayList<>(document.size());
        document.propertyNames().forEach(name -> {
            if (Stored.isAttribute(name)) {
                names.add(name);
            }
        });
        return names;
    }

    /** One entity's rows on their way into a statement. */
    private static final class Writing {
        private final OrganisationId owner;
        private final String id;
        private final List<String> types;
        private final Collection<String> names;
        private final Instant at;
        private final String what;
        private final AttributeRows rows = new AttributeRows();
        private Collection<String> told;
        private @Nullable String was;
        private final List<String> placeKinds = new ArrayList<>();
        private final List<String> placeNames = new ArrayList<>();
        private final List<Long> placeCells = new ArrayList<>();
        private final HistoryRows past = new HistoryRows();

        Writing(
                OrganisationId owner,
                String id,
                List<String> types,
                ObjectNode before,
                ObjectNode document,
                Collection<String> names,
                Instant at,
                String what) {
            this.owner = owner;
            this.id = id;
            this.types = types;
            this.names = names;
            this.told = names;
            this.at = at;
            this.what = what;
            for (String name : names) {
                JsonNode attribute = document.get(name);
                if (attribute != null) {
                    rows.add(types, name, attribute);
                    places(name, attribute);
                }
            }
            past.differences(names, before, document, at.toString());
        }

        /**
         * What others are told of the change.
         *
         * @param changed attributes that changed, where more are written anew
         * @param before what they were, as JSON
         */
        void tells(Collection<String> changed, @Nullable String before) {
            told = changed;
            was = before;
        }

        private void places(String name, JsonNode attribute) {
            Set<Long> cells = new LinkedHashSet<>();
            for (JsonNode instance : attribute.isArray() ? attribute : List.of(attribute)) {
                if (AttributeKind.of(instance) == AttributeKind.GEO) {
                    cells.addAll(Geometries.cover(Geometries.read(name, instance.path("value")), MAX_CELLS));
                }
            }
            for (Long cell : cells) {
                for (String type : types) {
                    placeKinds.add(type);
                    placeNames.add(name);
                    placeCells.add(cell);
                }
            }
        }

        StatementSpec bind(StatementSpec statement, @Nullable ObjectNode document) {
            String text = document == null ? "" : document.toString();
            return past.bind(statement)
                    .param("owner", owner.value())
                    .param("id", id)
                    .param("kind", types.getFirst())
                    .param("types", types.toArray(String[]::new))
                    .param("cell", cell(), Types.BIGINT)
                    .param("at", at.atOffset(UTC))
                    .param("scopes", scopes(document))
                    .param("document", text)
                    .param("what", what)
                    .param("changed", names.toArray(String[]::new))
                    .param("told", told.toArray(String[]::new))
                    .param("before", was, Types.VARCHAR)
                    .param("changeDocument", document == null ? null : text, Types.VARCHAR)
                    .param("kinds", rows.kinds.toArray(String[]::new))
                    .param("names", rows.names.toArray(String[]::new))
                    .param("datasets", rows.datasets.toArray(String[]::new))
                    .param("ordinals", rows.ordinals.toArray(Integer[]::new))
                    .param("listed", rows.listed.toArray(Boolean[]::new))
                    .param("numbers", rows.numbers.toArray(Double[]::new))
                    .param("texts", rows.texts.toArray(String[]::new))
                    .param("moments", rows.moments.toArray(String[]::new))
                    .param("placeKinds", placeKinds.toArray(String[]::new))
                    .param("placeNames", placeNames.toArray(String[]::new))
                    .param("placeCells", placeCells.toArray(Long[]::new));
        }

        private @Nullable Long cell() {
            int at = placeNames.indexOf("location");
            return at < 0 ? null : placeCells.get(at);
        }

        private static String[] scopes(@Nullable ObjectNode document) {
            List<String> scopes = new ArrayList<>();
            JsonNode scope = document == null ? null : document.get("scope");
            if (scope != null) {
                for (JsonNode one : scope.isArray() ? scope : List.of(scope)) {
                    scopes.add(one.stringValue());
                }
            }
            return scopes.toArray(String[]::new);
        }
    }
}

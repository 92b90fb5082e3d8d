package org.conurb.hub;

import static java.time.ZoneOffset.UTC;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;

/** What clients do to histories, row by row. A history without an entity hangs on a row of entities that does not live. */
final class EvolutionRows {
    private static final String TYPES = """
            t as (
              insert into hub.past_type (tenant, kind, organisation_id, iid)
              select e.tenant, x.kind, :owner, e.iid from e, unnest(:types) as x (kind) on conflict do nothing
            )\
            """;

    private static final String CREATE = """
            with e as (
              insert into hub.entity (tenant, id, organisation_id, kind, at, created_at, deleted_at, version, document)
              values ((select store.tenant()), :id, :owner, :kind, :at, :at, :at, 0, '')
              on conflict (tenant, id) do nothing
              returning iid, tenant
            ), %s, h as (
              %s
            )
            select count(*) from e
            """.formatted(TYPES, HistoryRows.INSERT);

    /** What does not live is kept as long as it is added to. */
    private static final String ADD = """
            with e as (
              update hub.entity set deleted_at = case when deleted_at is not null then cast(:at as timestamptz) end where iid = :iid
              returning iid, tenant
            ), %s
            %s
            """.formatted(TYPES, HistoryRows.INSERT);

    private static final String REPLACE = """
            update hub.attribute_instance h
               set dataset = x.dataset, at = coalesce(x.observed, x.recorded, h.recorded_at), observed_at = x.observed,
                   recorded_at = coalesce(x.recorded, h.recorded_at), modified_at = :at, value = x.value, shape = x.shape, number = x.number
              from unnest(:pastNames, :pastDatasets, cast(:pastObserved as timestamptz[]), cast(:pastRecorded as timestamptz[]),
                          :pastValues, :pastShapes, :pastNumbers) as x (name, dataset, observed, recorded, value, shape, number)
             where h.iid = :iid and h.name = x.name and h.hid = :hid
            """;

    private final Transactions transactions;

    EvolutionRows(Transactions transactions) {
        this.transactions = transactions;
    }

    /** @param kind by which its history is kept */
    record Locked(Evolution evolution, String kind) {}

    /** The evolution of that id, locked until the transaction ends; it may have no history. */
    Optional<Locked> lock(String id) {
        return transactions
                .jdbc()
                .sql(
                        "select e.kind, %s from hub.entity e where e.tenant = (select store.tenant()) and e.id = :id for update"
                                .formatted(Evolution.COLUMNS))
                .param("id", id)
                .query((row, n) -> new Locked(Evolution.of(row), row.getString("kind")))
                .optional();
    }

    /** @return false where the id is taken, by whomever; nothing is written then */
    boolean create(OrganisationId owner, String id, List<String> types, HistoryRows rows, Instant at) {
        return rows.bind(transactions.jdbc().sql(CREATE))
                        .param("id", id)
                        .param("owner", owner.value())
                        .param("kind", types.getFirst())
                        .param("types", types.toArray(String[]::new))
                        .param("at", at.atOffset(UTC))
                        .query(Integer.class)
                        .single()
                > 0;
    }

    /** @param types to add to those that there are */
    void add(Locked to, List<String> types, HistoryRows rows, Instant at) {
        rows.bind(transactions.jdbc().sql(ADD))
                .param("iid", to.evolution().iid())
                .param("owner", to.evolution().owner().value())
                .param("kind", to.kind())
                .param("types", types.toArray(String[]::new))
                .param("at", at.atOffset(UTC))
                .update();
    }

    /** @return whether there is that instance */
    boolean replace(long iid, long hid, HistoryRows instance, Instant at) {
        return instance.bind(transactions.jdbc().sql(REPLACE))
                        .param("iid", iid)
                        .param("hid", hid)
                        .param("at", at.atOffset(UTC))
                        .update()
                > 0;
    }

    /** @return whether there was that instance */
    boolean delete(long iid, String name, long hid) {
        return transactions
                        .jdbc()
                        .sql("delete from hub.attribute_instance where iid = :iid and name = :name and hid = :hid")
                        .param("iid", iid)
                        .param("name", name)
                        .param("hid", hid)
                        .update()
                > 0;
    }

    /**
     * @param dataset empty for the default one
     * @return whether there was any
     */
    boolean delete(long iid, String name, String dataset, boolean everyDataset) {
        return transactions
                        .jdbc()
                        .sql("""
                                delete from hub.attribute_instance
                                 where iid = :iid and name = :name and (:every or dataset = :dataset)
                                """)
                        .param("iid", iid)
                        .param("name", name)
                        .param("every", everyDataset)
                        .param("dataset", dataset)
                        .update()
                > 0;
    }

    /** All of it. @return whether there was any */
    boolean delete(long iid) {
        return transactions.jdbc().sql("""
                with t as (delete from hub.past_type where iid = :iid)
                delete from hub.attribute_instance where iid = :iid
                """).param("iid", iid).update() > 0;
    }
}

package org.conurb.hub;

import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;

/** What a run leaves behind it: entities as they were before, and what was wrong. Within the current transaction. */
final class ImportTraces {
    /** Faults of one run that are kept; counted are all. */
    static final int MOST_FAULTS = 20_000;

    private final Transactions transactions;

    ImportTraces(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * What was wrong with a row, or why an undoing left an entity.
     *
     * @param n its place in the report
     * @param row counts data from 1; null for what an undoing left
     */
    record Fault(
            long n,
            @Nullable Long row,
            @Nullable Long line,
            @Nullable String column,
            @Nullable String entity,
            String reason) {}

    /**
     * An entity as a run left it.
     *
     * @param versionBefore of its row, before the run's last change of it
     * @param before its document before the run; null for one that it made
     */
    record Touched(
            String id,
            long versionBefore,
            long version,
            @Nullable String before) {}

    /** How often the rows of these entities were written, where they are and are seen. */
    Map<String, Long> versions(Collection<String> ids) {
        Map<String, Long> versions = new HashMap<>();
        transactions
                .jdbc()
                .sql("select id, version from hub.entity where tenant = (select store.tenant()) and id = any(:ids)")
                .param("ids", ids.toArray(String[]::new))
                .query((ResultSet row) -> {
                    versions.put(row.getString("id"), row.getLong("version"));
                });
        return versions;
    }

    /** What a run did with entities; one that somebody else changed between two of its changes stays as it was noted. */
    void touched(ImportRun run, Collection<Touched> all) {
        Map<String, Touched> byId = new LinkedHashMap<>();
        all.forEach(one -> byId.put(one.id(), one));
        List<Touched> rows = new ArrayList<>(byId.values());
        transactions
                .jdbc()
                .sql("""
                        insert into hub.import_entity as kept (run, tenant, organisation_id, entity_id, version, before)
                        select :run, (select store.tenant()), :owner, x.id, x.version, x.before
                          from unnest(:ids, :versions, :befores) as x (id, version, before)
                        on conflict (run, entity_id) do nothing
                        """)
                .param("run", run.id())
                .param("owner", run.caller().organisation().value())
                .param("ids", rows.stream().map(Touched::id).toArray(String[]::new))
                .param("versions", rows.stream().map(Touched::version).toArray(Long[]::new))
                .param("befores", rows.stream().map(Touched::before).toArray(String[]::new))
                .update();
        transactions
                .jdbc()
                .sql("""
                        update hub.import_entity kept set version = x.version
                          from unnest(:ids, :befores, :versions) as x (id, before, version)
                         where kept.run = :run and kept.entity_id = x.id and kept.version = x.before
                        """)
                .param("run", run.id())
                .param("ids", rows.stream().map(Touched::id).toArray(String[]::new))
                .param("befores", rows.stream().map(Touched::versionBefore).toArray(Long[]::new))
                .param("versions", rows.stream().map(Touched::version).toArray(Long[]::new))
                .update();
    }

    /** Takes the next of what is to be undone out of the table, by the order of ids. */
    List<Touched> takeTouched(UUID run, int most) {
        return transactions
                .jdbc()
                .sql("""
                        delete from hub.import_entity where run = :run and entity_id in (
                          select entity_id from hub.import_entity where run = :run order by entity_id limit :most)
                        returning entity_id, version, before
                        """)
                .param("run", run)
                .param("most", most)
                .query((row, n) ->
                        new Touched(row.getString("entity_id"), 0, row.getLong("version"), row.getString("before")))
                .list();
    }

    void faults(ImportRun run, List<Fault> faults) {
        if (faults.isEmpty()) {
            return;
        }
        transactions
                .jdbc()
                .sql("""
                        insert into hub.import_fault (run, tenant, organisation_id, row, line, name, entity_id, reason)
                        select :run, (select store.tenant()), :owner, x.row, x.line, x.name, x.entity, x.reason
                          from unnest(:rows, :lines, :names, :entities, :reasons) with ordinality as x (row, line, name, entity, reason, o)
                         where (select count(*) from hub.import_fault where run = :run) + x.o <= :most
                         order by x.o
                        """)
                .param("run", run.id())
                .param("owner", run.caller().organisation().value())
                .param("rows", faults.stream().map(Fault::row).toArray(Long[]::new))
                .param("lines", faults.stream().map(Fault::line).toArray(Long[]::new))
                .param("names", faults.stream().map(Fault::column).toArray(String[]::new))
                .param("entities", faults.stream().map(Fault::entity).toArray(String[]::new))
                .param("reasons", faults.stream().map(Fault::reason).toArray(String[]::new))
                .param("most", MOST_FAULTS)
                .update();
    }

    List<Fault> faults(UUID run, long after, int limit) {
        return transactions
                .jdbc()
                .sql("""
                        select n, row, line, name, entity_id, reason from hub.import_fault
                         where run = :run and n > :after order by n limit :limit
                        """)
                .param("run", run)
                .param("after", after)
                .param("limit", limit)
                .query((row, n) -> new Fault(
                        row.getLong("n"),
                        row.getObject("row", Long.class),
                        row.getObject("line", Long.class),
                        row.getString("name"),
                        row.getString("entity_id"),
                        row.getString("reason")))
                .list();
    }
}

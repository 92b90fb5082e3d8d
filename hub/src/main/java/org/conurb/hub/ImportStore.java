package org.conurb.hub;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Json;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Retained;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** The table of runs, within the current transaction. */
final class ImportStore {
    private static final TypeReference<List<String>> NAMES = new TypeReference<>() {};
    private static final String COLUMNS =
            "id, tenant, caller, name, dialect, columns, bytes, rows, mapping, state, at, started_at, ended_at,"
                    + " read, created, updated, unchanged, refused, reverted, kept, fault";

    private final Transactions transactions;

    ImportStore(Transactions transactions) {
        this.transactions = transactions;
    }

    private static ImportRun run(ResultSet row) throws SQLException {
        String mapping = row.getString("mapping");
        return new ImportRun(
                row.getObject("id", UUID.class),
                row.getString("tenant"),
                Json.mapper().readValue(row.getString("caller"), Caller.class),
                row.getString("name"),
                Json.mapper().readValue(row.getString("dialect"), ImportDialect.class),
                Json.mapper().readValue(row.getString("columns"), NAMES),
                row.getLong("bytes"),
                row.getLong("rows"),
                mapping == null ? null : Json.mapper().readValue(mapping, ImportMapping.class),
                ImportRun.State.of(row.getString("state")),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                instant(row, "started_at"),
                instant(row, "ended_at"),
                new ImportRun.Counts(
                        row.getLong("read"),
                        row.getLong("created"),
                        row.getLong("updated"),
                        row.getLong("unchanged"),
                        row.getLong("refused"),
                        row.getLong("reverted"),
                        row.getLong("kept")),
                row.getString("fault"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    void insert(ImportRun run) {
        transactions
                .jdbc()
                .sql("""
                        insert into hub.import_run (id, tenant, organisation_id, caller, name, dialect, columns, bytes, rows, state, at)
                        values (:id, (select store.tenant()), :owner, :caller, :name, :dialect, :columns, :bytes, :rows, 'ready', :at)
                        """)
                .param("id", run.id())
                .param("owner", run.caller().organisation().value())
                .param("caller", SubscriptionStore.json(run.caller()))
                .param("name", run.name())
                .param("dialect", Json.mapper().writeValueAsString(run.dialect()))
                .param("columns", Json.mapper().writeValueAsString(run.columns()))
                .param("bytes", run.bytes())
                .param("rows", run.rows())
                .param("at", run.at().atOffset(UTC))
                .update();
    }

    Optional<ImportRun> find(UUID id, OrganisationId owner) {
        return one("", id, owner);
    }

    /** The same, and nobody else changes it until the transaction ends. */
    Optional<ImportRun> lock(UUID id, OrganisationId owner) {
        return one(" for update", id, owner);
    }

    private Optional<ImportRun> one(String how, UUID id, OrganisationId owner) {
        return transactions
                .jdbc()
                .sql("select %s from hub.import_run where id = :id and organisation_id = :owner%s"
                        .formatted(COLUMNS, how))
                .param("id", id)
                .param("owner", owner.value())
                .query((row, n) -> run(row))
                .optional();
    }

    /** Newest first; those older than {@code before}, where it is given. */
    List<ImportRun> list(OrganisationId owner, @Nullable UUID before, int limit) {
        return transactions
                .jdbc()
                .sql("""
                        select %s from hub.import_run
                         where tenant = (select store.tenant()) and organisation_id = :owner
                           and id < coalesce(:before, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
                         order by id desc limit :limit
                        """.formatted(COLUMNS))
                .param("owner", owner.value())
                .param("before", before, java.sql.Types.OTHER)
                .param("limit", limit)
                .query((row, n) -> run(row))
                .list();
    }

    /** Runs of an organisation that have not ended. */
    long open(OrganisationId owner) {
        return transactions
                .jdbc()
                .sql("""
                        select count(*) from hub.import_run
                         where tenant = (select store.tenant()) and organisation_id = :owner
                           and state in ('ready', 'running', 'undoing')
                        """)
                .param("owner", owner.value())
                .query(Long.class)
                .single();
    }

    /** What is to be done, of any organisation and tenant; as the system role. */
    Optional<ImportRun> work() {
        return transactions
                .jdbc()
                .sql("""
                        select %s from hub.import_run where state in ('running', 'undoing')
                         order by state desc, started_at limit 1
                        """.formatted(COLUMNS))
                .query((row, n) -> run(row))
                .optional();
    }

    /** Whose files are wanted; as the system role. */
    Set<UUID> withFile() {
        return Set.copyOf(transactions
                .jdbc()
                .sql("select id from hub.import_run where state in ('ready', 'running')")
                .query(UUID.class)
                .list());
    }

    void start(
            UUID id,
            Caller caller,
            ImportMapping mapping,
            ImportDialect dialect,
            Collection<String> columns,
            long rows,
            Instant now) {
        transactions
                .jdbc()
                .sql("""
                        update hub.import_run set state = 'running', caller = :caller, mapping = :mapping, dialect = :dialect,
                               columns = :columns, rows = :rows, started_at = :now where id = :id
                        """)
                .param("caller", SubscriptionStore.json(caller))
                .param("mapping", Json.mapper().writeValueAsString(mapping))
                .param("dialect", Json.mapper().writeValueAsString(dialect))
                .param("columns", Json.mapper().writeValueAsString(columns))
                .param("rows", rows)
                .param("now", now.atOffset(UTC))
                .param("id", id)
                .update();
    }

    void undo(UUID id, Caller caller) {
        transactions
                .jdbc()
                .sql(
                        "update hub.import_run set state = 'undoing', caller = :caller, ended_at = null, fault = null where id = :id")
                .param("caller", SubscriptionStore.json(caller))
                .param("id", id)
                .update();
    }

    void end(UUID id, ImportRun.State state, @Nullable String fault, Instant now) {
        transactions
                .jdbc()
                .sql("update hub.import_run set state = :state, fault = :fault, ended_at = :now where id = :id")
                .param("state", state.code())
                .param("fault", fault)
                .param("now", now.atOffset(UTC))
                .param("id", id)
                .update();
    }

    void count(UUID id, ImportRun.Counts more) {
        transactions
                .jdbc()
                .sql("""
                        update hub.import_run
                           set read = read + :read, created = created + :created, updated = updated + :updated,
                               unchanged = unchanged + :unchanged, refused = refused + :refused,
                               reverted = reverted + :reverted, kept = kept + :kept
                         where id = :id
                        """)
                .param("read", more.read())
                .param("created", more.created())
                .param("updated", more.updated())
                .param("unchanged", more.unchanged())
                .param("refused", more.refused())
                .param("reverted", more.reverted())
                .param("kept", more.kept())
                .param("id", id)
                .update();
    }

    void delete(UUID id) {
        transactions
                .jdbc()
                .sql("delete from hub.import_run where id = :id")
                .param("id", id)
                .update();
    }

    /** Some of the oldest run that ended before then, children first; as the system role. */
    Retained.Forgotten forget(Instant before) {
        Retained.Forgotten parts = Retained.Forgotten.rows(transactions
                .jdbc()
                .sql("""
                        delete from hub.import_entity where (run, entity_id) in (
                          select run, entity_id from hub.import_entity
                           where run = (select id from hub.import_run where ended_at < :before order by ended_at limit 1)
                           limit :most)
                        returning organisation_id
                        """)
                .param("before", before.atOffset(UTC))
                .param("most", Retained.BATCH));
        if (parts.more()) {
            return new Retained.Forgotten(0, Map.of(), true);
        }
        Retained.Forgotten run =
                Retained.Forgotten.rows(transactions.jdbc().sql("""
                        delete from hub.import_run where id = (
                          select id from hub.import_run where ended_at < :before order by ended_at limit 1)
                        returning organisation_id
                        """).param("before", before.atOffset(UTC)));
        return new Retained.Forgotten(run.count(), run.owners(), run.count() > 0);
    }

    /** Files that came before then and were never started; as the system role. */
    List<UUID> forgetReady(Instant before, List<OrganisationId> owners) {
        return transactions
                .jdbc()
                .sql("delete from hub.import_run where state = 'ready' and at < :before returning id, organisation_id")
                .param("before", before.atOffset(UTC))
                .query((row, n) -> {
                    owners.add(new OrganisationId(row.getString("organisation_id")));
                    return row.getObject("id", UUID.class);
                })
                .list();
    }
}

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

    private final Transactions transactions;

    EntityRows(Transactions transactions) {
        this.transactions = transactions;
    }

    /** The row of that id, locked until the transaction ends; deleted ones too. */
    Optional<Stored> lock(String id, Instant now) {
        return lock(id, now, "");
    }

    /** As {@link #lock}, but nothing where somebody else has locked it. */
    Optional<Stored> lockFree(String id, Instant now) {
        return lock(id, now, "skip locked");
    }

    private Optional<Stored> lock(String id, Instant now, String others) {
        return transactions
                .jdbc()
                .sql("select %s from hub.entity e where e.tenant = (select store.tenant()) and e.id = :id for update %s"
                        .formatted(COLUMNS, others))
                .param("id", id)
                .query((row, n) -> stored(row, now))
                .optional();
    }

    /** The rows of these ids by id, locked as in {@link #lock}; whoever locks several does so in the same order. */
    Map<String, Stored> lock(Collection<String> ids, Instant now) {
        return lock(ids, now, "");
    }

    /** As {@link #lock}, but for those that somebody else has locked. */
    Map<String, Stored> lockFree(Collection<String> ids, Instant now) {
        return lock(ids, now, "skip locked");
    }

    private Map<String, Stored> lock(Collection<String> ids, Instant now, String others) {
        Map<String, Stored> found = new HashMap<>();
        transactions
                .jdbc()
                .sql(
                        "select e.id, %s from hub.entity e where e.tenant = (select store.tenant()) and e.id = any(:ids) order by e.id for update %s"
                                .formatted(COLUMNS, others))
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
        columns.bind(transactions.jdbc(), EntityStatement.Way.CREATE).query((ResultSet row) -> {
            String id = row.getString("entity_id");
            OrganisationId owner = Objects.requireNonNull(owners.get(id));
            made.put(id, Stored.made(row.getLong("iid"), owner, at));
        });
        return made;
    }

    /** Writes entities whose rows this transaction holds, each once. */
    void change(List<EntityStep> steps) {
        change(
                EntityStatement.Way.UPDATE,
                steps.stream().filter(step -> !step.moved()).toList());
        change(
                EntityStatement.Way.MOVE,
                steps.stream().filter(EntityStep::moved).toList());
    }

    private void change(EntityStatement.Way way, List<EntityStep> steps) {
        if (!steps.isEmpty()) {
            StepColumns columns = new StepColumns(steps.getFirst().at());
            steps.forEach(columns::add);
            columns.bind(transactions.jdbc(), way).query((ResultSet row) -> {});
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

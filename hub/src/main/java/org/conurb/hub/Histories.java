package org.conurb.hub;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.conurb.store.Transactions;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Reads what attributes were, in one statement. The idea: hop along the index from one attribute's name to the next, and
 * take of each the first or last instances within the time asked, so the cost is the answer's, however long the history.
 */
final class Histories {
    /** Instances in one answer, about; attributes share them. */
    private static final int MOST_IN_ALL = 20_000;

    private static final String NAMED =
            "m as (select e.iid, e.lo, e.hi, x.name from e cross join unnest(:names) x (name))";

    private static final String EVERY = """
            n as (
              select e.iid, e.lo, e.hi, (select h.name from hub.attribute_instance h where h.iid = e.iid order by h.name limit 1) as name from e
              union all
              select n.iid, n.lo, n.hi, (select h.name from hub.attribute_instance h where h.iid = n.iid and h.name > n.name order by h.name limit 1)
                from n where n.name is not null
            ), m as (select * from n where name is not null)\
            """;

    private static final String READ = """
            with recursive e as (%s), %s,
                 c as (select cast(least(:most, greatest(2, :all / greatest(1, count(*)))) as int) as cap from m)
            select * from c cross join %s (
              select m.iid as entity, i.* from m cross join lateral (
                select %s
                  from hub.attribute_instance h
                 where h.iid = m.iid and h.name = m.name and %s
                 order by moment %s, h.hid %6$s limit (select cap + 1 from c)) i) x%s
             order by x.name nulls first, x.moment, x.hid
            """;

    private static final String BY_ID = "select "
            + Evolution.COLUMNS
            + ", cast(:lo as timestamptz) as lo, cast(:hi as timestamptz) as hi from hub.entity e where e.tenant = (select store.tenant())"
            + " and e.id = :id";
    private static final String BY_NUMBER =
            "select x.iid, x.lo, x.hi from unnest(:iids, cast(:los as timestamptz[]), cast(:his as timestamptz[])) x"
                    + " (iid, lo, hi)";

    private final Transactions transactions;
    private final int most;

    /** @param most instances of one attribute in one answer */
    Histories(Transactions transactions, int most) {
        this.transactions = transactions;
        this.most = most;
    }

    /** A part of an entity's time. */
    record Span(Evolution evolution, Optional<Instant> from, Optional<Instant> to) {}

    /** @param cap instances of an attribute that may be told; where there is one more, there are more */
    record Read(List<History> histories, int cap) {}

    /** Of the one entity of that id, with what of its history was asked for; no history where there is none. */
    Read of(String id, TemporalQuery query, Collection<String> names) {
        List<History> found = new ArrayList<>(1);
        int[] cap = {most};
        bound(statement(query, names), query, names)
                .param("id", id)
                .param("lo", lo(query.from()))
                .param("hi", hi(query.to()))
                .query((ResultSet row) -> {
                    if (found.isEmpty()) {
                        found.add(new History(Evolution.of(row)));
                        cap[0] = row.getInt("cap");
                    } else {
                        found.getFirst().add(row.getString("name"), instance(row));
                    }
                });
        return new Read(found, cap[0]);
    }

    /** Of entities that are known, in their order; those without any instance are left out. */
    Read of(List<Span> spans, TemporalQuery query, Collection<String> names) {
        Map<Long, History> byNumber = new LinkedHashMap<>();
        spans.forEach(span -> byNumber.putIfAbsent(span.evolution().iid(), new History(span.evolution())));
        int[] cap = {most};
        bound(text(BY_NUMBER, "", "", query, names), query, names)
                .param(
                        "iids",
                        spans.stream().map(span -> span.evolution().iid()).toArray(Long[]::new))
                .param("los", spans.stream().map(span -> lo(span.from())).toArray(String[]::new))
                .param("his", spans.stream().map(span -> hi(span.to())).toArray(String[]::new))
                .query((ResultSet row) -> {
                    cap[0] = row.getInt("cap");
                    Objects.requireNonNull(byNumber.get(row.getLong("entity")))
                            .add(row.getString("name"), instance(row));
                });
        return new Read(
                byNumber.values().stream().filter(history -> !history.isEmpty()).toList(), cap[0]);
    }

    /** The entity of that id; it may have no history. */
    Optional<Evolution> find(String id) {
        return transactions
                .jdbc()
                .sql("select %s from hub.entity e where e.tenant = (select store.tenant()) and e.id = :id"
                        .formatted(Evolution.COLUMNS))
                .param("id", id)
                .query((row, n) -> Evolution.of(row))
                .optional();
    }

    /** Whether there is any history of that entity. */
    boolean has(long iid) {
        return has(iid, "true", List.of());
    }

    /** Whether there is any history of one of these attributes. */
    boolean has(long iid, Collection<String> names) {
        return has(iid, "h.name = any(:names)", names);
    }

    private boolean has(long iid, String condition, Collection<String> names) {
        return transactions
                .jdbc()
                .sql("select exists (select from hub.attribute_instance h where h.iid = :iid and %s)"
                        .formatted(condition))
                .param("iid", iid)
                .param("names", names.toArray(String[]::new))
                .query(Boolean.class)
                .single();
    }

    /** SQL of {@code m}: the attributes asked for, or all, of entities {@code e} with times {@code lo} and {@code hi}. */
    static String attributes(Collection<String> names) {
        return names.isEmpty() ? EVERY : NAMED;
    }

    static String lo(Optional<Instant> from) {
        return from.map(Instant::toString).orElse("-infinity");
    }

    static String hi(Optional<Instant> to) {
        return to.map(Instant::toString).orElse("infinity");
    }

    /** Of one entity by its id: a row that tells of it, and then its instances. */
    static String statement(TemporalQuery query, Collection<String> names) {
        return text(BY_ID, "(e full join", " on false)", query, names);
    }

    private static String text(
            String entities, String before, String behind, TemporalQuery query, Collection<String> names) {
        return READ.formatted(
                entities,
                attributes(names),
                before,
                columns(query.property().moment()),
                query.property().within("m.lo", "m.hi") + query.ofDatasets(),
                query.last().isPresent() ? "desc" : "asc",
                behind);
    }

    private StatementSpec bound(String text, TemporalQuery query, Collection<String> names) {
        StatementSpec statement = transactions
                .jdbc()
                .sql(text)
                .param("most", Math.min(most, query.last().orElse(most)))
                .param("all", MOST_IN_ALL);
        if (!names.isEmpty()) {
            statement = statement.param("names", names.toArray(String[]::new));
        }
        return query.datasets().isEmpty()
                ? statement
                : statement.param("datasets", query.datasets().toArray(String[]::new));
    }

    /** All that {@link #instance} reads, of a row {@code h}. */
    static String columns(String moment) {
        return "h.hid, h.name, %s as moment, h.observed_at is not null as observed, h.recorded_at, h.modified_at, h.shape is null as mark, h.dataset, h.value"
                .formatted(moment);
    }

    static History.Instance instance(ResultSet row) throws SQLException {
        OffsetDateTime modifiedAt = row.getObject("modified_at", OffsetDateTime.class);
        return new History.Instance(
                row.getLong("hid"),
                row.getObject("moment", OffsetDateTime.class).toInstant(),
                row.getBoolean("observed"),
                row.getObject("recorded_at", OffsetDateTime.class).toInstant(),
                modifiedAt == null ? null : modifiedAt.toInstant(),
                row.getBoolean("mark"),
                row.getString("dataset"),
                row.getString("value"));
    }
}

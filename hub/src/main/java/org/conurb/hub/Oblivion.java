package org.conurb.hub;

import static java.time.ZoneOffset.UTC;

import java.time.Instant;
import java.util.List;
import org.conurb.store.Retained;
import org.conurb.store.Retained.Forgotten;
import org.conurb.store.Transactions;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Forgets what was, by the classes of the city folder: history, and the rows that deleted entities leave. What tells of an
 * open case stays, and a case's own history goes with the case ({@link Entities#forget}). Each statement walks an index
 * from its oldest end and takes one batch; it runs in a transaction of the system role.
 */
final class Oblivion {
    private static final String POSITION = "h.kind = 'Unit' and h.name in ('location', 'locationAt')";
    private static final String OTHER = "h.kind <> 'Incident' and not (%s)".formatted(POSITION);

    /** The entity, or one that it names, is a case that is open. */
    private static final String FREE = """
            not exists (
              select from hub.attribute r
                join hub.entity c on c.tenant = r.tenant and c.id = r.text
                join hub.attribute s on s.iid = c.iid and s.name = 'state' and s.text = 'open'
               where r.iid = h.iid and r.text like 'urn:ngsi-ld:Incident:%')
            """;

    static final String FORGET_POSITIONS = """
            delete from hub.attribute_instance where ctid = any (array(
              select h.ctid from hub.attribute_instance h
               where %s and h.recorded_at < :before and %s
               order by h.recorded_at limit :most))
            returning organisation_id
            """.formatted(POSITION, FREE);

    static final String FORGET_HISTORY = """
            delete from hub.attribute_instance where ctid = any (array(
              select o.ctid from unnest(:kinds) as k (kind) cross join lateral (
                select h.ctid from hub.attribute_instance h
                 where h.kind = k.kind and %s and h.recorded_at < :before and %s
                 order by h.recorded_at limit :most) o
               limit :most))
            returning organisation_id
            """.formatted(OTHER, FREE);

    /** Of the oldest tombstones first what history they have, then they themselves. */
    static final String FORGET_DELETED = """
            with dead as materialized (
              select o.iid from unnest(:kinds) as k (kind) cross join lateral (
                select e.iid from hub.entity e
                 where e.kind = k.kind and e.deleted_at < :before order by e.deleted_at limit :most) o
               limit :most
            ), past as (
              delete from hub.attribute_instance where ctid = any (array(
                select h.ctid from dead d join hub.attribute_instance h on h.iid = d.iid limit :most))
              returning organisation_id
            ), gone as (
              delete from hub.entity e using dead
               where e.iid = dead.iid and (select count(*) from past) < :most
              returning e.organisation_id, e.iid
            ), types as (
              delete from hub.past_type t using gone where t.iid = gone.iid
            )
            select organisation_id from past union all select organisation_id from gone
            """;

    /** Kinds in the order of an index, each found by one look into it. */
    private static final String KINDS = """
            with recursive k (kind) as (
              (select h.kind from %1$s h where %2$s order by h.kind limit 1)
              union all
              select (select h.kind from %1$s h where %2$s and h.kind > k.kind order by h.kind limit 1)
                from k where k.kind is not null
            )
            select kind from k where kind is not null
            """;

    private static final String KINDS_OF_HISTORY = KINDS.formatted("hub.attribute_instance", OTHER);
    private static final String KINDS_DELETED = KINDS.formatted("hub.entity", "h.deleted_at is not null");

    private final JdbcClient jdbc;
    private final Model model;

    Oblivion(Transactions transactions, Model model) {
        this.jdbc = transactions.jdbc();
        this.model = model;
    }

    /** Where units were. */
    Retained positions() {
        return Retained.by("positions", "positions", this::forgetPositions);
    }

    /** History and tombstones of the kinds whose class this is; that of {@code entities} has all without one. */
    Retained history(String retention) {
        return Retained.by(retention, "history", before -> {
            Forgotten history = forget(FORGET_HISTORY, kinds(KINDS_OF_HISTORY, retention), before);
            return history.more()
                    ? history
                    : history.and(forget(FORGET_DELETED, kinds(KINDS_DELETED, retention), before));
        });
    }

    private Forgotten forgetPositions(Instant before) {
        return Forgotten.rows(
                jdbc.sql(FORGET_POSITIONS).param("before", before.atOffset(UTC)).param("most", Retained.BATCH));
    }

    private Forgotten forget(String statement, List<String> kinds, Instant before) {
        return kinds.isEmpty()
                ? Forgotten.NOTHING
                : Forgotten.rows(jdbc.sql(statement)
                        .param("kinds", kinds.toArray(String[]::new))
                        .param("before", before.atOffset(UTC))
                        .param("most", Retained.BATCH));
    }

    private List<String> kinds(String statement, String retention) {
        return jdbc.sql(statement).query((row, n) -> row.getString(1)).list().stream()
                .filter(kind -> retention.equals(retention(kind)))
                .toList();
    }

    private String retention(String kind) {
        return model.type(kind)
                .map(Model.Type::retention)
                .filter(Model.CITY_CLASSES::contains)
                .orElse("entities");
    }
}

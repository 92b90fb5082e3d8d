package org.conurb.hub;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One search for entities, in the order of their numbers or against it. The idea: probe the best index for up to
 * {@value #CANDIDATES} candidates; if it has no more, they are the answer's superset and the cost is theirs. If every
 * index has more, matches are frequent, and a walk along the types in order of number meets them soon. What SQL lets
 * through is decided on the document. Used inside a transaction, by one thread.
 */
final class Search {
    static final int CANDIDATES = 1_000;

    private static final int MOST_PROBES = 3;
    private static final int FIRST_STRIDE = 50;
    private static final int LOOSE_TAKE = 40;
    private static final int LONGEST_STRIDE = 20_000;
    private static final int MOST_WALKED = 200_000;
    private static final int MOST_COUNTED = 50_000;

    /**
     * What a driver finds, and of that what the rest lets through. Here and elsewhere an offset of nothing keeps the planner from
     * turning a look-up by number round, into a walk along all entities, whatever it believes.
     */
    static final String CANDIDATES_SQL = """
            with d as materialized (select iid from (%1$s) x limit %6$d),
                 c as materialized (select distinct iid from d),
                 n as materialized (select count(*) as seen from d)
            select n.seen, 0 as walked, m.* from n left join lateral (
              select %2$s from c cross join lateral (select * from hub.entity z where z.iid = c.iid offset 0) e
               where n.seen < %6$d and c.iid %3$s :position and %7$s and %4$s
               order by c.iid %5$s limit :take) m on true
            """;

    private final Transactions transactions;
    private final EntityQuery query;
    private final Set<OrganisationId> owners;
    private final Sight sight;
    private final LinkedEntities linked;
    private final QuerySql sql;
    private final List<QuerySql.Driver> drivers;
    private final String filter;
    private boolean back;
    private long position;
    private boolean ended;

    Search(
            Transactions transactions,
            EntityQuery query,
            Set<OrganisationId> owners,
            Sight sight,
            LinkedEntities linked) {
        this.transactions = transactions;
        this.query = query;
        this.owners = owners;
        this.sight = sight;
        this.linked = linked;
        List<String> kinds = query.kinds();
        this.sql = new QuerySql(!kinds.isEmpty());
        sql.params().put("owners", owners.stream().map(OrganisationId::value).toArray(String[]::new));
        sql.params().put("now", sight.now().atOffset(UTC));
        if (!kinds.isEmpty()) {
            sql.params().put("kinds", kinds.toArray(String[]::new));
        }
        query.q().filter(q -> q.hops() > 0).ifPresent(this::followLinks);
        this.drivers = sql.drivers(query);
        this.filter = sql.filter(query);
    }

    /** What one statement brought: rows, and how far it looked. */
    private record Stretch(List<Stored> rows, long walked, long seen) {}

    /** The same search for what lies there, too. */
    Search within(GeoQuery place) {
        return new Search(transactions, query.at(Optional.of(place)), owners, sight, linked);
    }

    /** Whether some entities have such an attribute and do not show it. */
    boolean mayHide(String attribute) {
        return sight.mayHide(attribute);
    }

    QuerySql sql() {
        return sql;
    }

    String filter() {
        return filter;
    }

    /** Where a bound ended the search before the page was full. */
    Optional<Cursor> unfinished() {
        return ended ? Optional.empty() : Optional.of(back ? Cursor.before(position) : Cursor.after(position));
    }

    /** @return at most so many, beginning beside the cursor, in its direction */
    List<Found> page(Cursor from, int wanted) {
        back = from.back();
        position = from.iid();
        ended = false;
        List<Found> found = new ArrayList<>();
        for (QuerySql.Driver driver : drivers.subList(0, Math.min(MOST_PROBES, drivers.size()))) {
            if (probed(driver, wanted, found)) {
                return found;
            }
        }
        walk(wanted, found);
        return found;
    }

    /** Whether the driver has few enough candidates; then {@code found} holds the page. */
    private boolean probed(QuerySql.Driver driver, int wanted, List<Found> found) {
        int take = firstTake(wanted);
        while (found.size() < wanted) {
            Stretch stretch = candidates(driver, take);
            if (stretch.seen > CANDIDATES) {
                return false;
            }
            keep(stretch.rows, wanted, found);
            if (stretch.rows.size() < take) {
                ended = found.size() < wanted;
                return true;
            }
            take = Math.min(take * 4, CANDIDATES);
        }
        return true;
    }

    /** Where SQL lets through what does not match, some more than are wanted. */
    private int firstTake(int wanted) {
        boolean loose = query.geo().isPresent()
                || !query.q().stream()
                        .flatMap(Query::terms)
                        .allMatch(term -> term.path().plain());
        return loose ? Math.max(wanted, LOOSE_TAKE) : wanted;
    }

    private Stretch candidates(QuerySql.Driver driver, int take) {
        return run(
                CANDIDATES_SQL.formatted(
                        driver.sql(),
                        EntityRows.COLUMNS,
                        sign(),
                        driver.rest(),
                        way(),
                        CANDIDATES + 1,
                        EntityRows.LIVES),
                Map.of("take", take));
    }

    private String sign() {
        return back ? "<" : ">";
    }

    private String way() {
        return back ? "desc" : "asc";
    }

    private void walk(int wanted, List<Found> found) {
        boolean all = filter.equals("true")
                && query.selectors().stream()
                        .allMatch(
                                one -> one.idPattern().isEmpty() && one.types().isList());
        int stride = all ? wanted : FIRST_STRIDE;
        int take = firstTake(wanted);
        int walked = 0;
        while (found.size() < wanted && walked < MOST_WALKED) {
            Stretch stretch = stretch(stride, take);
            keep(stretch.rows, wanted, found);
            if (found.size() >= wanted) {
                return;
            }
            if (stretch.rows.size() < take) {
                if (stretch.seen < stride) {
                    ended = true;
                    return;
                }
                position = stretch.walked;
                walked += stride;
                stride = Math.min(stride * 4, LONGEST_STRIDE);
            } else {
                walked += take;
            }
            take = Math.min(take * 4, Math.max(wanted, CANDIDATES));
        }
    }

    private Stretch stretch(int stride, int take) {
        String steps = query.kinds().isEmpty() ? """
                select y.iid from unnest(:owners) o (v) cross join lateral (
                  select z.iid from hub.entity z where z.tenant = (select store.tenant()) and z.organisation_id = o.v and z.iid %1$s :position
                   order by z.iid %2$s limit :stride) y""" : """
                select distinct y.iid from unnest(:owners) o (v) cross join unnest(:kinds) k (v) cross join lateral (
                  select z.iid from hub.entity_type z
                   where z.tenant = (select store.tenant()) and z.kind = k.v and z.organisation_id = o.v and z.iid %1$s :position
                   order by z.iid %2$s limit :stride) y""";
        return run(
                """
                with w as materialized (%1$s order by y.iid %3$s limit :stride),
                     n as materialized (select count(*) as seen, coalesce(%5$s(iid), 0) as walked from w)
                select n.seen, n.walked, m.* from n left join lateral (
                  select %2$s from w cross join lateral (select * from hub.entity z where z.iid = w.iid offset 0) e
                   where %6$s and %4$s
                   order by w.iid %3$s limit :take) m on true
                """.formatted(
                                steps.formatted(sign(), way()),
                                EntityRows.COLUMNS,
                                way(),
                                filter,
                                back ? "min" : "max",
                                EntityRows.LIVES),
                Map.of("stride", stride, "take", take));
    }

    private Stretch run(String statement, Map<String, Object> more) {
        long[] looked = new long[2];
        List<Stored> rows = new ArrayList<>();
        transactions
                .jdbc()
                .sql(statement)
                .params(sql.params().byName())
                .params(more)
                .param("position", position)
                .query((ResultSet row) -> {
                    looked[0] = row.getLong("walked");
                    looked[1] = row.getLong("seen");
                    addRow(row, rows);
                });
        return new Stretch(rows, looked[0], looked[1]);
    }

    void addRow(ResultSet row, List<Stored> rows) throws SQLException {
        if (row.getObject("iid") != null) {
            rows.add(EntityRows.stored(row, sight.now()));
        }
    }

    private void keep(List<Stored> rows, int wanted, List<Found> found) {
        prepare(rows);
        for (Stored row : rows) {
            if (found.size() >= wanted) {
                return;
            }
            position = row.iid();
            Found match = decide(row);
            if (match != null) {
                found.add(match);
            }
        }
    }

    /** Reads the linked entities on which it depends whether these rows match: one statement for each hop. */
    void prepare(List<Stored> rows) {
        query.q().filter(q -> q.hops() > 0).ifPresent(q -> {
            for (int hop = q.hops(); hop > 0; hop--) {
                Set<String> missing = new LinkedHashSet<>();
                rows.forEach(row -> QueryMatch.gather(q, row.seen(), linked::asked, missing));
                missing.removeIf(linked::known);
                linked.load(missing);
            }
        });
    }

    /** The exact answer: what a caller may not see cannot be asked for either. */
    @Nullable
    Found decide(Stored row) {
        if (query.selectors().stream().noneMatch(one -> one.meetsId(row.id()))) {
            return null;
        }
        ObjectNode document = row.document();
        List<String> types = Stored.types(document);
        if (!sight.reads(types, row.owner())) {
            return null;
        }
        boolean byPersonal = query.looksAt(sight.personal(types));
        if (!byPersonal && !matches(row, document, types)) {
            return null;
        }
        Found found = sight.show(row, document);
        return byPersonal && !matches(row, document, types) ? null : found;
    }

    private boolean matches(Stored row, ObjectNode document, List<String> types) {
        ObjectNode looked = document;
        if (query.asksTimes()) {
            looked = document.deepCopy();
            row.putTimes(looked);
        }
        return query.matches(looked, types, linked::asked);
    }

    /** Finds by index which entities a path can lead over, where they are few. */
    private void followLinks(Query q) {
        q.terms().filter(term -> term.path().link().isPresent()).forEach(term -> {
            Query.Path behind = term.path().link().orElseThrow().path();
            boolean narrows = behind.plain()
                    && !behind.system()
                    && switch (term.operator()) {
                        case EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> true;
                        case EXISTS, ABSENT, UNEQUAL, MATCHES, NOT_MATCHES -> false;
                    };
            if (!narrows) {
                return;
            }
            follow(term, behind);
        });
    }

    private void follow(Query.Term term, Query.Path behind) {
        SqlParams own = new SqlParams();
        String condition = new QueryConditions(own).of(new Query.Term(behind, term.operator(), term.operands()));
        own.put(
                "owners",
                sight.owners(List.of()).stream().map(OrganisationId::value).toArray(String[]::new));
        long[] seen = new long[1];
        List<String> ids = transactions
                .jdbc()
                .sql("""
                            with d as materialized (
                              select a.iid from hub.attribute a
                               where a.tenant = (select store.tenant()) and a.organisation_id = any(:owners) and a.path = '' and %s limit %d)
                            select e.id, (select count(*) from d) as seen
                              from (select distinct iid from d) x cross join lateral (select * from hub.entity z where z.iid = x.iid offset 0) e
                            """.formatted(condition, CANDIDATES + 1))
                .params(own.byName())
                .query((row, n) -> {
                    seen[0] = row.getLong("seen");
                    return row.getString("id");
                })
                .list();
        if (seen[0] <= CANDIDATES) {
            sql.conditions().linked(term, ids);
        }
    }

    /** All matches in the order of numbers, if some index shows that they are few. */
    Optional<List<Found>> few() {
        back = false;
        position = 0;
        List<Found> found = new ArrayList<>();
        for (QuerySql.Driver driver : drivers.subList(0, Math.min(MOST_PROBES, drivers.size()))) {
            if (probed(driver, Integer.MAX_VALUE, found)) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    /**
     * All matches in the order of numbers.
     *
     * @param what for, for the message where they are too many
     */
    void each(int most, String what, Consumer<Found> consumer) {
        int looked = 0;
        Cursor from = Cursor.START;
        do {
            List<Found> page = page(from, EntityQuery.MAX_LIMIT);
            looked += page.size();
            boolean bounded = !ended && page.size() < EntityQuery.MAX_LIMIT;
            if (looked > most || bounded) {
                throw NgsiLdFault.tooManyResults(
                        "More than %d entities would have to be looked at to %s."
                                .formatted(bounded ? MOST_WALKED : most, what),
                        "Narrow the query down, by type or q, or leave this out.");
            }
            page.forEach(consumer);
            from = Cursor.after(position);
        } while (!ended);
    }

    /** Of all pages; by index where the type says it all, else by looking. */
    long count() {
        if (query.onlyTypes() && !query.kinds().isEmpty()) {
            return transactions
                    .jdbc()
                    .sql("""
                            select count(%1$s) - (
                                     select count(%1$s) from hub.entity e join hub.entity_type z on z.iid = e.iid
                                      where e.expires_at <= :now and e.tenant = (select store.tenant())
                                        and z.kind = any(:kinds) and z.organisation_id = any(:owners))
                              from hub.entity_type z
                             where z.tenant = (select store.tenant()) and z.kind = any(:kinds) and z.organisation_id = any(:owners)
                            """.formatted(query.kinds().size() == 1 ? "*" : "distinct z.iid"))
                    .params(sql.params().byName())
                    .query(Long.class)
                    .single();
        }
        long[] counted = new long[1];
        each(MOST_COUNTED, "count them", found -> counted[0]++);
        return counted[0];
    }
}

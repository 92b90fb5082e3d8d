package org.conurb.hub;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds entities in order of their number, so pages neither skip nor repeat. The idea: probe the best index for up to
 * {@value #CANDIDATES} candidates; if it has no more, they are the answer's superset and the cost is theirs. If every
 * index has more, matches are frequent, and a walk along the types in order of number meets them soon. What SQL lets
 * through is decided on the document.
 */
final class EntityFinder {
    private static final int CANDIDATES = 1_000;
    private static final int MOST_PROBES = 3;
    private static final int FIRST_STRIDE = 1_000;
    private static final int LONGEST_STRIDE = 20_000;
    private static final int MOST_WALKED = 200_000;
    private static final int MOST_COUNTED = 50_000;

    private final Transactions transactions;

    EntityFinder(Transactions transactions) {
        this.transactions = transactions;
    }

    /** Within the current transaction. */
    Found.Page find(EntityQuery query, Sight sight) {
        Set<OrganisationId> owners = sight.owners(query.types());
        if (owners.isEmpty()) {
            return new Found.Page(
                    List.of(), Optional.empty(), query.count() ? OptionalLong.of(0) : OptionalLong.empty());
        }
        Search search = new Search(query, owners, sight);
        OptionalLong count = query.count() ? OptionalLong.of(search.count()) : OptionalLong.empty();
        if (query.limit() == 0) {
            return new Found.Page(List.of(), Optional.empty(), count);
        }
        List<Found> found = search.page(query.limit() + 1);
        Optional<Long> next = found.size() > query.limit()
                ? Optional.of(found.get(query.limit() - 1).stored().iid())
                : search.unfinished();
        return new Found.Page(List.copyOf(found.subList(0, Math.min(found.size(), query.limit()))), next, count);
    }

    /** What one statement brought: rows, and how far it looked. */
    private record Stretch(List<Stored> rows, long walked, long seen) {}

    private final class Search {
        private final EntityQuery query;
        private final Sight sight;
        private final QuerySql sql;
        private final List<QuerySql.Driver> drivers;
        private final String filter;
        private long after;
        private boolean ended;

        Search(EntityQuery query, Set<OrganisationId> owners, Sight sight) {
            this.query = query;
            this.sight = sight;
            this.after = query.after();
            boolean ofTypes = !query.types().isEmpty();
            this.sql = new QuerySql(ofTypes);
            sql.params()
                    .put("owners", owners.stream().map(OrganisationId::value).toArray(String[]::new));
            if (ofTypes) {
                sql.params().put("kinds", query.types().toArray(String[]::new));
            }
            this.drivers = sql.drivers(query);
            this.filter = sql.filter(query);
        }

        /** Where a bound ended the search before the page was full. */
        Optional<Long> unfinished() {
            return ended ? Optional.empty() : Optional.of(after);
        }

        List<Found> page(int wanted) {
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
            int take = Math.max(wanted, 30);
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
            }
            return true;
        }

        private Stretch candidates(QuerySql.Driver driver, int take) {
            return run("""
                    with d as materialized (select iid from (%s) x limit :most),
                         c as materialized (select distinct iid from d order by iid),
                         n as materialized (select count(*) as seen from d)
                    select n.seen, 0 as walked, m.* from n left join lateral (
                      select e.iid, e.organisation_id, e.created_at, e.at, e.version, e.document
                        from c join hub.entity e on e.iid = c.iid
                       where n.seen < :most and c.iid > :after and %s
                       order by c.iid limit :take) m on true
                    """.formatted(driver.sql(), driver.rest()), Map.of("most", CANDIDATES + 1, "take", take));
        }

        private void walk(int wanted, List<Found> found) {
            boolean all = filter.equals("true") && query.idPattern().isEmpty();
            int stride = all ? wanted : FIRST_STRIDE;
            int walked = 0;
            while (found.size() < wanted && walked < MOST_WALKED) {
                int take = Math.max(wanted, 30);
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
                    after = stretch.walked;
                }
                walked += stride;
                stride = Math.min(stride * 4, LONGEST_STRIDE);
            }
        }

        private Stretch stretch(int stride, int take) {
            String steps = query.types().isEmpty() ? """
                    select y.iid from unnest(:owners) o (v) cross join lateral (
                      select z.iid from hub.entity z where z.tenant = (select store.tenant()) and z.organisation_id = o.v and z.iid > :after
                       order by z.iid limit :stride) y""" : """
                    select distinct y.iid from unnest(:owners) o (v) cross join unnest(:kinds) k (v) cross join lateral (
                      select z.iid from hub.entity_type z
                       where z.tenant = (select store.tenant()) and z.kind = k.v and z.organisation_id = o.v and z.iid > :after
                       order by z.iid limit :stride) y""";
            return run("""
                    with w as materialized (%s order by y.iid limit :stride),
                         n as materialized (select count(*) as seen, coalesce(max(iid), 0) as walked from w)
                    select n.seen, n.walked, m.* from n left join lateral (
                      select e.iid, e.organisation_id, e.created_at, e.at, e.version, e.document
                        from w join hub.entity e on e.iid = w.iid
                       where e.deleted_at is null and %s
                       order by w.iid limit :take) m on true
                    """.formatted(steps, filter), Map.of("stride", stride, "take", take));
        }

        private Stretch run(String statement, Map<String, Object> more) {
            long[] looked = new long[2];
            List<Stored> rows = new ArrayList<>();
            transactions
                    .jdbc()
                    .sql(statement)
                    .params(sql.params())
                    .params(more)
                    .param("after", after)
                    .query((ResultSet row) -> {
                        looked[0] = row.getLong("walked");
                        looked[1] = row.getLong("seen");
                        addRow(row, rows);
                    });
            return new Stretch(rows, looked[0], looked[1]);
        }

        private void addRow(ResultSet row, List<Stored> rows) throws SQLException {
            if (row.getObject("iid") != null) {
                rows.add(EntityRows.stored(row, 0));
            }
        }

        private void keep(List<Stored> rows, int wanted, List<Found> found) {
            for (Stored row : rows) {
                if (found.size() >= wanted) {
                    return;
                }
                after = row.iid();
                Found match = decide(row);
                if (match != null) {
                    found.add(match);
                }
            }
        }

        /** The exact answer: what a caller may not see cannot be asked for either. */
        private @Nullable Found decide(Stored row) {
            ObjectNode document = row.document();
            List<String> types = Stored.types(document);
            if (!sight.reads(types, row.owner())) {
                return null;
            }
            boolean byPersonal = query.looksAt(sight.personal(types));
            if (!byPersonal && !query.matches(document)) {
                return null;
            }
            Set<String> hidden = sight.hidden(types, document.path("id").stringValue());
            if (!hidden.isEmpty()) {
                document.remove(hidden);
            }
            return byPersonal && !query.matches(document) ? null : new Found(row, document, hidden);
        }

        /** Of all pages; by index where the type says it all, else by looking. */
        long count() {
            if (query.types().size() == 1
                    && drivers.isEmpty()
                    && query.idPattern().isEmpty()) {
                return transactions
                        .jdbc()
                        .sql("""
                                select count(*) from hub.entity_type z
                                 where z.tenant = (select store.tenant()) and z.kind = any(:kinds) and z.organisation_id = any(:owners)
                                """)
                        .param("kinds", query.types().toArray(String[]::new))
                        .param("owners", sql.params().get("owners"))
                        .query(Long.class)
                        .single();
            }
            long counted = 0;
            long start = after;
            after = 0;
            ended = false;
            for (long looked = 0; !ended; looked += EntityQuery.MAX_LIMIT) {
                if (looked >= MOST_COUNTED) {
                    throw NgsiLdFault.tooManyResults(MOST_COUNTED);
                }
                counted += page(EntityQuery.MAX_LIMIT).size();
            }
            after = start;
            ended = false;
            return counted;
        }
    }
}

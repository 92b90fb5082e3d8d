package org.conurb.hub;

import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.conurb.hub.OrderedSearch.Placed;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;

/**
 * A page in the order of one attribute, out of the index that has it. Numbers and texts are two walks along the index, what
 * has no such value a walk along the types; lists, objects, truths and attributes with several instances, which the index
 * does not have in order, all come along and are few, or this does not serve.
 */
final class IndexedOrder {
    private static final String IRREGULAR = "array['%s', 'true', 'false']".formatted(AttributeRows.OTHER);
    private static final int FIRST_STRIDE = 50;
    private static final int LONGEST_STRIDE = 5_000;
    private static final int MOST_WALKED = 200_000;

    private final Transactions transactions;
    private final EntityQuery query;
    private final Search search;
    private final OrderedSearch places;
    private final boolean descending;

    IndexedOrder(Transactions transactions, EntityQuery query, Search search, OrderedSearch places) {
        this.transactions = transactions;
        this.query = query;
        this.search = search;
        this.places = places;
        Ordering.By by = query.ordering().indexed();
        this.descending =
                by != null && by.direction().descends() != query.cursor().back();
        if (by != null) {
            search.sql().params().put("orderedBy", by.path().attribute());
        }
    }

    /** @return empty where it does not serve */
    Optional<List<Placed>> page(int wanted) {
        Ordering.By by = query.ordering().indexed();
        if (by == null || query.kinds().isEmpty() || search.mayHide(by.path().attribute())) {
            return Optional.empty();
        }
        List<Placed> placed = new ArrayList<>();
        if (!irregular(placed)) {
            return Optional.empty();
        }
        int regular = 0;
        for (int rank : ranks()) {
            if (regular < wanted) {
                List<Placed> walked = walk(rank, wanted - regular);
                regular += walked.size();
                placed.addAll(walked);
            }
        }
        return Optional.of(places.first(placed));
    }

    /** What is walked, in order; absent values come last, whatever the direction, and first on the way back. */
    private List<Integer> ranks() {
        List<Integer> values =
                descending ? List.of(OrderKey.TEXT, OrderKey.NUMBER) : List.of(OrderKey.NUMBER, OrderKey.TEXT);
        List<Integer> all = new ArrayList<>(values);
        if (query.cursor().back()) {
            all.addFirst(OrderKey.ABSENT);
        } else {
            all.addLast(OrderKey.ABSENT);
        }
        int from = query.cursor().keys().isEmpty()
                ? 0
                : all.indexOf(query.cursor().keys().getFirst().rank());
        // Behind a list, an object or a truth come only what is absent and, in falling order, texts and numbers.
        return from < 0
                ? all.stream()
                        .filter(rank ->
                                rank == OrderKey.ABSENT ? !query.cursor().back() : descending)
                        .toList()
                : all.subList(from, all.size());
    }

    /** Takes along what the index does not have in order; false where that is too much. */
    private boolean irregular(List<Placed> placed) {
        String some = """
                (select a.iid from hub.attribute a
                  where a.tenant = (select store.tenant()) and a.organisation_id = any(:owners) and a.kind = any(:kinds) and a.name = :orderedBy
                    and a.path = '' and %s limit %d)""";
        int most = Search.CANDIDATES + 1;
        List<Stored> rows = new ArrayList<>();
        long[] seen = new long[1];
        run(
                """
                with d as materialized (%s union all %s),
                     n as materialized (select count(*) as seen from d)
                select n.seen, m.* from n left join lateral (
                  select %s from (select distinct iid from d) c cross join lateral (select * from hub.entity z where z.iid = c.iid offset 0) e
                   where n.seen < %d and %s and %s) m on true
                """.formatted(
                                some.formatted("a.listed", most),
                                some.formatted("a.text = any(%s) and not a.listed".formatted(IRREGULAR), most),
                                EntityRows.COLUMNS,
                                most,
                                EntityRows.LIVES,
                                search.filter()),
                Map.of(),
                row -> {
                    seen[0] = row.getLong("seen");
                    search.addRow(row, rows);
                });
        if (seen[0] > Search.CANDIDATES) {
            return false;
        }
        search.prepare(rows);
        rows.stream().map(this::decided).filter(Objects::nonNull).forEach(placed::add);
        return true;
    }

    /** @return null where it does not match, or is not on this side of the cursor */
    private @Nullable Placed decided(Stored row) {
        Found found = search.decide(row);
        Placed one = found == null ? null : places.place(found);
        return one != null && places.isAsked(one) ? one : null;
    }

    /** Where a walk stands: behind that value of that entity. */
    private record Step(@Nullable Object value, long iid) {}

    private List<Placed> walk(int rank, int wanted) {
        List<Placed> found = new ArrayList<>();
        Step at = start(rank);
        int stride = search.filter().equals("true") ? wanted : Math.max(wanted, FIRST_STRIDE);
        for (int walked = 0; found.size() < wanted; walked += stride) {
            if (walked >= MOST_WALKED) {
                throw NgsiLdFault.tooManyResults(
                        "More than %d entities would have to be looked at for this page.".formatted(MOST_WALKED),
                        "Narrow the query down, or leave orderBy out.");
            }
            List<Stored> rows = new ArrayList<>();
            Step last = step(rank, at, stride, rows);
            search.prepare(rows);
            for (Stored row : rows) {
                Placed one = found.size() < wanted ? decided(row) : null;
                if (one != null && one.keys().getFirst().rank() == rank) {
                    found.add(one);
                }
            }
            if (last == null) {
                return found;
            }
            at = last;
            stride = Math.min(stride * 4, LONGEST_STRIDE);
        }
        return found;
    }

    private Step start(int rank) {
        Cursor from = query.cursor();
        long end = descending ? Long.MAX_VALUE : 0;
        if (from.keys().isEmpty() || from.keys().getFirst().rank() != rank) {
            return new Step(null, rank == OrderKey.ABSENT ? end : 0);
        }
        OrderKey key = from.keys().getFirst();
        return switch (rank) {
            case OrderKey.NUMBER -> new Step(key.number(), from.iid());
            case OrderKey.TEXT -> new Step(key.text(), from.iid());
            default -> new Step(null, from.iid());
        };
    }

    /** @return where it stands now; null at the end */
    private @Nullable Step step(int rank, Step at, int stride, List<Stored> rows) {
        String sign = descending ? "<" : ">";
        String way = descending ? "desc" : "asc";
        String steps = rank == OrderKey.ABSENT
                ? """
                select z.iid, null as value from hub.entity_type z
                 where z.tenant = (select store.tenant()) and z.kind = k.v and z.organisation_id = o.v and z.iid %1$s :iid
                 order by z.iid %2$s limit :stride""".formatted(sign, way)
                : """
                select a.iid, a.%1$s as value from hub.attribute a
                 where a.tenant = (select store.tenant()) and a.organisation_id = o.v and a.kind = k.v and a.name = :orderedBy and a.path = ''
                   and %4$s and not a.listed%2$s
                 order by a.%1$s %3$s, a.iid %3$s limit :stride""".formatted(
                                rank == OrderKey.NUMBER ? "number" : "text",
                                at.value == null
                                        ? ""
                                        : " and (a.%1$s, a.iid) %2$s (:value, :iid)"
                                                .formatted(rank == OrderKey.NUMBER ? "number" : "text", sign),
                                way,
                                rank == OrderKey.NUMBER
                                        ? "a.number is not null"
                                        : "a.text is not null and a.text <> all(%s)".formatted(IRREGULAR));
        String none = rank == OrderKey.ABSENT
                ? " and not exists (select from hub.attribute a where a.iid = e.iid and a.name = :orderedBy and a.path = '' offset 0)"
                : "";
        int[] seen = new int[1];
        Step[] last = new Step[1];
        run(
                """
                with w as materialized (
                  select distinct y.value, y.iid from unnest(:owners) o (v) cross join unnest(:kinds) k (v) cross join lateral (
                    %1$s) y order by y.value %2$s, y.iid %2$s limit :stride)
                select w.value, w.iid as walked, m.* from w left join lateral (
                  select %3$s from hub.entity e where e.iid = w.iid and %6$s and %4$s%5$s offset 0) m on true
                 order by w.value %2$s, w.iid %2$s
                """.formatted(steps, way, EntityRows.COLUMNS, search.filter(), none, EntityRows.LIVES),
                at.value == null
                        ? Map.of("stride", stride, "iid", at.iid)
                        : Map.of("stride", stride, "iid", at.iid, "value", at.value),
                row -> {
                    seen[0]++;
                    Object value = rank == OrderKey.NUMBER
                            ? (Object) row.getDouble("value")
                            : rank == OrderKey.TEXT ? row.getString("value") : null;
                    last[0] = new Step(value, row.getLong("walked"));
                    search.addRow(row, rows);
                });
        return seen[0] < stride ? null : last[0];
    }

    private interface Rows {
        void take(ResultSet row) throws java.sql.SQLException;
    }

    private void run(String statement, Map<String, Object> more, Rows rows) {
        transactions
                .jdbc()
                .sql(statement)
                .params(search.sql().params().byName())
                .params(more)
                .query((ResultSet row) -> rows.take(row));
    }
}

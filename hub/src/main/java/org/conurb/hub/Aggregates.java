package org.conurb.hub;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.conurb.hub.Aggregation.Method;
import org.conurb.hub.Histories.Span;
import org.conurb.store.Transactions;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Computes of histories what clause 4.5.19 of GS CIM 009 asks for, in the database, from the numbers that each instance was
 * written with ({@link Measure}); a value is read only where text is compared or values are told apart.
 */
final class Aggregates {
    /** Instances that one question may be about. */
    private static final int MOST_INSTANCES = 1_000_000;
    /** Periods with something in them, over all attributes of an answer. */
    private static final int MOST_PERIODS = 20_000;

    private static final String ENTITIES = """
            e as (
              select x.iid, x.lo, x.hi, x.origin
                from unnest(:iids, cast(:los as timestamptz[]), cast(:his as timestamptz[]), cast(:origins as timestamptz[])) x (iid, lo, hi, origin)
            )\
            """;

    private static final String SHOWN =
            "s as (select m.* from m where not exists (select from unnest(:hiddenIids, :hiddenNames) x (iid, name)"
                    + " where x.iid = m.iid and x.name = m.name))";

    /** The first and the last moment of each entity. */
    private static final String EDGES = """
            with recursive %s, %s, %s
            select m.iid, min(f.moment) as first, max(l.moment) as last
              from s m cross join lateral (
                select %s as moment from hub.attribute_instance h
                 where h.iid = m.iid and h.name = m.name and %s order by moment, h.hid limit 1) f
              cross join lateral (
                select %4$s as moment from hub.attribute_instance h
                 where h.iid = m.iid and h.name = m.name and %5$s order by moment desc, h.hid desc limit 1) l
             group by m.iid
            """;

    private static final String COMPUTE = """
            with recursive %s, %s, %s,
                 b as (select x.iid, array_agg(x.start order by x.start) as starts from unnest(:startIids, cast(:starts as timestamptz[])) x (iid, start) group by x.iid),
                 i as (
                   select h.iid, h.name, h.dataset, h.shape, h.number, %s as start, j.v
                     from s m join e on e.iid = m.iid and e.lo = m.lo left join b on b.iid = m.iid
                     join hub.attribute_instance h on h.iid = m.iid and h.name = m.name and %s
                     cross join lateral (select %s as v offset 0) j
                    limit :most)
            select i.iid, i.name, i.dataset, i.shape, i.start, count(*) as total%s
              from i group by i.iid, i.name, i.dataset, i.shape, i.start
             order by i.iid, i.name, i.dataset, i.start, total desc limit :rows
            """;

    private static final String DISTINCT = """
            , case i.shape when 'r' then (select count(distinct t) from jsonb_path_query(
                             jsonb_agg(coalesce(i.v -> 'object', i.v -> 'objectList')) filter (where i.shape = 'r'), 'lax $[*][*]') t)
                           when 'n' then count(distinct i.number)
                           else count(distinct coalesce(i.v -> 'value', i.v -> 'languageMap', i.v -> 'vocab', i.v -> 'json', i.v -> 'valueList'))
              end as distinct_total\
            """;

    private static final String TEXT =
            "(coalesce(i.v ->> 'value', i.v ->> 'vocab', i.v ->> 'json')) collate \"C\") filter (where i.shape = 's')";

    private final Transactions transactions;

    Aggregates(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * What one attribute's values of one shape come to in one period.
     *
     * @param values by method, where the shape has one; numbers as Double or Long, else text
     */
    record Result(char shape, Instant start, Instant end, long total, Map<Method, Object> values) {}

    /** Results of one entity by attribute, and by dataset there. */
    record Table(Evolution evolution, Map<String, Map<String, List<Result>>> byAttribute) {}

    /**
     * Of these entities, in their order; those without anything are left out.
     *
     * @param hidden names that are left out, by the number of the entity
     */
    List<Table> of(
            List<Span> spans,
            TemporalQuery query,
            Collection<String> names,
            Map<Long, Set<String>> hidden,
            Aggregation asked) {
        Map<Long, Table> tables = new LinkedHashMap<>();
        spans.forEach(
                span -> tables.putIfAbsent(span.evolution().iid(), new Table(span.evolution(), new LinkedHashMap<>())));
        Asking asking = new Asking(spans, query, names, hidden, asked);
        Map<Long, Edges> edges = asking.edges();
        asking.compute(
                edges,
                (iid, name, dataset, result) -> Objects.requireNonNull(tables.get(iid))
                        .byAttribute()
                        .computeIfAbsent(name, fresh -> new LinkedHashMap<>())
                        .computeIfAbsent(dataset, fresh -> new ArrayList<>())
                        .add(result));
        return tables.values().stream()
                .filter(table -> !table.byAttribute().isEmpty())
                .toList();
    }

    private record Edges(Instant first, Instant last) {}

    private interface Taker {
        void take(long iid, String name, String dataset, Result result);
    }

    /** One question on its way to the database. */
    private final class Asking {
        private final List<Span> spans;
        private final TemporalQuery query;
        private final Collection<String> names;
        private final Map<Long, Set<String>> hidden;
        private final Aggregation asked;
        private final Map<Long, NavigableSet<Instant>> starts = new HashMap<>();

        Asking(
                List<Span> spans,
                TemporalQuery query,
                Collection<String> names,
                Map<Long, Set<String>> hidden,
                Aggregation asked) {
            this.spans = spans;
            this.query = query;
            this.names = names;
            this.hidden = hidden;
            this.asked = asked;
        }

        /** Asked only where the query leaves them open. */
        Map<Long, Edges> edges() {
            if (query.from().isPresent() && (query.to().isPresent() || (!asked.whole() && asked.months() == 0))) {
                return Map.of();
            }
            Map<Long, Edges> edges = new HashMap<>();
            bind(EDGES.formatted(
                            ENTITIES,
                            Histories.attributes(names),
                            SHOWN,
                            query.property().moment(),
                            within()))
                    .query((ResultSet row) -> {
                        edges.put(row.getLong("iid"), new Edges(moment(row, "first"), moment(row, "last")));
                    });
            return edges;
        }

        private String within() {
            return query.property().within("m.lo", "m.hi") + query.ofDatasets() + " and h.shape is not null";
        }

        private Instant origin(Span span, Map<Long, Edges> edges) {
            return query.from()
                    .or(() -> Optional.ofNullable(edges.get(span.evolution().iid()))
                            .map(Edges::first))
                    .orElse(Instant.EPOCH); // there is nothing to count
        }

        private Instant last(long iid, Map<Long, Edges> edges) {
            return query.to()
                    .or(() -> Optional.ofNullable(edges.get(iid)).map(Edges::last))
                    .orElse(Instant.EPOCH);
        }

        void compute(Map<Long, Edges> edges, Taker taker) {
            List<Long> startIids = new ArrayList<>();
            List<String> startTexts = new ArrayList<>();
            if (asked.months() > 0) {
                for (Span span : spans) {
                    long iid = span.evolution().iid();
                    List<Instant> all = asked.starts(origin(span, edges), last(iid, edges), MOST_PERIODS)
                            .orElseThrow(Aggregates::tooManyPeriods);
                    starts.put(iid, new TreeSet<>(all));
                    all.subList(0, all.size() - 1).forEach(start -> {
                        startIids.add(iid);
                        startTexts.add(start.toString());
                    });
                }
            }
            String moment = query.property().moment();
            String start = asked.whole()
                    ? "e.origin"
                    : asked.months() > 0
                            ? "b.starts[width_bucket(%s, b.starts)]".formatted(moment)
                            : "date_bin(cast(:stride as interval), %s, e.origin)".formatted(moment);
            String[] origins =
                    spans.stream().map(span -> origin(span, edges).toString()).toArray(String[]::new);
            long[] counted = {0, 0};
            StatementSpec statement = bind(COMPUTE.formatted(
                            ENTITIES, Histories.attributes(names), SHOWN, start, within(), needed(), columns()))
                    .param("origins", origins)
                    .param("startIids", startIids.toArray(Long[]::new))
                    .param("starts", startTexts.toArray(String[]::new))
                    .param("most", MOST_INSTANCES + 1)
                    .param("rows", MOST_PERIODS + 1);
            if (!asked.whole() && asked.months() == 0) {
                statement = statement.param("stride", asked.rest().toString());
            }
            statement.query((ResultSet row) -> {
                counted[0]++;
                counted[1] += row.getLong("total");
                long iid = row.getLong("iid");
                taker.take(iid, row.getString("name"), row.getString("dataset"), result(row, iid, edges));
            });
            if (counted[1] > MOST_INSTANCES) {
                throw NgsiLdFault.tooManyResults(
                        "The aggregates are of more than %d instances.".formatted(MOST_INSTANCES),
                        "Ask for a shorter time, for fewer attributes or for fewer entities.");
            }
            if (counted[0] > MOST_PERIODS) {
                throw tooManyPeriods();
            }
        }

        private StatementSpec bind(String statement) {
            List<Long> hiddenIids = new ArrayList<>();
            List<String> hiddenNames = new ArrayList<>();
            hidden.forEach((iid, all) -> all.forEach(name -> {
                hiddenIids.add(iid);
                hiddenNames.add(name);
            }));
            StatementSpec bound = transactions
                    .jdbc()
                    .sql(statement)
                    .param(
                            "iids",
                            spans.stream().map(span -> span.evolution().iid()).toArray(Long[]::new))
                    .param(
                            "los",
                            spans.stream()
                                    .map(span -> Histories.lo(span.from()))
                                    .toArray(String[]::new))
                    .param(
                            "his",
                            spans.stream().map(span -> Histories.hi(span.to())).toArray(String[]::new))
                    .param("origins", spans.stream().map(span -> "-infinity").toArray(String[]::new))
                    .param("hiddenIids", hiddenIids.toArray(Long[]::new))
                    .param("hiddenNames", hiddenNames.toArray(String[]::new));
            if (!names.isEmpty()) {
                bound = bound.param("names", names.toArray(String[]::new));
            }
            return query.datasets().isEmpty()
                    ? bound
                    : bound.param("datasets", query.datasets().toArray(String[]::new));
        }

        /** The value read, where a method looks at more than its number. */
        private String needed() {
            boolean extremes =
                    asked.methods().contains(Method.MIN) || asked.methods().contains(Method.MAX);
            String when = asked.methods().contains(Method.DISTINCT_COUNT)
                    ? "h.shape <> 'n'"
                    : extremes ? "h.shape = 's'" : "false";
            return "case when %s then cast(h.value as jsonb) end".formatted(when);
        }

        private String columns() {
            StringBuilder columns = new StringBuilder();
            for (Method method : asked.methods()) {
                columns.append(
                        switch (method) {
                            case TOTAL_COUNT -> "";
                            case DISTINCT_COUNT -> DISTINCT;
                            case SUM -> ", sum(i.number) as sum";
                            case AVG -> ", avg(i.number) as avg";
                            case MIN -> ", min(i.number) as min, min(" + TEXT + " as min_text";
                            case MAX -> ", max(i.number) as max, max(" + TEXT + " as max_text";
                            case STDDEV -> ", stddev_pop(i.number) as stddev";
                            case SUMSQ -> ", sum(i.number * i.number) as sumsq";
                        });
            }
            return columns.toString();
        }

        private Result result(ResultSet row, long iid, Map<Long, Edges> edges) throws SQLException {
            char shape = row.getString("shape").charAt(0);
            Instant start = moment(row, "start");
            Instant end = asked.whole()
                    ? last(iid, edges)
                    : asked.months() > 0
                            ? Objects.requireNonNull(starts.get(iid)).higher(start)
                            : start.plus(asked.rest());
            Map<Method, Object> values = new LinkedHashMap<>();
            for (Method method : asked.methods()) {
                if (method.takes(shape)) {
                    values.put(method, value(row, method, shape));
                }
            }
            return new Result(shape, start, end, row.getLong("total"), values);
        }

        private static Object value(ResultSet row, Method method, char shape) throws SQLException {
            return switch (method) {
                case TOTAL_COUNT -> row.getLong("total");
                case DISTINCT_COUNT -> row.getLong("distinct_total");
                case MIN, MAX ->
                    shape == Measure.TEXT
                            ? row.getString(method.code() + "_text")
                            : Measure.value(shape, row.getDouble(method.code()));
                case SUM, AVG, STDDEV, SUMSQ -> Measure.value(shape, row.getDouble(method.code()));
            };
        }
    }

    private static Instant moment(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static NgsiLdFault tooManyPeriods() {
        return NgsiLdFault.tooManyResults(
                "The answer would have more than %d periods.".formatted(MOST_PERIODS),
                "Ask for a longer aggrPeriodDuration, a shorter time, or fewer attributes.");
    }
}

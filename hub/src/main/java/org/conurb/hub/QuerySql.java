package org.conurb.hub;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.conurb.hub.Query.Operand;
import org.conurb.hub.Query.Operator;

/**
 * What SQL can narrow a query down by. A <em>driver</em> finds candidates by one index, however large the table; a
 * <em>filter</em> is a condition on a row {@code e} of entities. Both may let through more than matches, never less.
 * Text from outside goes into parameters only.
 */
final class QuerySql {
    private final SqlParams params = new SqlParams();
    private final QueryConditions conditions = new QueryConditions(params);
    private final String kinds;

    /** @param ofTypes whether parameters {@code kinds} narrow by type */
    QuerySql(boolean ofTypes) {
        this.kinds = ofTypes ? " and a.kind = any(:kinds)" : "";
    }

    /**
     * @param rank the lower, the fewer candidates it promises
     * @param rest what the driver has not narrowed by, as a filter
     */
    record Driver(String sql, int rank, String rest) {
        private Driver with(List<String> filters) {
            return new Driver(sql, rank, filters.isEmpty() ? "true" : String.join(" and ", filters));
        }
    }

    SqlParams params() {
        return params;
    }

    QueryConditions conditions() {
        return conditions;
    }

    /** Ways to find candidates, best first. */
    List<Driver> drivers(EntityQuery query) {
        List<Query> parts = query.condition()
                .map(q -> q instanceof Query.And and ? and.parts() : List.of(q))
                .orElse(List.of());
        List<String> byQ = new ArrayList<>(parts.stream().map(this::filter).toList());
        List<String> others = others(query);
        if (!query.ids().isEmpty()) {
            others.addAll(byQ);
            return List.of(ids(query.ids()).with(others));
        }
        List<Driver> all = new ArrayList<>();
        Map<String, List<Integer>> spans = spans(parts);
        for (int i = 0; i < parts.size(); i++) {
            int part = i;
            if (spans.values().stream().anyMatch(members -> members.contains(part))) {
                continue;
            }
            List<String> rest = new ArrayList<>(others);
            rest.addAll(byQ.subList(0, i));
            rest.addAll(byQ.subList(i + 1, byQ.size()));
            driver(parts.get(i)).ifPresent(driver -> all.add(driver.with(rest)));
        }
        spans.forEach((attribute, members) -> {
            List<String> rest = new ArrayList<>(others);
            for (int i = 0; i < parts.size(); i++) {
                if (!members.contains(i)) {
                    rest.add(byQ.get(i));
                }
            }
            all.add(span(members.stream().map(parts::get).toList()).with(rest));
        });
        query.geo().filter(GeoQuery::narrow).ifPresent(geo -> {
            List<String> rest = others(query.at(Optional.empty()));
            rest.addAll(byQ);
            all.add(driver(geo).with(rest));
        });
        others.addAll(byQ);
        if (!query.attributes().isEmpty()) {
            String named =
                    "a.name = any(%s)".formatted(params.of(query.attributes().toArray(String[]::new)));
            all.add(attributes(named, 6).with(others));
        }
        prefix(query).ifPresent(driver -> all.add(driver.with(others)));
        all.sort(Comparator.comparingInt(Driver::rank));
        return all;
    }

    /** Places of comparisons that together bound one attribute from both sides, by attribute and kind of value. */
    private static Map<String, List<Integer>> spans(List<Query> parts) {
        Map<String, List<Integer>> spans = new TreeMap<>();
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) instanceof Query.Term term
                    && term.path().plain()
                    && !term.path().system()
                    && rank(term) == 3) {
                String key = term.operands().getFirst().getClass().getSimpleName()
                        + ' '
                        + term.path().attribute();
                spans.computeIfAbsent(key, attribute -> new ArrayList<>()).add(i);
            }
        }
        spans.values().removeIf(members -> members.size() < 2);
        return spans;
    }

    /** One value must meet all of them, but the values of a list may share them out: lists all come along. */
    private Driver span(List<Query> terms) {
        List<String> all = new ArrayList<>();
        for (Query term : terms) {
            all.add(conditions.of((Query.Term) term));
        }
        String name = params.of(((Query.Term) terms.getFirst()).path().attribute());
        return new Driver(
                "(%s) union all (%s)"
                        .formatted(
                                attributes(String.join(" and ", all), 2).sql(),
                                attributes("a.name = %s and a.listed".formatted(name), 2)
                                        .sql()),
                2,
                "true");
    }

    private Driver ids(List<String> ids) {
        return new Driver(
                "select e.iid from hub.entity e where e.tenant = (select store.tenant()) and e.id = any(%s) and e.deleted_at is null"
                        .formatted(params.of(ids.toArray(String[]::new))),
                0,
                "true");
    }

    /** Ids that begin as a pattern says. */
    private Optional<Driver> prefix(EntityQuery query) {
        String prefix = pattern(query).map(BoundedPattern::prefix).orElse("");
        if (prefix.isEmpty()) {
            return Optional.empty();
        }
        String types = kinds.isEmpty()
                ? ""
                : " and exists (select from hub.entity_type y where y.iid = e.iid and y.kind = any(:kinds) offset 0)";
        return Optional.of(
                new Driver("""
                select e.iid from hub.entity e
                 where e.tenant = (select store.tenant()) and e.id >= %s and e.id < %s and e.organisation_id = any(:owners) and e.deleted_at is null%s\
                """.formatted(params.of(prefix), params.of(Clean.behind(prefix)), types), 4, "true"));
    }

    private Optional<Driver> driver(Query query) {
        return switch (query) {
            case Query.Term term ->
                term.operator() == Operator.ABSENT || term.path().system()
                        ? Optional.empty()
                        : Optional.of(attributes(conditions.of(term), rankOf(term)));
            case Query.InScope scope -> Optional.of(attributes(conditions.of(scope), rank(scope)));
            case Query.And and ->
                and.parts().stream().flatMap(part -> driver(part).stream()).min(Comparator.comparingInt(Driver::rank));
            case Query.Or or -> {
                List<Driver> parts = or.parts().stream()
                        .flatMap(part -> driver(part).stream())
                        .toList();
                yield parts.size() < or.parts().size()
                        ? Optional.empty()
                        : Optional.of(new Driver(
                                String.join(
                                        " union all ",
                                        parts.stream()
                                                .map(part -> "(" + part.sql() + ")")
                                                .toList()),
                                1 + parts.stream().mapToInt(Driver::rank).max().orElse(9),
                                "true"));
            }
        };
    }

    private Driver attributes(String condition, int rank) {
        return new Driver(
                "select a.iid from hub.attribute a where a.tenant = (select store.tenant()) and a.organisation_id = any(:owners)%s and a.path = '' and %s"
                        .formatted(kinds, condition),
                rank,
                "true");
    }

    private Driver driver(GeoQuery geo) {
        List<long[]> spans = geo.spans();
        // The offset keeps the planner from turning it round: one search of the index a span, whatever it believes.
        return new Driver(
                """
                select p.iid from unnest(%s, %s) s (lo, hi) cross join lateral (
                  select a.iid from hub.place a
                   where a.tenant = (select store.tenant()) and a.organisation_id = any(:owners)%s and a.name = %s and a.cell >= s.lo and a.cell <= s.hi
                  offset 0) p\
                """.formatted(
                                params.of(spans.stream().map(span -> span[0]).toArray(Long[]::new)),
                                params.of(spans.stream().map(span -> span[1]).toArray(Long[]::new)),
                                kinds,
                                params.of(geo.property())),
                2,
                "true");
    }

    /** All of the query as a condition on {@code e}; {@code true} where nothing narrows. */
    String filter(EntityQuery query) {
        List<String> parts = others(query);
        query.condition().ifPresent(q -> parts.add(filter(q)));
        return parts.isEmpty() ? "true" : String.join(" and ", parts);
    }

    /** All but {@code q} and {@code scopeQ}. */
    private List<String> others(EntityQuery query) {
        List<String> parts = new ArrayList<>();
        if (query.geo().isPresent()) {
            parts.add("exists (select from hub.place a where a.iid = e.iid and a.name = %s offset 0)"
                    .formatted(params.of(query.geo().get().property())));
        }
        if (!query.attributes().isEmpty()) {
            parts.add("exists (select from hub.attribute a where a.iid = e.iid and a.name = any(%s) offset 0)"
                    .formatted(params.of(query.attributes().toArray(String[]::new))));
        }
        if (!query.ids().isEmpty()) {
            parts.add("e.organisation_id = any(:owners)");
            if (!query.kinds().isEmpty()) {
                parts.add(
                        "exists (select from hub.entity_type y where y.iid = e.iid and y.kind = any(:kinds) offset 0)");
            }
        }
        pattern(query)
                .map(BoundedPattern::literal)
                .filter(literal -> !literal.isEmpty())
                .ifPresent(literal -> parts.add("strpos(e.id, %s) > 0".formatted(params.of(literal))));
        return parts;
    }

    /** What all ids must match. */
    private static Optional<BoundedPattern> pattern(EntityQuery query) {
        EntitySelector first = query.selectors().getFirst();
        return query.selectors().size() == 1 && first.ids().isEmpty() ? first.idPattern() : Optional.empty();
    }

    private String filter(Query query) {
        return switch (query) {
            case Query.And and ->
                "("
                        + String.join(
                                " and ", and.parts().stream().map(this::filter).toList()) + ")";
            case Query.Or or ->
                "(" + String.join(" or ", or.parts().stream().map(this::filter).toList()) + ")";
            case Query.Term term -> filter(term);
            case Query.InScope scope ->
                "exists (select from hub.attribute a where a.iid = e.iid and a.path = '' and %s offset 0)"
                        .formatted(conditions.of(scope));
        };
    }

    private String filter(Query.Term term) {
        if (term.path().system()) {
            return conditions.system(term);
        }
        String rows = "exists (select from hub.attribute a where a.iid = e.iid and a.path = '' and %s offset 0)";
        if (term.operator() == Operator.ABSENT) {
            return term.path().plain()
                    ? "not "
                            + rows.formatted("a.name = " + params.of(term.path().attribute()))
                    : "true";
        }
        return rows.formatted(conditions.of(term));
    }

    private int rankOf(Query.Term term) {
        return conditions.isLinked(term) ? 1 : rank(term);
    }

    private static int rank(Query.InScope scope) {
        return ScopeReader.isExact(scope) ? 2 : ScopeReader.prefix(scope).isEmpty() ? 7 : 4;
    }

    private static int rank(Query.Term term) {
        if (!term.path().plain()) {
            return term.path().link().isPresent() ? 5 : 6;
        }
        return switch (term.operator()) {
            case EQUAL ->
                term.operands().stream().anyMatch(operand -> operand instanceof Operand.Truth)
                        ? 5
                        : term.operands().stream().anyMatch(operand -> operand instanceof Operand.Range) ? 2 : 1;
            case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> 3;
            case EXISTS, ABSENT, UNEQUAL, MATCHES, NOT_MATCHES -> 6;
        };
    }
}

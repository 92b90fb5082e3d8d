package org.conurb.hub;

import static java.time.ZoneOffset.UTC;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
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
    private final Map<String, Object> params = new HashMap<>();
    private final String kinds;
    private int made;

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

    Map<String, Object> params() {
        return params;
    }

    /** Ways to find candidates, best first. */
    List<Driver> drivers(EntityQuery query) {
        List<String> byQ = new ArrayList<>();
        List<Query> parts = query.q()
                .map(q -> q instanceof Query.And and ? and.parts() : List.of(q))
                .orElse(List.of());
        parts.forEach(part -> byQ.add(filter(part)));
        List<String> others = others(query);
        if (!query.ids().isEmpty()) {
            others.addAll(byQ);
            return List.of(driver(query.ids()).with(others));
        }
        List<Driver> all = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            List<String> rest = new ArrayList<>(others);
            rest.addAll(byQ.subList(0, i));
            rest.addAll(byQ.subList(i + 1, byQ.size()));
            driver(parts.get(i)).ifPresent(driver -> all.add(driver.with(rest)));
        }
        spans(parts).forEach((attribute, members) -> {
            List<String> rest = new ArrayList<>(others);
            for (int i = 0; i < parts.size(); i++) {
                if (!members.contains(i)) {
                    rest.add(byQ.get(i));
                }
            }
            all.add(span(members.stream().map(parts::get).toList()).with(rest));
        });
        others.addAll(byQ);
        query.geo()
                .filter(GeoQuery::narrow)
                .ifPresent(geo -> all.add(driver(geo).with(others)));
        if (!query.attributes().isEmpty()) {
            String named = "a.name = any(%s)".formatted(param(query.attributes().toArray(String[]::new)));
            all.add(attributes(named, 6).with(others));
        }
        all.sort(Comparator.comparingInt(Driver::rank));
        return all;
    }

    /** Places of comparisons that together bound one attribute from both sides, by attribute and kind of value. */
    private static Map<String, List<Integer>> spans(List<Query> parts) {
        Map<String, List<Integer>> spans = new TreeMap<>();
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) instanceof Query.Term term && term.path().plain() && rank(term) == 3) {
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
        List<String> conditions = new ArrayList<>();
        for (Query term : terms) {
            conditions.add(condition((Query.Term) term));
        }
        String name = param(((Query.Term) terms.getFirst()).path().attribute());
        return new Driver(
                "(%s) union all (%s)"
                        .formatted(
                                attributes(String.join(" and ", conditions), 2).sql(),
                                attributes("a.name = %s and a.listed".formatted(name), 2)
                                        .sql()),
                2,
                "true");
    }

    private Driver driver(List<String> ids) {
        return new Driver(
                "select e.iid from hub.entity e where e.tenant = (select store.tenant()) and e.id = any(%s) and e.deleted_at is null"
                        .formatted(param(ids.toArray(String[]::new))),
                0,
                "true");
    }

    private Optional<Driver> driver(Query query) {
        return switch (query) {
            case Query.Term term -> Optional.of(attributes(condition(term), rank(term)));
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
                                param(spans.stream().map(span -> span[0]).toArray(Long[]::new)),
                                param(spans.stream().map(span -> span[1]).toArray(Long[]::new)),
                                kinds,
                                param(geo.property())),
                2,
                "true");
    }

    /** All of the query as a condition on {@code e}; {@code true} where nothing narrows. */
    String filter(EntityQuery query) {
        List<String> parts = others(query);
        query.q().ifPresent(q -> parts.add(filter(q)));
        return parts.isEmpty() ? "true" : String.join(" and ", parts);
    }

    /** All but {@code q}. */
    private List<String> others(EntityQuery query) {
        List<String> parts = new ArrayList<>();
        if (query.geo().isPresent()) {
            parts.add("exists (select from hub.place a where a.iid = e.iid and a.name = %s)"
                    .formatted(param(query.geo().get().property())));
        }
        if (!query.attributes().isEmpty()) {
            parts.add("exists (select from hub.attribute a where a.iid = e.iid and a.name = any(%s))"
                    .formatted(param(query.attributes().toArray(String[]::new))));
        }
        if (!query.ids().isEmpty()) {
            parts.add("e.organisation_id = any(:owners)");
            if (!query.types().isEmpty()) {
                parts.add("exists (select from hub.entity_type y where y.iid = e.iid and y.kind = any(:kinds))");
            }
        }
        return parts;
    }

    private String filter(Query query) {
        return switch (query) {
            case Query.And and ->
                "("
                        + String.join(
                                " and ", and.parts().stream().map(this::filter).toList()) + ")";
            case Query.Or or ->
                "(" + String.join(" or ", or.parts().stream().map(this::filter).toList()) + ")";
            case Query.Term term ->
                "exists (select from hub.attribute a where a.iid = e.iid and a.path = '' and %s)"
                        .formatted(condition(term));
        };
    }

    private static int rank(Query.Term term) {
        if (!term.path().plain()) {
            return 6;
        }
        return switch (term.operator()) {
            case EQUAL ->
                term.operands().stream().anyMatch(operand -> operand instanceof Operand.Truth)
                        ? 5
                        : term.operands().stream().anyMatch(operand -> operand instanceof Operand.Range) ? 2 : 1;
            case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> 3;
            case EXISTS, UNEQUAL, MATCHES, NOT_MATCHES -> 6;
        };
    }

    /** On a row {@code a} of attributes. */
    private String condition(Query.Term term) {
        String name = "a.name = " + param(term.path().attribute());
        if (!term.path().plain()) {
            return name;
        }
        return switch (term.operator()) {
            case EXISTS, UNEQUAL, MATCHES, NOT_MATCHES -> name;
            case EQUAL -> name + " and (" + equal(term.operands()) + ")";
            case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL ->
                name + " and " + ordered(term.operator(), term.operands().getFirst());
        };
    }

    private String equal(List<Operand> operands) {
        List<Double> numbers = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        List<String> parts = new ArrayList<>();
        for (Operand operand : operands) {
            switch (operand) {
                case Operand.Number number -> numbers.add(number.value());
                case Operand.Text text -> texts.add(AttributeRows.key(text.value()));
                case Operand.Truth truth -> texts.add(String.valueOf(truth.value()));
                case Operand.Moment moment ->
                    parts.add("a.moment = " + param(moment.value().atOffset(UTC)));
                case Operand.Range range ->
                    parts.add(ordered(Operator.GREATER_EQUAL, range.from()) + " and "
                            + ordered(Operator.LESS_EQUAL, range.to()));
                case Operand.Pattern pattern -> parts.add("true");
            }
        }
        if (numbers.size() == 1) {
            parts.add("a.number = " + param(numbers.getFirst()));
        } else if (!numbers.isEmpty()) {
            parts.add("a.number = any(%s)".formatted(param(numbers.toArray(Double[]::new))));
        }
        if (texts.size() == 1) {
            parts.add("a.text = " + param(texts.getFirst()));
        } else if (!texts.isEmpty()) {
            parts.add("a.text = any(%s)".formatted(param(texts.toArray(String[]::new))));
        }
        return String.join(" or ", parts);
    }

    private String ordered(Operator operator, Operand operand) {
        String sign = switch (operator) {
            case LESS -> "<";
            case LESS_EQUAL -> "<=";
            case GREATER -> ">";
            default -> ">=";
        };
        return switch (operand) {
            case Operand.Number number -> "a.number %s %s".formatted(sign, param(number.value()));
            case Operand.Moment moment ->
                "a.moment %s %s".formatted(sign, param(moment.value().atOffset(UTC)));
            case Operand.Text text ->
                "a.text %s %s".formatted(sign.charAt(0) + "=", param(AttributeRows.key(text.value())));
            case Operand.Truth truth -> "false";
            case Operand.Range range -> "false";
            case Operand.Pattern pattern -> "false";
        };
    }

    private String param(Object value) {
        String name = "p" + made++;
        params.put(name, value);
        return ":" + name;
    }
}

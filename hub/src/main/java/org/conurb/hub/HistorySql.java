package org.conurb.hub;

import java.util.List;
import java.util.stream.Collectors;
import org.conurb.hub.Query.Operand;
import org.conurb.hub.Query.Operator;

/**
 * What SQL can narrow a query over histories down by: conditions on a row {@code e} of entities, or {@code h} of instances,
 * that let through more than matches, never less. Text from outside goes into parameters only.
 */
final class HistorySql {
    private final SqlParams params = new SqlParams();
    private final TemporalQuery time;

    HistorySql(TemporalQuery time) {
        this.time = time;
        params.put("lo", Histories.lo(time.from()));
        params.put("hi", Histories.hi(time.to()));
        if (!time.datasets().isEmpty()) {
            params.put("datasets", time.datasets().toArray(String[]::new));
        }
    }

    SqlParams params() {
        return params;
    }

    /** An instance {@code h} within the time asked. */
    String within() {
        return time.property().within("cast(:lo as timestamptz)", "cast(:hi as timestamptz)");
    }

    /** An instance {@code h} of what is asked for, as the end of a condition. */
    String concerned(EntityQuery query) {
        return query.attributes().isEmpty()
                ? time.ofDatasets()
                : " and h.name = any(%s)".formatted(params.of(query.attributes().toArray(String[]::new)))
                        + time.ofDatasets();
    }

    /** An entity {@code e} that has something concerned within the time asked, and may match. */
    String filter(EntityQuery query, String concerned) {
        return exists(concerned)
                + query.q().map(q -> " and " + filter(q)).orElse("")
                + query.scopes()
                        .map(
                                scopes ->
                                        " and exists (select from hub.attribute_instance h where h.iid = e.iid and h.name = 'scope')")
                        .orElse("")
                + query.geo().map(geo -> " and " + exists(" and " + place(geo))).orElse("");
    }

    private String exists(String condition) {
        return "exists (select from hub.attribute_instance h where h.iid = e.iid and %s%s)"
                .formatted(within(), condition);
    }

    private String filter(Query query) {
        return switch (query) {
            case Query.And and -> and.parts().stream().map(this::filter).collect(Collectors.joining(" and ", "(", ")"));
            case Query.Or or -> or.parts().stream().map(this::filter).collect(Collectors.joining(" or ", "(", ")"));
            case Query.Term term ->
                term.operator() == Operator.ABSENT || term.path().system() ? "true" : exists(" and " + condition(term));
            case Query.InScope scope -> "true";
        };
    }

    /** An instance {@code h} that may be a place asked for. */
    String place(GeoQuery geo) {
        return "h.shape = 'o' and h.name = " + params.of(geo.property());
    }

    /** An instance {@code h} for which the comparison may hold. */
    String condition(Query.Term term) {
        String name =
                "h.shape is not null and h.name = " + params.of(term.path().attribute());
        if (!term.path().plain() || term.operands().isEmpty()) {
            return name;
        }
        return switch (term.operator()) {
            case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL ->
                term.operands().getFirst() instanceof Operand.Number number
                        ? name
                                + " and (h.shape <> 'n' or h.number %s %s)"
                                        .formatted(sign(term.operator()), params.of(number.value()))
                        : name;
            case EQUAL -> name + equal(term.operands());
            case EXISTS, ABSENT, UNEQUAL, MATCHES, NOT_MATCHES -> name;
        };
    }

    private String equal(List<Operand> operands) {
        if (operands.stream().allMatch(operand -> operand instanceof Operand.Number)) {
            Double[] numbers = operands.stream()
                    .map(operand -> ((Operand.Number) operand).value())
                    .toArray(Double[]::new);
            return " and (h.shape <> 'n' or h.number = any(%s))".formatted(params.of(numbers));
        }
        if (operands.size() == 1 && operands.getFirst() instanceof Operand.Text(String text) && !text.contains(":")) {
            return " and strpos(h.value, %s) > 0"
                    .formatted(params.of(Documents.text(text).toString()));
        }
        return "";
    }

    private static String sign(Operator operator) {
        return switch (operator) {
            case LESS -> "<";
            case LESS_EQUAL -> "<=";
            case GREATER -> ">";
            default -> ">=";
        };
    }
}

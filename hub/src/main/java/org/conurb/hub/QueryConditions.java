package org.conurb.hub;

import static java.time.ZoneOffset.UTC;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.conurb.hub.Query.Operand;
import org.conurb.hub.Query.Operator;

/** Comparisons as SQL conditions on rows; they may let through more than matches, never less. */
final class QueryConditions {
    private final SqlParams params;
    private final Map<Query.Term, List<String>> linked = new HashMap<>();

    QueryConditions(SqlParams params) {
        this.params = params;
    }

    /** From now on it is known which entities a path to linked ones can lead over. */
    void linked(Query.Term term, List<String> ids) {
        linked.put(term, ids);
    }

    boolean isLinked(Query.Term term) {
        return linked.containsKey(term);
    }

    /** On a row {@code e} of entities, which tells when it was created and modified. */
    String system(Query.Term term) {
        String column = switch (term.path().attribute()) {
            case "createdAt" -> "e.created_at";
            case "modifiedAt" -> "e.at";
            default -> "";
        };
        boolean ordered = switch (term.operator()) {
            case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> term.operands().getFirst() instanceof Operand.Moment;
            default -> false;
        };
        return column.isEmpty() || !ordered
                ? "true"
                : ordered(term.operator(), term.operands().getFirst()).replace("a.moment", column);
    }

    /** On a row {@code a} of attributes with an empty path. */
    String of(Query.Term term) {
        String name = "a.name = " + params.of(term.path().attribute());
        List<String> ids = linked.get(term);
        if (ids != null) {
            return name
                    + " and a.text = any(%s)"
                            .formatted(params.of(
                                    ids.stream().map(AttributeRows::key).toArray(String[]::new)));
        }
        if (!term.path().plain()) {
            return name;
        }
        return switch (term.operator()) {
            case EXISTS, ABSENT, UNEQUAL, MATCHES, NOT_MATCHES -> name;
            case EQUAL -> name + " and (" + equal(term.operands()) + ")";
            case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL ->
                name + " and " + ordered(term.operator(), term.operands().getFirst());
        };
    }

    /** The same for scopes, which are rows of an attribute of that name. */
    String of(Query.InScope scope) {
        String rows = "a.name = '%s'".formatted(HistoryRows.SCOPE);
        String prefix = ScopeReader.prefix(scope);
        if (prefix.isEmpty()) {
            return rows;
        }
        if (ScopeReader.isExact(scope)) {
            return rows + " and a.text = " + params.of(AttributeRows.key(prefix));
        }
        // Itself and those below: no name has a sign that comes before the slash.
        return "%s and a.text >= %s and a.text < %s"
                .formatted(
                        rows,
                        params.of(AttributeRows.key(prefix)),
                        params.of(Clean.behind(AttributeRows.key(prefix + "/"))));
    }

    private String equal(List<Operand> operands) {
        List<Double> numbers = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        List<String> parts = new ArrayList<>();
        for (Operand operand : operands) {
            switch (operand) {
                case Operand.Number number -> numbers.add(number.value());
                case Operand.Text text -> {
                    texts.add(AttributeRows.key(text.value()));
                    texts.add(AttributeRows.key(Names.kept(text.value()))); // a term of a vocabulary is kept short
                }
                case Operand.Truth truth -> texts.add(String.valueOf(truth.value()));
                case Operand.Moment moment ->
                    parts.add("a.moment = " + params.of(moment.value().atOffset(UTC)));
                case Operand.Range range ->
                    parts.add(ordered(Operator.GREATER_EQUAL, range.from()) + " and "
                            + ordered(Operator.LESS_EQUAL, range.to()));
                case Operand.Pattern pattern -> parts.add("true");
            }
        }
        List<String> different = texts.stream().distinct().toList();
        if (numbers.size() == 1) {
            parts.add("a.number = " + params.of(numbers.getFirst()));
        } else if (!numbers.isEmpty()) {
            parts.add("a.number = any(%s)".formatted(params.of(numbers.toArray(Double[]::new))));
        }
        if (different.size() == 1) {
            parts.add("a.text = " + params.of(different.getFirst()));
        } else if (!different.isEmpty()) {
            parts.add("a.text = any(%s)".formatted(params.of(different.toArray(String[]::new))));
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
            case Operand.Number number -> "a.number %s %s".formatted(sign, params.of(number.value()));
            case Operand.Moment moment ->
                "a.moment %s %s".formatted(sign, params.of(moment.value().atOffset(UTC)));
            case Operand.Text text ->
                "a.text %s %s".formatted(sign.charAt(0) + "=", params.of(AttributeRows.key(text.value())));
            case Operand.Truth truth -> "false";
            case Operand.Range range -> "false";
            case Operand.Pattern pattern -> "false";
        };
    }
}

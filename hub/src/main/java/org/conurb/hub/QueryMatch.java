package org.conurb.hub;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.conurb.hub.Query.Operand;
import org.conurb.hub.Query.Operator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Decides {@code q} on a kept document; SQL only narrows down. */
final class QueryMatch {
    private QueryMatch() {}

    static boolean matches(Query query, JsonNode document) {
        return switch (query) {
            case Query.And and -> and.parts().stream().allMatch(part -> matches(part, document));
            case Query.Or or -> or.parts().stream().anyMatch(part -> matches(part, document));
            case Query.Term term -> term(term, document);
        };
    }

    private static boolean term(Query.Term term, JsonNode document) {
        JsonNode attribute = Stored.isAttribute(term.path().attribute())
                ? document.get(term.path().attribute())
                : null;
        if (attribute == null) {
            return false;
        }
        boolean present = false;
        for (JsonNode instance : attribute.isArray() ? attribute : List.of(attribute)) {
            List<JsonNode> values = values(instance, term.path());
            present |= !values.isEmpty();
            if (!values.isEmpty() && holds(term, values)) {
                return true;
            }
        }
        return present && term.operator() == Operator.EXISTS;
    }

    private static boolean holds(Query.Term term, List<JsonNode> values) {
        List<Operand> operands = term.operands();
        return switch (term.operator()) {
            case EXISTS -> true;
            case EQUAL -> any(values, value -> operands.stream().anyMatch(operand -> equal(value, operand)));
            case UNEQUAL -> !any(values, value -> operands.stream().anyMatch(operand -> equal(value, operand)));
            case MATCHES -> any(values, value -> found(value, operands.getFirst()));
            case NOT_MATCHES -> !any(values, value -> found(value, operands.getFirst()));
            case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL ->
                any(values, value -> ordered(term.operator(), value, operands.getFirst()));
        };
    }

    /** The value itself, or the elements of a list. */
    private static boolean any(List<JsonNode> values, Predicate<JsonNode> test) {
        for (JsonNode value : values) {
            if (value.isArray()) {
                int looked = 0;
                for (JsonNode element : value) {
                    if (looked++ < AttributeRows.MAX_ELEMENTS && test.test(plain(element))) {
                        return true;
                    }
                }
            } else if (test.test(plain(value))) {
                return true;
            }
        }
        return false;
    }

    private static JsonNode plain(JsonNode value) {
        return value.isObject() && value.has("@value") ? value.get("@value") : value;
    }

    /** What a path means in one instance; empty where there is nothing. */
    private static List<JsonNode> values(JsonNode instance, Query.Path path) {
        JsonNode node = instance;
        for (String sub : path.sub()) {
            node = node.get(sub);
            if (node == null) {
                return List.of();
            }
        }
        AttributeKind kind = AttributeKind.ofType(node.isObject() ? node.get("type") : null);
        if (kind == null) {
            return path.inside().isEmpty() ? List.of(node) : List.of();
        }
        JsonNode value = node.path(kind.member());
        if (kind == AttributeKind.LANGUAGE) {
            List<JsonNode> words = new ArrayList<>();
            boolean every = path.inside().isEmpty() || path.inside().getFirst().equals("*");
            value.properties().forEach(word -> {
                if (every || word.getKey().equalsIgnoreCase(path.inside().getFirst())) {
                    words.add(word.getValue());
                }
            });
            return words;
        }
        for (String name : path.inside()) {
            value = value.path(name);
        }
        return value.isMissingNode() ? List.of() : List.of(value);
    }

    private static boolean equal(JsonNode value, Operand operand) {
        return switch (operand) {
            case Operand.Number number -> value.isNumber() && value.asDouble() == number.value();
            case Operand.Truth truth -> value.isBoolean() && value.booleanValue() == truth.value();
            case Operand.Text text -> value.isString() && value.stringValue().equals(text.value());
            case Operand.Moment moment ->
                value.isString()
                        && (value.stringValue().equals(moment.text())
                                || moment.value().equals(EntityReader.momentIn(value.stringValue())));
            case Operand.Range range ->
                ordered(Operator.GREATER_EQUAL, value, range.from()) && ordered(Operator.LESS_EQUAL, value, range.to());
            case Operand.Pattern pattern -> found(value, pattern);
        };
    }

    private static boolean found(JsonNode value, Operand operand) {
        return operand instanceof Operand.Pattern(BoundedPattern pattern)
                && value.isString()
                && pattern.finds(value.stringValue());
    }

    private static boolean ordered(Operator operator, JsonNode value, Operand operand) {
        Integer order = compare(value, operand);
        return order != null
                && switch (operator) {
                    case LESS -> order < 0;
                    case LESS_EQUAL -> order <= 0;
                    case GREATER -> order > 0;
                    case GREATER_EQUAL -> order >= 0;
                    case EXISTS, EQUAL, UNEQUAL, MATCHES, NOT_MATCHES -> false;
                };
    }

    private static @Nullable Integer compare(JsonNode value, Operand operand) {
        return switch (operand) {
            case Operand.Number number ->
                value.isNumber() ? (Integer) Double.compare(value.asDouble(), number.value()) : null;
            case Operand.Text text ->
                value.isString() ? (Integer) value.stringValue().compareTo(text.value()) : null;
            case Operand.Moment moment -> {
                Instant at = value.isString() ? EntityReader.momentIn(value.stringValue()) : null;
                yield at == null ? null : (Integer) at.compareTo(moment.value());
            }
            case Operand.Truth truth -> null;
            case Operand.Range range -> null;
            case Operand.Pattern pattern -> null;
        };
    }
}

package org.conurb.hub;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.conurb.hub.Query.Operand;
import org.conurb.hub.Query.Operator;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Decides a condition on a kept document (GS CIM 009 clauses 4.9 and 4.19); SQL only narrows down. */
final class QueryMatch {
    private final Function<String, @Nullable ObjectNode> links;

    private QueryMatch(Function<String, @Nullable ObjectNode> links) {
        this.links = links;
    }

    /** Where linked entities cannot be looked at; a path that leads to one finds nothing. */
    static boolean matches(Query query, JsonNode document) {
        return matches(query, document, id -> null);
    }

    /** @param links documents by id; null where there is none that may be looked at */
    static boolean matches(Query query, JsonNode document, Function<String, @Nullable ObjectNode> links) {
        return new QueryMatch(links).holds(query, document);
    }

    private boolean holds(Query query, JsonNode document) {
        return switch (query) {
            case Query.And and -> and.parts().stream().allMatch(part -> holds(part, document));
            case Query.Or or -> or.parts().stream().anyMatch(part -> holds(part, document));
            case Query.Term term ->
                term.operator() == Operator.ABSENT
                        ? !term(new Query.Term(term.path(), Operator.EXISTS, List.of()), document)
                        : term(term, document);
            case Query.InScope scope -> inScope(scope, document.get("scope"));
        };
    }

    private static boolean inScope(Query.InScope asked, @Nullable JsonNode scope) {
        if (scope != null) {
            for (JsonNode one : scope.isArray() ? scope : List.of(scope)) {
                if (ScopeReader.covers(asked, one.stringValue())) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean term(Query.Term term, JsonNode document) {
        Optional<Query.Link> link = term.path().link();
        if (link.isPresent()) {
            Query.Term there = new Query.Term(link.get().path(), term.operator(), term.operands());
            return objects(document.get(term.path().attribute())).stream()
                    .map(links)
                    .anyMatch(linked ->
                            linked != null && link.get().types().selects(Stored.types(linked)) && term(there, linked));
        }
        JsonNode attribute =
                Stored.isAttribute(term.path().attribute()) || term.path().system()
                        ? document.get(term.path().attribute())
                        : null;
        if (attribute == null) {
            return false;
        }
        for (JsonNode instance : attribute.isArray() ? attribute : List.of(attribute)) {
            List<JsonNode> values = values(instance, term.path());
            if (!values.isEmpty() && (comparable(instance, term) && holds(term, values))) {
                return true;
            }
        }
        return false;
    }

    /** Ids of entities that an attribute names, if it is a relationship. */
    static List<String> objects(@Nullable JsonNode attribute) {
        List<String> ids = new ArrayList<>();
        if (attribute != null) {
            for (JsonNode instance : attribute.isArray() ? attribute : List.of(attribute)) {
                AttributeKind kind = kind(instance);
                if (kind == AttributeKind.RELATIONSHIP || kind == AttributeKind.LIST_RELATIONSHIP) {
                    JsonNode object = instance.path(kind.member());
                    (object.isArray() ? object : List.of(object)).forEach(id -> ids.add(uri(id).stringValue()));
                }
            }
        }
        return ids;
    }

    /** Where a relationship leads, which a list of them may wrap. */
    static JsonNode uri(JsonNode link) {
        return link.isObject() ? link.path("object") : link;
    }

    /** The same for all that a list relationship leads to. */
    static ArrayNode uris(JsonNode links) {
        ArrayNode uris = Json.mapper().createArrayNode();
        links.forEach(link -> uris.add(uri(link)));
        return uris;
    }

    /** Ids of entities that must be at hand before the condition is decided on the document; those that are there lead on. */
    static void gather(
            Query query, JsonNode document, Function<String, @Nullable ObjectNode> links, Set<String> missing) {
        query.terms().forEach(term -> gather(term.path(), document, links, missing));
    }

    private static void gather(
            Query.Path path, JsonNode document, Function<String, @Nullable ObjectNode> links, Set<String> missing) {
        path.link().ifPresent(link -> {
            for (String id : objects(document.get(path.attribute()))) {
                ObjectNode linked = links.apply(id);
                if (linked == null) {
                    missing.add(id);
                } else {
                    gather(link.path(), linked, links, missing);
                }
            }
        });
    }

    /** Relationships are equal or not, and have no order. */
    private static boolean comparable(JsonNode instance, Query.Term term) {
        return switch (term.operator()) {
            case EXISTS, ABSENT, EQUAL, UNEQUAL -> true;
            case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, MATCHES, NOT_MATCHES -> {
                AttributeKind kind = kind(node(instance, term.path()));
                yield kind != AttributeKind.RELATIONSHIP && kind != AttributeKind.LIST_RELATIONSHIP;
            }
        };
    }

    private static boolean holds(Query.Term term, List<JsonNode> values) {
        List<Operand> operands = term.operands();
        return switch (term.operator()) {
            case EXISTS -> true;
            case ABSENT -> false;
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

    /** What a typed value holds. */
    static JsonNode plain(JsonNode value) {
        return value.isObject() && value.has("@value") ? value.get("@value") : value;
    }

    private static @Nullable JsonNode node(JsonNode instance, Query.Path path) {
        JsonNode node = instance;
        for (String sub : path.sub()) {
            node = node.get(sub);
            if (node == null) {
                return null;
            }
        }
        return node;
    }

    private static @Nullable AttributeKind kind(@Nullable JsonNode node) {
        return node != null && node.isObject() ? AttributeKind.ofType(node.get("type")) : null;
    }

    /** What a path means in one instance; empty where there is nothing. */
    static List<JsonNode> values(JsonNode instance, Query.Path path) {
        JsonNode node = node(instance, path);
        if (node == null) {
            return List.of();
        }
        AttributeKind kind = kind(node);
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
        if (kind == AttributeKind.VOCAB) {
            return path.inside().isEmpty() ? iris(value) : List.of();
        }
        if (kind == AttributeKind.LIST_RELATIONSHIP && path.inside().isEmpty()) {
            List<JsonNode> uris = new ArrayList<>();
            value.forEach(link -> uris.add(uri(link)));
            return uris;
        }
        for (String name : path.inside()) {
            boolean place = value.isArray() && name.matches("\\d{1,6}");
            value = place ? value.path(Integer.parseInt(name)) : value.path(name);
        }
        return value.isMissingNode() ? List.of() : List.of(value);
    }

    /** A vocabulary's terms are what they stand for. */
    private static List<JsonNode> iris(JsonNode vocab) {
        List<JsonNode> iris = new ArrayList<>();
        for (JsonNode term : vocab.isArray() ? vocab : List.of(vocab)) {
            iris.add(term.isString() ? Documents.text(Names.iri(term.stringValue())) : term);
        }
        return iris;
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
                    case EXISTS, ABSENT, EQUAL, UNEQUAL, MATCHES, NOT_MATCHES -> false;
                };
    }

    private static @Nullable Integer compare(JsonNode value, Operand operand) {
        return switch (operand) {
            case Operand.Number number ->
                value.isNumber() ? (Integer) Double.compare(value.asDouble(), number.value()) : null;
            case Operand.Text text ->
                value.isString() ? (Integer) Clean.compare(value.stringValue(), text.value()) : null;
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

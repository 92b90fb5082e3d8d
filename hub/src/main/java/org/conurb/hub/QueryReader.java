package org.conurb.hub;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.conurb.hub.Query.Operand;
import org.conurb.hub.Query.Operator;

/**
 * Reads {@code q} by recursive descent (GS CIM 009 clause 4.9): {@code ;} is and, {@code |} is or, and binds weaker;
 * parentheses group. Bounded in length, terms and depth; every fault tells its place.
 */
final class QueryReader {
    private static final int MAX_TERMS = 100;
    private static final int MAX_DEPTH = 32;
    private static final int MAX_LIST = 200;
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,300}(\\.\\d{1,300})?([eE][+-]?\\d{1,3})?");

    private final QueryText text;
    private final LdContext context;
    private final Set<String> expanded;
    private int terms;

    private QueryReader(QueryText text, LdContext context, Set<String> expanded) {
        this.text = text;
        this.context = context;
        this.expanded = expanded;
    }

    /** @throws NgsiLdFault with the place of the fault */
    static Query read(String text, LdContext context) {
        return read("q", text, context, Set.of());
    }

    /**
     * @param parameter where it stands
     * @param expanded kept names of attributes whose values are terms of the context ({@code expandValues})
     */
    static Query read(String parameter, String text, LdContext context, Set<String> expanded) {
        QueryText reading = new QueryText(parameter, text, "speed>50;brand!=\"A\"|(status==\"open\")");
        Query query = new QueryReader(reading, context, expanded).either(0);
        reading.demandEnd(", or ; or |");
        return query;
    }

    private Query either(int depth) {
        List<Query> parts = new ArrayList<>();
        do {
            parts.add(all(depth));
        } while (text.take("|"));
        return parts.size() == 1 ? parts.getFirst() : new Query.Or(List.copyOf(parts));
    }

    private Query all(int depth) {
        List<Query> parts = new ArrayList<>();
        do {
            parts.add(one(depth));
        } while (text.take(";"));
        return parts.size() == 1 ? parts.getFirst() : new Query.And(List.copyOf(parts));
    }

    private Query one(int depth) {
        if (text.take("(")) {
            if (depth >= MAX_DEPTH) {
                throw text.fault("at most %d parentheses in one another".formatted(MAX_DEPTH));
            }
            Query inner = either(depth + 1);
            text.demand(")");
            return inner;
        }
        if (++terms > MAX_TERMS) {
            throw text.fault("at most %d comparisons".formatted(MAX_TERMS));
        }
        boolean not = text.take("!");
        Query.Path path = new PathReader(text, context).path();
        Operator operator = operator(not);
        return switch (operator) {
            case EXISTS, ABSENT -> new Query.Term(path, operator, List.of());
            case MATCHES, NOT_MATCHES -> {
                String pattern = text.peek() == '"' ? text.quoted() : text.word(";|()", "a pattern");
                yield new Query.Term(
                        path, operator, List.of(new Operand.Pattern(BoundedPattern.of(text.parameter(), pattern))));
            }
            case EQUAL, UNEQUAL -> new Query.Term(path, operator, operands(path));
            case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL ->
                new Query.Term(path, operator, List.of(ordered(operand(path))));
        };
    }

    private Operator operator(boolean not) {
        boolean alone = text.ended() || ";|)".indexOf(text.peek()) >= 0;
        if (alone || not) {
            if (!alone) {
                throw text.fault("; or | or ), since the attribute is asked to be absent");
            }
            return not ? Operator.ABSENT : Operator.EXISTS;
        }
        if (text.take("==")) {
            return Operator.EQUAL;
        }
        if (text.take("!~=")) {
            return Operator.NOT_MATCHES;
        }
        if (text.take("!=")) {
            return Operator.UNEQUAL;
        }
        if (text.take("<=")) {
            return Operator.LESS_EQUAL;
        }
        if (text.take(">=")) {
            return Operator.GREATER_EQUAL;
        }
        if (text.take("<")) {
            return Operator.LESS;
        }
        if (text.take(">")) {
            return Operator.GREATER;
        }
        if (text.take("~=")) {
            return Operator.MATCHES;
        }
        throw text.fault("one of == != < <= > >= ~= !~= ; | )");
    }

    private List<Operand> operands(Query.Path path) {
        List<Operand> all = new ArrayList<>();
        do {
            Operand one = operand(path);
            if (text.take("..")) {
                one = new Operand.Range(ordered(one), ordered(operand(path)));
            }
            all.add(one);
            if (all.size() > MAX_LIST) {
                throw text.fault("at most %d values".formatted(MAX_LIST));
            }
        } while (text.take(","));
        return List.copyOf(all);
    }

    private Operand ordered(Operand operand) {
        if (operand instanceof Operand.Truth) {
            throw text.fault("a value that has an order, which true and false have not");
        }
        return operand;
    }

    private Operand operand(Query.Path path) {
        boolean quoted = text.peek() == '"';
        String word = quoted ? text.quoted() : bare();
        if (expanded.contains(path.attribute())) {
            return new Operand.Text(Names.iri(context.expand(word)));
        }
        if (!quoted) {
            if (word.equals("true") || word.equals("false")) {
                return new Operand.Truth(word.equals("true"));
            }
            if (NUMBER.matcher(word).matches()) {
                return new Operand.Number(Double.parseDouble(word));
            }
        }
        Instant moment = EntityReader.momentIn(word.replace("%3A", ":"));
        return moment == null ? new Operand.Text(word) : new Operand.Moment(moment, word);
    }

    /** A word without quotes; a range ends it. */
    private String bare() {
        if (!text.ended() && "=<>!~".indexOf(text.peek()) >= 0) {
            throw text.fault("a value; one that begins so stands in quotes");
        }
        String word = text.word(";|(),", "a value");
        int range = word.indexOf("..");
        if (range == 0) {
            text.back(word.length());
            throw text.fault("a value before ..");
        }
        if (range > 0) {
            text.back(word.length() - range);
            return word.substring(0, range);
        }
        return word;
    }
}

package org.conurb.hub;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.conurb.hub.Query.Operand;
import org.conurb.hub.Query.Operator;

/**
 * Reads {@code q} by recursive descent: {@code ;} is and, {@code |} is or, and binds weaker; parentheses group. Bounded in
 * length, terms and depth; every fault tells its place.
 */
final class QueryReader {
    private static final int MAX_LENGTH = 8_000;
    private static final int MAX_TERMS = 100;
    private static final int MAX_DEPTH = 32;
    private static final int MAX_LIST = 200;
    private static final String ENDS_NAME = "=!<>~;|()[].,\"' ";
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,300}(\\.\\d{1,300})?([eE][+-]?\\d{1,3})?");
    private static final Pattern STARTS_IRI = Pattern.compile("[a-zA-Z][a-zA-Z0-9+-]*:.*", Pattern.DOTALL);

    private final String text;
    private final LdContext context;
    private int at;
    private int terms;

    private QueryReader(String text, LdContext context) {
        this.text = text;
        this.context = context;
    }

    /** @throws NgsiLdFault with the place of the fault */
    static Query read(String text, LdContext context) {
        if (text.length() > MAX_LENGTH) {
            throw NgsiLdFault.badData(
                    "q is longer than %d characters.".formatted(MAX_LENGTH), "Ask in several queries.");
        }
        QueryReader reader = new QueryReader(text, context);
        Query query = reader.either(0);
        if (reader.at < text.length()) {
            throw reader.fault("nothing more, or ; or |");
        }
        return query;
    }

    private Query either(int depth) {
        List<Query> parts = new ArrayList<>();
        parts.add(all(depth));
        while (take("|")) {
            parts.add(all(depth));
        }
        return parts.size() == 1 ? parts.getFirst() : new Query.Or(List.copyOf(parts));
    }

    private Query all(int depth) {
        List<Query> parts = new ArrayList<>();
        parts.add(one(depth));
        while (take(";")) {
            parts.add(one(depth));
        }
        return parts.size() == 1 ? parts.getFirst() : new Query.And(List.copyOf(parts));
    }

    private Query one(int depth) {
        if (take("(")) {
            if (depth >= MAX_DEPTH) {
                throw fault("at most %d parentheses in one another".formatted(MAX_DEPTH));
            }
            Query inner = either(depth + 1);
            if (!take(")")) {
                throw fault(")");
            }
            return inner;
        }
        if (++terms > MAX_TERMS) {
            throw fault("at most %d comparisons".formatted(MAX_TERMS));
        }
        Query.Path path = path();
        Operator operator = operator();
        return switch (operator) {
            case EXISTS -> new Query.Term(path, operator, List.of());
            case MATCHES, NOT_MATCHES -> {
                String pattern = peek() == '"' ? quoted() : bare(";|()");
                yield new Query.Term(path, operator, List.of(new Operand.Pattern(BoundedPattern.of("q", pattern))));
            }
            case EQUAL, UNEQUAL -> new Query.Term(path, operator, operands());
            case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> new Query.Term(path, operator, List.of(operand()));
        };
    }

    private Query.Path path() {
        String attribute = Names.demand("an attribute of q", context.expand(name()));
        List<String> sub = new ArrayList<>();
        while (peek() == '.') {
            at++;
            sub.add(context.expand(name()));
        }
        List<String> inside = new ArrayList<>();
        if (take("[")) {
            do {
                int start = at;
                while (at < text.length() && ".]".indexOf(text.charAt(at)) < 0) {
                    at++;
                }
                if (start == at) {
                    throw fault("a name");
                }
                inside.add(text.substring(start, at));
            } while (take("."));
            if (!take("]")) {
                throw fault("]");
            }
        }
        if (sub.size() + inside.size() > 20) {
            throw fault("a path of at most 20 names");
        }
        return new Query.Path(attribute, List.copyOf(sub), List.copyOf(inside));
    }

    /** A short name, or an IRI, whose dots belong to it. */
    private String name() {
        int start = at;
        boolean iri = STARTS_IRI
                        .matcher(text.substring(at, Math.min(text.length(), at + 40)))
                        .matches()
                && text.substring(at).indexOf(':') < firstEnd();
        while (at < text.length() && (ENDS_NAME.indexOf(text.charAt(at)) < 0 || iri && text.charAt(at) == '.')) {
            at++;
        }
        if (start == at) {
            throw fault("the name of an attribute");
        }
        return text.substring(start, at);
    }

    private int firstEnd() {
        for (int i = at; i < text.length(); i++) {
            if (ENDS_NAME.indexOf(text.charAt(i)) >= 0) {
                return i - at;
            }
        }
        return text.length() - at;
    }

    private Operator operator() {
        if (take("==")) {
            return Operator.EQUAL;
        }
        if (take("!~=")) {
            return Operator.NOT_MATCHES;
        }
        if (take("!=")) {
            return Operator.UNEQUAL;
        }
        if (take("<=")) {
            return Operator.LESS_EQUAL;
        }
        if (take(">=")) {
            return Operator.GREATER_EQUAL;
        }
        if (take("<")) {
            return Operator.LESS;
        }
        if (take(">")) {
            return Operator.GREATER;
        }
        if (take("~=")) {
            return Operator.MATCHES;
        }
        if (at == text.length() || ";|)".indexOf(peek()) >= 0) {
            return Operator.EXISTS;
        }
        throw fault("one of == != < <= > >= ~= !~= ; | )");
    }

    private List<Operand> operands() {
        List<Operand> all = new ArrayList<>();
        do {
            Operand one = operand();
            if (text.startsWith("..", at)) {
                at += 2;
                one = new Operand.Range(one, operand());
            }
            all.add(one);
            if (all.size() > MAX_LIST) {
                throw fault("at most %d values".formatted(MAX_LIST));
            }
        } while (take(","));
        return List.copyOf(all);
    }

    private Operand operand() {
        if (peek() == '"') {
            return new Operand.Text(quoted());
        }
        String word = bare(";|(),");
        int range = word.indexOf("..");
        if (range > 0) {
            at -= word.length() - range;
            word = word.substring(0, range);
        }
        if (word.equals("true") || word.equals("false")) {
            return new Operand.Truth(word.equals("true"));
        }
        if (NUMBER.matcher(word).matches()) {
            return new Operand.Number(Double.parseDouble(word));
        }
        Instant moment = EntityReader.momentIn(word.replace("%3A", ":"));
        return moment == null ? new Operand.Text(word) : new Operand.Moment(moment, word);
    }

    private String bare(String ends) {
        int start = at;
        while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        if (start == at) {
            throw fault("a value");
        }
        return text.substring(start, at);
    }

    private String quoted() {
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at++));
        }
        if (!take("\"")) {
            throw fault("\" at the end of the text");
        }
        return value.toString();
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private boolean take(String token) {
        if (text.startsWith(token, at)) {
            at += token.length();
            return true;
        }
        return false;
    }

    private NgsiLdFault fault(String wanted) {
        return NgsiLdFault.badData(
                "q cannot be read at character %d.".formatted(at + 1),
                "There should be %s. As in speed>50;brand!=\"A\"|(status==open).".formatted(wanted));
    }
}

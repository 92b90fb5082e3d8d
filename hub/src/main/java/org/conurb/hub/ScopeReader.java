package org.conurb.hub;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads {@code scopeQ} (GS CIM 009 clause 4.19): scopes joined by {@code ,} or {@code |} for any of them, by {@code ;} for
 * all of them, with parentheses; {@code +} stands for one level, {@code #} at the end for all below.
 */
final class ScopeReader {
    private static final int MOST = 100;
    private static final int MAX_DEPTH = 32;
    private static final int MAX_LEVELS = 21;

    private final QueryText text;
    private int scopes;

    private ScopeReader(QueryText text) {
        this.text = text;
    }

    static Query read(String scopeQ) {
        QueryText text = new QueryText("scopeQ", scopeQ, "/Alder/#,(/Birch/+/Parks;/Owner)");
        Query query = new ScopeReader(text).either(0);
        text.demandEnd(", or , | ;");
        return query;
    }

    private Query either(int depth) {
        List<Query> parts = new ArrayList<>();
        do {
            parts.add(all(depth));
        } while (text.take(",") || text.take("|"));
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
        text.take("/");
        List<String> levels = new ArrayList<>();
        do {
            levels.add(level());
        } while (text.take("/"));
        if (++scopes > MOST || levels.size() > MAX_LEVELS) {
            throw text.fault("at most %d scopes of %d levels".formatted(MOST, MAX_LEVELS));
        }
        int below = levels.indexOf("#");
        if (below >= 0 && below < levels.size() - 1) {
            throw text.fault("nothing behind #");
        }
        return new Query.InScope(List.copyOf(below < 0 ? levels : levels.subList(0, below)), below >= 0);
    }

    private String level() {
        String level = text.word("/,|;()", "a level, + or #");
        boolean wild = level.equals("+") || level.equals("#");
        if (!wild && !level.matches("[\\p{L}][\\p{L}\\p{N}_-]*")) {
            text.back(level.length());
            throw text.fault("a level of letters, digits, _ and -, or + or #");
        }
        return level;
    }

    /** A scope as it is compared: {@code /Alder/North}. */
    static String whole(String scope) {
        return scope.startsWith("/") ? scope : "/" + scope;
    }

    static boolean covers(Query.InScope asked, String scope) {
        List<String> levels = Arrays.asList(whole(scope).substring(1).split("/", -1));
        int depth = asked.levels().size();
        if (levels.size() < depth || levels.size() > depth && !asked.below()) {
            return false;
        }
        for (int i = 0; i < depth; i++) {
            String level = asked.levels().get(i);
            if (!level.equals("+") && !level.equals(levels.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether it asks for one scope. */
    static boolean isExact(Query.InScope asked) {
        return !asked.below() && !asked.levels().contains("+");
    }

    /** The beginning that all scopes asked for have: the levels before the first {@code +}. */
    static String prefix(Query.InScope asked) {
        int wild = asked.levels().indexOf("+");
        List<String> fixed = wild < 0 ? asked.levels() : asked.levels().subList(0, wild);
        return fixed.isEmpty() ? "" : "/" + String.join("/", fixed);
    }
}

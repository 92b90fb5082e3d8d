package org.conurb.hub;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which types are meant (GS CIM 009 clause 4.17): names joined by {@code ,} or {@code |} for any of them, by {@code ;} for
 * all of them, with parentheses; {@code *} for whatever type.
 */
sealed interface TypeSelection {
    int MOST = 200;
    int MAX_DEPTH = 32;
    TypeSelection EVERY = new Every();

    record Every() implements TypeSelection {}

    /** @param kind as kept */
    record Named(String kind) implements TypeSelection {}

    record Any(List<TypeSelection> parts) implements TypeSelection {}

    record All(List<TypeSelection> parts) implements TypeSelection {}

    static TypeSelection read(String parameter, String text, LdContext context) {
        if (text.equals("*")) {
            return EVERY;
        }
        Reading reading = new Reading(new QueryText(parameter, text, "Building,House or (Home;Vehicle)|Boat"), context);
        TypeSelection selection = reading.any(0);
        reading.text.demandEnd(", or , | ;");
        return selection;
    }

    /** Whether an entity of these types is meant. */
    default boolean selects(List<String> types) {
        return switch (this) {
            case Every every -> true;
            case Named named -> types.contains(named.kind);
            case Any any -> any.parts.stream().anyMatch(part -> part.selects(types));
            case All all -> all.parts.stream().allMatch(part -> part.selects(types));
        };
    }

    /** Types one of which each entity meant has; empty where it may have any. */
    default List<String> kinds() {
        return switch (this) {
            case Every every -> List.of();
            case Named named -> List.of(named.kind);
            case Any any ->
                any.parts.stream()
                        .flatMap(part -> part.kinds().stream())
                        .distinct()
                        .toList();
            case All all ->
                all.parts.stream()
                        .map(TypeSelection::kinds)
                        .min(Comparator.comparingInt(List::size))
                        .orElseThrow();
        };
    }

    /** Whether having one of {@link #kinds} is all that is asked. */
    default boolean isList() {
        return switch (this) {
            case Every every -> true;
            case Named named -> true;
            case Any any -> any.parts.stream().allMatch(TypeSelection::isList);
            case All all -> false;
        };
    }

    /** By recursive descent, bounded in names and depth. */
    final class Reading {
        private final QueryText text;
        private final LdContext context;
        private int names;

        private Reading(QueryText text, LdContext context) {
            this.text = text;
            this.context = context;
        }

        private TypeSelection any(int depth) {
            List<TypeSelection> parts = new ArrayList<>();
            do {
                parts.add(all(depth));
            } while (text.take(",") || text.take("|"));
            return parts.size() == 1 ? parts.getFirst() : new Any(List.copyOf(parts));
        }

        private TypeSelection all(int depth) {
            List<TypeSelection> parts = new ArrayList<>();
            do {
                parts.add(one(depth));
            } while (text.take(";"));
            return parts.size() == 1 ? parts.getFirst() : new All(List.copyOf(parts));
        }

        private TypeSelection one(int depth) {
            if (text.take("(")) {
                if (depth >= MAX_DEPTH) {
                    throw text.fault("at most %d parentheses in one another".formatted(MAX_DEPTH));
                }
                TypeSelection inner = any(depth + 1);
                text.demand(")");
                return inner;
            }
            String name = text.word(",|;()", "the name of a type").strip();
            if (++names > MOST) {
                throw text.fault("at most %d types".formatted(MOST));
            }
            return new Named(Names.demand("a type of " + text.parameter(), context.expand(name)));
        }
    }
}

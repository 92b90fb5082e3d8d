package org.conurb.hub;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A condition on entities, as a tree: of {@code q} (GS CIM 009 clause 4.9) and of {@code scopeQ} (clause 4.19). */
sealed interface Query {
    record And(List<Query> parts) implements Query {}

    record Or(List<Query> parts) implements Query {}

    /** One comparison; {@code EXISTS} and {@code ABSENT} have no operands, all others one or, for {@code ==} and {@code !=}, several. */
    record Term(Path path, Operator operator, List<Operand> operands) implements Query {}

    /**
     * One scope that the entity must have.
     *
     * @param levels from the outermost; {@code +} stands for any one
     * @param below whether scopes within it count too
     */
    record InScope(List<String> levels, boolean below) implements Query {}

    /**
     * What is compared.
     *
     * @param attribute as kept
     * @param sub names of sub-attributes, outermost first
     * @param inside names of members within the value, or a language
     * @param link what is compared of the entities that it names, in its place
     */
    record Path(String attribute, List<String> sub, List<String> inside, Optional<Link> link) {
        /** Whether it means the value of the attribute itself. */
        boolean plain() {
            return sub.isEmpty() && inside.isEmpty() && link.isEmpty();
        }

        /** How many entities stand one behind the other. */
        int hops() {
            return link.map(linked -> 1 + linked.path.hops()).orElse(0);
        }

        /** Whether it is what the hub itself knows of the entity. */
        boolean system() {
            return Names.isSystem(attribute);
        }
    }

    /** @param types that a linked entity must have */
    record Link(TypeSelection types, Path path) {}

    enum Operator {
        EXISTS,
        ABSENT,
        EQUAL,
        UNEQUAL,
        LESS,
        LESS_EQUAL,
        GREATER,
        GREATER_EQUAL,
        MATCHES,
        NOT_MATCHES
    }

    /** What is compared with. */
    sealed interface Operand {
        record Number(double value) implements Operand {}

        record Text(String value) implements Operand {}

        record Truth(boolean value) implements Operand {}

        /** @param text as written, for values that are such text but no moment */
        record Moment(Instant value, String text) implements Operand {}

        /** Both ends belong to it. */
        record Range(Operand from, Operand to) implements Operand {}

        record Pattern(BoundedPattern pattern) implements Operand {}
    }

    /** All comparisons in it. */
    default Stream<Term> terms() {
        return switch (this) {
            case And and -> and.parts.stream().flatMap(Query::terms);
            case Or or -> or.parts.stream().flatMap(Query::terms);
            case Term term -> Stream.of(term);
            case InScope scope -> Stream.empty();
        };
    }

    /** Whether it looks at one of these attributes. */
    default boolean looksAt(Set<String> names) {
        return terms().anyMatch(term -> names.contains(term.path.attribute()));
    }

    /** How many entities stand one behind the other in its longest path. */
    default int hops() {
        return terms().mapToInt(term -> term.path.hops()).max().orElse(0);
    }

    /** Whether it asks when an entity or an attribute was created or modified, which its document does not tell. */
    default boolean asksTimes() {
        return terms().anyMatch(term -> Stream.concat(Stream.of(term.path.attribute()), term.path.sub().stream())
                .anyMatch(Names::isSystem));
    }
}

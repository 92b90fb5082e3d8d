package org.conurb.hub;

import java.time.Instant;
import java.util.List;

/** A condition of {@code q} (GS CIM 009 clause 4.9), as a tree. */
sealed interface Query {
    record And(List<Query> parts) implements Query {}

    record Or(List<Query> parts) implements Query {}

    /** One comparison; {@code EXISTS} has no operands, all others one or, for {@code ==} and {@code !=}, several. */
    record Term(Path path, Operator operator, List<Operand> operands) implements Query {}

    /**
     * @param attribute as kept
     * @param sub names of sub-attributes, outermost first
     * @param inside names of members within the value, or a language
     */
    record Path(String attribute, List<String> sub, List<String> inside) {
        /** Whether it means the value of the attribute itself. */
        boolean plain() {
            return sub.isEmpty() && inside.isEmpty();
        }
    }

    enum Operator {
        EXISTS,
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
}

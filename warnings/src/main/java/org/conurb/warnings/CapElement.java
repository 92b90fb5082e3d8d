package org.conurb.warnings;

import java.util.List;
import java.util.Optional;

/**
 * What the schema says of one element in its place.
 *
 * @param most 1, or {@link Integer#MAX_VALUE} for any number
 * @param text form of the text; empty for an element that holds elements
 * @param children in the order they must have
 */
record CapElement(String name, int least, int most, Optional<CapText> text, List<CapElement> children) {
    static CapElement of(String name, CapText text) {
        return new CapElement(name, 1, 1, Optional.of(text), List.of());
    }

    static CapElement holding(String name, CapElement... children) {
        return new CapElement(name, 1, 1, Optional.empty(), List.of(children));
    }

    CapElement optional() {
        return new CapElement(name, 0, most, text, children);
    }

    CapElement repeated() {
        return new CapElement(name, least, Integer.MAX_VALUE, text, children);
    }
}

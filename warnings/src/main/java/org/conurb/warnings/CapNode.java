package org.conurb.warnings;

import java.util.List;
import java.util.Optional;

/**
 * An element that the schema has passed.
 *
 * @param text of an element without elements, as written; else empty
 * @param line where its start tag ends, from 1
 */
record CapNode(String name, String text, List<CapNode> children, int line, int column) {
    Optional<CapNode> child(String wanted) {
        return children.stream().filter(node -> node.name.equals(wanted)).findFirst();
    }

    List<CapNode> all(String wanted) {
        return children.stream().filter(node -> node.name.equals(wanted)).toList();
    }

    /** Text of the child without white space around; empty where it is missing or has none. */
    Optional<String> words(String wanted) {
        return child(wanted).map(node -> node.text.strip()).filter(text -> !text.isEmpty());
    }

    List<String> allWords(String wanted) {
        return all(wanted).stream()
                .map(node -> node.text.strip())
                .filter(text -> !text.isEmpty())
                .toList();
    }
}

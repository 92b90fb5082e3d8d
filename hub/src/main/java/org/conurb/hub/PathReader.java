package org.conurb.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads a path to an attribute or into one (GS CIM 009 clause 4.9): {@code a}, {@code a.sub}, {@code a[member.of.value]},
 * {@code a[en]}, and {@code a{path}} or {@code a{Type:path}} for what the entities have that {@code a} names.
 */
final class PathReader {
    private static final int MAX_NAMES = 20;
    private static final int MAX_HOPS = 10;
    private static final String ENDS = "=!<>~;|()[]{},\"' ";
    private static final Pattern STARTS_IRI = Pattern.compile("[a-zA-Z][a-zA-Z0-9+-]*:.*", Pattern.DOTALL);

    private final QueryText text;
    private final LdContext context;

    PathReader(QueryText text, LdContext context) {
        this.text = text;
        this.context = context;
    }

    Query.Path path() {
        return path(0);
    }

    private Query.Path path(int hops) {
        String attribute = Names.demand("an attribute of " + text.parameter(), context.expand(name()));
        List<String> sub = new ArrayList<>();
        while (text.take(".")) {
            sub.add(context.expand(name()));
        }
        List<String> inside = new ArrayList<>();
        if (text.take("[")) {
            do {
                inside.add(text.word(".]", "a name"));
            } while (text.take("."));
            text.demand("]");
        }
        if (sub.size() + inside.size() > MAX_NAMES) {
            throw text.fault("a path of at most %d names".formatted(MAX_NAMES));
        }
        Optional<Query.Link> link = Optional.empty();
        if (text.peek() == '{') {
            if (!sub.isEmpty() || !inside.isEmpty()) {
                throw text.fault("an attribute of the entity itself before {");
            }
            if (hops >= MAX_HOPS) {
                throw text.fault("at most %d linked entities behind one another".formatted(MAX_HOPS));
            }
            text.demand("{");
            TypeSelection types = types();
            link = Optional.of(new Query.Link(types, path(hops + 1)));
            text.demand("}");
        }
        return new Query.Path(attribute, List.copyOf(sub), List.copyOf(inside), link);
    }

    /** Types before a colon, unless that colon belongs to the name of an attribute: an IRI, or a prefix and its rest. */
    private TypeSelection types() {
        String ahead = text.ahead("{}[.=");
        int colon = ahead.lastIndexOf(':');
        if (colon < 0 || ahead.startsWith("//", colon + 1) || context.isPrefix(ahead.substring(0, colon))) {
            return TypeSelection.EVERY;
        }
        String types = ahead.substring(0, colon);
        text.demand(types + ":");
        return TypeSelection.read(text.parameter(), types, context);
    }

    /** A short name, or an IRI, whose dots belong to it. */
    private String name() {
        String word = text.ahead(ENDS);
        boolean iri =
                STARTS_IRI.matcher(word).matches() && (word.indexOf('.') < 0 || word.indexOf(':') < word.indexOf('.'));
        return text.word(iri ? ENDS : ENDS + ".", "the name of an attribute");
    }
}

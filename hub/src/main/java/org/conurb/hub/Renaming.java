package org.conurb.hub;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Subscriptions and registrations under the names of another @context. */
final class Renaming {
    private static final List<String> LISTS = List.of("watchedAttributes", "propertyNames", "relationshipNames");
    private static final List<String> SHOWN = List.of("attributes", "pick", "omit");
    private static final Pattern NAME = Pattern.compile("[^,|;(){}]+");

    private Renaming() {}

    /** A copy whose names of types and attributes are those of {@code to}. */
    static ObjectNode of(ObjectNode document, LdContext from, LdContext to) {
        ObjectNode copy = document.deepCopy();
        if (from != to) {
            rename(copy, name -> to.compact(from.expand(name)));
        }
        return copy;
    }

    private static void rename(ObjectNode node, UnaryOperator<String> names) {
        LISTS.forEach(list -> replace(node, list, names));
        each(node, "entities", entity -> replace(entity, "type", type -> expression(type, names)));
        each(node, "information", one -> rename(one, names));
        each(node, "geoQ", geo -> replace(geo, "geoproperty", names));
        each(node, "notification", one -> SHOWN.forEach(list -> replace(one, list, name -> expression(name, names))));
    }

    private static void each(ObjectNode node, String name, java.util.function.Consumer<ObjectNode> work) {
        JsonNode value = node.path(name);
        for (JsonNode one : value.isArray() ? value : List.of(value)) {
            if (one instanceof ObjectNode object) {
                work.accept(object);
            }
        }
    }

    private static void replace(ObjectNode node, String name, UnaryOperator<String> names) {
        JsonNode value = node.get(name);
        if (value instanceof ArrayNode list) {
            ArrayNode renamed = node.putArray(name);
            list.forEach(one -> {
                if (one.isString()) {
                    renamed.add(names.apply(one.stringValue()));
                } else {
                    renamed.add(one);
                }
            });
        } else if (value != null && value.isString()) {
            node.put(name, names.apply(value.stringValue()));
        }
    }

    /** Names joined by the signs of clause 4.17; * means any. */
    private static String expression(String type, UnaryOperator<String> names) {
        return NAME.matcher(type)
                .replaceAll(name -> Matcher.quoteReplacement(
                        name.group().equals("*")
                                ? "*"
                                : names.apply(name.group().strip())));
    }
}

package org.conurb.hub;

import java.text.Collator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IllformedLocaleException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Geometry;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The order of an answer (GS CIM 009 clause 4.23). Where all keys are equal, or none is given, entities come in the order
 * of their numbers, or against it where the first key falls; so there is always one order.
 *
 * @param by first of importance first; empty for the order of numbers
 * @param from where distances are measured from
 * @param texts how texts are compared: by code points, or by the rules of a language
 * @param byCodePoints which of both
 */
record Ordering(List<By> by, Optional<Geometry> from, Comparator<String> texts, boolean byCodePoints) {
    private static final int MOST = 10;
    private static final String EXAMPLE = "speed;desc,name or location;dist-asc";

    enum Direction {
        ASCENDING("asc"),
        DESCENDING("desc"),
        NEAREST("dist-asc"),
        FARTHEST("dist-desc");

        private final String word;

        Direction(String word) {
            this.word = word;
        }

        boolean byDistance() {
            return this == NEAREST || this == FARTHEST;
        }

        boolean descends() {
            return this == DESCENDING || this == FARTHEST;
        }
    }

    /** @param path to a value; {@code id}, {@code type} and system attributes are such, too */
    record By(Query.Path path, Direction direction) {}

    /** Reads {@code orderBy}, {@code orderFrom}, {@code orderGeometry} and {@code collation}. */
    static Ordering of(Map<String, String> given, LdContext context) {
        String orderBy = given.get("orderBy");
        String from = given.get("orderFrom");
        String collation = given.get("collation");
        List<By> by = orderBy == null ? List.of() : read(orderBy, context);
        boolean byDistance = by.stream().anyMatch(one -> one.direction.byDistance());
        if (byDistance != (from != null) || from == null && given.get("orderGeometry") != null) {
            throw NgsiLdFault.badData(
                    byDistance
                            ? "orderBy is by distance, and orderFrom does not tell from where."
                            : "orderFrom is where distances are measured from, and orderBy is by none.",
                    "Send both, as orderBy=location;dist-asc&orderFrom=[7.42,43.73].");
        }
        if (collation != null && by.isEmpty()) {
            throw NgsiLdFault.badData("collation orders texts, and there is no orderBy.", "Send both or none.");
        }
        return new Ordering(
                by,
                Optional.ofNullable(from)
                        .map(coordinates -> GeoQuery.geometry("orderFrom", given.get("orderGeometry"), coordinates)),
                collation == null ? Clean::compare : collator(collation),
                collation == null);
    }

    private static List<By> read(String orderBy, LdContext context) {
        QueryText text = new QueryText("orderBy", orderBy, EXAMPLE);
        List<By> all = new ArrayList<>();
        do {
            Query.Path path = new PathReader(text, context).path();
            if (path.link().isPresent()) {
                throw text.fault("no path to another entity");
            }
            all.add(new By(path, text.take(";") ? direction(text) : Direction.ASCENDING));
            if (all.size() > MOST) {
                throw text.fault("at most %d attributes".formatted(MOST));
            }
        } while (text.take(","));
        text.demandEnd(", or ; or ,");
        return List.copyOf(all);
    }

    private static Direction direction(QueryText text) {
        String word = text.until(",;");
        for (Direction direction : Direction.values()) {
            if (direction.word.equals(word)) {
                return direction;
            }
        }
        text.back(word.length());
        throw text.fault("asc, desc, dist-asc or dist-desc");
    }

    private static Comparator<String> collator(String tag) {
        try {
            Locale locale = new Locale.Builder().setLanguageTag(tag).build();
            if (!locale.hasExtensions()) {
                Collator collator = Collator.getInstance(locale);
                return Comparator.<String, String>comparing(text -> text, collator::compare)
                        .thenComparing(Clean::compare);
            }
        } catch (IllformedLocaleException e) {
            // told below
        }
        throw NgsiLdFault.badData(
                "collation is no language tag whose order is known here.",
                "Send a tag as und, de or fr-CA, without extensions, or leave it out for the order of code points.");
    }

    boolean isEmpty() {
        return by.isEmpty();
    }

    boolean looksAt(Set<String> names) {
        return by.stream().anyMatch(one -> names.contains(one.path.attribute()));
    }

    boolean asksTimes() {
        return !isEmpty()
                && new Query.And(by.stream()
                                .<Query>map(one -> new Query.Term(one.path, Query.Operator.EXISTS, List.of()))
                                .toList())
                        .asksTimes();
    }

    /** By what a kept document is ordered. */
    List<OrderKey> keys(ObjectNode document) {
        return by.stream().map(one -> key(one, document)).toList();
    }

    private OrderKey key(By one, ObjectNode document) {
        JsonNode attribute = document.get(one.path.attribute());
        if (attribute == null) {
            return OrderKey.NOTHING;
        }
        if (!Stored.isAttribute(one.path.attribute())) {
            return OrderKey.ofValue(attribute);
        }
        JsonNode instance = chosen(attribute);
        if (one.direction.byDistance()) {
            return AttributeKind.of(instance) == AttributeKind.GEO
                    ? OrderKey.of(Geometries.metres(
                            from.orElseThrow(),
                            Geometries.sound(Geometries.read(one.path.attribute(), instance.path("value")))))
                    : OrderKey.NOTHING;
        }
        return OrderKey.ofValue(QueryMatch.values(instance, one.path).stream()
                .findFirst()
                .map(value -> value.isArray() && isLanguage(instance) ? value.path(0) : value)
                .orElse(null));
    }

    private static boolean isLanguage(JsonNode instance) {
        return instance.isObject() && AttributeKind.ofType(instance.get("type")) == AttributeKind.LANGUAGE;
    }

    /** The default instance, else the first. */
    private static JsonNode chosen(JsonNode attribute) {
        if (!attribute.isArray()) {
            return attribute;
        }
        for (JsonNode instance : attribute) {
            if (EntityReader.dataset(instance).isEmpty()) {
                return instance;
            }
        }
        return attribute.path(0);
    }

    int compare(List<OrderKey> a, long iidOfA, List<OrderKey> b, long iidOfB) {
        for (int i = 0; i < by.size(); i++) {
            int order = a.get(i).compareTo(b.get(i), by.get(i).direction.descends(), texts);
            if (order != 0) {
                return order;
            }
        }
        int order = Long.compare(iidOfA, iidOfB);
        return !by.isEmpty() && by.getFirst().direction.descends() ? -order : order;
    }

    /** The attribute whose index has this very order: one plain value, compared by code points. */
    @Nullable
    By indexed() {
        By first = by.size() == 1 ? by.getFirst() : null;
        boolean plain = first != null
                && byCodePoints
                && first.path.plain()
                && !first.path.system()
                && !first.direction.byDistance()
                && Stored.isAttribute(first.path.attribute());
        return plain ? first : null;
    }
}

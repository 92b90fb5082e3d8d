package org.conurb.hub;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.conurb.hub.Query.Operand;
import org.conurb.hub.Query.Operator;

/**
 * What is asked of a collection (OGC API - Features - Part 1, section 7.15), as a query for entities: {@code bbox} on their
 * location, {@code datetime} on when they were last modified, attributes by value, and a page of them.
 */
final class OgcQuery {
    static final Set<String> PARAMETERS = Set.of("bbox", "datetime", "limit", "cursor", "grant");

    /** The geoproperty that is a feature's geometry, as kept. */
    static final String GEOMETRY = "location";

    static final int DEFAULT_LIMIT = 100;

    private static final String TIME = "modifiedAt";
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,17}(\\.\\d{1,30})?([eE][+-]?\\d{1,2})?");

    private OgcQuery() {}

    /** @param given parameters by name; those that are none of the door's name attributes */
    static EntityQuery of(String kind, Map<String, String> given) {
        List<Query> conditions = new ArrayList<>();
        given.forEach((name, value) -> {
            if (!PARAMETERS.contains(name)) {
                conditions.add(equal(name, value));
            }
        });
        Optional.ofNullable(given.get("datetime")).ifPresent(text -> conditions.addAll(time(text)));
        Ordering byNumber = Ordering.of(Map.of(), LdContext.CORE);
        return new EntityQuery(
                List.of(new EntitySelector(List.of(), Optional.empty(), new TypeSelection.Named(kind))),
                List.of(),
                conditions.isEmpty() ? Optional.empty() : Optional.of(new Query.And(List.copyOf(conditions))),
                Optional.empty(),
                Optional.ofNullable(given.get("bbox")).map(OgcQuery::place),
                false,
                byNumber,
                limit(given.getOrDefault("limit", String.valueOf(DEFAULT_LIMIT))),
                0,
                Cursor.read(given.get("cursor"), byNumber),
                false);
    }

    /** The same text, or the number, truth or moment that it may mean. */
    private static Query equal(String attribute, String value) {
        List<Operand> meanings = new ArrayList<>();
        if (NUMBER.matcher(value).matches()) {
            meanings.add(new Operand.Number(Double.parseDouble(value)));
        } else if (value.equals("true") || value.equals("false")) {
            meanings.add(new Operand.Truth(Boolean.parseBoolean(value)));
        }
        Instant moment = EntityReader.momentIn(value);
        meanings.add(moment == null ? new Operand.Text(value) : new Operand.Moment(moment, value));
        List<Query> any = new ArrayList<>();
        meanings.forEach(meaning -> any.add(new Query.Term(path(attribute), Operator.EQUAL, List.of(meaning))));
        return any.size() == 1 ? any.getFirst() : new Query.Or(List.copyOf(any));
    }

    private static Query.Path path(String attribute) {
        return new Query.Path(attribute, List.of(), List.of(), Optional.empty());
    }

    /** More than the most is the most (requirement {@code fc-limit-definition}). */
    private static int limit(String text) {
        int limit = text.matches("0{0,9}\\d{1,9}") ? Integer.parseInt(text) : text.matches("\\d{1,30}") ? 1_000_000 : 0;
        if (limit < 1) {
            throw NgsiLdFault.badData(
                    "limit is a whole number from 1.", "At most %d come at once.".formatted(EntityQuery.MAX_LIMIT));
        }
        return Math.min(limit, EntityQuery.MAX_LIMIT);
    }

    /** West, south, east, north in degrees, with heights between or not; west of the antimeridian may begin what ends east of it. */
    private static GeoQuery place(String text) {
        String[] parts = text.split(",", 8);
        if (parts.length != 4 && parts.length != 6) {
            throw wrongBox("it has %s numbers".formatted(parts.length > 6 ? "too many" : parts.length));
        }
        double[] numbers = new double[parts.length];
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i].strip();
            if (!NUMBER.matcher(part).matches()) {
                throw wrongBox("its value %d is no number".formatted(i + 1));
            }
            numbers[i] = Double.parseDouble(part);
        }
        int half = parts.length / 2;
        double south = numbers[1];
        double north = numbers[half + 1];
        if (!(Math.abs(numbers[0]) <= 180 && Math.abs(numbers[half]) <= 180)
                || !(Math.abs(south) <= 90 && Math.abs(north) <= 90)) {
            throw wrongBox("longitudes lie within ±180 and latitudes within ±90");
        }
        if (south > north) {
            throw wrongBox("its south lies north of its north");
        }
        return new GeoQuery(
                GeoQuery.Relation.INTERSECTS,
                Geometries.box(numbers[0], south, numbers[half], north),
                GEOMETRY,
                0,
                Double.POSITIVE_INFINITY);
    }

    private static NgsiLdFault wrongBox(String fault) {
        return NgsiLdFault.badData(
                "bbox cannot be taken: %s.".formatted(fault),
                "Send bbox=west,south,east,north in degrees (CRS84, longitude first), as bbox=7.40,43.72,7.44,43.75.");
    }

    /** A moment, or a span with one end open or none. */
    private static List<Query> time(String text) {
        int slash = text.indexOf('/');
        String from = slash < 0 ? text : text.substring(0, slash);
        String to = slash < 0 ? text : text.substring(slash + 1);
        Optional<Operand.Moment> first = end(from, slash >= 0);
        Optional<Operand.Moment> last = end(to, slash >= 0);
        if (first.isEmpty() && last.isEmpty()) {
            throw wrongTime("both ends are open");
        }
        if (first.isPresent()
                && last.isPresent()
                && first.get().value().isAfter(last.get().value())) {
            throw wrongTime("it ends before it begins");
        }
        List<Query> conditions = new ArrayList<>();
        first.ifPresent(moment -> conditions.add(when(Operator.GREATER_EQUAL, moment)));
        last.ifPresent(moment -> conditions.add(when(Operator.LESS_EQUAL, moment)));
        return conditions;
    }

    private static Query when(Operator operator, Operand.Moment moment) {
        return new Query.Term(path(TIME), operator, List.of(moment));
    }

    private static Optional<Operand.Moment> end(String text, boolean mayBeOpen) {
        if (mayBeOpen && (text.isEmpty() || text.equals(".."))) {
            return Optional.empty();
        }
        Instant moment = EntityReader.momentIn(text);
        if (moment == null) {
            throw wrongTime("%s is no moment".formatted(text.length() > 40 ? text.substring(0, 40) + "…" : text));
        }
        return Optional.of(new Operand.Moment(moment, text));
    }

    private static NgsiLdFault wrongTime(String fault) {
        return NgsiLdFault.badData(
                "datetime cannot be taken: %s.".formatted(fault),
                "Send a moment, as 2026-03-01T08:00:00Z, or a span, as 2026-03-01T00:00:00Z/2026-03-02T00:00:00Z, ../2026-03-01T08:00:00Z or 2026-03-01T08:00:00Z/..");
    }
}

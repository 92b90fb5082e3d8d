package org.conurb.hub;

import java.util.Comparator;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A value as entities are ordered by it (GS CIM 009 clause 4.23.2): numbers, then texts, objects, lists, true and false,
 * and at the end, whatever the direction, what is not there. Texts count by their beginning, as the database keeps it.
 */
record OrderKey(int rank, double number, String text) {
    static final int NUMBER = 0;
    static final int TEXT = 1;
    static final int ABSENT = 5;
    static final OrderKey NOTHING = new OrderKey(ABSENT, 0, "");

    private static final int OBJECT = 2;
    private static final int LIST = 3;
    private static final int TRUTH = 4;

    static OrderKey of(double number) {
        return new OrderKey(NUMBER, number + 0.0, ""); // -0.0 is 0.0, as the index has it
    }

    static OrderKey of(String text) {
        return new OrderKey(TEXT, 0, AttributeRows.key(text));
    }

    static OrderKey ofValue(@Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return NOTHING;
        }
        JsonNode plain = QueryMatch.plain(value);
        if (plain.isNumber()) {
            return of(plain.asDouble());
        }
        if (plain.isString()) {
            return of(plain.stringValue());
        }
        if (plain.isBoolean()) {
            return new OrderKey(TRUTH, plain.booleanValue() ? 1 : 0, "");
        }
        return new OrderKey(plain.isArray() ? LIST : OBJECT, 0, AttributeRows.key(plain.toString()));
    }

    /** @throws IllegalArgumentException where it is none */
    static OrderKey of(JsonNode json) {
        JsonNode rank = json.path(0);
        if (!json.isArray() || json.size() > 2 || !rank.isInt()) {
            throw new IllegalArgumentException("no key");
        }
        return switch (rank.intValue()) {
            case NUMBER, TRUTH -> new OrderKey(rank.intValue(), json.path(1).asDouble(), "");
            case TEXT, OBJECT, LIST ->
                new OrderKey(rank.intValue(), 0, AttributeRows.key(json.path(1).asString("")));
            case ABSENT -> NOTHING;
            default -> throw new IllegalArgumentException("no key");
        };
    }

    JsonNode toJson() {
        var node = Json.mapper().createArrayNode().add(rank);
        return switch (rank) {
            case ABSENT -> node;
            case NUMBER, TRUTH -> node.add(number);
            default -> node.add(text);
        };
    }

    int compareTo(OrderKey other, boolean descending, Comparator<String> texts) {
        if (rank == ABSENT || other.rank == ABSENT) {
            return Integer.compare(rank, other.rank);
        }
        int order = Integer.compare(rank, other.rank);
        if (order == 0) {
            order = Double.compare(number, other.number);
        }
        if (order == 0) {
            order = texts.compare(text, other.text);
        }
        return descending ? -order : order;
    }
}

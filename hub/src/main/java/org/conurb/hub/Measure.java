package org.conurb.hub;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What aggregation (GS CIM 009 clause 4.5.19.1) makes of one attribute instance.
 *
 * @param shape what its value is: one of the letters below
 * @param number what it counts for: itself, 1 for true, the size of a list, seconds since 1970 of a moment, days since
 *     1970, seconds of the day; null for what has no number
 */
record Measure(char shape, @Nullable Double number) {
    static final char NUMBER = 'n';
    static final char TRUTH = 'b';
    static final char LIST = 'a';
    static final char TEXT = 's';
    static final char OBJECT = 'o';
    static final char MOMENT = 'm';
    static final char DATE = 'd';
    static final char TIME = 't';
    static final char LINK = 'r';

    /** Of a kept instance, which has a type and a value. */
    static Measure of(JsonNode instance) {
        AttributeKind kind = AttributeKind.of(instance);
        if (kind == AttributeKind.RELATIONSHIP || kind == AttributeKind.LIST_RELATIONSHIP) {
            return new Measure(LINK, null);
        }
        JsonNode value = instance.path(kind.member());
        if (value.isObject() && value.path("@value").isString()) {
            return typed(value.path("@type"), value.path("@value").stringValue(), OBJECT);
        }
        if (value.isString()) {
            return typed(instance.path("valueType"), value.stringValue(), TEXT);
        }
        if (value.isNumber()) {
            return new Measure(NUMBER, value.asDouble());
        }
        if (value.isBoolean()) {
            return new Measure(TRUTH, value.booleanValue() ? 1.0 : 0.0);
        }
        return value.isArray() ? new Measure(LIST, (double) value.size()) : new Measure(OBJECT, null);
    }

    private static Measure typed(JsonNode type, String text, char otherwise) {
        String name = type.isString() ? type.stringValue() : "";
        return switch (name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('#')) + 1)) {
            case "DateTime", "dateTime" -> number(MOMENT, moment(text), otherwise);
            case "Date", "date" -> number(DATE, date(text), otherwise);
            case "Time", "time" -> number(TIME, time(text), otherwise);
            default -> new Measure(otherwise, null);
        };
    }

    private static Measure number(char shape, @Nullable Double number, char otherwise) {
        return new Measure(number == null ? otherwise : shape, number);
    }

    private static @Nullable Double moment(String text) {
        Instant moment = EntityReader.momentIn(text);
        return moment == null ? null : (Double) (moment.getEpochSecond() + moment.getNano() / 1e9);
    }

    private static @Nullable Double date(String text) {
        try {
            return (double) LocalDate.parse(text).toEpochDay();
        } catch (DateTimeException noDate) {
            return null;
        }
    }

    private static @Nullable Double time(String text) {
        try {
            boolean zoned = text.endsWith("Z") || text.indexOf('+') > 0;
            LocalTime time = zoned
                    ? OffsetTime.parse(text)
                            .withOffsetSameInstant(ZoneOffset.UTC)
                            .toLocalTime()
                    : LocalTime.parse(text);
            return time.toNanoOfDay() / 1e9;
        } catch (DateTimeException noTime) {
            return null;
        }
    }

    /** The value that a number of that shape stands for, as it is written; numbers stand for themselves. */
    static Object value(char shape, double number) {
        return switch (shape) {
            case MOMENT ->
                Instant.EPOCH.plusNanos(Math.round(number * 1e6) * 1_000).toString();
            case DATE -> LocalDate.ofEpochDay(Math.round(number)).toString();
            case TIME -> time(Math.round(number * 1e6)) + "Z";
            default -> number;
        };
    }

    private static String time(long micros) {
        LocalTime time = LocalTime.ofNanoOfDay(micros % 86_400_000_000L * 1_000);
        return time.getSecond() == 0 && time.getNano() == 0 ? time + ":00" : time.toString();
    }
}

package org.conurb.hub;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.regex.Pattern;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads cells as values of one datatype.
 *
 * @param moments reads what is written by a pattern; null for ISO 8601
 * @param zone of moments that tell none
 */
record ImportValues(
        Type type, boolean decimalComma, @Nullable DateTimeFormatter moments, ZoneId zone) {
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,30}(\\.\\d{1,30})?([eE][+-]?\\d{1,3})?");

    enum Type {
        TEXT("text", "text"),
        NUMBER("number", "a number"),
        BOOLEAN("boolean", "true or false"),
        DATE_TIME("dateTime", "a moment of that pattern"),
        DATE("date", "a day of that pattern"),
        JSON("json", "JSON");

        private final String code;
        private final String told;

        Type(String code, String told) {
            this.code = code;
            this.told = told;
        }

        String code() {
            return code;
        }

        static Type of(String place, @Nullable String code) {
            for (Type type : values()) {
                if (type.code.equals(code)) {
                    return type;
                }
            }
            if (code == null) {
                return TEXT;
            }
            throw ImportMapping.refused(
                    "%s has a datatype that there is not.".formatted(place),
                    "Use text, number, boolean, dateTime, date or json.");
        }
    }

    /** What a cell is not. */
    static final class NotThat extends Exception {
        NotThat(String what) {
            super(what, null, false, false);
        }

        String what() {
            return String.valueOf(getMessage());
        }
    }

    static @Nullable DateTimeFormatter pattern(String place, @Nullable String pattern) {
        if (pattern == null) {
            return null;
        }
        try {
            if (pattern.length() > 100) {
                throw new IllegalArgumentException("Longer than a pattern is");
            }
            return new DateTimeFormatterBuilder()
                    .parseCaseInsensitive()
                    .appendPattern(ofEveryEra(pattern))
                    .toFormatter(Locale.ENGLISH)
                    .withResolverStyle(ResolverStyle.STRICT);
        } catch (IllegalArgumentException e) {
            throw ImportMapping.refused(
                    "The pattern of %s is none.".formatted(place),
                    "Write it as dd.MM.yyyy HH:mm, or MM/dd/yyyy hh:mm:ss a.");
        }
    }

    /** People write {@code y}, by which a strict reader asks for an era too. */
    private static String ofEveryEra(String pattern) {
        StringBuilder years = new StringBuilder();
        boolean quoted = false;
        for (char c : pattern.toCharArray()) {
            quoted ^= c == '\'';
            years.append(c == 'y' && !quoted ? 'u' : c);
        }
        return years.toString();
    }

    static ZoneId zone(String place, @Nullable String zone) {
        try {
            return zone == null ? ZoneId.of("UTC") : ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw ImportMapping.refused(
                    "The zone of %s is none.".formatted(place), "Write it as Europe/Monaco, or +01:00.");
        }
    }

    JsonNode read(JsonNode cell) throws NotThat {
        if (type == Type.JSON) {
            return json(cell);
        }
        if (cell.isContainer()) {
            throw new NotThat(type.told);
        }
        return switch (type) {
            case TEXT, JSON -> text(cell.asString());
            case NUMBER -> cell.isNumber() ? cell : number(cell.asString());
            case BOOLEAN -> cell.isBoolean() ? cell : truth(cell.asString());
            case DATE_TIME -> typed("DateTime", moment(cell.asString()).toString());
            case DATE -> typed("Date", day(cell.asString()).toString());
        };
    }

    private static JsonNode text(String text) {
        return Documents.text(text);
    }

    private static ObjectNode typed(String type, String value) {
        return Json.mapper().createObjectNode().put("@type", type).put("@value", value);
    }

    /** A cell of JSON's own kind as it is, else text that holds JSON. */
    private static JsonNode json(JsonNode cell) throws NotThat {
        if (!cell.isString()) {
            return cell;
        }
        try {
            return Json.mapper().readTree(cell.stringValue());
        } catch (JacksonException e) {
            throw new NotThat(Type.JSON.told);
        }
    }

    double degrees(JsonNode cell) throws NotThat {
        return (cell.isNumber() ? cell : number(cell.asString())).asDouble();
    }

    private JsonNode number(String text) throws NotThat {
        String plain = decimalComma ? text.replace(',', '.') : text;
        if (!NUMBER.matcher(plain).matches()) {
            throw new NotThat(Type.NUMBER.told);
        }
        BigDecimal number = new BigDecimal(plain);
        if (number.scale() <= 0 && number.precision() - number.scale() <= 18) {
            return Json.mapper().getNodeFactory().numberNode(number.longValueExact());
        }
        return Json.mapper().getNodeFactory().numberNode(number.doubleValue());
    }

    private static JsonNode truth(String text) throws NotThat {
        return Json.mapper()
                .getNodeFactory()
                .booleanNode(
                        switch (text.toLowerCase(Locale.ROOT)) {
                            case "true", "yes", "y", "t", "1" -> true;
                            case "false", "no", "n", "f", "0" -> false;
                            default -> throw new NotThat(Type.BOOLEAN.told);
                        });
    }

    /** Moments of the years 1 to 9999; where clocks were set back, the earlier one. */
    Instant moment(String text) throws NotThat {
        try {
            TemporalAccessor read = moments == null
                    ? DateTimeFormatter.ISO_DATE_TIME.parseBest(
                            text.replace(' ', 'T'), OffsetDateTime::from, LocalDateTime::from)
                    : moments.parseBest(text, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
            Instant moment = switch (read) {
                case OffsetDateTime whole -> whole.toInstant();
                case LocalDateTime local -> local.atZone(zone).toInstant();
                default -> LocalDate.from(read).atStartOfDay(zone).toInstant();
            };
            if (EntityReader.momentIn(moment.toString()) == null) {
                throw new NotThat(Type.DATE_TIME.told);
            }
            return moment;
        } catch (DateTimeException e) {
            throw new NotThat(Type.DATE_TIME.told);
        }
    }

    private LocalDate day(String text) throws NotThat {
        try {
            LocalDate day = moments == null ? LocalDate.parse(text) : LocalDate.from(moments.parse(text));
            if (day.getYear() < 1 || day.getYear() > 9999) {
                throw new NotThat(Type.DATE.told);
            }
            return day;
        } catch (DateTimeException e) {
            throw new NotThat(Type.DATE.told);
        }
    }
}

package org.conurb.hub;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is to be computed of the values of attributes, for each period of time (GS CIM 009 clause 4.5.19).
 *
 * @param months of one period, with {@code rest}; neither means one period over the whole time asked
 */
record Aggregation(List<Method> methods, long months, Duration rest) {
    private static final Pattern DURATION = Pattern.compile(
            "P(?:(\\d{1,5})W|(?:(\\d{1,4})Y)?(?:(\\d{1,5})M)?(?:(\\d{1,7})D)?(?:T(?=\\d)(?:(\\d{1,8})H)?(?:(\\d{1,9})M)?(?:(\\d{1,10}(?:\\.\\d{1,6})?)S)?)?)(?<!P)");

    /** Each with the shapes of {@link Measure} that it makes sense of. */
    enum Method {
        TOTAL_COUNT("totalCount", "nbasomdtr"),
        DISTINCT_COUNT("distinctCount", "nbasomdtr"),
        SUM("sum", "nba"),
        AVG("avg", "nbat"),
        MIN("min", "nbasmdt"),
        MAX("max", "nbasmdt"),
        STDDEV("stddev", "nb"),
        SUMSQ("sumsq", "nb");

        private final String code;
        private final String shapes;

        Method(String code, String shapes) {
            this.code = code;
            this.shapes = shapes;
        }

        String code() {
            return code;
        }

        boolean takes(char shape) {
            return shapes.indexOf(shape) >= 0;
        }

        boolean counts() {
            return this == TOTAL_COUNT || this == DISTINCT_COUNT;
        }

        private static Method of(String code) {
            for (Method method : values()) {
                if (method.code.equals(code)) {
                    return method;
                }
            }
            throw NgsiLdFault.badData(
                    "aggrMethods has a method that is none.",
                    "Send some of totalCount, distinctCount, sum, avg, min, max, stddev, sumsq.");
        }
    }

    /** Reads {@code aggrMethods} and {@code aggrPeriodDuration}. */
    static Aggregation of(Map<String, String> given) {
        List<Method> methods =
                EntityQuery.list("aggrMethods", given.get("aggrMethods"), Method.values().length).stream()
                        .map(Method::of)
                        .toList();
        if (methods.isEmpty()) {
            throw NgsiLdFault.badData(
                    "aggregatedValues needs aggrMethods.", "Send aggrMethods=avg, or several joined by commas.");
        }
        String period = given.getOrDefault("aggrPeriodDuration", "PT0S");
        Matcher parts = DURATION.matcher(period);
        if (!parts.matches()) {
            throw NgsiLdFault.badData(
                    "aggrPeriodDuration is no duration.",
                    "Send ISO 8601, as PT1H, P1D, P1M or PT0S for all of the time.");
        }
        return new Aggregation(methods, number(parts, 2) * 12 + number(parts, 3), rest(parts));
    }

    private static Duration rest(Matcher parts) {
        String seconds = parts.group(7);
        return Duration.ofDays(number(parts, 1) * 7 + number(parts, 4))
                .plusHours(number(parts, 5))
                .plusMinutes(number(parts, 6))
                .plus(seconds == null ? Duration.ZERO : Duration.parse("PT" + seconds + "S"));
    }

    private static long number(Matcher parts, int group) {
        @Nullable String text = parts.group(group);
        return text == null ? 0 : Long.parseLong(text);
    }

    /** Whether one period covers the whole time asked. */
    boolean whole() {
        return months == 0 && rest.isZero();
    }

    /** Where a period that starts with the n-th from an origin starts; calendar months count from the origin, in UTC. */
    Instant start(Instant origin, long n) {
        return origin.atOffset(ZoneOffset.UTC)
                .plusMonths(months * n)
                .toInstant()
                .plus(rest.multipliedBy(n));
    }

    /**
     * Starts of all periods from an origin up to a moment, and the end of the last.
     *
     * @return empty where there are more than {@code most}
     */
    Optional<List<Instant>> starts(Instant origin, Instant last, int most) {
        List<Instant> starts = new ArrayList<>();
        for (long n = 0; starts.isEmpty() || !starts.getLast().isAfter(last); n++) {
            if (n > most) {
                return Optional.empty();
            }
            starts.add(start(origin, n));
        }
        return Optional.of(starts);
    }
}

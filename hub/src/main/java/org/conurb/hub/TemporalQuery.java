package org.conurb.hub;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a history is asked for (GS CIM 009 clause 4.11).
 *
 * @param from earliest moment, inside
 * @param to latest moment, outside
 * @param observed whether by when it was observed, else by when it was written
 * @param last of each attribute at most so many, the newest
 * @param whole whether {@code lastN} was left out, so that more than {@code last} is worth telling
 */
record TemporalQuery(Instant from, Instant to, boolean observed, int last, boolean whole) {
    /** Instances of one attribute in one answer. */
    static final int MOST = 1_000;

    private static final Instant BEGINNING = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("9999-12-31T00:00:00Z");
    private static final Set<String> TIMES = Set.of("observedAt", "modifiedAt", "createdAt");

    static TemporalQuery of(Map<String, String> given, boolean mustSpan) {
        String property = given.getOrDefault("timeproperty", "observedAt");
        if (!TIMES.contains(property)) {
            throw NgsiLdFault.badData(
                    "timeproperty is none that is kept.", "Send observedAt, modifiedAt or createdAt.");
        }
        boolean spanless = given.get("timerel") == null && given.get("timeproperty") == null;
        String lastN = given.get("lastN");
        if (lastN != null && !lastN.matches("[1-9]\\d{0,5}")) {
            throw NgsiLdFault.badData("lastN is a number from 1.", "Send lastN=10.");
        }
        int last = lastN == null ? MOST : Math.min(MOST, Integer.parseInt(lastN));
        Span span = span(given, mustSpan);
        return new TemporalQuery(span.from, span.to, !spanless && property.equals("observedAt"), last, lastN == null);
    }

    private record Span(Instant from, Instant to) {}

    private static Span span(Map<String, String> given, boolean must) {
        String relation = given.get("timerel");
        if (relation == null) {
            if (must || given.get("timeAt") != null || given.get("endTimeAt") != null) {
                throw NgsiLdFault.badData(
                        "The temporal query has no timerel.",
                        "Send timerel=after&timeAt=2026-03-01T08:00:00Z, or before, or between with endTimeAt.");
            }
            return new Span(BEGINNING, END);
        }
        Instant at = moment("timeAt", given.get("timeAt"));
        return switch (relation) {
            case "before" -> new Span(BEGINNING, at);
            case "after" -> new Span(at, END);
            case "between" -> new Span(at, moment("endTimeAt", given.get("endTimeAt")));
            default -> throw NgsiLdFault.badData("There is no such timerel.", "Send before, after or between.");
        };
    }

    private static Instant moment(String name, @Nullable String text) {
        if (text == null) {
            throw NgsiLdFault.badData(
                    "%s is missing.".formatted(name), "Send %s=2026-03-01T08:00:00Z.".formatted(name));
        }
        return EntityReader.moment(name, Json.mapper().getNodeFactory().stringNode(text.replace(' ', '+')));
    }

    static boolean values(Map<String, String> given) {
        return List.of(given.getOrDefault("options", "").split(",")).contains("temporalValues")
                || "temporalValues".equals(given.get("format"));
    }
}

package org.conurb.hub;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;

/**
 * Which part of histories is asked for (GS CIM 009 clause 4.11).
 *
 * @param from earliest moment, inside; empty for the beginning
 * @param to latest moment, outside; empty for the end
 * @param last of each attribute at most so many, the newest
 * @param datasets whose instances are asked for, "" for the default one; empty for all
 */
record TemporalQuery(
        Property property, Optional<Instant> from, Optional<Instant> to, OptionalInt last, List<String> datasets) {
    /** The moment of an instance {@code h} that counts, and which instances have one. */
    enum Property {
        /** Nothing was asked: when it was observed, else when it was written or taken away. */
        ANY("h.at", ""),
        OBSERVED("h.at", " and h.observed_at is not null"),
        CREATED("h.recorded_at", " and h.shape is not null"),
        MODIFIED("coalesce(h.modified_at, h.recorded_at)", " and h.shape is not null"),
        DELETED("h.recorded_at", " and h.shape is null");

        private final String moment;
        private final String has;

        Property(String moment, String has) {
            this.moment = moment;
            this.has = has;
        }

        /** An SQL expression. */
        String moment() {
            return moment;
        }

        /** SQL of what lies from {@code lo}, inside, to {@code hi}, outside. */
        String within(String lo, String hi) {
            return "%1$s >= %2$s and %1$s < %3$s%4$s".formatted(moment, lo, hi, has);
        }

        private static Property of(@Nullable String name, boolean spanned) {
            return switch (name) {
                case null -> spanned ? OBSERVED : ANY;
                case "observedAt" -> OBSERVED;
                case "createdAt" -> CREATED;
                case "modifiedAt" -> MODIFIED;
                case "deletedAt" -> DELETED;
                default ->
                    throw NgsiLdFault.badData(
                            "timeproperty is none that is kept.",
                            "Send observedAt, createdAt, modifiedAt or deletedAt.");
            };
        }
    }

    /**
     * Reads parameters by name.
     *
     * @param mustSpan whether {@code timerel} has to be there
     */
    static TemporalQuery of(Map<String, String> given, boolean mustSpan) {
        String relation = given.get("timerel");
        Optional<Instant> from = Optional.empty();
        Optional<Instant> to = Optional.empty();
        if (relation == null) {
            if (mustSpan || given.containsKey("timeAt")) {
                throw NgsiLdFault.badData(
                        "The temporal query has no timerel.",
                        "Send timerel=after&timeAt=2026-03-01T08:00:00Z, or before, or between with endTimeAt.");
            }
        } else {
            Instant at = moment("timeAt", given.get("timeAt"));
            switch (relation) {
                case "before" -> to = Optional.of(at);
                case "after" -> from = Optional.of(at);
                case "between" -> {
                    from = Optional.of(at);
                    to = Optional.of(moment("endTimeAt", given.get("endTimeAt")));
                    if (!at.isBefore(to.get())) {
                        throw NgsiLdFault.badData(
                                "endTimeAt is not after timeAt.", "Send the earlier moment as timeAt.");
                    }
                }
                default -> throw NgsiLdFault.badData("There is no such timerel.", "Send before, after or between.");
            }
        }
        if (given.containsKey("endTimeAt") && !"between".equals(relation)) {
            throw NgsiLdFault.badData("endTimeAt belongs to timerel=between alone.", "Leave it out.");
        }
        return new TemporalQuery(
                Property.of(given.get("timeproperty"), relation != null),
                from,
                to,
                last(given.get("lastN")),
                List.copyOf(Representation.datasets(given.get("datasetId"))));
    }

    private static OptionalInt last(@Nullable String text) {
        if (text == null) {
            return OptionalInt.empty();
        }
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw NgsiLdFault.badData("lastN is a whole number from 1.", "Send lastN=10.");
        }
        return OptionalInt.of(Integer.parseInt(text));
    }

    private static Instant moment(String name, @Nullable String text) {
        if (text == null) {
            throw NgsiLdFault.badData(
                    "%s is missing.".formatted(name), "Send %s=2026-03-01T08:00:00Z.".formatted(name));
        }
        return EntityReader.moment(name, Json.mapper().getNodeFactory().stringNode(text.replace(' ', '+')));
    }

    /** The same, of each attribute the newest instance only. */
    TemporalQuery newest() {
        return new TemporalQuery(property, from, to, OptionalInt.of(1), datasets);
    }

    /** SQL that keeps to the datasets asked for, as parameter {@code datasets}. */
    String ofDatasets() {
        return datasets.isEmpty() ? "" : " and h.dataset = any(:datasets)";
    }
}

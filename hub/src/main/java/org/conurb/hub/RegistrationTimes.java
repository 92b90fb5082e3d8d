package org.conurb.hub;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A temporal query as it is asked of registrations (GS CIM 009 clauses 4.11, 5.10.2): which span a context source has to
 * have something of.
 *
 * @param managed whether of what was created and modified then, instead of what was observed
 * @param from open at the beginning where empty
 * @param to open at the end where empty
 */
record RegistrationTimes(boolean managed, Optional<Instant> from, Optional<Instant> to) {
    /** Empty where nothing is asked. */
    static Optional<RegistrationTimes> of(Map<String, String> given) {
        String relation = given.get("timerel");
        if (relation == null) {
            if (given.containsKey("timeAt") || given.containsKey("endTimeAt") || given.containsKey("timeproperty")) {
                throw NgsiLdFault.badData("The temporal query has no timerel.", "Send before, after or between.");
            }
            return Optional.empty();
        }
        Instant at = moment("timeAt", given.get("timeAt"));
        boolean managed = switch (given.getOrDefault("timeproperty", "observedAt")) {
            case "observedAt" -> false;
            case "createdAt", "modifiedAt", "deletedAt" -> true;
            default ->
                throw NgsiLdFault.badData(
                        "timeproperty is none that is known.", "Send observedAt, createdAt, modifiedAt or deletedAt.");
        };
        if (relation.equals("between") != given.containsKey("endTimeAt")) {
            throw NgsiLdFault.badData("endTimeAt belongs to between, and only to it.", "Send both, or neither.");
        }
        return Optional.of(
                switch (relation) {
                    case "before" -> new RegistrationTimes(managed, Optional.empty(), Optional.of(at));
                    case "after" -> new RegistrationTimes(managed, Optional.of(at), Optional.empty());
                    case "between" -> {
                        Instant end = moment("endTimeAt", given.get("endTimeAt"));
                        if (!end.isAfter(at)) {
                            throw NgsiLdFault.badData("endTimeAt is not after timeAt.", "Send them in order.");
                        }
                        yield new RegistrationTimes(managed, Optional.of(at), Optional.of(end));
                    }
                    default ->
                        throw NgsiLdFault.badData("timerel is none that is known.", "Send before, after or between.");
                });
    }

    private static Instant moment(String name, @Nullable String text) {
        Instant moment = text == null ? null : EntityReader.momentIn(text);
        if (moment == null) {
            throw NgsiLdFault.badData(
                    "%s is no moment.".formatted(name), "Send ISO 8601 in UTC, as 2026-03-01T08:00:00Z.");
        }
        return moment;
    }

    /** Whether the span has some of what is asked for. */
    boolean meets(Registration.Span span) {
        return to.map(end -> span.start().isBefore(end)).orElse(true)
                && from.map(begin -> span.end().map(end -> end.isAfter(begin)).orElse(true))
                        .orElse(true);
    }
}

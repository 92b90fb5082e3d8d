package org.conurb.talk;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.conurb.kernel.BadRequest;
import org.jspecify.annotations.Nullable;

/** Moments and bounds as doors of talk take them. */
final class TalkTimes {
    static final int MOST = 500;

    private TalkTimes() {}

    static Instant instant(String name, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new BadRequest(
                    "talk-time",
                    "%s is not a moment.".formatted(name),
                    "Send ISO 8601 in UTC, as 2026-03-01T08:00:00Z.");
        }
    }

    static @Nullable Instant instantOrNull(String name, @Nullable String text) {
        return text == null ? null : instant(name, text);
    }

    static int limit(@Nullable Integer wanted) {
        if (wanted != null && (wanted < 1 || wanted > MOST)) {
            throw new BadRequest("limit", "limit %d is not 1 to %d.".formatted(wanted, MOST), "Page with after.");
        }
        return wanted == null ? 100 : wanted;
    }
}

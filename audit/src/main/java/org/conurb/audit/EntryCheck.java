package org.conurb.audit;

import java.util.Optional;
import org.conurb.kernel.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Whether what stands beside a leaf still agrees with it: the columns that lists filter by, and personal values. */
final class EntryCheck {
    /** @return what is wrong */
    Optional<String> check(LogSource.Row row) {
        return row.entry().flatMap(entry -> {
            try {
                return check(row, entry, Json.mapper().readTree(entry.leaf()));
            } catch (JacksonException e) {
                return Optional.of("the entry is not JSON");
            }
        });
    }

    private static Optional<String> check(LogSource.Row row, LogSource.Entry entry, JsonNode leaf) {
        if (!text(leaf, "id").equals(row.id().toString())) {
            return Optional.of("the entry hashed here is " + text(leaf, "id"));
        }
        if (!text(leaf, "owner").equals(entry.organisation())) {
            return other("organisation_id");
        }
        if (!text(leaf, "kind").equals(entry.kind())) {
            return other("kind");
        }
        if (!Leaf.cut(text(leaf, "thing"), AuditLog.MAX_THING).equals(entry.thing())) {
            return other("thing");
        }
        if (!text(leaf, "action").equals(entry.action())) {
            return other("action");
        }
        if (!text(leaf, "at").equals(Leaf.time(entry.at()))) {
            return other("at");
        }
        for (Leaf.Personal personal : row.personal()) {
            String commitment = personal.name().equals(Leaf.SUBJECT)
                    ? text(leaf, "subject")
                    : text(leaf.path("personal"), personal.name());
            if (!personal.commitment().equals(commitment)) {
                return Optional.of("the personal value %s is not the one committed to".formatted(personal.name()));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> other(String column) {
        return Optional.of("column %s differs from what was hashed".formatted(column));
    }

    private static String text(JsonNode leaf, String member) {
        return leaf.path(member).asString("");
    }
}

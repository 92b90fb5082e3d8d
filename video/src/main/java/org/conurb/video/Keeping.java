package org.conurb.video;

import java.util.Locale;
import java.util.Optional;
import org.conurb.kernel.BadRequest;
import org.jspecify.annotations.Nullable;

/**
 * How long a camera's recordings are kept, where that differs from the site's settings.
 *
 * @param leastDays promised: an alarm tells before the disk forces younger hours out
 * @param mostDays age at which an hour is deleted
 * @param priority where the disk fills, what is older than promised goes first of cameras of low priority
 */
record Keeping(Optional<Integer> leastDays, Optional<Integer> mostDays, Priority priority) {
    static final Keeping AS_THE_SITE = new Keeping(Optional.empty(), Optional.empty(), Priority.NORMAL);
    private static final int MOST = 3650;

    /** In order: what goes first where the disk fills. */
    enum Priority {
        LOW,
        NORMAL,
        HIGH;

        String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** As it is sent and shown; null for what the site says. */
    record View(
            @Nullable Integer leastDays,
            @Nullable Integer mostDays,
            @Nullable String priority) {}

    View view() {
        return new View(leastDays.orElse(null), mostDays.orElse(null), priority.code());
    }

    static Keeping of(@Nullable View sent) {
        if (sent == null) {
            return AS_THE_SITE;
        }
        Integer least = sent.leastDays();
        Integer most = sent.mostDays();
        boolean fits = (least == null || least >= 0 && least <= MOST)
                && (most == null || most >= 1 && most <= MOST)
                && (least == null || most == null || least <= most);
        if (!fits) {
            throw new BadRequest(
                    "camera-keep",
                    "Recordings are kept for 0 to %d days, for least days that are not more than most days."
                            .formatted(MOST),
                    "Send keep as {\"leastDays\":7,\"mostDays\":30,\"priority\":\"normal\"}; null for what the site says.");
        }
        return new Keeping(Optional.ofNullable(least), Optional.ofNullable(most), priority(sent.priority()));
    }

    private static Priority priority(@Nullable String code) {
        for (Priority priority : Priority.values()) {
            if (priority.code().equals(code)) {
                return priority;
            }
        }
        if (code != null) {
            throw new BadRequest("camera-keep", "There is no such priority.", "Use low, normal or high.");
        }
        return Priority.NORMAL;
    }
}

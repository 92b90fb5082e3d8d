package org.conurb.video;

import java.util.List;
import org.conurb.kernel.BadRequest;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param next what to send as {@code after} for the next part; null at the end
 */
record Page<T>(List<T> items, @Nullable String next) {
    static final int MOST = 500;

    static int limit(@Nullable Integer wanted) {
        if (wanted != null && (wanted < 1 || wanted > MOST)) {
            throw new BadRequest("limit", "limit %d is not 1 to %d.".formatted(wanted, MOST), "Page with after.");
        }
        return wanted == null ? 100 : wanted;
    }
}

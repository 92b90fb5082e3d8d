package org.conurb.identity;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.conurb.kernel.BadRequest;

/** One page of a list, and where the next begins. */
final class Page {
    private static final int MOST = 500;

    private Page() {}

    /** @param load at most so many items, in the order of {@code key} */
    static <T> Map<String, Object> of(
            int limit, IntFunction<List<T>> load, Function<T, String> key, Function<T, Map<String, Object>> view) {
        if (limit < 1 || limit > MOST) {
            throw new BadRequest(
                    "limit", "limit is not within 1 and %d.".formatted(MOST), "Ask for fewer, page by page.");
        }
        List<T> found = load.apply(limit + 1);
        List<T> page = found.size() > limit ? found.subList(0, limit) : found;
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("items", page.stream().map(view).toList());
        body.put("next", found.size() > limit ? key.apply(page.getLast()) : null);
        return body;
    }
}

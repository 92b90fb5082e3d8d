package org.conurb.media;

import java.time.Duration;
import java.util.Optional;
import org.conurb.kernel.Category;
import org.conurb.kernel.ConurbException;

/** There is no room for more. */
final class MediaFull extends ConurbException {
    MediaFull(String detail) {
        super(Category.CAPACITY, "media-full", detail, "Try again later, or close what is not watched.");
    }

    @Override
    public Optional<Duration> retryAfter() {
        return Optional.of(Duration.ofSeconds(10));
    }
}

package org.conurb.outbound;

import java.time.Duration;
import java.util.Optional;
import org.conurb.kernel.Category;
import org.conurb.kernel.ConurbException;
import org.jspecify.annotations.Nullable;

/** The other server did not answer, or not within the bounds; a retry may succeed. */
public final class OutboundFailed extends ConurbException {
    private OutboundFailed(Category category, String code, String detail, String remedy, @Nullable Throwable cause) {
        super(category, code, detail, remedy, cause);
    }

    static OutboundFailed unreachable(String host, Throwable cause) {
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new OutboundFailed(
                Category.UPSTREAM,
                "outbound-unreachable",
                "%s could not be asked: %s.".formatted(host, reason),
                "Check that the server is up, that its name resolves and that its certificate is in order.",
                cause);
    }

    static OutboundFailed late(String host, Duration timeout) {
        return new OutboundFailed(
                Category.UPSTREAM,
                "outbound-late",
                "%s did not answer in full within %s ms.".formatted(host, timeout.toMillis()),
                "Check that server's load and the line to it.",
                null);
    }

    static OutboundFailed tooLarge(String host, int maxBytes) {
        return new OutboundFailed(
                Category.UPSTREAM,
                "outbound-too-large",
                "%s answered with more than %d bytes.".formatted(host, maxBytes),
                "Ask that server for less.",
                null);
    }

    static OutboundFailed redirects(String host) {
        return new OutboundFailed(
                Category.UPSTREAM,
                "outbound-redirects",
                "%s redirects in circles or without a place to go.".formatted(host),
                "Give the final address.",
                null);
    }

    static OutboundFailed busy(String host) {
        return new OutboundFailed(
                Category.CAPACITY,
                "outbound-busy",
                "Too many calls to %s or to the outside are under way.".formatted(host),
                "Try again later.",
                null);
    }

    @Override
    public Optional<Duration> retryAfter() {
        return category() == Category.CAPACITY ? Optional.of(Duration.ofSeconds(5)) : Optional.empty();
    }
}

package org.conurb.hub;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param poll how often to look for changes that another process committed
 * @param tries how often a follower tries a change before it parks it
 * @param retryAfter wait after a follower's first failure; doubled with each further one, up to 30 s
 */
@ConfigurationProperties("conurb.hub.changes")
record ChangeSettings(
        @DefaultValue("1s") Duration poll,
        @DefaultValue("5") int tries,
        @DefaultValue("200ms") Duration retryAfter) {
    ChangeSettings {
        if (poll.isNegative() || poll.isZero() || poll.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException(
                    "conurb.hub.changes.poll (%s) is not over zero and up to one minute. Set it to 1s."
                            .formatted(poll));
        }
        if (tries < 1) {
            throw new IllegalArgumentException(
                    "conurb.hub.changes.tries (%d) is less than one. Set it to 5.".formatted(tries));
        }
    }

    static ChangeSettings usual() {
        return new ChangeSettings(Duration.ofSeconds(1), 5, Duration.ofMillis(200));
    }
}

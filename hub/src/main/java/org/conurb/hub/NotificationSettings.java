package org.conurb.hub;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param timeout for one notification, answer included
 * @param retryAfter wait after a receiver's first failure; doubled with each further one
 * @param longestWait the longest such wait
 * @param keep how long a notification is tried before it is given up
 * @param maxWaiting notifications of one subscription that wait; beyond, the oldest are given up
 */
@ConfigurationProperties("conurb.hub.notifications")
record NotificationSettings(
        @DefaultValue("5s") Duration timeout,
        @DefaultValue("1s") Duration retryAfter,
        @DefaultValue("5m") Duration longestWait,
        @DefaultValue("24h") Duration keep,
        @DefaultValue("10000") int maxWaiting) {
    NotificationSettings {
        if (timeout.isZero() || timeout.isNegative() || timeout.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException(
                    "conurb.hub.notifications.timeout (%s) is not over zero and up to one minute. Set it to 5s."
                            .formatted(timeout));
        }
        if (maxWaiting < 1) {
            throw new IllegalArgumentException(
                    "conurb.hub.notifications.max-waiting (%d) is less than one. Set it to 10000."
                            .formatted(maxWaiting));
        }
    }

    static NotificationSettings usual() {
        return new NotificationSettings(
                Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofHours(24), 10_000);
    }
}

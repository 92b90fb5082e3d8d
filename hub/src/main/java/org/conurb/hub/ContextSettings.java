package org.conurb.hub;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param timeout for one @context from elsewhere, answer included; all that one request needs get twice this
 * @param keep age at which a fetched @context is fetched anew, where its server does not say
 * @param maxKept fetched ones kept, and as many made for answers; beyond, those not used for longest go
 */
@ConfigurationProperties("conurb.hub.contexts")
record ContextSettings(
        @DefaultValue("5s") Duration timeout,
        @DefaultValue("24h") Duration keep,
        @DefaultValue("1000") int maxKept) {
    ContextSettings {
        if (timeout.isZero() || timeout.isNegative() || timeout.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException(
                    "conurb.hub.contexts.timeout (%s) is not over zero and up to one minute. Set it to 5s."
                            .formatted(timeout));
        }
        if (maxKept < 1) {
            throw new IllegalArgumentException(
                    "conurb.hub.contexts.max-kept (%d) is less than one. Set it to 1000.".formatted(maxKept));
        }
    }

    static ContextSettings usual() {
        return new ContextSettings(Duration.ofSeconds(5), Duration.ofHours(24), 1_000);
    }
}

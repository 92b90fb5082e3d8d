package org.conurb.hub;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** @param instances of one attribute that one answer tells at most; clients page through more by time */
@ConfigurationProperties("conurb.hub.temporal")
record TemporalSettings(@DefaultValue("1000") int instances) {
    TemporalSettings {
        if (instances < 2 || instances > 20_000) {
            throw new IllegalArgumentException(
                    "conurb.hub.temporal.instances (%d) is not within 2 and 20000. Set it to 1000."
                            .formatted(instances));
        }
    }
}

package org.conurb.incidents;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param duplicatesMetres an open incident of a like type is told as a possible duplicate within so many metres, one of
 *     another type within a third of it
 * @param duplicatesWithin and when it was opened at most so long before, for another type a third of it
 */
@ConfigurationProperties("conurb.incidents")
record IncidentsSettings(
        @DefaultValue("300") int duplicatesMetres,
        @DefaultValue("2h") Duration duplicatesWithin) {
    IncidentsSettings {
        if (duplicatesMetres < 0 || duplicatesMetres > 50_000) {
            throw new IllegalArgumentException(
                    "conurb.incidents.duplicates-metres (%d) is not 0 to 50000.".formatted(duplicatesMetres));
        }
        if (duplicatesWithin.isNegative() || duplicatesWithin.toDays() > 7) {
            throw new IllegalArgumentException(
                    "conurb.incidents.duplicates-within (%s) is not 0s to 7d.".formatted(duplicatesWithin));
        }
    }
}

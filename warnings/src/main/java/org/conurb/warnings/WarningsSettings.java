package org.conurb.warnings;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param assumedValidity how long a warning holds, from receipt, that names no end
 * @param expiryEvery how often warnings are looked over for those whose time is over
 * @param feedMaxBytes size of an Atom feed at most; a longer one is not read
 * @param keepFiles how many of the newest files stay in each of a folder source's done and refused; older ones are
 *     deleted (the documents taken in are kept in the database)
 */
@ConfigurationProperties("conurb.warnings")
record WarningsSettings(
        @DefaultValue("24h") Duration assumedValidity,
        @DefaultValue("2s") Duration expiryEvery,
        @DefaultValue("4000000") int feedMaxBytes,
        @DefaultValue("1000") int keepFiles) {
    WarningsSettings {
        positive("assumed-validity", assumedValidity);
        positive("expiry-every", expiryEvery);
        if (feedMaxBytes < 1 || feedMaxBytes > 50_000_000) {
            throw new IllegalArgumentException(
                    "conurb.warnings.feed-max-bytes (%d) is not 1 to 50000000.".formatted(feedMaxBytes));
        }
        if (keepFiles < 1) {
            throw new IllegalArgumentException(
                    "conurb.warnings.keep-files (%d) is not 1 or more.".formatted(keepFiles));
        }
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(
                    "conurb.warnings.%s (%s) is not over zero. Leave it out for the default.".formatted(name, value));
        }
    }
}

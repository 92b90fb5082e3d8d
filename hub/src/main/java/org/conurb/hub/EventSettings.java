package org.conurb.hub;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param maxStreams open at a time; beyond, 503
 * @param queue changes that wait for one slow reader; beyond, it is told to load its lists anew
 * @param replay changes told again after a broken line; beyond, the same
 * @param beat between signs of life
 * @param pace shortest time between two writes to a reader; changes in between go together
 * @param recheck how often it is asked whether a reader may still read, and for which purposes
 */
@ConfigurationProperties("conurb.hub.events")
record EventSettings(
        @DefaultValue("2000") int maxStreams,
        @DefaultValue("1000") int queue,
        @DefaultValue("10000") int replay,
        @DefaultValue("5s") Duration beat,
        @DefaultValue("25ms") Duration pace,
        @DefaultValue("2s") Duration recheck) {
    EventSettings {
        if (queue < 1 || maxStreams < 1 || replay < 0) {
            throw new IllegalArgumentException(
                    "conurb.hub.events: queue (%d) and max-streams (%d) are 1 or more, replay (%d) 0 or more. Leave them out for 1000, 2000 and 10000."
                            .formatted(queue, maxStreams, replay));
        }
        if (recheck.compareTo(Duration.ofSeconds(5)) > 0) {
            throw new IllegalArgumentException(
                    "conurb.hub.events.recheck (%s) is longer than 5 s, within which who signs out must be cut off. Set it to 2s."
                            .formatted(recheck));
        }
    }

    static EventSettings usual() {
        return new EventSettings(
                2_000, 1_000, 10_000, Duration.ofSeconds(5), Duration.ofMillis(25), Duration.ofSeconds(2));
    }
}

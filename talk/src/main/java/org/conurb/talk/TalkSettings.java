package org.conurb.talk;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Groups and messages.
 *
 * @param folder where attachments of messages lie
 * @param largest most bytes of one attachment
 * @param unsent how long an attachment that no message has is kept
 * @param temporaryGroups most groups that people of one organisation have open for the time being, 1 to 10000
 * @param locationEvery how often a unit tells its position, for incidents of priority 1 to 4; the last is for no incident too
 */
@ConfigurationProperties("conurb.talk")
record TalkSettings(
        @DefaultValue("data/talk") Path folder,
        @DefaultValue("10MB") DataSize largest,
        @DefaultValue("1d") Duration unsent,
        @DefaultValue("100") int temporaryGroups,
        @DefaultValue({"5s", "10s", "20s", "60s"}) List<Duration> locationEvery) {
    private static final int MOST_TEMPORARY_GROUPS = 10_000;
    private static final DataSize LARGEST = DataSize.ofMegabytes(10);

    TalkSettings {
        locationEvery = List.copyOf(locationEvery);
        if (locationEvery.isEmpty() || locationEvery.stream().anyMatch(every -> every.toSeconds() < 1)) {
            throw new IllegalArgumentException(
                    "conurb.talk.location-every (%s) names times of a second or more, one for each priority."
                            .formatted(locationEvery));
        }
        if (temporaryGroups < 1 || temporaryGroups > MOST_TEMPORARY_GROUPS) {
            throw new IllegalArgumentException("conurb.talk.temporary-groups (%d) is not within 1 and %d."
                    .formatted(temporaryGroups, MOST_TEMPORARY_GROUPS));
        }
        if (largest.toBytes() < 1 || largest.compareTo(LARGEST) > 0) {
            throw new IllegalArgumentException(
                    "conurb.talk.largest (%s) is not within 1B and %s.".formatted(largest, LARGEST));
        }
    }
}

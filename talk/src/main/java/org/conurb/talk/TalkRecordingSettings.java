package org.conurb.talk;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Recording of talk.
 *
 * @param folder where recorded talk lies; one file system, not shared with another Conurb
 * @param syncEvery longest time that what was said waits to be forced to the disk, 2 s to 5 s; what a power cut can lose
 * @param talks most talks that are recorded at once, 1 to 4096; each takes 64 KB of memory while it runs
 * @param reserve what is never written into; when less is free, nothing more is recorded
 */
@ConfigurationProperties("conurb.talk.recording")
record TalkRecordingSettings(
        @DefaultValue("data/media/talk") Path folder,
        @DefaultValue("3s") Duration syncEvery,
        @DefaultValue("512") int talks,
        @DefaultValue("512MB") DataSize reserve) {
    TalkRecordingSettings {
        if (syncEvery.compareTo(Duration.ofSeconds(2)) < 0 || syncEvery.compareTo(Duration.ofSeconds(5)) > 0) {
            throw new IllegalArgumentException(
                    "conurb.talk.recording.sync-every (%s) is not within 2 s and 5 s.".formatted(syncEvery));
        }
        if (talks < 1 || talks > 4_096) {
            throw new IllegalArgumentException(
                    "conurb.talk.recording.talks (%d) is not within 1 and 4096.".formatted(talks));
        }
    }
}

package org.conurb.video;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Recording of cameras.
 *
 * @param folder where recordings lie; one file system, not shared with another Conurb
 * @param segmentLength length of one file; longer means fewer files
 * @param fragmentLongest a fragment is written at each key frame, and after this time without one; what a kill can lose
 * @param syncEvery longest time that what is written (pictures, index, gaps, names) waits to be forced to the disk, 1 s to
 *     30 s; what a power cut can lose beside the fragment that is being put together
 * @param retention age at which an hour is deleted
 * @param retentionLeast age that is promised: an alarm tells before the disk forces younger hours out
 * @param freeLow share of the disk in percent; when less is free, the oldest hours are deleted
 * @param freeTarget share of the disk in percent that deleting aims for
 * @param reserve what is never written into; when less is free and nothing may be deleted, recording stops
 * @param mostBytes most that recordings may take; 0 for what the disk has
 * @param ring packets kept per camera in memory, 256 KB to 16 MB
 * @param loops threads that read from cameras; 0 for one each 200 cameras, at most one a core
 * @param writers threads that write files, 1 to 16
 * @param wakeEvery a network thread wakes at most this often while somebody sees one of its cameras live, and a quarter as
 *     often while nobody does; longer costs latency and saves CPU, 0 to 50 ms
 */
@ConfigurationProperties("conurb.video.recording")
record RecordingSettings(
        @DefaultValue("data/media") Path folder,
        @DefaultValue("60s") Duration segmentLength,
        @DefaultValue("2s") Duration fragmentLongest,
        @DefaultValue("3s") Duration syncEvery,
        @DefaultValue("30d") Duration retention,
        @DefaultValue("7d") Duration retentionLeast,
        @DefaultValue("5") int freeLow,
        @DefaultValue("10") int freeTarget,
        @DefaultValue("1GB") DataSize reserve,
        @DefaultValue("0") DataSize mostBytes,
        @DefaultValue("1MB") DataSize ring,
        @DefaultValue("0") int loops,
        @DefaultValue("2") int writers,
        @DefaultValue("20ms") Duration wakeEvery) {

    RecordingSettings {
        within("segment-length", segmentLength, Duration.ofSeconds(2), Duration.ofMinutes(10));
        within("fragment-longest", fragmentLongest, Duration.ofMillis(500), Duration.ofSeconds(5));
        within("sync-every", syncEvery, Duration.ofSeconds(1), Duration.ofSeconds(30));
        within("retention", retention, Duration.ofHours(1), Duration.ofDays(3650));
        within("retention-least", retentionLeast, Duration.ZERO, retention);
        within("wake-every", wakeEvery, Duration.ZERO, Duration.ofMillis(50));
        within("free-low", freeLow, 0, 50);
        within("free-target", freeTarget, freeLow, 60);
        within("ring", ring.toKilobytes(), 256, 16 * 1024);
        within("loops", loops, 0, 64);
        within("writers", writers, 1, 16);
    }

    /** A power of two. */
    int ringBytes() {
        return Integer.highestOneBit((int) ring.toBytes());
    }

    private static void within(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "conurb.video.recording.%s (%s) is not within %s and %s.".formatted(name, value, least, most));
        }
    }

    private static void within(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "conurb.video.recording.%s (%d) is not within %d and %d.".formatted(name, value, least, most));
        }
    }
}

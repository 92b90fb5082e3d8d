package org.conurb.server;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.conurb.kernel.Backlog;
import org.conurb.kernel.Health;
import org.jspecify.annotations.Nullable;

/** Asks every part how it is and sums up. */
final class SystemState {
    private static final double LEAST_FREE = 0.05;
    private static final Duration BACKUP_AGE = Duration.ofDays(2);

    private final List<Health> parts;
    private final List<Backlog> queues;
    private final Map<String, LongSupplier> lags;
    private final Path data;
    private final Clock clock;
    private final Instant startedAt;
    private final Supplier<Optional<Instant>> lastBackup;
    private final Map<String, Health.Reading> since = new ConcurrentHashMap<>();

    /** @param lags committed rows that wait for their number, by sequencer */
    SystemState(
            List<Health> parts,
            List<Backlog> queues,
            Map<String, LongSupplier> lags,
            Path data,
            Clock clock,
            Supplier<Optional<Instant>> lastBackup) {
        this.parts = parts;
        this.queues = queues;
        this.lags = lags;
        this.data = data;
        this.clock = clock;
        this.startedAt = clock.instant();
        this.lastBackup = lastBackup;
    }

    record View(
            String version,
            Instant startedAt,
            Instant now,
            String state,
            List<Component> components,
            Disk disk,
            Backup backup,
            Map<String, Sequencer> sequencers,
            Map<String, Queue> queues) {}

    /** @param lag committed rows that wait for their number */
    record Sequencer(long lag) {}

    /** @param waiting how many, 100,000 at most */
    record Queue(
            int waiting,
            @Nullable Instant oldestAt,
            @Nullable Long oldestSeconds) {}

    record Component(String name, String state, Instant since, String detail, String remedy) {}

    record Disk(long freeBytes, long totalBytes) {}

    record Backup(@Nullable Instant lastAt, @Nullable Long ageSeconds) {}

    View view() {
        Instant now = clock.instant();
        Disk disk = disk();
        Optional<Instant> backup = lastBackup.get();
        Map<String, Health.Reading> readings = new TreeMap<>();
        for (Health part : parts) {
            Health.Reading reading = kept(part.read());
            readings.put(reading.component(), reading);
        }
        readings.put("disk", kept(disk(disk, now)));
        readings.put("back-up", kept(backup(backup, now)));
        List<Component> components = new ArrayList<>();
        Health.State worst = Health.State.OK;
        for (Health.Reading reading : readings.values()) {
            worst = reading.state().compareTo(worst) > 0 ? reading.state() : worst;
            components.add(new Component(
                    reading.component(),
                    reading.state().name().toLowerCase(Locale.ROOT),
                    reading.since(),
                    reading.detail(),
                    reading.remedy()));
        }
        components.sort(Comparator.comparing(
                        (Component c) -> Health.State.valueOf(c.state().toUpperCase(Locale.ROOT)))
                .reversed()
                .thenComparing(Component::name));
        return new View(
                Version.CURRENT,
                startedAt,
                now,
                worst.name().toLowerCase(Locale.ROOT),
                components,
                disk,
                new Backup(
                        backup.orElse(null),
                        backup.map(at -> Duration.between(at, now).toSeconds()).orElse(null)),
                sequencers(),
                queues(now));
    }

    /** The same reading with the time when its state began; what was so at the first look was so from the start. */
    private Health.Reading kept(Health.Reading reading) {
        return Optional.ofNullable(since.compute(reading.component(), (name, before) -> {
                    Instant began = before == null
                            ? startedAt
                            : before.state() == reading.state() ? before.since() : reading.since();
                    return new Health.Reading(name, reading.state(), began, reading.detail(), reading.remedy());
                }))
                .orElse(reading);
    }

    private Map<String, Sequencer> sequencers() {
        Map<String, Sequencer> now = new TreeMap<>();
        lags.forEach((name, lag) -> now.put(name, new Sequencer(lag.getAsLong())));
        return now;
    }

    private Map<String, Queue> queues(Instant now) {
        Map<String, Queue> read = new TreeMap<>();
        for (Backlog queue : queues) {
            Backlog.Waiting waiting = queue.read();
            Instant oldest = waiting.oldest().orElse(null);
            read.put(
                    waiting.queue(),
                    new Queue(
                            waiting.count(),
                            oldest,
                            oldest == null
                                    ? null
                                    : Duration.between(oldest, now).toSeconds()));
        }
        return read;
    }

    private Disk disk() {
        try {
            FileStore store = Files.getFileStore(data);
            return new Disk(store.getUsableSpace(), store.getTotalSpace());
        } catch (IOException unreadable) {
            return new Disk(0, 0);
        }
    }

    private static Health.Reading disk(Disk disk, Instant now) {
        boolean low = disk.freeBytes() < LEAST_FREE * disk.totalBytes();
        return new Health.Reading(
                "disk",
                low ? Health.State.DEGRADED : Health.State.OK,
                now,
                "%.1f of %.1f GB free".formatted(disk.freeBytes() / 1e9, disk.totalBytes() / 1e9),
                low ? "Free space on the disk of the data folder, or move the folder to a larger one." : "");
    }

    private static Health.Reading backup(Optional<Instant> last, Instant now) {
        boolean old = last.map(at -> Duration.between(at, now).compareTo(BACKUP_AGE) > 0)
                .orElse(true);
        return new Health.Reading(
                "back-up",
                old ? Health.State.DEGRADED : Health.State.OK,
                now,
                last.map(at -> "The last one was made at " + at).orElse("None was made yet"),
                old ? "Run ./conurb admin backup FOLDER, once a day at least, onto another disk." : "");
    }
}

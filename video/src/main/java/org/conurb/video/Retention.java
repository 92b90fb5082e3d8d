package org.conurb.video;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Caller;
import org.conurb.store.Transactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes whole hours: those that are older than they may become, and more where the disk fills, what is older than
 * promised first. What is on hold is never deleted, however full the disk is; then recording stops, and says so. Each
 * deletion is audited. Tells before it happens that the promised age cannot be kept. Confined to the reconciler's thread.
 */
final class Retention {
    private static final Logger log = LoggerFactory.getLogger(Retention.class);
    private static final int MOST_A_STEP = 2000;
    private static final int BATCH = 100;
    private static final Duration RATE_OVER = Duration.ofHours(3);
    /** The forecast reads every row. */
    private static final Duration FORECAST_EVERY = Duration.ofMinutes(10);

    private final RecordingSettings settings;
    private final Room room;
    private final Path folder;
    private final Transactions transactions;
    private final RetentionStore hours;
    private final Audit audit;
    private final Clock clock;
    private Instant foreseenAt = Instant.MIN;
    private RetentionStore.Figures figures = new RetentionStore.Figures(0, 0, 0, 0);

    /** How much room there is; the disk's, or a test's. */
    interface Room {
        MediaVolume.Space space() throws IOException;
    }

    Retention(RecordingSettings settings, Path folder, Room room, Transactions transactions, Audit audit, Clock clock) {
        this.settings = settings;
        this.folder = folder;
        this.room = room;
        this.transactions = transactions;
        this.hours = new RetentionStore(transactions.jdbc(), settings.retentionLeast(), settings.retention());
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * @param mayWrite false where there is no room left and nothing that may be deleted
     * @param full when the disk will be full of what is younger than promised, or on hold, at the present rate; empty for
     *     never
     * @param deleted hours deleted in this step
     */
    record Outcome(boolean mayWrite, Optional<Duration> full, int deleted, long free) {
        /** The alarm comes this long before. */
        static final Duration WARN = Duration.ofHours(48);

        boolean atRisk() {
            return full.isPresent() && full.get().compareTo(WARN) < 0;
        }
    }

    Outcome step() throws IOException {
        Instant now = clock.instant();
        int deleted = delete(RetentionStore.Cause.AGE, now, Long.MAX_VALUE, MOST_A_STEP)
                .hours();
        MediaVolume.Space space = room.space();
        long missing = missing(space, taken(space));
        if (missing > 0) {
            Deleted older = delete(RetentionStore.Cause.SPACE, now, missing, MOST_A_STEP);
            Deleted promised =
                    delete(RetentionStore.Cause.FULL, now, missing - older.bytes(), MOST_A_STEP - older.hours());
            deleted += older.hours() + promised.hours();
            space = room.space();
        }
        boolean mayWrite = space.free() >= Math.min(settings.reserve().toBytes(), space.total() / 20);
        return new Outcome(mayWrite, forecast(space, now), deleted, space.free());
    }

    private long taken(MediaVolume.Space space) {
        return settings.mostBytes().toBytes() == 0 ? space.total() - space.free() : transactions.asSystem(hours::bytes);
    }

    /** Bytes to delete: none above the low mark; below it, up to the target. */
    private long missing(MediaVolume.Space space, long taken) {
        long low = Math.max(
                space.total() / 100 * settings.freeLow(), settings.reserve().toBytes());
        long target = Math.max(space.total() / 100 * settings.freeTarget(), low);
        long byDisk = space.free() < low ? target - space.free() : 0;
        long most = settings.mostBytes().toBytes();
        long byRule = most > 0 && taken > most ? taken - most + most / 20 : 0;
        return Math.max(byDisk, byRule);
    }

    /** Room that is free or will be, before the promise is broken, over what the cameras write. */
    private Optional<Duration> forecast(MediaVolume.Space space, Instant now) {
        if (Duration.between(foreseenAt, now).compareTo(FORECAST_EVERY) >= 0) {
            figures = transactions.asSystem(() -> {
                hours.forgetKeeping();
                return hours.figures(now, RATE_OVER);
            });
            foreseenAt = now;
        }
        if (figures.perSecond() < 1) {
            return Optional.empty();
        }
        long limit = Math.max(
                space.total() / 100 * settings.freeLow(), settings.reserve().toBytes());
        double free = space.free() - limit + figures.deletable();
        if (settings.mostBytes().toBytes() > 0) {
            free = Math.min(free, settings.mostBytes().toBytes() - figures.total() + figures.deletable());
        }
        return free >= figures.missing()
                ? Optional.empty()
                : Optional.of(Duration.ofSeconds((long) Math.max(0, free / figures.perSecond())));
    }

    private record Deleted(int hours, long bytes) {}

    private Deleted delete(RetentionStore.Cause cause, Instant now, long bytes, int most) throws IOException {
        int deleted = 0;
        long freed = 0;
        int found = BATCH;
        while (deleted < most && freed < bytes && found == BATCH) {
            List<RetentionStore.Deletable> first = transactions.asSystem(() -> hours.first(cause, now, BATCH));
            found = first.size();
            for (RetentionStore.Deletable hour : first) {
                if (freed < bytes && delete(hour)) {
                    freed += Math.max(1, hour.bytes());
                    deleted++;
                }
            }
        }
        return new Deleted(deleted, freed);
    }

    /**
     * Row and audit entry first: a crash between leaves files without a row, which are adopted and deleted anew.
     *
     * @return false where somebody put it on hold meanwhile
     */
    private boolean delete(RetentionStore.Deletable hour) throws IOException {
        boolean mayGo = transactions.asSystem(() -> {
            boolean gone = hours.delete(hour);
            if (gone) {
                audit.record(AuditEntry.of(
                                Caller.system("recorder", hour.organisation()),
                                "camera.hour.deleted",
                                CameraId.KIND,
                                hour.camera().urn(),
                                hour.organisation())
                        .with(Map.of("hour", hour.hour().toString(), "bytes", Long.toString(hour.bytes()))));
            }
            return gone;
        });
        if (mayGo) {
            deleteFiles(hour);
        }
        return mayGo;
    }

    private void deleteFiles(RetentionStore.Deletable hour) throws IOException {
        Path path = CameraFolder.of(folder, hour.organisation(), hour.camera()).hour(hour.hour());
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException gone) {
            return;
        }
        Files.deleteIfExists(path);
        for (Path up = path.getParent(); up != null && !up.equals(folder); up = up.getParent()) {
            if (!deletedEmpty(up)) {
                break;
            }
        }
        log.atInfo()
                .addKeyValue("camera", hour.camera())
                .addKeyValue("hour", hour.hour())
                .log("video.hour.deleted");
    }

    private static boolean deletedEmpty(Path path) {
        try {
            return Files.deleteIfExists(path);
        } catch (IOException notEmpty) {
            return false;
        }
    }
}

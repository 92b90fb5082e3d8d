package org.conurb.video;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
 * Deletes whole hours, oldest first: those that are older than they may become, and more where the disk fills. What is on
 * hold is never deleted, however full the disk is; then recording stops, and says so. Each deletion is audited. Tells
 * before it happens that the promised age cannot be kept. Confined to the reconciler's thread.
 */
final class Retention {
    private static final Logger log = LoggerFactory.getLogger(Retention.class);
    private static final int MOST_A_STEP = 2000;
    private static final int BATCH = 100;
    private static final Duration RATE_OVER = Duration.ofHours(3);

    private final RecordingSettings settings;
    private final Room room;
    private final Path folder;
    private final Transactions transactions;
    private final RecordingHours hours;
    private final Audit audit;
    private final Clock clock;

    /** How much room there is; the disk's, or a test's. */
    interface Room {
        MediaVolume.Space space() throws IOException;
    }

    Retention(RecordingSettings settings, Path folder, Room room, Transactions transactions, Audit audit, Clock clock) {
        this.settings = settings;
        this.folder = folder;
        this.room = room;
        this.transactions = transactions;
        this.hours = new RecordingHours(transactions.jdbc());
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
        int deleted = delete(now.minus(settings.retention()).minus(RecordedHour.HOUR), Long.MAX_VALUE, MOST_A_STEP);
        MediaVolume.Space space = room.space();
        long taken = taken(space);
        long missing = missing(space, taken);
        if (missing > 0) {
            deleted += delete(now.minus(Duration.ofHours(2)), missing, MOST_A_STEP);
            space = room.space();
        }
        boolean mayWrite = space.free() >= Math.min(settings.reserve().toBytes(), space.total() / 20);
        return new Outcome(mayWrite, forecast(space, now), deleted, space.free());
    }

    private long taken(MediaVolume.Space space) {
        return settings.mostBytes().toBytes() == 0
                ? space.total() - space.free()
                : transactions.asSystem(() -> hours.bytesSince(Instant.EPOCH));
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
        long[] figures = transactions.asSystem(() -> new long[] {
            hours.bytesSince(now.minus(RATE_OVER).minus(RecordedHour.HOUR)),
            hours.deletableBytes(now.minus(settings.retentionLeast())),
            hours.bytesSince(now.minus(settings.retentionLeast())),
            hours.bytesSince(Instant.EPOCH)
        });
        double perSecond = figures[0] / (double) RATE_OVER.toSeconds();
        if (perSecond < 1) {
            return Optional.empty();
        }
        long limit = Math.max(
                space.total() / 100 * settings.freeLow(), settings.reserve().toBytes());
        double room = space.free() - limit + figures[1];
        if (settings.mostBytes().toBytes() > 0) {
            room = Math.min(room, settings.mostBytes().toBytes() - figures[3] + figures[1]);
        }
        // What is promised for the whole span, less what of it is there already, must still fit.
        double wanted = perSecond * settings.retentionLeast().toSeconds() - figures[2];
        return room >= wanted
                ? Optional.empty()
                : Optional.of(Duration.ofSeconds((long) Math.max(0, room / perSecond)));
    }

    private int delete(Instant before, long bytes, int most) throws IOException {
        int deleted = 0;
        long freed = 0;
        while (deleted < most && freed < bytes) {
            List<RecordingHours.Deletable> oldest = transactions.asSystem(() -> hours.oldest(before, BATCH));
            List<RecordingHours.Deletable> now = new ArrayList<>();
            for (RecordingHours.Deletable hour : oldest) {
                if (freed < bytes) {
                    now.add(hour);
                    freed += Math.max(1, hour.bytes());
                }
            }
            for (RecordingHours.Deletable hour : now) {
                delete(hour);
            }
            deleted += now.size();
            if (oldest.size() < BATCH) {
                break;
            }
        }
        return deleted;
    }

    /** Row and audit entry first: a crash between leaves files without a row, which are adopted and deleted anew. */
    private void delete(RecordingHours.Deletable hour) throws IOException {
        transactions.doAsSystem(() -> {
            hours.delete(hour.camera(), hour.hour());
            audit.record(AuditEntry.of(
                            Caller.system("recorder", hour.organisation()),
                            "camera.hour.deleted",
                            CameraId.KIND,
                            hour.camera().urn(),
                            hour.organisation())
                    .with(Map.of("hour", hour.hour().toString(), "bytes", Long.toString(hour.bytes()))));
        });
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

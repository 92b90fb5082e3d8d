package org.conurb.video;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.OrganisationId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Keeps recording going: one thread takes the {@link Reconciler}'s steps, another closes hours that have ended and adopts
 * what lies on the disk and no row tells as it is: hours of a database that was restored, files that were copied back, the
 * last hour of a camera that was removed, or that a crash left.
 */
final class Recorder implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Recorder.class);
    private static final int MOST_WAITING = 20_000;
    private static final Duration ADOPTS_EVERY = Duration.ofMinutes(10);
    /** After a camera's first look all that is older is known. */
    private static final Duration LOOKS_BACK = Duration.ofHours(48);

    private final CameraStreams streams;
    private final Reconciler reconciler;
    private final HourCloser closer;
    private final RecordingHours hours;
    private final org.conurb.store.Transactions transactions;
    private final Path volume;
    private final Clock clock;
    private final Runnable wantAll;
    private final BlockingQueue<CameraFiles.EndedHour> ended;
    private volatile CountDownLatch stopping = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final Set<CameraId> looked = new HashSet<>();
    private Instant adoptAt = Instant.MIN;

    /**
     * @param ended where writers put the hours that have ended
     * @param wantAll tells the streams which cameras there are
     */
    Recorder(
            CameraStreams streams,
            Reconciler reconciler,
            HourCloser closer,
            org.conurb.store.Transactions transactions,
            Path volume,
            Clock clock,
            BlockingQueue<CameraFiles.EndedHour> ended,
            Runnable wantAll) {
        this.streams = streams;
        this.reconciler = reconciler;
        this.closer = closer;
        this.hours = new RecordingHours(transactions.jdbc());
        this.transactions = transactions;
        this.volume = volume;
        this.clock = clock;
        this.ended = ended;
        this.wantAll = wantAll;
    }

    static BlockingQueue<CameraFiles.EndedHour> queue() {
        return new LinkedBlockingQueue<>(MOST_WAITING);
    }

    @Override
    public synchronized void start() {
        if (isRunning()) {
            return;
        }
        stopping = new CountDownLatch(1);
        wantAll.run();
        threads.add(Thread.ofPlatform().name("video-reconciler").daemon().start(this::reconcile));
        threads.add(Thread.ofPlatform().name("video-hours").daemon().start(this::closeHours));
    }

    @Override
    public synchronized void stop() {
        stopping.countDown();
        for (Thread thread : threads) {
            thread.interrupt();
            try {
                thread.join(5000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        threads.clear();
        streams.close();
    }

    @Override
    public boolean isRunning() {
        return !threads.isEmpty();
    }

    private void reconcile() {
        try {
            while (!stopping.await(Reconciler.EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    reconciler.step();
                } catch (RuntimeException e) {
                    log.atError().setCause(e).log("video.reconciler.failed");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeHours() {
        try {
            while (stopping.getCount() > 0) {
                if (!clock.instant().isBefore(adoptAt)) {
                    adopt();
                    adoptAt = clock.instant().plus(ADOPTS_EVERY);
                }
                CameraFiles.EndedHour hour = ended.poll(1, TimeUnit.SECONDS);
                if (hour != null) {
                    close(hour);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void close(CameraFiles.EndedHour hour) {
        try {
            closer.close(hour.organisation(), hour.camera(), hour.hour());
        } catch (IOException | RuntimeException e) {
            log.atError()
                    .addKeyValue("camera", hour.camera())
                    .addKeyValue("hour", hour.hour())
                    .setCause(e)
                    .log("video.hour.not-closed");
        }
    }

    /**
     * Hours on the disk that no row tells as they are, but those that may still be written: the newest two, and what a
     * recorder has not gone past. All hours at the first look at a camera, those of the last days after.
     *
     * @return how many
     */
    int adopt() throws InterruptedException {
        int adopted = 0;
        Instant settled = clock.instant().truncatedTo(ChronoUnit.HOURS).minus(RecordedHour.HOUR);
        for (CameraFolder camera : cameras()) {
            try {
                adopted += adopt(camera, settled);
            } catch (IOException | RuntimeException e) {
                log.atError().addKeyValue("camera", camera.camera()).setCause(e).log("video.adoption.failed");
            }
        }
        if (adopted > 0) {
            log.atInfo().addKeyValue("hours", adopted).log("video.hours.adopted");
        }
        return adopted;
    }

    private int adopt(CameraFolder camera, Instant settled) throws IOException, InterruptedException {
        Instant until = streams.writtenUntil(camera.camera())
                .map(end -> end.minus(RecordedHour.HOUR).minus(Recordings.LONGEST_FILE))
                .filter(written -> written.isBefore(settled))
                .orElse(settled);
        Instant since = looked.contains(camera.camera()) ? settled.minus(LOOKS_BACK) : Instant.EPOCH;
        Map<Instant, Integer> known = transactions.asSystem(() -> hours.known(camera.camera(), since));
        int adopted = 0;
        for (Instant hour : camera.hours(since)) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (hour.isBefore(until)
                    && !Integer.valueOf(HourIndex.count(camera.hour(hour))).equals(known.get(hour))) {
                Recovery.hour(camera, hour);
                if (HourIndex.count(camera.hour(hour)) > 0) {
                    close(new CameraFiles.EndedHour(organisation(camera), camera.camera(), hour));
                    adopted++;
                }
            }
        }
        if (until.equals(settled)) {
            looked.add(camera.camera());
        }
        return adopted;
    }

    private static OrganisationId organisation(CameraFolder camera) {
        return new OrganisationId(String.valueOf(
                java.util.Objects.requireNonNull(camera.path().getParent()).getFileName()));
    }

    private List<CameraFolder> cameras() {
        List<CameraFolder> cameras = new ArrayList<>();
        for (Path organisation : children(volume)) {
            for (Path folder : children(organisation)) {
                camera(organisation, folder).ifPresent(cameras::add);
            }
        }
        return cameras;
    }

    private static Optional<CameraFolder> camera(Path organisation, Path folder) {
        try {
            OrganisationId valid = new OrganisationId(String.valueOf(organisation.getFileName()));
            CameraId camera = new CameraId(UUID.fromString(String.valueOf(folder.getFileName())));
            return Files.isDirectory(folder) && !valid.value().isEmpty()
                    ? Optional.of(new CameraFolder(folder, camera))
                    : Optional.empty();
        } catch (IllegalArgumentException | BadRequest notOurs) {
            return Optional.empty();
        }
    }

    private static List<Path> children(Path folder) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            List<Path> all = new ArrayList<>();
            entries.forEach(all::add);
            return all;
        } catch (NotDirectoryException file) {
            return List.of();
        } catch (IOException e) {
            log.atError().addKeyValue("folder", folder).setCause(e).log("video.adoption.failed");
            return List.of();
        }
    }

    /** The volume that the database remembers, opened; at the first start it is made. */
    static MediaVolume volume(Path folder, org.conurb.store.Transactions transactions, UUID fresh, Clock clock)
            throws IOException {
        if (MediaVolume.lost(folder)) {
            log.atWarn().addKeyValue("folder", folder).log("video.recordings.not-restored");
            transactions.doAsSystem(() -> transactions.jdbc().sql("""
                            with h as (delete from video.recording_hour) delete from video.volume
                            """).update());
        }
        Optional<UUID> expected = transactions.asSystem(() -> transactions
                .jdbc()
                .sql("select id from video.volume limit 1")
                .query((row, n) -> row.getObject("id", UUID.class))
                .optional());
        MediaVolume volume = MediaVolume.open(folder, expected, fresh);
        if (expected.isEmpty()) {
            transactions.doAsSystem(() -> transactions
                    .jdbc()
                    .sql("insert into video.volume (id, first_opened_at) values (:id, :now)")
                    .param("id", volume.id())
                    .param("now", clock.instant().atOffset(java.time.ZoneOffset.UTC))
                    .update());
        }
        return volume;
    }
}

package org.conurb.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.video.Doors.EIGHT;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import org.conurb.media.TrackFormat;
import org.conurb.testkit.TestClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hours on the disk that no row tells as they are. It is half past eight. */
class AdoptionStoreTest {
    @TempDir
    private Path folder;

    @AutoClose
    private Doors doors;

    private Camera camera;
    private Studio studio;
    private Recorder recorder;

    @BeforeEach
    void open() {
        doors = new Doors(folder);
        camera = doors.camera("Market");
        studio = new Studio(folder, doors.clock, (host, address, port) -> false);
        HourCloser closer = new HourCloser(folder, doors.transactions, doors.audit, doors.clock);
        Reconciler reconciler =
                new Reconciler(studio.streams, null, studio.gate, studio.disk.wall(), doors.clock, List.of());
        recorder = new Recorder(
                studio.streams,
                reconciler,
                closer,
                doors.transactions,
                folder,
                doors.clock,
                new LinkedBlockingQueue<>(),
                () -> {});
        doors.audit.clear();
    }

    @AfterEach
    void close() {
        studio.close();
    }

    private CameraFolder at() {
        return CameraFolder.of(folder, camera.organisation(), camera.id());
    }

    /** So many fragments of a second, by a recorder whose clock stands at that moment. */
    private void recorded(Instant begins, int fragments) {
        Studio.needs("ffmpeg");
        CameraSource phone = new CameraSource(
                camera.id(),
                camera.organisation(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                CameraSource.Transport.AUTO,
                true);
        Clock then = TestClock.at(begins.plusSeconds(10).toString());
        try (Studio past = new Studio(folder, then, (host, address, port) -> false)) {
            past.streams.want(phone);
            List<TrackFormat> formats = List.of(new TrackFormat.H264(List.of(), List.of()));
            CameraLines.Published published = past.streams.publish(phone.id(), formats, () -> {});
            new FakePhone(published, 7, past.disk.wall().nanos()).send(25 * fragments);
            published.end(GapReason.SWITCHED_OFF);
            Studio.until(Duration.ofSeconds(10), () -> past.fragments(phone) == fragments);
        }
    }

    private List<RecordedHour> rows() {
        return doors.transactions.asSystem(() -> new RecordingHours(doors.transactions.jdbc())
                .of(camera.id(), EIGHT.minus(Duration.ofDays(20)), EIGHT.plus(Duration.ofDays(1))));
    }

    @Test
    void hoursWithoutARowGetOneAndTheirHeadsGoIntoTheAuditLog() throws Exception {
        Instant old = EIGHT.minus(Duration.ofDays(9));
        recorded(EIGHT.minusSeconds(3 * 3600), 1);
        recorded(old, 2);

        assertThat(recorder.adopt()).isEqualTo(2);
        assertThat(recorder.adopt()).as("once").isZero();

        assertThat(rows()).extracting(RecordedHour::start).containsExactly(old, EIGHT.minusSeconds(3 * 3600));
        assertThat(rows().getFirst().records()).isEqualTo(2);
        assertThat(doors.audit.actions()).containsExactly("camera.hour.recorded", "camera.hour.recorded");
    }

    @Test
    void anHourThatHasGrownSinceItsRowIsCountedAnew() throws Exception {
        Instant hour = EIGHT.minusSeconds(3 * 3600);
        recorded(hour, 1);
        recorder.adopt();
        int before = rows().getFirst().records();
        recorded(hour.plusSeconds(60), 2);
        Files.delete(at().hour(hour).resolve(HourIndex.INDEX)); // the crash took it

        assertThat(recorder.adopt()).isEqualTo(1);
        assertThat(rows().getFirst().records()).isGreaterThanOrEqualTo(before + 2);
        assertThat(recorder.adopt()).isZero();
    }

    @Test
    void theLastHourOfACameraThatWasRemovedAfterACrashGetsItsRowInTime() throws Exception {
        recorded(EIGHT, 2);
        doors.in(() -> {
            doors.cameras.remove(doors.administrator, camera.id());
            return camera;
        });
        assertThat(recorder.adopt()).as("it may still be written").isZero();

        doors.clock.advance(Duration.ofMinutes(90));
        assertThat(recorder.adopt()).isEqualTo(1);
        assertThat(rows()).hasSize(1);
    }

    @Test
    void hoursThatARecorderHasNotGonePastAreLeftToIt() throws Exception {
        recorded(EIGHT.minusSeconds(5 * 3600), 1);
        studio.streams.want(camera.source());

        assertThat(recorder.adopt())
                .as("the recorder has not said yet where it goes on")
                .isZero();
        studio.streams.mark();
        Studio.until(
                Duration.ofSeconds(5),
                () -> studio.streams.writtenUntil(camera.id()).orElseThrow().isAfter(EIGHT));
        assertThat(recorder.adopt()).isPositive();
        assertThat(rows()).extracting(RecordedHour::start).contains(EIGHT.minusSeconds(5 * 3600));
    }

    @Test
    void whatIsNoneOfOursIsLeftAlone() throws Exception {
        Files.createDirectories(folder.resolve("lost+found"));
        Files.createDirectories(folder.resolve("police").resolve("not-a-camera"));
        Files.writeString(folder.resolve("police").resolve("note.txt"), "hello");
        Files.createDirectories(at().hour(EIGHT.minusSeconds(5 * 3600)));

        assertThat(recorder.adopt()).isZero();
        assertThat(rows()).isEmpty();
    }
}

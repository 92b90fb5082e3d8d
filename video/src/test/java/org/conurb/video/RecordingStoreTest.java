package org.conurb.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.conurb.store.Transactions;
import org.conurb.testkit.FakeAudit;
import org.conurb.testkit.TestClock;
import org.conurb.testkit.TestIds;
import org.conurb.testkit.TestStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingStoreTest {
    private static final Instant NINE = Instant.parse("2026-03-01T09:00:00Z");

    @TempDir
    Path folder;

    private final TestClock clock = TestClock.at("2026-03-01T12:30:00Z");
    private final Transactions transactions = TestStore.with("hub", "video");
    private final FakeAudit audit = new FakeAudit();
    private final CameraId camera = new CameraId(UUID.randomUUID());
    private final RecordingHours hours = new RecordingHours(transactions.jdbc());

    private CameraFolder cameraFolder() {
        return CameraFolder.of(folder, Studio.POLICE, camera);
    }

    private Recordings recordings() {
        return new Recordings(folder, transactions, TestIds.seeded(clock), clock);
    }

    private HourCloser closer() {
        return new HourCloser(folder, transactions, audit, clock);
    }

    /** An hour of fragments of two seconds, one megabyte in a file that is not there, and a gap from :10 to :20. */
    private void hour(Instant hour) throws IOException {
        byte[] hash = new byte[32];
        new Random(hour.getEpochSecond()).nextBytes(hash);
        try (HourIndex index = HourIndex.open(cameraFolder().hour(hour), hour)) {
            long start = hour.toEpochMilli() * 90;
            for (int i = 0; i < 1800; i++) {
                if (i < 300 || i >= 600) {
                    index.add(
                            new IndexRecord(start + i * 180_000L, 180_000, IndexRecord.KEY, 0, 700 + i, 1000, 700),
                            hash);
                } else if (i == 300) {
                    index.add(
                            IndexRecord.gap(start + 54_000_000L, start + 108_000_000L, GapReason.UNREACHABLE),
                            new byte[32]);
                }
            }
        }
    }

    @AfterEach
    void giveBack() {
        TestStore.giveBack(transactions);
    }

    @Test
    void anEndedHourBecomesARowAndItsHeadAnAuditEntryOnce() throws IOException {
        hour(NINE);
        closer().close(Studio.POLICE, camera, NINE);
        closer().close(Studio.POLICE, camera, NINE);

        RecordedHour row = transactions
                .asSystem(() -> hours.of(camera, NINE, NINE.plusSeconds(3600)))
                .getFirst();
        assertThat(row.coveredMillis()).isEqualTo(3_000_000);
        assertThat(Long.bitCount(row.minutes())).isEqualTo(50);
        assertThat(row.gaps())
                .containsExactly(new Gap(NINE.plusSeconds(600), NINE.plusSeconds(1200), GapReason.UNREACHABLE));
        assertThat(audit.actions()).containsExactly("camera.hour.recorded");
        assertThat(audit.entries().getFirst().facts())
                .containsEntry("chain", HexFormat.of().formatHex(row.chainHead()));
    }

    @Test
    void anyChangedByteOfTheIndexOrItsHashesChangesTheHead() throws IOException {
        hour(NINE);
        Path path = cameraFolder().hour(NINE);
        byte[] before = HourCloser.head(camera, NINE, path, HourIndex.read(path));
        try (FileChannel hashes = FileChannel.open(path.resolve(HourIndex.HASHES), StandardOpenOption.WRITE)) {
            hashes.write(ByteBuffer.wrap(new byte[] {1}), 5000);
        }

        assertThat(HourCloser.head(camera, NINE, path, HourIndex.read(path))).isNotEqualTo(before);
    }

    @Test
    void anySecondIsFoundWithItsFragment() throws IOException {
        hour(NINE);
        Instant asked = NINE.plusSeconds(1801);

        List<IndexedFragment> found = recordings().covering(Studio.POLICE, camera, asked, asked.plusMillis(10));

        assertThat(found).hasSize(1);
        assertThat(found.getFirst().start()).isEqualTo(NINE.plusSeconds(1800));
        assertThat(recordings().gaps(Studio.POLICE, camera, NINE.plusSeconds(900), NINE.plusSeconds(1000)))
                .containsExactly(new Gap(NINE.plusSeconds(900), NINE.plusSeconds(1000), GapReason.UNREACHABLE));
    }

    @Test
    void aDayIsToldFromRowsAndFromTheIndexOfTheHourThatRuns() throws IOException {
        hour(NINE);
        closer().close(Studio.POLICE, camera, NINE);
        hour(NINE.plusSeconds(3 * 3600));
        Instant day = Instant.parse("2026-03-01T00:00:00Z");

        DayTimeline timeline = recordings().timeline(Studio.POLICE, camera, day, day.plusSeconds(86_400));

        assertThat(timeline.coveredSeconds()).isEqualTo(6000);
        assertThat(timeline.covered(9 * 60 + 5)).isTrue();
        assertThat(timeline.covered(9 * 60 + 15)).isFalse();
        assertThat(timeline.covered(12 * 60 + 5)).isTrue();
        assertThat(timeline.gaps()).hasSize(2);
    }

    @Test
    void ageAndAFullDiskDeleteTheOldestHoursButNeverWhatIsOnHold() throws IOException {
        Instant old = NINE.minus(Duration.ofDays(31));
        for (Instant hour : List.of(old, NINE.minusSeconds(7200), NINE.minusSeconds(3600), NINE)) {
            hour(hour);
            closer().close(Studio.POLICE, camera, hour);
        }
        UUID hold =
                recordings().hold(Studio.POLICE, camera, NINE.minusSeconds(7000), NINE.minusSeconds(6000), "case:1");
        long[] free = {1_500_000};
        Retention retention = new Retention(
                Studio.settings(folder),
                folder,
                () -> new MediaVolume.Space(100_000_000, free[0]),
                transactions,
                audit,
                clock);

        Retention.Outcome full = retention.step();

        assertThat(full.deleted()).isEqualTo(3);
        assertThat(full.mayWrite()).isTrue();
        assertThat(cameraFolder().hour(old)).doesNotExist();
        assertThat(cameraFolder().hours()).containsExactly(NINE.minusSeconds(7200));
        assertThat(audit.actions())
                .filteredOn(a -> a.equals("camera.hour.deleted"))
                .hasSize(3);

        free[0] = 100_000;
        assertThat(retention.step().mayWrite()).isFalse();
        assertThat(cameraFolder().hours()).hasSize(1);

        recordings().release(hold);
        retention.step();
        assertThat(cameraFolder().hours()).isEmpty();
    }

    @Test
    void itIsToldBeforeThePromisedAgeCannotBeKept() throws IOException {
        hour(NINE.plusSeconds(2 * 3600));
        closer().close(Studio.POLICE, camera, NINE.plusSeconds(2 * 3600));
        Retention retention = new Retention(
                Studio.settings(folder),
                folder,
                () -> new MediaVolume.Space(100_000_000, 8_000_000),
                transactions,
                audit,
                clock);

        Retention.Outcome outcome = retention.step();

        assertThat(outcome.mayWrite()).isTrue();
        assertThat(outcome.deleted()).isZero();
        assertThat(outcome.atRisk()).isTrue();
    }

    @Test
    void aSwappedOrUnmountedVolumeIsRefused() throws IOException {
        UUID first = UUID.randomUUID();
        MediaVolume volume = Recorder.volume(folder, transactions, first, clock);
        assertThat(volume.opened()).isEqualTo(1);
        assertThat(Recorder.volume(folder, transactions, UUID.randomUUID(), clock))
                .isEqualTo(new MediaVolume(folder, first, 2));
        Files.delete(folder.resolve("volume.json"));

        assertThatThrownBy(() -> Recorder.volume(folder, transactions, UUID.randomUUID(), clock))
                .hasMessageContaining("Is the disk mounted?");
        MediaVolume.open(folder, Optional.empty(), UUID.randomUUID());
        assertThatThrownBy(() -> Recorder.volume(folder, transactions, UUID.randomUUID(), clock))
                .hasMessageContaining("Was the disk swapped?");
    }

    @Test
    void aRestoredSiteStartsWithoutItsRecordings() throws IOException {
        Recorder.volume(folder, transactions, UUID.randomUUID(), clock);
        Files.delete(folder.resolve("volume.json"));
        Files.createFile(folder.resolve("restored"));
        UUID fresh = UUID.randomUUID();

        assertThat(Recorder.volume(folder, transactions, fresh, clock)).isEqualTo(new MediaVolume(folder, fresh, 1));
        assertThat(folder.resolve("restored")).doesNotExist();
        assertThat(Recorder.volume(folder, transactions, UUID.randomUUID(), clock)
                        .opened())
                .isEqualTo(2);
    }
}

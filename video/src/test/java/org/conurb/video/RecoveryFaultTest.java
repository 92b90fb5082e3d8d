package org.conurb.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class RecoveryFaultTest {
    @TempDir
    Path folder;

    private static List<IndexRecord> fragments(Studio studio, CameraSource source) {
        return studio.lines(source).stream().filter(line -> !line.isGap()).toList();
    }

    @Test
    void aKilledRecorderLosesAtMostFiveSecondsAndTheGapSaysWhy() throws Exception {
        Studio.needs("ffprobe");
        try (FakeCamera camera = new FakeCamera(Studio.clip(), 25)) {
            UUID id = UUID.randomUUID();
            Process process =
                    KilledRecorder.process(folder, camera.address(), id).start();
            Studio.until(Duration.ofSeconds(60), () -> camera.sent.get() > 112);
            Instant killed = Instant.now();
            process.destroyForcibly();
            assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();

            try (Studio studio = new Studio(folder)) {
                CameraSource source = KilledRecorder.source(camera.address(), id);
                long before = fragments(studio, source).getLast().end90k();
                assertThat(Duration.between(RecordedHour.instant(before), killed))
                        .isLessThan(Duration.ofSeconds(5));
                studio.streams.want(source);
                studio.untilFragments(source, 2);
                studio.streams.close();
                assertThat(studio.gaps(source)).containsOnly(GapReason.NOT_RUNNING);
                assertThat(studio.frames(source)).isPositive();
            }
        }
    }

    /** Records for three seconds and returns the hour's folder. */
    private Path recorded(Studio studio, CameraSource source) {
        studio.streams.want(source);
        studio.untilFragments(source, 4);
        studio.streams.close();
        return studio.files(source).getFirst().getParent();
    }

    @Test
    void aTornTailIsCutAtTheLastWholeFragment() throws IOException {
        try (FakeCamera camera = new FakeCamera(Studio.clip(), 25);
                Studio studio = new Studio(folder)) {
            CameraSource source = Studio.source(camera.address());
            recorded(studio, source);
            List<IndexRecord> before = studio.lines(source);
            Path last = studio.files(source).getLast();
            long whole = Files.size(last);
            try (FileChannel file = FileChannel.open(last, StandardOpenOption.APPEND)) {
                file.write(ByteBuffer.wrap(new byte[] {0, 0, 1, 0, 'm', 'o', 'o', 'f', 1, 2, 3}));
            }

            Recovery.recover(CameraFolder.of(folder, source.organisation(), source.id()));

            assertThat(last).hasSize(whole);
            assertThat(studio.lines(source)).isEqualTo(before);
        }
    }

    @Test
    void aLostOrBrokenIndexIsMadeAgainFromTheFilesWithTheSameHashes() throws IOException {
        try (FakeCamera camera = new FakeCamera(Studio.clip(), 25);
                Studio studio = new Studio(folder)) {
            CameraSource source = Studio.source(camera.address());
            Path hour = recorded(studio, source);
            CameraFolder folderOf = CameraFolder.of(folder, source.organisation(), source.id());
            List<IndexRecord> before = studio.lines(source);
            byte[] hashes = Files.readAllBytes(hour.resolve(HourIndex.HASHES));
            Files.delete(hour.resolve(HourIndex.INDEX));
            Files.delete(hour.resolve(HourIndex.HASHES));

            long end = Recovery.recover(folderOf);

            assertThat(studio.lines(source).stream().map(IndexRecord::offset).toList())
                    .isEqualTo(before.stream().map(IndexRecord::offset).toList());
            assertThat(Files.readAllBytes(hour.resolve(HourIndex.HASHES))).isEqualTo(hashes);
            assertThat(end).isEqualTo(before.getLast().end90k());

            byte[] index = Files.readAllBytes(hour.resolve(HourIndex.INDEX));
            index[40] ^= 1;
            Files.write(hour.resolve(HourIndex.INDEX), index);
            assertThat(Recovery.hour(folderOf, folderOf.newestHour().orElseThrow()))
                    .isTrue();
            assertThat(studio.lines(source)).hasSameSizeAs(before);
        }
    }

    @Test
    void aDiskThatIsReallyFullEndsInAGapAndRecordingGoesOnWhenThereIsRoom() throws IOException {
        Path mount = Files.createDirectories(folder.resolve("small"));
        Assumptions.assumeTrue(mounted(mount), "mounting a file system is not allowed here");
        try (FakeCamera camera = new FakeCamera(Studio.clip(), 25);
                Studio studio = new Studio(mount)) {
            Path ballast = mount.resolve("ballast");
            Files.write(ballast, new byte[3_000_000]);
            CameraSource source = studio.wanted(camera);
            Studio.until(Duration.ofSeconds(30), () -> free(mount) < 200_000);
            int filled = camera.sent.get();
            Studio.until(Duration.ofSeconds(60), () -> camera.sent.get() > filled + 100); // more than there is room for
            long stopped = studio.fragments(source);
            Files.delete(ballast);
            studio.untilFragments(source, 2);
            studio.streams.close();

            assertThat(stopped).isPositive();
            assertThat(studio.gaps(source)).contains(GapReason.DISK_FULL);
            for (Path file : studio.files(source)) {
                Studio.run("ffprobe", "-v", "error", file.toString());
            }
        } finally {
            Studio.run("umount", mount.toString());
        }
    }

    private static long free(Path mount) {
        try {
            return Files.getFileStore(mount).getUsableSpace();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static boolean mounted(Path mount) throws IOException {
        try {
            return new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", mount.toString())
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

package org.conurb.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class RecorderFaultTest {
    @TempDir
    Path folder;

    @Test
    void everyFrameThatACameraSendsIsOnDiskAndPlayable() {
        Studio.needs("ffprobe");
        try (FakeCamera camera = new FakeCamera(Studio.clip(), 25);
                Studio studio = new Studio(folder)) {
            CameraSource source = studio.wanted(camera);
            studio.untilFragments(source, 5);
            assertThat(studio.status(source).state()).isEqualTo(CameraStatus.State.RECORDING);
            camera.silent = true;
            Studio.pass(Duration.ofMillis(300));
            studio.streams.close();

            assertThat(studio.frames(source)).isEqualTo(camera.sent.get());
            assertThat(studio.gaps(source)).isEmpty();
            assertThat(studio.files(source).size()).isGreaterThan(1);
            goesOn(studio.lines(source));
        }
    }

    /** Each fragment starts where the one before ended, within a frame. */
    private static void goesOn(List<IndexRecord> lines) {
        for (int i = 1; i < lines.size(); i++) {
            assertThat(Math.abs(lines.get(i).start90k() - lines.get(i - 1).end90k()))
                    .isLessThan(3600);
        }
    }

    @Test
    void recordedTimeIsTheWallsTime() {
        try (FakeCamera camera = new FakeCamera(Studio.clip(), 25);
                Studio studio = new Studio(folder)) {
            Instant before = Instant.now();
            CameraSource source = studio.wanted(camera);
            studio.untilFragments(source, 2);
            Instant after = Instant.now();

            IndexRecord first = studio.lines(source).getFirst();
            assertThat(RecordedHour.instant(first.start90k())).isBetween(before.minusMillis(100), after);
            IndexRecord last = studio.lines(source).getLast();
            assertThat(RecordedHour.instant(last.end90k())).isBetween(after.minusMillis(1300), after.plusMillis(100));
        }
    }

    @Test
    void aCameraThatRefusesTcpIsRecordedByUdp() {
        Studio.needs("ffprobe");
        try (FakeCamera camera = new FakeCamera(Studio.clip(), 25);
                Studio studio = new Studio(folder)) {
            camera.refuseTcp = true;
            CameraSource source = studio.wanted(camera);
            studio.untilFragments(source, 3);
            camera.silent = true;
            Studio.pass(Duration.ofMillis(300));
            studio.streams.close();

            assertThat(studio.frames(source)).isEqualTo(camera.sent.get());
        }
    }

    @Test
    void aCameraThatWasUnpluggedIsRecordedWhenItIsBackAndTheGapSaysWhy() {
        try (FakeCamera camera = new FakeCamera(Studio.clip(), 25);
                Studio studio = new Studio(folder)) {
            CameraSource source = studio.wanted(camera);
            studio.untilFragments(source, 2);
            camera.unplug();
            Studio.until(Duration.ofSeconds(5), () -> studio.status(source).state() == CameraStatus.State.STALLED);
            Studio.pass(Duration.ofSeconds(4));
            camera.plugIn();
            Studio.until(Duration.ofSeconds(20), () -> studio.status(source).state() == CameraStatus.State.RECORDING);
            studio.untilFragments(source, 1);
            assertThat(studio.gaps(source)).containsExactly(GapReason.UNREACHABLE);
            IndexRecord after = studio.lines(source).getLast();
            assertThat(after.is(IndexRecord.DISCONTINUITY)).isTrue();
        }
    }

    @Test
    void bytesOfNoMeaningBetweenPacketsLoseNoFrame() {
        Studio.needs("ffprobe");
        try (FakeCamera camera = new FakeCamera(Studio.clip(), 25);
                Studio studio = new Studio(folder)) {
            camera.garbage = true;
            CameraSource source = studio.wanted(camera);
            studio.untilFragments(source, 3);
            camera.silent = true;
            Studio.pass(Duration.ofMillis(300));
            studio.streams.close();

            assertThat(studio.frames(source)).isEqualTo(camera.sent.get());
        }
    }

    @Test
    void aCameraWhoseClockJumpsBeginsANewFileOnTheWallsTime() {
        try (FakeCamera camera = new FakeCamera(Studio.clip(), 25);
                Studio studio = new Studio(folder)) {
            CameraSource source = studio.wanted(camera);
            studio.untilFragments(source, 2);
            camera.jumpTicks = 90_000L * 7200;
            studio.untilFragments(source, 4);

            List<IndexRecord> lines = studio.lines(source);
            assertThat(RecordedHour.instant(lines.getLast().end90k()))
                    .isBetween(Instant.now().minusSeconds(3), Instant.now().plusMillis(100));
            assertThat(lines).anyMatch(line -> line.is(IndexRecord.DISCONTINUITY));
        }
    }

    @Test
    void aStreamOfAnotherSourceNumberGoesOnInANewFile() {
        try (FakeCamera camera = new FakeCamera(Studio.clip(), 25);
                Studio studio = new Studio(folder)) {
            CameraSource source = studio.wanted(camera);
            studio.untilFragments(source, 2);
            camera.ssrc = 0x9999;
            studio.untilFragments(source, 4);

            assertThat(RecordedHour.instant(studio.lines(source).getLast().end90k()))
                    .isBetween(Instant.now().minusSeconds(3), Instant.now().plusMillis(100));
        }
    }

    @Test
    void aSilentCameraIsAskedAnewAfterFiveSeconds() {
        try (FakeCamera camera = new FakeCamera(Studio.clip(), 25);
                Studio studio = new Studio(folder)) {
            CameraSource source = studio.wanted(camera);
            studio.untilFragments(source, 1);
            camera.silent = true;
            Studio.until(
                    Duration.ofSeconds(8), () -> studio.status(source).reason().contains("no packet"));
            camera.silent = false;
            studio.untilFragments(source, 2);

            assertThat(studio.gaps(source)).containsExactly(GapReason.SILENT);
        }
    }

    @Test
    void parameterSetsThatComeOnlyInTheStreamAreEnough() {
        Studio.needs("ffprobe");
        try (FakeCamera camera = new FakeCamera(Studio.clip(), 25);
                Studio studio = new Studio(folder)) {
            camera.withoutSets = true;
            CameraSource source = studio.wanted(camera);
            studio.untilFragments(source, 2);
            camera.silent = true;
            Studio.pass(Duration.ofMillis(300));
            studio.streams.close();

            assertThat(studio.frames(source)).isEqualTo(camera.sent.get());
        }
    }

    @Test
    void anAddressOutsideTheCameraNetworksIsNeverConnectedTo() {
        try (FakeCamera camera = new FakeCamera(Studio.clip(), 25);
                Studio studio = new Studio(folder, Clock.systemUTC(), (host, address, port) -> false)) {
            CameraSource source = studio.wanted(camera);
            Studio.until(
                    Duration.ofSeconds(5), () -> studio.status(source).reason().contains("camera network"));

            assertThat(camera.connections).hasValue(0);
        }
    }

    @Test
    void aRedirectIsNotFollowed() {
        try (FakeCamera camera = new FakeCamera(Studio.clip(), 25);
                FakeCamera other = new FakeCamera(Studio.clip(), 25);
                Studio studio = new Studio(folder)) {
            camera.answerTo = "DESCRIBE";
            camera.answer = "RTSP/1.0 302 Moved\r\nLocation: " + other.address() + "\r\n";
            CameraSource source = studio.wanted(camera);
            Studio.until(
                    Duration.ofSeconds(5), () -> studio.status(source).reason().contains("redirect"));

            assertThat(other.connections).hasValue(0);
        }
    }

    @Test
    void aCameraThatAsksForAPasswordGetsItAndAWrongOneIsTold() {
        try (FakeCamera camera = new FakeCamera(Studio.clip(), 25);
                Studio studio = new Studio(folder)) {
            camera.login = "admin:right";
            CameraSource good = Studio.source(
                    camera.address(), CameraSource.Transport.AUTO, Optional.of(new CameraLogin("admin", "right")));
            CameraSource bad = Studio.source(
                    camera.address(), CameraSource.Transport.AUTO, Optional.of(new CameraLogin("admin", "wrong")));
            studio.streams.want(List.of(good, bad));
            studio.untilFragments(good, 1);

            Studio.until(
                    Duration.ofSeconds(5), () -> studio.status(bad).reason().contains("password"));
        }
    }

    @Test
    void aBaseWithoutASlashAndAForeignOneStillReachTheTrack() {
        try (FakeCamera camera = new FakeCamera(Studio.clip(), 25);
                Studio studio = new Studio(folder)) {
            camera.contentBase = "Content-Base: rtsp://10.0.0.9/odd\r\n";
            CameraSource source = studio.wanted(camera);
            studio.untilFragments(source, 1);

            assertThat(camera.requests).anyMatch(r -> r.equals("SETUP rtsp://10.0.0.9/odd/trackID=1 RTSP/1.0"));
        }
    }

    @Test
    void aFullDiskStopsRecordingAndSaysSo() {
        try (FakeCamera camera = new FakeCamera(Studio.clip(), 25);
                Studio studio = new Studio(folder)) {
            CameraSource source = studio.wanted(camera);
            studio.untilFragments(source, 2);
            studio.gate.set(false);
            Studio.pass(Duration.ofMillis(2500));
            long stopped = studio.fragments(source);
            Studio.pass(Duration.ofMillis(1500));
            assertThat(studio.fragments(source)).isEqualTo(stopped);
            studio.gate.set(true);
            studio.untilFragments(source, 2);

            assertThat(studio.gaps(source)).containsExactly(GapReason.DISK_FULL);
        }
    }

    @Test
    void anAddressThatIsNoAddressIsToldAndHarmsNoOther() {
        try (FakeCamera camera = new FakeCamera(Studio.clip(), 25);
                Studio studio = new Studio(folder)) {
            CameraSource bad = Studio.source(URI.create("rtsp://127.0.0.1:1/none"));
            studio.streams.want(bad);
            CameraSource good = studio.wanted(camera);
            studio.untilFragments(good, 2);

            assertThat(studio.status(bad).reason()).contains("cannot be reached");
        }
    }
}

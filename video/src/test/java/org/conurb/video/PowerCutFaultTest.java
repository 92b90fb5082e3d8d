package org.conurb.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PowerCutFaultTest {
    @TempDir
    Path folder;

    /** The settings force each second; the bound that is promised is five. */
    @Test
    void picturesIndexGapsAndNamesOlderThanFiveSecondsAreAllThereAfterAPowerCut() throws IOException {
        Studio.needs("ffprobe");
        Path volume = Files.createDirectories(folder.resolve("volume"));
        Path left = Files.createDirectories(folder.resolve("left"));
        Platter platter = new Platter(volume);
        try (FakeCamera camera = new FakeCamera(Studio.clip(), 25);
                Studio studio = new Studio(
                        volume, Clock.systemUTC(), (host, to, port) -> true, Studio.settings(volume), platter)) {
            CameraSource source = studio.wanted(camera);
            studio.untilFragments(source, 3);
            camera.unplug();
            Studio.pass(Duration.ofSeconds(2));
            camera.plugIn();
            studio.untilFragments(source, 2);
            Instant gapTold = Instant.now();
            studio.untilFragments(source, 6);

            Instant cut = Instant.now();
            platter.cutPower(left);

            assertThat(cut).isAfter(gapTold.plusSeconds(4));
            try (Studio after = new Studio(left)) {
                Recovery.recover(CameraFolder.of(left, source.organisation(), source.id()));
                List<IndexRecord> lines = after.lines(source);
                assertThat(RecordedHour.instant(lines.getLast().end90k())).isAfter(cut.minusSeconds(5));
                assertThat(after.gaps(source)).containsExactly(GapReason.UNREACHABLE);
                assertThat(after.frames(source)).isGreaterThan(150);
            }
        }
    }

    @Test
    void whatIsWrittenIsForcedThoughNothingMoreComes() throws IOException {
        Path volume = Files.createDirectories(folder.resolve("volume"));
        Path left = Files.createDirectories(folder.resolve("left"));
        Platter platter = new Platter(volume);
        try (FakeCamera camera = new FakeCamera(Studio.clip(), 25);
                Studio studio = new Studio(
                        volume, Clock.systemUTC(), (host, to, port) -> true, Studio.settings(volume), platter)) {
            CameraSource source = studio.wanted(camera);
            studio.untilFragments(source, 2);
            camera.silent = true;
            long written = studio.fragments(source);
            Studio.until(Duration.ofSeconds(4), () -> {
                try {
                    platter.cutPower(left);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
                try (Studio after = new Studio(left)) {
                    return Files.exists(CameraFolder.of(left, source.organisation(), source.id())
                                    .path())
                            && after.lines(source).size() >= written;
                }
            });
        }
    }
}

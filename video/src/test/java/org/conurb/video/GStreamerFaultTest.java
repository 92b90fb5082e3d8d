package org.conurb.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Real footage from GStreamer's server through a line that fails: what came through whole is on disk, frame by frame. */
@Execution(ExecutionMode.CONCURRENT)
class GStreamerFaultTest {
    @TempDir
    static Path clips;

    private static GStreamer server;

    @TempDir
    Path folder;

    @BeforeAll
    static void serve() {
        Path clip = GStreamer.clip(clips, "long", 30, "-c:v", "libx264", "-bf", "2");
        Path small = GStreamer.clip(clips, "small", 3, "-c:v", "libx264", "-bf", "0");
        Path stream = clips.resolve("changing.h264");
        for (String size : List.of("640:480", "320:240", "640:480")) {
            Path part = clips.resolve("part.h264");
            Studio.run("ffmpeg -y -v error -i %s -an -vf scale=%s -c:v libx264 -g 10 -bf 0 -preset ultrafast -f h264 %s"
                    .formatted(small, size, part)
                    .split(" "));
            append(part, stream);
        }
        server = new GStreamer(
                clips,
                List.of(
                        GStreamer.mount("long", clip, "h264parse ! rtph264pay"),
                        "changing=filesrc location=" + stream
                                + " ! h264parse ! video/x-h264,stream-format=avc,alignment=au"
                                + " ! rtph264pay name=pay0 pt=96 config-interval=-1"));
    }

    private static void append(Path part, Path to) {
        try {
            java.nio.file.Files.write(
                    to,
                    java.nio.file.Files.readAllBytes(part),
                    java.nio.file.StandardOpenOption.CREATE,
                    java.nio.file.StandardOpenOption.APPEND);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void aLineThatStallsAndDriftsAndMixesBytesInBetweenLosesNoFrame() {
        try (FaultProxy line = new FaultProxy(server.port);
                Studio studio = new Studio(folder)) {
            line.skew = 200e-6;
            line.garbage = true;
            CameraSource source = wanted(studio, line, "long");
            for (int frames = 20; frames <= 60; frames += 20) {
                through(line, frames);
                line.held = true;
                Studio.pass(Duration.ofMillis(900));
                line.held = false;
            }
            through(line, 80);
            ended(studio, line);

            assertThat(studio.frames(source)).isEqualTo(line.frames.get());
            assertThat(studio.gaps(source)).isEmpty();
            assertThat(line.connections).hasValue(1);
        }
    }

    @Test
    void aLineThatIsCutIsDialledAnewAndOnlyTheGapIsMissing() {
        try (FaultProxy line = new FaultProxy(server.port);
                Studio studio = new Studio(folder)) {
            CameraSource source = wanted(studio, line, "long");
            through(line, 25);
            line.unplug();
            Studio.until(Duration.ofSeconds(10), () -> studio.status(source).state() == CameraStatus.State.STALLED);
            line.plugIn();
            through(line, line.frames.get() + 25);
            ended(studio, line);

            // The frame in which the line was cut may have come in part; it is told as damaged, not as whole.
            assertThat(studio.frames(source)).isBetween(line.frames.get(), line.frames.get() + 1);
            assertThat(studio.gaps(source)).containsExactly(GapReason.UNREACHABLE);
        }
    }

    @Test
    void aCameraWhoseClockJumpsAndWhoseSourceNumberChangesStaysOnTheWallsTime() {
        try (FaultProxy line = new FaultProxy(server.port);
                Studio studio = new Studio(folder)) {
            CameraSource source = wanted(studio, line, "long");
            through(line, 25);
            line.jumpTicks = 90_000 * 7200;
            through(line, 50);
            line.otherSource = 0x12345678;
            through(line, 75);
            ended(studio, line);

            // A jump loses nothing; a new source is another stream, which begins with its first key frame.
            assertThat(studio.frames(source)).isBetween(line.frames.get() - 9, line.frames.get());
            List<IndexRecord> lines = studio.lines(source);
            assertThat(lines).anyMatch(one -> one.is(IndexRecord.DISCONTINUITY));
            assertThat(RecordedHour.instant(lines.getLast().end90k()))
                    .isBetween(Instant.now().minusSeconds(8), Instant.now().plusMillis(200));
        }
    }

    @Test
    void aPictureThatChangesItsSizeGoesOnInANewFile() {
        try (FaultProxy line = new FaultProxy(server.port);
                Studio studio = new Studio(folder)) {
            CameraSource source = wanted(studio, line, "changing");
            through(line, 90);
            ended(studio, line);

            assertThat(studio.frames(source)).isEqualTo(90);
            List<String> sizes = studio.files(source).stream()
                    .map(file -> Studio.run(
                                    "ffprobe",
                                    "-v",
                                    "error",
                                    "-show_entries",
                                    "stream=width",
                                    "-of",
                                    "csv=p=0",
                                    file.toString())
                            .strip())
                    .toList();
            assertThat(sizes.stream().distinct()).containsExactly("640", "320");
            assertThat(sizes.getLast()).isEqualTo("640");
        }
    }

    private static CameraSource wanted(Studio studio, FaultProxy line, String name) {
        CameraSource source = Studio.source(line.address(name));
        studio.streams.want(source);
        return source;
    }

    private static void through(FaultProxy line, int frames) {
        Studio.until(Duration.ofSeconds(40), () -> line.frames.get() >= frames);
    }

    /** What is under way arrives; then all is written. */
    private static void ended(Studio studio, FaultProxy line) {
        line.held = true;
        Studio.pass(Duration.ofMillis(500));
        studio.streams.close();
    }
}

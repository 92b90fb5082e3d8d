package org.conurb.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The machine's clock is set while a recorder runs: a process of its own, under libfaketime. */
@Execution(ExecutionMode.CONCURRENT)
class ClockStepFaultTest {
    private static final Path FAKETIME = Stream.of("x86_64", "aarch64")
            .map(machine -> Path.of("/usr/lib/%s-linux-gnu/faketime/libfaketimeMT.so.1".formatted(machine)))
            .filter(Files::exists)
            .findFirst()
            .orElse(Path.of("libfaketimeMT.so.1"));

    @TempDir
    Path folder;

    @Test
    void afterTheClockIsSetBackRecordingGoesOnAtTheNewTimeAndNothingOfTheOldIsLost() throws Exception {
        stepped(Duration.ofHours(-2));
    }

    /** Late pictures for more than ten seconds are no slow network any more. */
    @Test
    void afterTheClockIsSetForwardRecordingGoesOnAtTheNewTime() throws Exception {
        stepped(Duration.ofHours(2));
    }

    private void stepped(Duration step) throws Exception {
        Studio.needs("ffprobe");
        Assumptions.assumeTrue(Files.exists(FAKETIME), "libfaketime is not installed");
        Path clock = folder.resolve("clock");
        set(clock, Duration.ZERO);
        UUID id = UUID.randomUUID();
        try (FakeCamera camera = new FakeCamera(Studio.clip(), 25)) {
            ProcessBuilder builder = KilledRecorder.process(folder.resolve("media"), camera.address(), id);
            builder.environment().put("LD_PRELOAD", FAKETIME.toString());
            builder.environment().put("FAKETIME_TIMESTAMP_FILE", clock.toString());
            builder.environment().put("FAKETIME_NO_CACHE", "1");
            builder.environment().put("DONT_FAKE_MONOTONIC", "1");
            Process process = builder.start();
            try {
                CameraSource source = KilledRecorder.source(camera.address(), id);
                try (Studio reader = new Studio(folder.resolve("media"))) {
                    Studio.until(
                            Duration.ofSeconds(60), () -> reader.lines(source).size() >= 3);
                    set(clock, step);
                    Studio.until(Duration.ofSeconds(60), () -> now(reader, source, step) >= 3);
                    List<IndexRecord> lines = reader.lines(source);

                    assertThat(lines).anyMatch(line -> line.is(IndexRecord.DISCONTINUITY));
                    assertThat(lines.stream().filter(line -> !line.isGap()).count())
                            .as("the time before the step is still there")
                            .isGreaterThanOrEqualTo(6);
                }
            } finally {
                process.destroy();
                assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    /** Fragments that lie where the clock stands now. */
    private static long now(Studio reader, CameraSource source, Duration step) {
        Instant there = Instant.now().plus(step);
        return reader.lines(source).stream()
                .filter(line -> !line.isGap())
                .filter(line -> Duration.between(RecordedHour.instant(line.end90k()), there)
                                .abs()
                                .compareTo(Duration.ofSeconds(30))
                        < 0)
                .count();
    }

    /** Read again at each look at the clock, so that it is never there in half. */
    private void set(Path clock, Duration step) throws java.io.IOException {
        Path fresh = Files.createTempFile(folder, "clock", ".new");
        Files.writeString(fresh, "%+d\n".formatted(step.toSeconds()));
        Files.move(fresh, clock, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}

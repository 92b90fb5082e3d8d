package org.conurb.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkLoopsTest {
    @TempDir
    Path folder;

    private static NetworkLoops loops(int set, int cores, int camerasEach) {
        return new NetworkLoops(set, cores, camerasEach, Duration.ofMillis(10), System::nanoTime);
    }

    @Test
    void aLoopIsAddedForEachSoManyCamerasUpToOneACore() {
        try (NetworkLoops loops = loops(0, 2, 3)) {
            List<NetworkLoop> given = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                given.add(loops.take());
            }
            assertThat(loops.size()).isEqualTo(1);
            given.add(loops.take());
            assertThat(loops.size()).isEqualTo(2);
            for (int i = 0; i < 6; i++) {
                given.add(loops.take());
            }
            assertThat(loops.size()).isEqualTo(2);
            assertThat(given.stream().filter(given.getFirst()::equals)).hasSize(5);
        }
    }

    @Test
    void aCameraThatLeftMakesRoomForTheNext() {
        try (NetworkLoops loops = loops(0, 8, 1)) {
            NetworkLoop first = loops.take();
            NetworkLoop second = loops.take();
            loops.give(first);

            assertThat(loops.take()).isSameAs(first);
            assertThat(second).isNotSameAs(first);
        }
    }

    @Test
    void howLongPacketsWaitedForTheirLoopIsKnownForAWhile() {
        try (NetworkLoops loops = loops(1, 1, 1)) {
            NetworkLoop loop = loops.take();
            loop.execute(() -> Studio.pass(Duration.ofMillis(400)));
            Studio.until(Duration.ofSeconds(5), () -> loops.lag().compareTo(Duration.ofMillis(400)) >= 0);
            loop.execute(() -> {});

            assertThat(loops.lag()).as("asked again").isGreaterThanOrEqualTo(Duration.ofMillis(400));
        }
    }

    @Test
    void camerasOnTwoLoopsAreAllRecordedWithoutALostFrame() {
        Studio.needs("ffprobe");
        RecordingSettings two = Studio.settings(folder, 2);
        List<FakeCamera> cameras = new ArrayList<>();
        try (Studio studio = new Studio(folder, Clock.systemUTC(), (host, address, port) -> true, two)) {
            List<CameraSource> sources = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                cameras.add(new FakeCamera(Studio.clip(), 25));
                sources.add(studio.wanted(cameras.getLast()));
            }
            assertThat(studio.streams.loops()).isEqualTo(2);
            sources.forEach(source -> studio.untilFragments(source, 2));
            cameras.forEach(camera -> camera.silent = true);
            Studio.pass(Duration.ofMillis(300));
            studio.streams.close();

            for (int i = 0; i < 4; i++) {
                assertThat(studio.frames(sources.get(i)))
                        .isEqualTo(cameras.get(i).sent.get());
            }
        } finally {
            cameras.forEach(FakeCamera::close);
        }
    }
}

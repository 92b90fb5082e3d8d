package org.conurb.video;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.conurb.kernel.Health;
import org.conurb.media.MediaWorkers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VideoFiguresTest {
    @TempDir
    Path folder;

    private static MediaWorkers workers() {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        return MediaWorkers.start(MediaWorkers.Settings.of(loopback, List.of(loopback), 0, -1, Clock.systemUTC()));
    }

    @Test
    void whatIsRecordedAndHowLongPacketsWaitAreMeters() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (FakeCamera camera = new FakeCamera(Studio.clip(), 25);
                Studio studio = new Studio(folder);
                MediaWorkers workers = workers()) {
            LiveSessions sessions = new LiveSessions(workers, studio.streams, null, null, null, Clock.systemUTC());
            VideoFigures figures = new VideoFigures(studio.streams, sessions, workers, Clock.systemUTC());
            figures.bindTo(meters);
            assertThat(gauge(meters, "conurb.video.loops")).isZero();

            CameraSource source = studio.wanted(camera);
            studio.untilFragments(source, 3);

            assertThat(meters.get("conurb.video.cameras")
                            .tag("state", "recording")
                            .gauge()
                            .value())
                    .isEqualTo(1);
            assertThat(gauge(meters, "conurb.video.loops")).isEqualTo(1);
            assertThat(gauge(meters, "conurb.video.received")).isPositive();
            double written =
                    meters.get("conurb.video.written").functionCounter().count();
            assertThat(written).isPositive();
            assertThat(meters.get("conurb.video.fragments").functionCounter().count())
                    .isGreaterThanOrEqualTo(3);
            assertThat(meters.get("conurb.video.loops.lag").timeGauge().value()).isPositive();
            assertThat(meters.get("conurb.media.sent").functionCounter().count())
                    .isZero();
            Health.Reading reading = figures.read();
            assertThat(reading.component()).isEqualTo("video.streams");
            assertThat(reading.detail()).startsWith("1 loops");

            studio.streams.unwant(source.id());
            assertThat(meters.get("conurb.video.written").functionCounter().count())
                    .as("a counter never falls")
                    .isGreaterThanOrEqualTo(written);
        }
    }

    private static double gauge(SimpleMeterRegistry meters, String name) {
        return meters.get(name).gauge().value();
    }
}

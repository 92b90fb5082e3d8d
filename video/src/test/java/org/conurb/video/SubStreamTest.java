package org.conurb.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.conurb.media.MediaListener;
import org.conurb.media.MediaSession;
import org.conurb.media.MediaWorkers;
import org.conurb.media.RtpCodec;
import org.conurb.media.TrackWish;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubStreamTest {
    private static final Duration LATER = CameraStreams.SUB_IDLE.plusSeconds(1);

    @TempDir
    Path folder;

    private static CameraSource source(FakeCamera main, FakeCamera sub) {
        return new CameraSource(
                new CameraId(UUID.randomUUID()),
                Studio.POLICE,
                Optional.of(main.address()),
                Optional.of(sub.address()),
                Optional.empty(),
                Optional.empty(),
                CameraSource.Transport.AUTO,
                true);
    }

    @Test
    void aSubStreamIsConnectedWhenItIsAskedForAndLetGoWhenNobodyWatches() {
        try (FakeCamera main = new FakeCamera(Studio.clip(), 25);
                FakeCamera sub = new FakeCamera(Studio.clip(), 25);
                Studio studio = new Studio(folder);
                MediaWorkers workers = workers()) {
            CameraSource source = source(main, sub);
            studio.streams.want(source);
            assertThat(sub.connections).hasValue(0);
            Studio.until(
                    Duration.ofSeconds(10),
                    () -> studio.streams.live(source.id(), LiveStream.Kind.SUB).isPresent());
            LiveStream live =
                    studio.streams.live(source.id(), LiveStream.Kind.SUB).orElseThrow();
            MediaSession viewer = workers.open(
                    LiveStoreTest.OFFER,
                    List.of(TrackWish.send("video", RtpCodec.h264("42e01f"))),
                    new MediaListener() {});
            live.out().add(viewer, Map.of(0, viewer.tracks().getFirst()));
            Studio.until(Duration.ofSeconds(5), () -> live.out().listeners() == 1);

            long later = studio.disk.wall().nanos() + LATER.toNanos();
            studio.streams.letIdleGo(later);
            assertThat(studio.streams.subs()).as("somebody watches").isEqualTo(1);

            viewer.close();
            Studio.until(Duration.ofSeconds(5), () -> live.out().listeners() == 0);
            studio.streams.letIdleGo(later + LATER.toNanos());
            assertThat(studio.streams.subs()).isZero();
        }
    }

    @Test
    void whoWatchesACameraThatIsNotWantedAnyMoreIsToldSo() {
        try (FakeCamera main = new FakeCamera(Studio.clip(), 25);
                Studio studio = new Studio(folder);
                MediaWorkers workers = workers()) {
            CameraSource source = studio.wanted(main);
            studio.untilFragments(source, 1);
            LiveStream live =
                    studio.streams.live(source.id(), LiveStream.Kind.MAIN).orElseThrow();
            MediaSession viewer = workers.open(
                    LiveStoreTest.OFFER,
                    List.of(TrackWish.send("video", RtpCodec.h264("42e01f"))),
                    new MediaListener() {});
            live.out().add(viewer, Map.of(0, viewer.tracks().getFirst()));

            studio.streams.unwant(source.id());

            Studio.until(Duration.ofSeconds(5), viewer::isClosed);
        }
    }

    private static MediaWorkers workers() {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        return MediaWorkers.start(new MediaWorkers.Settings(
                loopback, List.of(loopback), 0, -1, 1, 10, true, false, java.time.Clock.systemUTC(), System::nanoTime));
    }
}

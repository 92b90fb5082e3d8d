package org.conurb.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Real footage from an RTSP server that is not ours, read by ffprobe. Each clip is played once, and every frame counted. */
@Execution(ExecutionMode.CONCURRENT)
class GStreamerTest {
    private static final int FRAMES = 50;
    private static final CameraLogin LOGIN = new CameraLogin("admin", "geheim 1");

    @TempDir
    static Path clips;

    @TempDir
    Path folder;

    private record Clip(String name, String parser, String... encoding) {}

    private static final List<Clip> CLIPS = List.of(
            new Clip("h264", "h264parse ! rtph264pay", "-c:v", "libx264", "-bf", "0"),
            new Clip("bframes", "h264parse ! rtph264pay", "-c:v", "libx264", "-bf", "2"),
            new Clip("h265", "h265parse ! rtph265pay", "-c:v", "libx265", "-x265-params", "log-level=none:open-gop=0"));
    private static List<String> mounts;

    @BeforeAll
    static void encode() {
        mounts = CLIPS.stream()
                .map(clip -> GStreamer.mount(
                        clip.name(), GStreamer.clip(clips, clip.name(), FRAMES / 10, clip.encoding()), clip.parser()))
                .toList();
    }

    private GStreamer server(String... more) {
        return new GStreamer(
                folder,
                java.util.stream.Stream.concat(List.of(more).stream(), mounts.stream())
                        .toList());
    }

    @Test
    void footageInH264AndH265WithBFramesAndSoundIsRecordedWholeAndDecodes() {
        try (GStreamer server = server();
                Studio studio = new Studio(folder.resolve("media"))) {
            List<CameraSource> sources = CLIPS.stream()
                    .map(clip -> Studio.source(server.address(clip.name())))
                    .toList();
            studio.streams.want(sources);
            sources.forEach(source -> played(studio, source));
            studio.streams.close();

            sources.forEach(source -> whole(studio, source));
        }
    }

    @Test
    void footageByUdpIsRecordedWhole() {
        try (GStreamer server = server();
                Studio studio = new Studio(folder.resolve("media"))) {
            CameraSource source =
                    Studio.source(server.address("bframes"), CameraSource.Transport.UDP, Optional.empty());
            studio.streams.want(source);
            played(studio, source);
            studio.streams.close();

            whole(studio, source);
        }
    }

    @Test
    void aServerThatAsksForADigestGetsItAndAWrongPasswordIsTold() {
        try (GStreamer server = server("--login", LOGIN.name() + ":" + LOGIN.password());
                Studio studio = new Studio(folder.resolve("media"))) {
            URI address = server.address("h264");
            CameraSource right = Studio.source(address, CameraSource.Transport.AUTO, Optional.of(LOGIN));
            CameraSource wrong =
                    Studio.source(address, CameraSource.Transport.AUTO, Optional.of(new CameraLogin("admin", "x")));
            CameraSource none = Studio.source(address);
            studio.streams.want(List.of(right, wrong, none));
            played(studio, right);

            assertThat(studio.status(wrong).reason()).contains("does not accept name and password");
            assertThat(studio.status(none).reason()).contains("asks for a name and a password");
            studio.streams.close();
            whole(studio, right);
        }
    }

    @Test
    void aServerIsKnownByItsOwnCertificateAndNoOtherIsTaken() {
        OwnCertificate own = OwnCertificate.make(folder);
        OwnCertificate another = OwnCertificate.make(folder);
        try (GStreamer server = server("--tls", own.pem().toString());
                Studio studio = new Studio(folder.resolve("media"))) {
            URI address = URI.create("rtsps://127.0.0.1:%d/h264".formatted(server.port));
            CameraSource right = Studio.certified(address, own.pin());
            CameraSource wrong = Studio.certified(address, another.pin());
            CameraSource unknown = Studio.source(address);
            studio.streams.want(List.of(right, wrong, unknown));
            played(studio, right);

            for (CameraSource refused : List.of(wrong, unknown)) {
                assertThat(studio.status(refused).reason())
                        .contains("certificate that is not trusted")
                        .contains(own.pin().hex());
                assertThat(studio.fragments(refused)).isZero();
            }
            studio.streams.close();
            whole(studio, right);
        }
    }

    /** Waits until the clip was played to its end: something came, and nothing more for a while. */
    private static void played(Studio studio, CameraSource source) {
        Studio.until(
                Duration.ofSeconds(40),
                () -> studio.fragments(source) >= FRAMES / 10 - 1
                        && studio.status(source)
                                .lastByteAt()
                                .filter(Instant.now().minusSeconds(3)::isAfter)
                                .isPresent());
    }

    /** Every frame of the clip is there and decodes, in order; each file holds sound; nothing is said to be missing. */
    private static void whole(Studio studio, CameraSource source) {
        assertThat(studio.frames(source)).isEqualTo(FRAMES);
        for (Path file : studio.files(source)) {
            Studio.packets(file).forEach(packet -> assertThat(packet.pts()).isGreaterThanOrEqualTo(packet.dts()));
            assertThat(Studio.run("ffmpeg", "-v", "error", "-i", file.toString(), "-f", "null", "-"))
                    .isEmpty();
            assertThat(Studio.run("ffprobe", "-v", "error", "-show_entries", "stream=codec_name", file.toString()))
                    .contains("aac");
        }
        assertThat(studio.gaps(source)).isEmpty();
        assertThat(studio.lines(source)).noneMatch(line -> line.is(IndexRecord.DAMAGED));
    }
}

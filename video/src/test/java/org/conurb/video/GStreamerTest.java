package org.conurb.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real footage (Debian's opencv-doc) from an RTSP server that is not ours, read by ffprobe. */
class GStreamerTest {
    private static final Path FOOTAGE = Path.of("/usr/share/doc/opencv-doc/examples/data/vtest.avi");

    @TempDir
    Path folder;

    /** @param frames of the clip */
    private record Clip(String name, String pipeline, List<String> encoding, int frames) {}

    private static final List<Clip> CLIPS = List.of(
            new Clip("h264", "h264parse ! rtph264pay", List.of("-c:v", "libx264", "-g", "20", "-bf", "0"), 50),
            new Clip("bframes", "h264parse ! rtph264pay", List.of("-c:v", "libx264", "-g", "20", "-bf", "2"), 50),
            new Clip(
                    "h265",
                    "h265parse ! rtph265pay",
                    List.of("-c:v", "libx265", "-g", "20", "-x265-params", "log-level=none:open-gop=0"),
                    50));

    @Test
    void footageInH264AndH265WithBFramesAndSoundIsRecordedWholeAndDecodes() throws IOException {
        Studio.needs("ffmpeg");
        Studio.needs("ffprobe");
        Studio.needs("python3");
        Assumptions.assumeTrue(Files.exists(FOOTAGE), "Debian's opencv-doc is not installed");
        Process server = server(CLIPS.stream().map(this::mount).toArray(String[]::new));
        try (Studio studio = new Studio(folder.resolve("media"))) {
            int port = port(server);
            List<CameraSource> sources = CLIPS.stream()
                    .map(clip -> Studio.source(URI.create("rtsp://127.0.0.1:%d/%s".formatted(port, clip.name()))))
                    .toList();
            studio.streams.want(sources);
            Studio.until(
                    Duration.ofSeconds(30), () -> sources.stream().allMatch(source -> studio.fragments(source) >= 5));
            studio.streams.close();

            for (int i = 0; i < CLIPS.size(); i++) {
                whole(studio, sources.get(i), CLIPS.get(i));
            }
        } finally {
            server.destroy();
        }
    }

    /** All frames from the first key frame to the end are there, decode, and each file holds sound. */
    private void whole(Studio studio, CameraSource source, Clip clip) {
        int frames = studio.frames(source);
        int packets = 0;
        for (Path file : studio.files(source)) {
            String shown = Studio.run(
                    "ffprobe",
                    "-v",
                    "error",
                    "-show_entries",
                    "packet=stream_index,pts,dts",
                    "-select_streams",
                    "v:0",
                    "-of",
                    "csv=p=0",
                    file.toString());
            List<String> lines = shown.lines().toList();
            packets += lines.size();
            for (String line : lines) {
                String[] parts = line.split(",");
                assertThat(Long.parseLong(parts[1])).isGreaterThanOrEqualTo(Long.parseLong(parts[2]));
            }
            assertThat(Studio.run("ffmpeg", "-v", "error", "-i", file.toString(), "-f", "null", "-"))
                    .as(clip.name())
                    .isEmpty();
            assertThat(Studio.run(
                            "ffprobe",
                            "-v",
                            "error",
                            "-show_entries",
                            "stream=codec_name",
                            "-of",
                            "csv=p=0",
                            file.toString()))
                    .contains("aac");
        }
        assertThat(frames).as(clip.name()).isEqualTo(packets).isGreaterThanOrEqualTo(40);
        assertThat(studio.gaps(source)).isEmpty();
        assertThat(studio.lines(source)).noneMatch(line -> line.is(IndexRecord.DAMAGED));
    }

    private String mount(Clip clip) {
        Path file = folder.resolve(clip.name() + ".mp4");
        List<String> command = new java.util.ArrayList<>(List.of(
                "ffmpeg",
                "-y",
                "-v",
                "error",
                "-i",
                FOOTAGE.toString(),
                "-f",
                "lavfi",
                "-i",
                "sine=frequency=440",
                "-t",
                "20",
                "-vf",
                "scale=640:480",
                "-preset",
                "ultrafast"));
        command.addAll(clip.encoding());
        command.addAll(List.of("-c:a", "aac", "-ar", "48000", "-ac", "1", "-shortest", file.toString()));
        Studio.run(command.toArray(String[]::new));
        return clip.name() + "=filesrc location=" + file + " ! qtdemux name=d d.video_0 ! queue ! " + clip.pipeline()
                + " name=pay0 pt=96 d.audio_0 ! queue ! aacparse ! rtpmp4gpay name=pay1 pt=97";
    }

    private Process server(String... mounts) throws IOException {
        Path script = folder.resolve("rtsp_server.py");
        try (var in = GStreamerTest.class.getResourceAsStream("rtsp_server.py")) {
            Files.write(script, in.readAllBytes());
        }
        List<String> command = new java.util.ArrayList<>(List.of("/usr/bin/python3", script.toString()));
        command.addAll(List.of(mounts));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static int port(Process server) throws IOException {
        BufferedReader out = new BufferedReader(new InputStreamReader(server.getInputStream()));
        String line = out.readLine();
        Assumptions.assumeTrue(line != null, "GStreamer's RTSP server for Python is not installed");
        return Integer.parseInt(line.strip());
    }
}

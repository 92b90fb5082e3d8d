package org.conurb.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** GStreamer's RTSP server as a process, and clips of real footage (Debian's opencv-doc) for it. */
final class GStreamer implements AutoCloseable {
    private static final Path FOOTAGE = Path.of("/usr/share/doc/opencv-doc/examples/data/vtest.avi");

    final int port;
    private final Process process;

    /** @param arguments of {@code rtsp_server.py} */
    GStreamer(Path folder, List<String> arguments) {
        try {
            needed();
            Path script = Files.createTempFile(folder, "rtsp_server", ".py");
            try (var in = GStreamer.class.getResourceAsStream("rtsp_server.py")) {
                Files.write(script, in.readAllBytes());
            }
            Path said = Files.createTempFile(folder, "rtsp_server", ".log");
            List<String> command = new ArrayList<>(List.of("/usr/bin/python3", script.toString()));
            command.addAll(arguments);
            process = new ProcessBuilder(command).redirectError(said.toFile()).start();
            String line = new BufferedReader(new InputStreamReader(process.getInputStream())).readLine();
            assertThat(line).as("it said: %s", Files.readString(said)).isNotNull();
            port = Integer.parseInt(line.strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void needed() throws IOException {
        Path python = Path.of("/usr/bin/python3");
        Assumptions.assumeTrue(Files.isExecutable(python), "Debian's Python is not installed");
        Process look = new ProcessBuilder(
                        python.toString(), "-c", "import gi; gi.require_version('GstRtspServer', '1.0')")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Assumptions.assumeTrue(
                look.onExit().join().exitValue() == 0, "GStreamer's RTSP server for Python is not installed");
    }

    URI address(String name) {
        return URI.create("rtsp://127.0.0.1:%d/%s".formatted(port, name));
    }

    /** Seconds of the footage, ten frames a second and a key frame every second, with a tone. */
    static Path clip(Path folder, String name, int seconds, String... encoding) {
        Studio.needs("ffmpeg");
        Studio.needs("ffprobe");
        Assumptions.assumeTrue(Files.exists(FOOTAGE), "Debian's opencv-doc is not installed");
        Path file = folder.resolve(name + ".mp4");
        List<String> command = new ArrayList<>(List.of("ffmpeg", "-y", "-v", "error", "-i", FOOTAGE.toString()));
        command.addAll(List.of("-f", "lavfi", "-i", "sine=frequency=440", "-t", String.valueOf(seconds)));
        command.addAll(List.of("-vf", "scale=640:480", "-preset", "ultrafast", "-g", "10"));
        command.addAll(List.of(encoding));
        command.addAll(List.of("-c:a", "aac", "-ar", "48000", "-ac", "1", file.toString()));
        Studio.run(command.toArray(String[]::new));
        return file;
    }

    /** @param parser with its payloader, as {@code h264parse ! rtph264pay} */
    static String mount(String name, Path clip, String parser) {
        return name + "=filesrc location=" + clip + " ! qtdemux name=d d.video_0 ! queue ! " + parser
                + " name=pay0 pt=96 d.audio_0 ! queue ! aacparse ! rtpmp4gpay name=pay1 pt=97";
    }

    @Override
    public void close() {
        process.destroy();
    }
}

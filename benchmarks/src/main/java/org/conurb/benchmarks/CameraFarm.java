package org.conurb.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Many cameras in one light process: the demo's simulator, serving one clip of 720p25 at 1.5 Mbit/s. */
final class CameraFarm implements AutoCloseable {
    static final int FRAMES_PER_SECOND = 25;
    private static final Pattern PORT = Pattern.compile("rtsp://127\\.0\\.0\\.1:(\\d+)/");

    private final int cameras;
    private final Path clip;
    private @Nullable Process process;
    private int port;

    private CameraFarm(int cameras, Path clip) {
        this.cameras = cameras;
        this.clip = clip;
    }

    /** @throws IOException where ffmpeg, which makes the clip, is not there */
    static CameraFarm of(int cameras, Path scratch) throws IOException, InterruptedException {
        CameraFarm farm = new CameraFarm(cameras, clip(scratch));
        farm.start();
        return farm;
    }

    /** Also after {@link #close}: the same cameras are there again, on the same port. */
    void start() throws IOException {
        Path home = Path.of(System.getProperty("conurb.home", "."));
        Path target = home.resolve("demo").resolve("target");
        Process started = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        target.resolve("demo-0.1.0.jar") + java.io.File.pathSeparator + target.resolve("lib") + "/*",
                        "org.conurb.demo.Demo",
                        "cameras",
                        "--cameras",
                        String.valueOf(cameras),
                        "--port",
                        String.valueOf(port),
                        "--clip",
                        clip.toString(),
                        "--stamp")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher told = PORT.matcher(line);
            if (told.find()) {
                port = Integer.parseInt(told.group(1));
                process = started;
                return;
            }
        }
        throw new IOException("The simulated cameras did not start.");
    }

    private static Path clip(Path scratch) throws IOException, InterruptedException {
        Path clip = scratch.resolve("clip.h264");
        Process ffmpeg = new ProcessBuilder(List.of(
                        "ffmpeg",
                        "-nostdin",
                        "-loglevel",
                        "error",
                        "-y",
                        "-f",
                        "lavfi",
                        "-i",
                        "testsrc2=size=1280x720:rate=25,noise=alls=12:allf=t",
                        "-t",
                        "20",
                        "-c:v",
                        "libx264",
                        "-preset",
                        "veryfast",
                        "-profile:v",
                        "main",
                        "-pix_fmt",
                        "yuv420p",
                        "-bf",
                        "0",
                        "-g",
                        "50",
                        "-sc_threshold",
                        "0",
                        "-b:v",
                        "1500k",
                        "-maxrate",
                        "1500k",
                        "-bufsize",
                        "3000k",
                        "-f",
                        "h264",
                        clip.toString()))
                .inheritIO()
                .start();
        if (ffmpeg.waitFor() != 0 || Files.size(clip) == 0) {
            throw new IOException("ffmpeg with libx264 is needed to make the clip: apt-get install ffmpeg");
        }
        return clip;
    }

    int port() {
        return port;
    }

    /** @param camera 1 or more */
    String url(int camera) {
        return "rtsp://viewer:invented-eyes@127.0.0.1:%d/cameras/%d".formatted(port, camera);
    }

    @Override
    public void close() {
        Process running = process;
        if (running == null) {
            return;
        }
        running.destroy();
        try {
            running.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

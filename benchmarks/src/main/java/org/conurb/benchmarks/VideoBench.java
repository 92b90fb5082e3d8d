package org.conurb.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.conurb.media.FragmentScanner;

/** What a recorded camera costs, beside a child of ffmpeg for each camera. */
final class VideoBench {
    private static final int[] COUNTS = {10, 50, 100, 200};
    private static final int SETTLE_SECONDS = 25;
    private static final int WINDOW_SECONDS = 20;
    private static final double TICKS = 90_000;

    enum Part {
        ALL,
        /** What recording costs, beside ffmpeg, and what faults cost. */
        RECORDED,
        /** Any second of a month, and the wall's time. */
        PLAYED,
        LIVE
    }

    /** @param milliseconds of CPU for each camera and second; megabytes for each camera */
    private record Cost(double milliseconds, double megabytes) {}

    private final PrintStream progress;
    private final CameraFarm farm;
    private final Path scratch;
    private final List<Goal> goals = new ArrayList<>();

    private VideoBench(PrintStream progress, CameraFarm farm, Path scratch) {
        this.progress = progress;
        this.farm = farm;
        this.scratch = scratch;
    }

    static List<Goal> run(PrintStream progress, Part part) throws IOException, InterruptedException {
        try (Scratch scratch = Scratch.named("video");
                CameraFarm farm = CameraFarm.of(COUNTS[COUNTS.length - 1], scratch.folder())) {
            VideoBench bench = new VideoBench(progress, farm, scratch.folder());
            if (part == Part.ALL || part == Part.RECORDED) {
                bench.recorded();
            }
            if (part == Part.ALL || part == Part.PLAYED) {
                WallError.run(progress, bench.goals);
                VideoPlay.run(progress, scratch.folder().resolve("month"), bench.goals);
            }
            if (part == Part.ALL || part == Part.LIVE) {
                VideoWatch.run(progress, farm, scratch.folder().resolve("watched"), bench.goals);
            }
            return bench.goals;
        }
    }

    private void compare(int n, Cost us, Cost them) {
        String beside = " (ffmpeg %.2f ms, %.1f MB)".formatted(them.milliseconds(), them.megabytes());
        goals.add(Goal.atMost(
                "%d cameras: CPU of a recorded camera-second%s".formatted(n, beside), us.milliseconds(), "ms", 1));
        goals.add(Goal.atMost("%d cameras: memory of a camera".formatted(n), us.megabytes(), "MB", 2));
        goals.add(Goal.atLeast(
                "%d cameras: CPU of ffmpeg over ours".formatted(n), them.milliseconds() / us.milliseconds(), "x", 5));
        goals.add(Goal.atLeast(
                "%d cameras: memory of ffmpeg over ours".formatted(n), them.megabytes() / us.megabytes(), "x", 8));
    }

    private void recorded() throws IOException, InterruptedException {
        Path data = scratch.resolve("data");
        List<Cost> ours = new ArrayList<>();
        try (RunningSite site = RunningSite.start(data, "--allow-outbound", "127.0.0.1:" + farm.port())) {
            HttpClient http =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            String token = site.token(http);
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            double before = RunningSite.megabytes(site.pid());
            double began = used(site);
            TimeUnit.SECONDS.sleep(WINDOW_SECONDS);
            double idle = (used(site) - began) / WINDOW_SECONDS;
            progress.printf("bench video: idle %.1f ms CPU a second, %.0f MB%n", idle * 1000, before);
            int added = 0;
            for (int n : COUNTS) {
                for (; added < n; added++) {
                    site.addCamera(http, token, "Camera " + (added + 1), farm.url(added + 1));
                }
                ours.add(ours(site, n, idle, before));
            }
        }
        count(data.resolve("media"), COUNTS[COUNTS.length - 1]);
        for (int i = 0; i < COUNTS.length; i++) {
            compare(COUNTS[i], ours.get(i), theirs(COUNTS[i]));
        }
        VideoFaults.run(progress, farm, data, goals);
    }

    private Cost ours(RunningSite site, int n, double idle, double before) throws IOException, InterruptedException {
        TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
        double began = used(site);
        TimeUnit.SECONDS.sleep(WINDOW_SECONDS);
        double cpu = (used(site) - began) / WINDOW_SECONDS - idle;
        Cost cost = new Cost(cpu * 1000 / n, (RunningSite.megabytes(site.pid()) - before) / n);
        progress.printf(
                "bench video: %d cameras: %.2f ms a camera-second, %.2f MB a camera%n",
                n, cost.milliseconds(), cost.megabytes());
        return cost;
    }

    /** The same cameras by a child of ffmpeg each, after ours: both at once would fight for two cores. */
    private Cost theirs(int n) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(scratch.resolve("ffmpeg-" + n));
        List<Process> children = new ArrayList<>();
        try {
            for (int i = 1; i <= n; i++) {
                children.add(child(i, folder));
            }
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            double began = cpu(children);
            TimeUnit.SECONDS.sleep(WINDOW_SECONDS);
            double cpu = (cpu(children) - began) / WINDOW_SECONDS;
            long alive = children.stream().filter(Process::isAlive).count();
            double memory = 0;
            for (Process child : children) {
                memory += child.isAlive() ? RunningSite.megabytes(child.pid()) : 0;
            }
            Cost cost = new Cost(cpu * 1000 / alive, memory / alive);
            progress.printf(
                    "bench video: ffmpeg, %d of %d alive: %.2f ms a camera-second, %.2f MB a camera%n",
                    alive, n, cost.milliseconds(), cost.megabytes());
            return cost;
        } finally {
            for (Process child : children) {
                child.destroy();
            }
            for (Process child : children) {
                child.waitFor(10, TimeUnit.SECONDS);
            }
        }
    }

    /** CPU seconds so far, less the compiler's, which rests once what runs often is compiled. */
    private static double used(RunningSite site) throws IOException {
        return RunningSite.cpuSeconds(site.pid()) - site.compilerSeconds();
    }

    /**
     * Reads back what lies on disk: frames that are missing between the first and the last of each camera, between two
     * fragments and inside one, where the frame before a lost one lasts longer.
     */
    private void count(Path media, int cameras) throws IOException {
        Map<Path, List<Path>> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(media)) {
            all.filter(file -> file.toString().endsWith(".mp4"))
                    .sorted()
                    .forEach(file -> files.computeIfAbsent(folder(media, file), key -> new ArrayList<>())
                            .add(file));
        }
        long frames = 0;
        long lost = 0;
        for (List<Path> ofCamera : files.values()) {
            double end = -1;
            for (Path file : ofCamera) {
                try (SeekableByteChannel channel = Files.newByteChannel(file)) {
                    for (FragmentScanner.Fragment fragment :
                            FragmentScanner.scan(channel).fragments()) {
                        lost += end < 0 ? 0 : frames(fragment.startsAt() - end);
                        lost += Math.max(0, frames(fragment.ticks()) - fragment.samples());
                        frames += fragment.samples();
                        end = fragment.startsAt() + fragment.ticks();
                    }
                }
            }
        }
        progress.printf("bench video: %d frames of %d cameras read back%n", frames, files.size());
        goals.add(Goal.atLeast("cameras with recordings", files.size(), "cameras", cameras));
        goals.add(Goal.atMost("frames missing of %d recorded".formatted(frames), lost, "frames", 0));
    }

    /** How many fit into so many ticks. */
    private static long frames(double ticks) {
        return Math.max(0, Math.round(ticks / TICKS * CameraFarm.FRAMES_PER_SECOND));
    }

    /** The camera's folder: the second below the volume, tenant first. */
    private static Path folder(Path media, Path file) {
        return media.relativize(file).subpath(0, 2);
    }

    private Process child(int camera, Path folder) throws IOException {
        return new ProcessBuilder(
                        "ffmpeg",
                        "-nostdin",
                        "-loglevel",
                        "quiet",
                        "-rtsp_transport",
                        "tcp",
                        "-timeout",
                        "30000000",
                        "-i",
                        farm.url(camera),
                        "-c",
                        "copy",
                        "-f",
                        "segment",
                        "-segment_time",
                        "10",
                        "-segment_format",
                        "mp4",
                        "-segment_format_options",
                        "movflags=+frag_keyframe+empty_moov+default_base_moof",
                        folder.resolve(camera + "-%05d.mp4").toString())
                .start();
    }

    private static double cpu(List<Process> children) throws IOException {
        double all = 0;
        for (Process child : children) {
            all += child.isAlive() ? RunningSite.cpuSeconds(child.pid()) : 0;
        }
        return all;
    }
}

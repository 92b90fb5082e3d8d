package org.conurb.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.conurb.media.FragmentScanner;
import tools.jackson.databind.JsonNode;

/** What is lost when the recorder is killed, and how soon cameras that were gone are recorded again. */
final class VideoFaults {
    private static final Duration GONE = Duration.ofSeconds(12);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LIVING_PATIENCE = Duration.ofSeconds(60);
    private static final double TICKS = 90_000;

    private VideoFaults() {}

    /** On the data folder of a stopped site whose cameras are those of the farm. */
    static void run(PrintStream progress, CameraFarm farm, Path data, List<Goal> goals)
            throws IOException, InterruptedException {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        String allowed = "127.0.0.1:" + farm.port();
        try (RunningSite site = RunningSite.start(data, "--allow-outbound", allowed)) {
            String token = site.token(http);
            allRecording(site, http, token);
            farm.close();
            TimeUnit.MILLISECONDS.sleep(GONE.toMillis());
            farm.start();
            double seconds = allRecording(site, http, token);
            progress.printf("bench video: all recorded again %.1f s after they were back%n", seconds);
            goals.add(Goal.atMost(
                    "cameras gone for %d s: the last is recorded again after".formatted(GONE.toSeconds()),
                    seconds,
                    "s",
                    5));
            TimeUnit.SECONDS.sleep(15);
            site.kill();
        }
        double killedAt = System.currentTimeMillis() / 1000.0;
        double most = 0;
        for (double end : ends(data.resolve("media")).values()) {
            most = Math.max(most, killedAt - end);
        }
        progress.printf("bench video: killed; at most %.1f s of a camera are not on disk%n", most);
        goals.add(Goal.atMost("kill -9: seconds of any camera that are not on disk", most, "s", 5));
        RunningSite.start(data, "--allow-outbound", allowed).close(); // takes the orphaned PostgreSQL along
    }

    /** @return seconds until every camera that is wanted is recorded */
    static double allRecording(RunningSite site, HttpClient http, String token)
            throws IOException, InterruptedException {
        long began = System.nanoTime();
        while (System.nanoTime() - began < PATIENCE.toNanos()) {
            JsonNode health = site.get(http, token, "/api/video/health");
            if (health.path("wanted").asInt() > 0
                    && health.path("wanted").asInt() == health.path("recording").asInt()) {
                return (System.nanoTime() - began) / 1e9;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new IOException("Not all cameras are recorded after %d s.".formatted(PATIENCE.toSeconds()));
    }

    /** Wall seconds up to which each camera lies on disk, whole fragments only. */
    private static Map<Path, Double> ends(Path media) throws IOException {
        Map<Path, Path> newest = new HashMap<>();
        try (Stream<Path> all = Files.walk(media)) {
            all.filter(file -> file.toString().endsWith(".mp4"))
                    .sorted()
                    .forEach(file -> newest.put(media.relativize(file).subpath(0, 2), file));
        }
        Map<Path, Double> ends = new HashMap<>();
        for (Map.Entry<Path, Path> file : newest.entrySet()) {
            try (SeekableByteChannel channel = Files.newByteChannel(file.getValue())) {
                List<FragmentScanner.Fragment> fragments =
                        FragmentScanner.scan(channel).fragments();
                if (!fragments.isEmpty()) {
                    FragmentScanner.Fragment last = fragments.getLast();
                    ends.put(file.getKey(), (last.startsAt() + last.ticks()) / TICKS);
                }
            }
        }
        return ends;
    }

    /** From {@code Conurb is ready} of a first demo until its cameras are recorded and its units have told where they are. */
    static Goal living(PrintStream progress, Path data) throws IOException, InterruptedException {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        try (RunningSite site = RunningSite.demo(data)) {
            long began = System.nanoTime();
            String token = site.token(http);
            while (System.nanoTime() - began < LIVING_PATIENCE.toNanos()) {
                JsonNode health = site.get(http, token, "/api/video/health");
                if (health.path("recording").asInt() == 12
                        && allPlaced(site.get(http, token, "/api/units?limit=200"))) {
                    break;
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            progress.printf("bench start: the city lives %.1f s after ready%n", seconds);
            return Goal.atMost("demo, first start: ready to 12 cameras recorded and 40 units placed", seconds, "s", 10);
        }
    }

    private static boolean allPlaced(JsonNode units) {
        JsonNode items = units.path("items");
        int placed = 0;
        for (JsonNode unit : items) {
            placed += unit.path("position").isObject() && unit.has("positionAt") ? 1 : 0;
        }
        return placed >= 40;
    }
}

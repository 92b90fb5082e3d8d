package org.conurb.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.conurb.media.WebRtcClient;

/**
 * The program. {@code city FILE} writes the map, {@code cameras} serves cameras alone, {@code clips FOLDER} draws the clips
 * anew, {@code voices FOLDER} what crews say, {@code live} lets the city live at a site.
 */
public final class Demo {
    private static final String USAGE = """
            demo live --data DIR [--rtsp-port P] [--control-port P] [--seed N] [--speed F] [--site URL] [--silent]
            demo city FILE.osm.pbf [--seed N]
            demo cameras [--cameras N] [--port P] [--user U --password W] [--clip FILE.h264 [--stamp]]
            demo clips FOLDER
            demo voices FOLDER
            """;

    private final Map<String, String> options = new HashMap<>();

    private Demo(String[] arguments) {
        for (int i = 1; i < arguments.length; i++) {
            if (arguments[i].startsWith("--")) {
                boolean flag = i + 1 == arguments.length || arguments[i + 1].startsWith("--");
                options.put(arguments[i].substring(2), flag ? "true" : arguments[++i]);
            } else {
                options.put("", arguments[i]);
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        Demo demo = new Demo(arguments);
        switch (arguments.length == 0 ? "" : arguments[0]) {
            case "clips" -> ClipMaker.make(Path.of(demo.option("", "clips")));
            case "voices" -> VoiceMaker.make(Path.of(demo.option("", "voices")));
            case "cameras" -> demo.cameras();
            case "city" ->
                OsmFile.write(TownBuilder.build(demo.number("seed", 1)), Path.of(demo.option("", "alder.osm.pbf")));
            case "live" -> demo.live();
            default -> {
                System.err.print(USAGE);
                System.exit(2);
            }
        }
    }

    private String option(String name, String otherwise) {
        return options.getOrDefault(name, otherwise);
    }

    private int number(String name, int otherwise) {
        return Integer.parseInt(option(name, String.valueOf(otherwise)));
    }

    private void live() throws IOException, InterruptedException {
        Path data = Path.of(option("data", "demo-data"));
        if (options.containsKey("child")) {
            Thread.ofPlatform().daemon().name("parent").start(Demo::endWithTheParent);
        }
        Clock clock = Clock.systemUTC();
        List<SimCamera> cameras = CityCameras.simulated();
        Digest digest = new Digest(Cameras.USER, Cameras.PASSWORD);
        try (RtspServer server = new RtspServer(number("rtsp-port", 0), cameras, digest, clock, new SecureRandom())) {
            HttpSite site = HttpSite.of(data, options.get("site"));
            Optional<Radios> radios =
                    options.containsKey("silent") ? Optional.empty() : Optional.of(radios(site, clock));
            Living living = new Living(
                    site,
                    cameras,
                    server.port(),
                    clock,
                    number("seed", 1),
                    Double.parseDouble(option("speed", "1")),
                    radios);
            try (ControlDoor door = new ControlDoor(number("control-port", 0), living, new SecureRandom())) {
                door.tell(data);
                living.run();
            } finally {
                radios.ifPresent(Radios::close);
            }
        }
    }

    private Radios radios(HttpSite site, Clock clock) {
        SecureRandom random = new SecureRandom();
        WebRtcClient.Keys keys = new WebRtcClient.Keys(random, clock.instant());
        return new Radios(
                new RadioRoom(site, keys, random), Speech.load(), new Random(number("seed", 1)), System::nanoTime);
    }

    /** Whoever started us holds the other end of our standard input: when it is gone, so are we. */
    private static void endWithTheParent() {
        try {
            while (System.in.read() >= 0) {}
        } catch (IOException e) {
            // as good as its end
        }
        System.exit(0);
    }

    private void cameras() throws IOException, InterruptedException {
        List<SimCamera> cameras = options.containsKey("clip")
                ? Cameras.alike(
                        number("cameras", 12),
                        Clip.of(Files.readAllBytes(Path.of(option("clip", ""))), 0),
                        options.containsKey("stamp"))
                : Cameras.many(number("cameras", 12));
        Digest digest = new Digest(option("user", Cameras.USER), option("password", Cameras.PASSWORD));
        try (RtspServer server =
                new RtspServer(number("port", 8554), cameras, digest, Clock.systemUTC(), new SecureRandom())) {
            System.out.printf(
                    "%d cameras at rtsp://127.0.0.1:%d/cameras/1 to /cameras/%d%n",
                    cameras.size(), server.port(), cameras.size());
            new CountDownLatch(1).await();
        }
    }
}

package org.conurb.server;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.conurb.server.TestSite.Call;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One headless Chromium for all browser tests of a run, and a city with a map and something going on in it. */
final class BrowserRoom {
    /** Whatever is awaited on a screen: much longer than it takes on a machine that has other work. */
    static final double PATIENCE_MS = 40_000;

    private static final List<String> FLAGS = List.of(
            "--no-sandbox",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--allow-loopback-in-peer-connection",
            "--autoplay-policy=no-user-gesture-required",
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            "--use-file-for-fake-audio-capture=" + tone(),
            "--use-gl=angle",
            "--use-angle=swiftshader",
            "--enable-unsafe-swiftshader",
            // Without a graphics card only what must be is drawn by what stands in for one: the map, not the page.
            "--disable-gpu-compositing");

    private static @Nullable Browser browser;
    private static @Nullable TestSite busyCity;

    private BrowserRoom() {}

    /** What every microphone hears: 880 Hz with pauses; a file of two seconds, played round. */
    private static Path tone() {
        try {
            Path file = Files.createTempFile("conurb-tone", ".wav");
            AudioFormat format = new AudioFormat(48_000, 16, 1, true, false);
            byte[] samples = new byte[2 * 48_000 * 2];
            for (int i = 0; i < samples.length / 2; i++) {
                boolean pause = i % 19_200 > 14_400;
                int level = pause ? 0 : (int) (12_000 * Math.sin(2 * Math.PI * 880 * i / 48_000));
                samples[2 * i] = (byte) level;
                samples[2 * i + 1] = (byte) (level >> 8);
            }
            AudioInputStream stream =
                    new AudioInputStream(new ByteArrayInputStream(samples), format, samples.length / 2);
            AudioSystem.write(stream, AudioFileFormat.Type.WAVE, file.toFile());
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The browser; a test that wants one on a machine without says that it skips. */
    static synchronized Browser browser() {
        Optional<Path> chromium = Stream.of(
                        Optional.ofNullable(System.getenv("CONURB_CHROMIUM")).orElse("/usr/bin/chromium"),
                        "/usr/bin/chromium-browser",
                        "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(
                chromium.isPresent(),
                "skipped: no Chromium here; install it (apt-get install chromium) or name one in CONURB_CHROMIUM");
        if (browser == null) {
            Playwright playwright = Playwright.create(
                    new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
            browser = playwright
                    .chromium()
                    .launch(new BrowserType.LaunchOptions()
                            .setExecutablePath(chromium.get())
                            .setArgs(FLAGS));
            PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
        }
        return browser;
    }

    /** Alder in mid-shift: calls, units under way, warnings, and its map where one can be made here. */
    static synchronized TestSite busyCity() {
        browser();
        if (busyCity == null) {
            List<String> map = new ArrayList<>();
            extract("monaco").ifPresent(osm -> map.addAll(List.of("--map", osm.toString())));
            TestSite city = TestSite.demo(TestSite.temporaryFolder("conurb browser "), map.toArray(String[]::new));
            Runtime.getRuntime().addShutdownHook(new Thread(city::close));
            busyCity = city;
            keepBusy(city);
            if (!map.isEmpty()) {
                TestSite.await("the map", () -> city.output().contains("The map is ready"));
            }
        }
        return busyCity;
    }

    static boolean basemapIsBuilt() {
        Path target = TestSite.ROOT.resolve("basemap").resolve("target");
        return Files.exists(target.resolve("basemap-0.1.0.jar")) && Files.isDirectory(target.resolve("lib"));
    }

    /** A real extract that a map can be made of here. */
    static Optional<Path> extract(String name) {
        try {
            return Optional.of(TestSite.sharedData("osm/" + name + ".osm.pbf")).filter(osm -> basemapIsBuilt());
        } catch (org.opentest4j.TestAbortedException absent) {
            return Optional.empty();
        }
    }

    private static void keepBusy(TestSite city) {
        Call dispatch = city.asInstaller().header("Conurb-Organisation", "control-room");
        String fire = open(
                dispatch,
                "fire.building",
                1,
                7.4212,
                43.7349,
                "Smoke from the third floor of a block of flats, people at the windows. Entrance on the square.");
        String collision = open(
                dispatch,
                "traffic.collision",
                2,
                7.4283,
                43.7412,
                "Two cars and a scooter at the crossing, one person on the ground.");
        open(dispatch, "medical.cardiac-arrest", 1, 7.4166, 43.7318, "Man of about 60 collapsed in the shop.");
        open(dispatch, "city.flooding", 3, 7.4385, 43.7489, "Water in the underpass, about 20 cm.");
        String burglary = open(dispatch, "police.burglary", 2, 7.4131, 43.7286, "Back door forced, nobody inside.");
        open(dispatch, "medical.transport", 4, 7.4261, 43.7391, "Transfer to the clinic, walking patient.");
        for (String callSign : List.of("E11", "L11", "R11", "A3", "C1")) {
            send(city, dispatch, fire, callSign);
        }
        for (String callSign : List.of("P3", "A4")) {
            send(city, dispatch, collision, callSign);
        }
        send(city, dispatch, burglary, "P1");
        status(city, dispatch, "E11", "4");
        status(city, dispatch, "L11", "3");
        status(city, dispatch, "A3", "3");
        status(city, dispatch, "P3", "4");
        status(city, dispatch, "W2", "6");
        drive(city, dispatch, "E11", 7.4207, 43.7346);
        drive(city, dispatch, "L11", 7.4193, 43.7339);
        drive(city, dispatch, "R11", 7.4178, 43.7330);
        drive(city, dispatch, "C1", 7.4201, 43.7327);
        drive(city, dispatch, "A3", 7.4231, 43.7357);
        drive(city, dispatch, "P3", 7.4279, 43.7409);
        drive(city, dispatch, "A4", 7.4303, 43.7429);
        dispatch.post(
                        "/api/incidents/" + fire + "/notes",
                        Map.of("text", "Caller says that two children are on the third floor."))
                .expect(201);
        warn(dispatch, "conurb.scene.1", "Actual", "Severe", "Heavy rain", STRAND);
        warn(dispatch, "conurb.scene.2", "Exercise", "Extreme", "Tsunami", HARBOUR);
    }

    private static final String STRAND = "43.7400,7.4270 43.7400,7.4350 43.7480,7.4430 43.7530,7.4410 43.7400,7.4270";
    private static final String HARBOUR = "43.7335,7.4215 43.7335,7.4300 43.7372,7.4300 43.7372,7.4215 43.7335,7.4215";

    /** Opens an incident through the interface; its id. */
    static String open(Call caller, String type, int priority, double east, double north, String description) {
        return caller.post(
                        "/api/incidents",
                        Map.of(
                                "type",
                                type,
                                "priority",
                                priority,
                                "place",
                                Map.of("type", "Point", "coordinates", List.of(east, north)),
                                "description",
                                description,
                                "caller",
                                Map.of("name", "A. Caller", "phone", "555 0100")))
                .expect(201)
                .json()
                .path("id")
                .asString();
    }

    static JsonNode incident(Call caller, String id) {
        return caller.get("/api/incidents/" + id).expect(200).json();
    }

    static void send(TestSite city, Call dispatch, String incident, String callSign) {
        dispatch.post("/api/incidents/" + incident + "/units", Map.of("unit", unit(city, callSign)))
                .expect(200);
    }

    private static void drive(TestSite city, Call dispatch, String callSign, double east, double north) {
        dispatch.post(
                        "/api/units/" + unit(city, callSign) + "/position",
                        Map.of("place", Map.of("type", "Point", "coordinates", List.of(east, north))))
                .expect(204);
    }

    private static void status(TestSite city, Call dispatch, String callSign, String code) {
        dispatch.post("/api/units/" + unit(city, callSign) + "/status", Map.of("code", code))
                .expect(200);
    }

    private static String unit(TestSite city, String callSign) {
        for (JsonNode unit : city.asInstaller()
                .header("Conurb-Organisation", "control-room")
                .get("/api/units?limit=100")
                .expect(200)
                .json()
                .path("items")) {
            if (unit.path("callSign").asString().equals(callSign)) {
                return unit.path("id").asString();
            }
        }
        throw new IllegalStateException("No unit " + callSign);
    }

    /** Puts a warning with an outline into the city. */
    static void warn(Call caller, String identifier, String status, String severity, String event, String polygon) {
        String cap = """
                <?xml version="1.0" encoding="UTF-8"?>
                <alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
                  <identifier>%s</identifier><sender>weather@conurb.example</sender>
                  <sent>2026-03-01T08:00:00-00:00</sent><status>%s</status><msgType>Alert</msgType><scope>Public</scope>
                  <info><language>en</language><category>Met</category><event>%s</event><urgency>Immediate</urgency>
                    <severity>%s</severity><certainty>Likely</certainty>
                    <headline>%3$s in Alder until the evening</headline>
                    <description>Up to 60 mm within three hours.</description>
                    <instruction>Keep away from underpasses and the shore.</instruction>
                    <area><areaDesc>The Strand</areaDesc><polygon>%s</polygon></area>
                  </info>
                </alert>
                """.formatted(identifier, status, event, severity, polygon);
        caller.send(
                        "POST",
                        "/api/warnings",
                        cap.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        "application/cap+xml")
                .expect(201);
    }
}

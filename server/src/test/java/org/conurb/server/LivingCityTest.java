package org.conurb.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.conurb.server.TestSite.Call;
import org.conurb.verifier.VerifierCommand;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The first ten minutes: a city with real cameras and crews that obey, by HTTP and in a real browser. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LivingCityTest {
    private static final double[] SCHOOL = {7.4206, 43.7297};

    @TempDir
    static Path folder;

    private static TestSite city;
    private static Call dispatch;
    private static String incident;

    @BeforeAll
    static void start() {
        city = TestSite.living();
        dispatch = city.asInstaller().header("Conurb-Organisation", "control-room");
        TestSite.await("twelve cameras that are recorded", () -> recording() == 12);
        demo("calls", Map.of("paused", true));
        incident = dispatch.post(
                        "/api/incidents",
                        Map.of(
                                "type",
                                "fire.smoke",
                                "priority",
                                1,
                                "place",
                                Map.of("type", "Point", "coordinates", SCHOOL),
                                "description",
                                "Smoke over the school gate"))
                .expect(201)
                .json()
                .path("id")
                .asString();
    }

    @AfterAll
    static void stop() {
        if (city != null) {
            city.close();
        }
    }

    private static int recording() {
        return dispatch.get("/api/video/health").json().path("recording").asInt();
    }

    private static void demo(String path, Map<String, Object> body) {
        city.asInstaller().post("/api/demo/" + path, body).expect(200);
    }

    private static JsonNode camera(String name) {
        return dispatch.get("/api/video/cameras")
                .expect(200)
                .json()
                .path("items")
                .valueStream()
                .filter(one -> one.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @ExtendWith(OnceMore.class)
    @Order(1)
    void aDispatcherIsRefusedWithoutAPurposeAndSeesTheCamerasNearAnIncidentLiveWithOne() {
        try (BrowserSeat amara = BrowserSeat.at(city, BrowserSeat.Look.USUAL)) {
            amara.signIn("amara.okafor");
            amara.page.navigate("/video");
            assertThat(amara.page.getByText("No purpose allows this view").first())
                    .isVisible();
            amara.screenshot("video-refused");
            amara.page.navigate("/");
            amara.named(AriaRole.BUTTON, "Dispatch 1").click();
            amara.pick("I-");
            Locator near = amara.page.locator(".near-tiles .tile-still");
            assertThat(near.first()).isVisible();
            TestSite.await("still pictures of the cameras near", () -> pictures(near) >= 2);
            amara.screenshot("video-near-incident");

            List<String> asked = new CopyOnWriteArrayList<>();
            amara.page.onRequest(request -> asked.add(request.url()));
            amara.page.getByText("On the wall").click();
            Locator live = amara.page.locator("video");
            TestSite.await("live pictures", () -> live.count() >= 2 && playing(live) == live.count());
            assertThat(asked).as("small tiles ask for small pictures").anyMatch(url -> url.contains("stream=sub"));
            assertThat(amara.page.getByText("logged for I-").first()).isVisible();
            amara.screenshot("video-wall-live");
            amara.expectAccessible("the video wall");
            amara.expectWords("the video wall");
            amara.expectNoSidewaysScroll("the video wall");

            TestSite.await("half a minute of recording", () -> secondsRecorded("Harbour School gate") > 30);
            amara.press("Shift+ArrowLeft", "Shift+ArrowLeft");
            amara.press("Space"); // scrubbing stops at the picture; on from here
            TestSite.await("recordings that play", () -> playing(live) >= 2 && recorded(live) == live.count());
            amara.screenshot("video-wall-recorded");
            amara.expectNoFaultsBut(fault -> fault.contains("status of 403")); // what was refused at first
        }
    }

    @Test
    @ExtendWith(OnceMore.class)
    @Order(2)
    void theWallWithLivePicturesIsAccessibleInBothThemesAndFromRightToLeft() {
        for (BrowserSeat.Look look : List.of(
                BrowserSeat.Look.USUAL.inTheme("light"),
                BrowserSeat.Look.USUAL.in("ar"),
                BrowserSeat.Look.USUAL.inTheme("light").in("ar"))) {
            try (BrowserSeat amara = BrowserSeat.of("amara.okafor", city, look)) {
                amara.page.navigate("/video?case=" + incident);
                Locator live = amara.page.locator("video");
                TestSite.await("live pictures", () -> live.count() >= 2 && playing(live) >= 2);
                amara.screenshot("video-wall-" + look);
                amara.expectAccessible("the video wall " + look);
            }
        }
    }

    /** What the site answers comes through, but the ports that it names are closed: by UDP and by TCP. */
    @Test
    @ExtendWith(OnceMore.class)
    @Order(2)
    void whereNoMediaPortCanBeReachedLivePicturesComeByHls() {
        try (BrowserSeat amara = BrowserSeat.of("amara.okafor", city)) {
            List<String> closed = new CopyOnWriteArrayList<>();
            amara.page.route("**/whep/cameras/**", route -> {
                if (!route.request().method().equals("POST")) {
                    route.resume();
                    return;
                }
                APIResponse answer = route.fetch();
                String text = answer.text().replaceAll("(a=candidate:\\S+ \\d+ \\S+ \\d+ \\S+) \\d+", "$1 9");
                text.lines().filter(line -> line.startsWith("a=candidate:")).forEach(closed::add);
                route.fulfill(new Route.FulfillOptions().setResponse(answer).setBody(text));
            });
            amara.page.navigate("/video?case=" + incident);
            Locator live = amara.page.locator("video");
            TestSite.await(
                    "live pictures by HLS",
                    () -> live.count() >= 2 && recorded(live) == live.count() && playing(live) >= 2);

            assertThat(amara.page.getByText("live, delayed").first()).isVisible();
            assertThat(closed).anyMatch(line -> line.contains(" udp ")).anyMatch(line -> line.contains(" tcp "));
            amara.screenshot("video-wall-hls");
        }
    }

    private static int pictures(Locator images) {
        return ((Number) images.evaluateAll("all => all.filter(one => one.complete && one.naturalWidth > 100).length"))
                .intValue();
    }

    private static int playing(Locator videos) {
        return ((Number) videos.evaluateAll("all => all.filter(one => one.videoWidth > 100 && one.readyState >= 2"
                        + " && one.getVideoPlaybackQuality().totalVideoFrames > 5).length"))
                .intValue();
    }

    private static int recorded(Locator videos) {
        return ((Number) videos.evaluateAll("all => all.filter(one => one.srcObject === null).length")).intValue();
    }

    private static double secondsRecorded(String name) {
        return Duration.between(Instant.parse(camera(name).path("stateSince").asString()), Instant.now())
                        .toMillis()
                / 1000.0;
    }

    @Test
    @ExtendWith(OnceMore.class)
    @Order(2)
    void aCameraWhosePlugIsPulledIsToldAtOnceAndComesBack() {
        demo("cameras/market", Map.of("fault", "stop"));
        TestSite.await(
                "the camera is told to be gone",
                () -> dispatch.get("/api/video/health")
                        .json()
                        .path("notRecording")
                        .toString()
                        .contains("Market Hall crossing"));
        try (BrowserSeat luc = BrowserSeat.of("luc.moreau", city)) {
            luc.page.navigate("/video");
            assertThat(luc.page.getByText("Not recording").first()).isVisible();
            assertThat(luc.page.locator("body")).containsText("Market Hall crossing");
            luc.page.locator(".uptime summary").click();
            assertThat(luc.page.locator(".uptime tbody tr").first()).isVisible();
            assertThat(luc.page.locator(".uptime summary strong")).containsText("%");
            luc.screenshot("video-not-recording");
        }
        demo("cameras/market", Map.of("fault", "none"));
        TestSite.await("it is recorded again", () -> recording() == 12);
        String id = camera("Market Hall crossing").path("id").asString();
        LocalDate day = LocalDate.now(ZoneId.of(
                dispatch.get("/api/city").expect(200).json().path("timeZone").asString()));
        TestSite.await(
                "the gap stands in the timeline with its reason",
                () -> dispatch.get("/api/video/cameras/%s/timeline?day=%s&case=%s".formatted(id, day, incident))
                        .expect(200)
                        .json()
                        .path("gaps")
                        .toString()
                        .contains("reason"));
    }

    @Test
    @Order(3)
    void aUnitThatIsSentDrivesThereAndReportsByItself() {
        demo("speed", Map.of("factor", 20));
        JsonNode proposed = dispatch.get("/api/incidents/%s/proposals?limit=1".formatted(incident))
                .expect(200)
                .json()
                .path("items")
                .get(0);
        String unit = proposed.path("unit").asString();
        dispatch.post("/api/incidents/%s/units".formatted(incident), Map.of("unit", unit))
                .expect(200);
        List<String> seen = new ArrayList<>();
        TestSite.await("the unit is at the scene", () -> {
            String state = dispatch.get("/api/incidents/" + incident)
                    .json()
                    .path("units")
                    .path(0)
                    .path("status")
                    .path("state")
                    .asString("");
            if (!seen.contains(state)) {
                seen.add(state);
            }
            return state.equals("ON_SCENE");
        });
        assertThat(seen).contains("EN_ROUTE");
    }

    @Test
    @Order(4)
    void whatCrewsTellOneAnotherOnTheRadioIsKeptWithTheIncident() {
        for (JsonNode proposed : dispatch.get("/api/incidents/%s/proposals?limit=2".formatted(incident))
                .expect(200)
                .json()
                .path("items")) {
            String unit = proposed.path("unit").asString();
            dispatch.post("/api/incidents/%s/units".formatted(incident), Map.of("unit", unit))
                    .expect(200);
        }
        String talks = "/api/talk/spurts?incident=" + incident;
        TestSite.await(
                "a talk of a crew",
                () -> dispatch.get(talks)
                        .expect(200)
                        .json()
                        .path("items")
                        .valueStream()
                        .anyMatch(talk -> talk.path("participant").asString().startsWith("sip:unit-")
                                && talk.path("recorded").asBoolean()
                                && talk.path("seconds").asDouble(0) > 1));
    }

    @Test
    @Order(4)
    void evidenceIsTakenOutAndItsVerifierSaysValidAndNamesWhatIsBroken() throws Exception {
        Instant to = Instant.now().minusSeconds(5);
        List<Map<String, Object>> parts = new ArrayList<>();
        for (String name : List.of("Harbour School gate", "Harbour School yard")) {
            parts.add(Map.of(
                    "camera",
                    camera(name).path("id").asString(),
                    "from",
                    to.minusSeconds(15).toString(),
                    "to",
                    to.toString()));
        }
        TestSite.Reply asked = dispatch.post(
                        "/api/video/exports", Map.of("parts", parts, "case", incident, "reason", "for the inquiry"))
                .expect(202);
        String export = URI.create(asked.header("Location")).getPath();
        TestSite.await(
                "the bundle is ready",
                () -> dispatch.get(export)
                        .expect(200)
                        .json()
                        .path("state")
                        .asString()
                        .equals("ready"));
        Path bundle = folder.resolve("bundle.zip");
        Files.write(bundle, dispatch.get(export + "/bundle.zip").expect(200).body());
        Path key = city.data.resolve("keys").resolve("audit.pub");

        assertThat(TestSite.admin(city.data, "verify", bundle.toString(), "--key", key.toString()))
                .contains("VALID");

        byte[] changed = Files.readAllBytes(bundle);
        changed[changed.length / 2] ^= 1;
        Path broken = folder.resolve("broken.zip");
        Files.write(broken, changed);
        assertThat(verify(broken, key)).doesNotStartWith("0");
    }

    @Test
    @Order(6)
    void whatTheRoomsToldOthersMeanwhileHoldsToTheModel() {
        assertThat(EntityModelApiTest.expectModel(dispatch)).contains("Camera", "Incident", "Unit");
    }

    private static String verify(Path bundle, Path key) {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(told, true, StandardCharsets.UTF_8);
        int exit = VerifierCommand.run(List.of(bundle.toString(), "--key", key.toString()), out, out);
        return exit + " " + told.toString(StandardCharsets.UTF_8);
    }

    @Test
    @ExtendWith(OnceMore.class)
    @Order(5)
    void theDemoPanelPlaysASceneAndLetsOneGoOnAsAnother() {
        try (BrowserSeat luc = BrowserSeat.of("luc.moreau", city)) {
            luc.page.getByText("Play with it").click();
            assertThat(luc.page.getByText("Smoke at Harbour School").first()).isVisible();
            luc.screenshot("demo-panel");
            luc.page.getByText("Smoke at Harbour School").first().click();
            luc.page
                    .getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Nadia Rossi"))
                    .click();
            assertThat(luc.page.locator(".account-button")).containsText("Town Hall");
        }
        TestSite.await(
                "calls of the scene",
                () -> dispatch.get("/api/incidents?state=open&limit=50")
                                .json()
                                .path("items")
                                .size()
                        >= 3);
    }

    @Test
    @Order(7)
    void aTermSignalStopsEveryChild() throws Exception {
        List<String> wanted = List.of("org.conurb.demo.Demo", "org.conurb.pictures.Pictures", "postgres");
        TestSite.await(
                "cameras, crews, still pictures and the database are at work",
                () -> wanted.stream()
                        .allMatch(name ->
                                children().anyMatch(child -> words(child).contains(name))));
        ProcessHandle postgres = ProcessHandle.of(city.postgresPid()).orElseThrow();
        List<ProcessHandle> all =
                Stream.concat(Stream.of(postgres), children()).distinct().toList();

        JsonNode ports = city.ports();
        assertThat(ports.propertyNames())
                .contains("address", "http", "iceTcp", "mediaUdp", "demoCameras", "demoControl", "postgres");
        int first = ports.path("http").asInt();
        assertThat(ports.path("iceTcp").asInt()).isEqualTo(first + 1);
        assertThat(ports.path("mediaUdp").get(0).asInt()).isEqualTo(first + 16);

        city.stop();

        for (ProcessHandle child : all) {
            TestSite.await("the end of " + words(child), () -> !child.isAlive());
        }
    }

    private static Stream<ProcessHandle> children() {
        return ProcessHandle.of(city.pid()).orElseThrow().descendants();
    }

    private static String words(ProcessHandle process) {
        return process.info().commandLine().orElse(process.info().command().orElse(""));
    }
}

package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.conurb.server.TestSite.Call;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A phone (the fake camera of a browser) that publishes by WHIP, and another browser that sees it under a grant. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PhoneCameraTest {
    private static final double[] SQUARE = {7.4206, 43.7297};

    private static TestSite city;
    private static Call caller;
    private static String camera;
    private static String incident;
    private static String grant;
    private static BrowserContext browser;
    private static Page phone;
    private static Page screen;

    @BeforeAll
    static void start() {
        browser = BrowserRoom.browser().newContext();
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/ffprobe")), "needs ffprobe (apt-get install ffmpeg)");
        Path data = TestSite.temporaryFolder("conurb phone ");
        List<String> command = new ArrayList<>(
                TestSite.commandLine(List.of("demo", "--data", data.toString(), "--port", "0", "--still")));
        command.add(1, "-Dconurb.media.public-address=127.0.0.2,127.0.0.1");
        city = TestSite.of(data, command);
        caller = city.asInstaller().header("Conurb-Organisation", "control-room");
        camera = caller.post("/api/video/cameras", Map.of("name", "Phone of E11", "source", "whip", "place", point()))
                .expect(201)
                .json()
                .path("id")
                .asString();
        incident = caller.post(
                        "/api/incidents",
                        Map.of(
                                "type",
                                "fire.smoke",
                                "priority",
                                1,
                                "place",
                                point(),
                                "description",
                                "Smoke over the square"))
                .expect(201)
                .json()
                .path("id")
                .asString();
        grant = caller.post("/api/grants", Map.of("purpose", "dispatch", "case", incident))
                .expect(201)
                .json()
                .path("id")
                .asString();
        phone = page();
        screen = page();
    }

    private static Map<String, Object> point() {
        return Map.of("type", "Point", "coordinates", SQUARE);
    }

    /** An empty page of the site's own origin. */
    private static Page page() {
        Page page = browser.newPage();
        page.route(
                "**/empty",
                route -> route.fulfill(new Route.FulfillOptions()
                        .setContentType("text/html")
                        .setBody("<video id=v autoplay muted></video>")));
        page.navigate(city.address() + "/empty");
        return page;
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        if (city != null) {
            city.close();
        }
    }

    /** Offers, has it answered at that door, and connects; where the session is. */
    private static String connect(Page page, String door, boolean sends) {
        String offer = (String) page.evaluate("""
                async (sends) => {
                  window.pc = new RTCPeerConnection();
                  if (sends) {
                    const media = await navigator.mediaDevices.getUserMedia({
                        audio: true, video: {width: 640, height: 480, frameRate: 20}});
                    media.getTracks().forEach((track) => pc.addTransceiver(track, {direction: 'sendonly'}));
                  } else {
                    pc.addTransceiver('video', {direction: 'recvonly'});
                    pc.ontrack = (event) => { v.srcObject = new MediaStream([event.track]); v.play(); };
                  }
                  await pc.setLocalDescription();
                  return pc.localDescription.sdp;
                }""", sends);
        TestSite.Reply answer = caller.header("Conurb-Purpose", grant)
                .send("POST", door, offer.getBytes(StandardCharsets.UTF_8), "application/sdp")
                .expect(201);
        page.evaluate("sdp => pc.setRemoteDescription({type: 'answer', sdp})", answer.text());
        assertThat(answer.text()).contains(" 127.0.0.2 ", " 127.0.0.1 ");
        return answer.header("Location");
    }

    private static int stat(Page page, String type, String figure) {
        return ((Number) page.evaluate("""
                        async ([type, figure]) => [...(await pc.getStats()).values()].find(
                            (s) => s.type === type && s.kind === 'video')?.[figure] ?? 0""", List.of(type, figure))).intValue();
    }

    private static String state() {
        return caller.get("/api/video/cameras/" + camera)
                .expect(200)
                .json()
                .path("state")
                .asString();
    }

    @Test
    @Order(2)
    void howBusyVideoIsStandsInTheMetersAndOnTheOperationsPage() {
        String meters =
                city.asInstaller().get("/actuator/prometheus").expect(200).text();
        assertThat(meters)
                .contains("conurb_video_cameras{state=\"recording\"} 1.0", "conurb_video_sessions 2.0")
                .contains("conurb_video_loops_lag_seconds", "conurb_video_written_bytes_total");
        assertThat(meters.lines().filter(line -> line.startsWith("conurb_media_sent_total")))
                .allMatch(line -> Double.parseDouble(line.split(" ")[1]) > 60)
                .hasSize(1);
        assertThat(city.asInstaller().get("/api/system").expect(200).text()).contains("video.streams");
    }

    private static String session;
    private static Instant began;

    @Test
    @Order(1)
    void whatAPhonePublishesIsSeenByAnother() {
        assertThat(state()).isEqualTo("off");
        began = Instant.now();
        session = connect(phone, "/whip/cameras/" + camera, true);
        TestSite.await("it is recorded", () -> state().equals("recording"));

        connect(screen, "/whep/cameras/" + camera, false);

        TestSite.await("live pictures", () -> stat(screen, "inbound-rtp", "framesDecoded") > 60);
        assertThat(screen.evaluate("v.videoWidth")).isEqualTo(640);
    }

    @Test
    @Order(3)
    void endingTheGrantEndsPictureAndPlaybackWithinFiveSeconds() {
        TestSite.await("a recording to play", () -> playlist(grant).status() == 200);
        String file = playlist(grant)
                .text()
                .lines()
                .filter(line -> line.contains(".mp4") && !line.startsWith("#"))
                .findFirst()
                .orElseThrow();
        String path = "/api/video/cameras/" + camera + "/" + file.replaceFirst("^.*files/", "files/");
        caller.get(path).expect(200);
        String other = connect(page(), "/whep/cameras/" + camera, false);
        assertThat(alive(other)).isTrue();

        caller.delete("/api/grants/" + grant).expect(204);

        assertThat(playlist(grant).status()).isEqualTo(403);
        assertThat(caller.get(path).status()).isEqualTo(403);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        TestSite.await("the session is over", () -> !alive(other));
        assertThat(System.nanoTime()).as("within five seconds").isLessThan(end);
        TestSite.await("the picture stands still", () -> {
            int before = stat(screen, "inbound-rtp", "framesDecoded");
            screen.waitForTimeout(500);
            return stat(screen, "inbound-rtp", "framesDecoded") == before;
        });
        assertThat(state()).as("who publishes needs no grant").isEqualTo("recording");
    }

    private static TestSite.Reply playlist(String under) {
        return caller.get("/api/video/cameras/%s/recording.m3u8?from=%s&to=%s&grant=%s"
                .formatted(camera, began, Instant.now().plusSeconds(1), under));
    }

    private static boolean alive(String location) {
        byte[] candidate = "a=candidate:1 1 UDP 1 1.2.3.4 5 typ host".getBytes(StandardCharsets.UTF_8);
        return caller.send("PATCH", location, candidate, "application/trickle-ice-sdpfrag")
                        .status()
                == 204;
    }

    @Test
    @Order(4)
    void everyPictureOfThePhoneIsInTheFiles() throws IOException, InterruptedException {
        TestSite.await("ten seconds of pictures", () -> stat(phone, "outbound-rtp", "framesSent") > 200);
        phone.evaluate("pc.getSenders().forEach((sender) => sender.replaceTrack(null))");
        phone.waitForTimeout(1_000);
        int sent = stat(phone, "outbound-rtp", "framesSent");
        caller.send("DELETE", session, null, "application/json").expect(200);
        TestSite.await("it is over", () -> state().equals("off"));

        // The first pictures may come before the keys are agreed: recording begins with the first key frame after.
        TestSite.await("all of them in the files", () -> frames() >= sent - 20);
        assertThat(frames()).isLessThanOrEqualTo(sent);
    }

    private static int frames() {
        try (Stream<Path> tree = Files.walk(city.data.resolve("media"))) {
            int frames = 0;
            for (Path file :
                    tree.filter(path -> path.toString().endsWith(".mp4")).toList()) {
                Process probe = new ProcessBuilder(
                                "ffprobe",
                                "-v",
                                "error",
                                "-count_frames",
                                "-select_streams",
                                "v:0",
                                "-show_entries",
                                "stream=nb_read_frames",
                                "-of",
                                "csv=p=0",
                                file.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                String told = new String(probe.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                        .strip()
                        .replace(",", "");
                frames += told.isEmpty() ? 0 : Integer.parseInt(told);
            }
            return frames;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

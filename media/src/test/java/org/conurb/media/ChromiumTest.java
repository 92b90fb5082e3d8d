package org.conurb.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Route;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real browser at the other end. */
class ChromiumTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final double PATIENCE_MS = 20_000;
    private static final List<TrackWish> VIDEO_OUT = List.of(TrackWish.send("video", RtpCodec.h264("42c01e")));

    private static Playwright playwright;
    private static Browser browser;
    private Page page;

    @BeforeAll
    static void start() {
        assumeTrue(Files.isExecutable(CHROMIUM), "needs Chromium at " + CHROMIUM + " (apt-get install chromium)");
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-dev-shm-usage",
                                "--disable-gpu",
                                "--allow-loopback-in-peer-connection",
                                "--autoplay-policy=no-user-gesture-required",
                                "--use-fake-device-for-media-stream",
                                "--use-fake-ui-for-media-stream")));
    }

    @AfterAll
    static void stop() {
        if (playwright != null) {
            browser.close();
            playwright.close();
        }
    }

    @BeforeEach
    void openPage() {
        page = browser.newPage();
        page.setDefaultTimeout(PATIENCE_MS);
        page.route(
                "**",
                route -> route.fulfill(new Route.FulfillOptions()
                        .setContentType("text/html")
                        .setBody("<video id=v autoplay muted></video>")));
        page.navigate("http://localhost/");
    }

    private static MediaWorkers workers(boolean udp) {
        return MediaWorkers.start(new MediaWorkers.Settings(
                InetAddress.getLoopbackAddress(),
                List.of(InetAddress.getLoopbackAddress()),
                0,
                0,
                1,
                16,
                udp,
                true,
                Clock.systemUTC(),
                System::nanoTime));
    }

    private String offerToWatch() {
        return (String) page.evaluate("""
                async () => {
                  window.pc = new RTCPeerConnection();
                  pc.addTransceiver('video', {direction: 'recvonly'});
                  pc.ontrack = (e) => { v.srcObject = new MediaStream([e.track]); v.play(); };
                  await pc.setLocalDescription();
                  return pc.localDescription.sdp;
                }""");
    }

    private void answer(MediaSession session) {
        page.evaluate("sdp => pc.setRemoteDescription({type: 'answer', sdp})", session.answer());
    }

    /** A figure of one stream, 0 while there is none. */
    private long stat(String type, String kind, String figure) {
        return ((Number) page.evaluate("""
                        async ([type, kind, figure]) => [...(await pc.getStats()).values()].find(
                            (s) => s.type === type && s.kind === kind)?.[figure] ?? 0""", List.of(type, kind, figure))).longValue();
    }

    private long decoded() {
        return stat("inbound-rtp", "video", "framesDecoded");
    }

    private void watch(boolean udp, WhileWatching then) throws Exception {
        assumeTrue(FfmpegCamera.isHere(), "needs ffmpeg (apt-get install ffmpeg)");
        AtomicReference<MediaSession> open = new AtomicReference<>();
        AtomicInteger wanted = new AtomicInteger();
        MediaListener listener = new MediaListener() {
            @Override
            public void keyFrameWanted(MediaTrack track) {
                wanted.incrementAndGet();
            }
        };
        try (MediaWorkers workers = workers(udp);
                FfmpegCamera camera = new FfmpegCamera(packet -> {
                    MediaSession session = open.get();
                    if (session != null) {
                        session.execute(() -> session.tracks().getFirst().send(packet, System.nanoTime()));
                    }
                })) {
            MediaSession session = workers.open(offerToWatch(), VIDEO_OUT, listener);
            answer(session);
            open.set(session);
            Eventually.isTrue("50 pictures", () -> decoded() >= 50);
            assertThat(session.isOverTcp()).isEqualTo(!udp);
            then.with(workers, session);
            assertThat(camera).isNotNull();
        }
    }

    private interface WhileWatching {
        void with(MediaWorkers workers, MediaSession session) throws Exception;
    }

    @Test
    void decodesPicturesSentOverUdp() throws Exception {
        watch(true, (workers, session) -> {
            assertThat(page.evaluate("v.videoWidth")).isEqualTo(320);
            assertThat(workers.figures().sent()).isGreaterThan(50);
            assertThat(workers.figures().forged()).isZero();
        });
    }

    @Test
    void decodesPicturesSentOverTcpWhereUdpIsClosed() throws Exception {
        watch(false, (workers, session) -> assertThat(session.peer()).isPresent());
    }

    @Test
    void goesOnAfterAnIceRestart() throws Exception {
        watch(true, (workers, session) -> {
            String offer = (String) page.evaluate("""
                    async () => { await pc.setLocalDescription(await pc.createOffer({iceRestart: true}));
                                  return pc.localDescription.sdp; }""");
            MediaWorkers.Restarted restarted = workers.restart(session, offer);
            assertThat(restarted.fragment()).contains("a=ice-ufrag:", "a=candidate:");
            answer(session);
            long before = decoded();
            Eventually.isTrue("the old name is void", () -> workers.session(session.id()) == null);
            Eventually.isTrue("50 pictures more", () -> decoded() >= before + 50);
            assertThat(session.isClosed()).isFalse();
        });
    }

    @Test
    void sendsItsCameraAndMicrophoneAndHeedsAKeyFrameRequest() {
        AtomicInteger video = new AtomicInteger();
        AtomicInteger audio = new AtomicInteger();
        AtomicInteger reports = new AtomicInteger();
        AtomicReference<String> ended = new AtomicReference<>();
        MediaListener listener = new MediaListener() {
            @Override
            public void rtp(MediaTrack track, java.nio.ByteBuffer rtp, long arrivalNanos) {
                assertThat(rtp.get(rtp.position() + 1) & 0x7f).isEqualTo(track.payloadType());
                (track.kind().equals("video") ? video : audio).incrementAndGet();
            }

            @Override
            public void rtcp(MediaSession session, java.nio.ByteBuffer rtcp) {
                reports.incrementAndGet();
            }

            @Override
            public void closed(MediaSession session, String reason) {
                ended.set(reason);
            }
        };
        try (MediaWorkers workers = workers(true)) {
            String offer = (String) page.evaluate("""
                    async () => {
                      window.pc = new RTCPeerConnection();
                      const media = await navigator.mediaDevices.getUserMedia({audio: true, video: true});
                      media.getTracks().forEach((t) => pc.addTransceiver(t, {direction: 'sendonly'}));
                      await pc.setLocalDescription();
                      return pc.localDescription.sdp;
                    }""");
            MediaSession session = workers.open(
                    offer,
                    List.of(
                            TrackWish.receive("video", RtpCodec.h264("42e01f")),
                            TrackWish.receive("audio", RtpCodec.opus())),
                    listener);
            answer(session);
            Eventually.isTrue(
                    "camera and microphone", () -> video.get() > 100 && audio.get() > 100 && reports.get() > 1);
            long before = keyFrames();
            session.track("video").orElseThrow().requestKeyFrame();
            Eventually.isTrue("a key frame", () -> keyFrames() > before);
            assertThat(ended.get()).isNull();
            assertThat(workers.figures().forged()).isZero();
        }
    }

    private long keyFrames() {
        return stat("outbound-rtp", "video", "keyFramesEncoded");
    }
}

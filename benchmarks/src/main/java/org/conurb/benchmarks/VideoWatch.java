package org.conurb.benchmarks;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Route;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Live pictures in a real browser: how old a picture is when the page gets it (each says when its camera sent it), how long
 * the first one takes, and what a hundred viewers of one camera cost the server.
 */
final class VideoWatch {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final int OPENED = 20;
    private static final int VIEWERS = 100;
    private static final int WINDOW_SECONDS = 20;
    private static final int SETTLED_SECONDS = 4;

    /** Functions of the page: a viewer that measures. */
    private static final String PAGE = """
            <video id=v autoplay muted playsinline></video><script>
            const wall = () => performance.timeOrigin + performance.now();
            const mark = 'conurb-timestamp';
            function stamp(data) {
              const text = String.fromCharCode(...new Uint8Array(data, 0, Math.min(300, data.byteLength)));
              const at = text.indexOf(mark);
              return at < 0 ? null : Number(text.substr(at + mark.length, 16)) / 1000;
            }
            async function openPeer(camera, token, grant, each, track) {
              const peer = new RTCPeerConnection({encodedInsertableStreams: true});
              const receiver = peer.addTransceiver('video', {direction: 'recvonly'}).receiver;
              const {readable, writable} = receiver.createEncodedStreams();
              readable.pipeThrough(new TransformStream({transform(frame, on) { if (each(frame)) on.enqueue(frame); }})).pipeTo(writable);
              peer.ontrack = (event) => track(event, receiver);
              await peer.setLocalDescription();
              const answer = await fetch('/whep/cameras/' + camera, {method: 'POST', body: peer.localDescription.sdp, headers: {
                'Content-Type': 'application/sdp', 'Authorization': 'Bearer ' + token, 'Conurb-Purpose': grant}});
              if (answer.status !== 201) throw new Error(answer.status + ' ' + await answer.text());
              await peer.setRemoteDescription({type: 'answer', sdp: await answer.text()});
              peer.session = answer.headers.get('Location');
              return peer;
            }
            async function closePeer(peer, token, grant) {
              await fetch(peer.session, {method: 'DELETE', headers: {'Authorization': 'Bearer ' + token, 'Conurb-Purpose': grant}});
              peer.close();
            }
            async function watch(camera, token, grant, seconds) {
              const began = wall(), sent = new Map(), arrived = [], shown = [];
              let first = null, over;
              const done = new Promise((resolve) => over = resolve);
              const peer = await openPeer(camera, token, grant, (frame) => {
                const at = stamp(frame.data);
                if (at !== null && at >= began) { arrived.push(wall() - at); sent.set(frame.getMetadata().rtpTimestamp ?? frame.timestamp, at); }
                return true;
              }, (event, receiver) => {
                receiver.jitterBufferTarget = 0;
                v.srcObject = new MediaStream([event.track]);
                const picture = (now, of) => {
                  first ??= wall() - began;
                  const at = sent.get(of.rtpTimestamp);
                  if (at !== undefined && at >= began) shown.push(wall() - at);
                  if (wall() - began > seconds * 1000) over(); else v.requestVideoFrameCallback(picture);
                };
                v.requestVideoFrameCallback(picture);
              });
              await Promise.race([done, new Promise((_, no) => setTimeout(() => no(new Error('no picture')), seconds * 1000 + 15000))]);
              await closePeer(peer, token, grant);
              return {first, arrived, shown};
            }
            </script>""";

    private VideoWatch() {}

    static void run(PrintStream progress, CameraFarm farm, Path data, List<Goal> goals)
            throws IOException, InterruptedException {
        if (!Files.isExecutable(CHROMIUM)) {
            progress.println(
                    "bench video: no Chromium here, live pictures are not measured (apt-get install chromium)");
            return;
        }
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        try (RunningSite site = RunningSite.start(data, "--allow-outbound", "127.0.0.1:" + farm.port());
                Playwright playwright = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                Browser browser = playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(CHROMIUM)
                                .setArgs(List.of(
                                        "--no-sandbox",
                                        "--allow-loopback-in-peer-connection",
                                        "--autoplay-policy=no-user-gesture-required")))) {
            String token = site.token(http);
            String camera = site.addCamera(http, token, "Watched", farm.url(1));
            String grant = site.grant(http, token);
            VideoFaults.allRecording(site, http, token);
            Page page = browser.newPage();
            page.route(
                    "**/empty",
                    route -> route.fulfill(new Route.FulfillOptions()
                            .setContentType("text/html")
                            .setBody(PAGE)));
            page.navigate(site.address() + "/empty");
            one(progress, page, List.of(camera, token, grant), goals);
            page.close();
            crowd(progress, site, http, List.of(camera, token, grant), goals);
        }
    }

    private static void one(PrintStream progress, Page page, List<String> of, List<Goal> goals) {
        List<Double> firsts = new ArrayList<>();
        for (int i = 0; i < OPENED; i++) {
            firsts.add(number(watch(page, of, 1).get("first")));
        }
        Map<?, ?> long1 = watch(page, of, WINDOW_SECONDS);
        List<Double> arrived = numbers(long1.get("arrived"));
        List<Double> shown = numbers(long1.get("shown"));
        progress.printf(
                "bench video: %d pictures: sent by the camera to frame in the browser p50 %.0f ms, p95 %.0f ms; decoded and given to the page p50 %.0f ms, p95 %.0f ms; first picture p50 %.0f ms, p95 %.0f ms%n",
                arrived.size(),
                part(arrived, 0.5),
                part(arrived, 0.95),
                part(shown, 0.5),
                part(shown, 0.95),
                part(firsts, 0.5),
                part(firsts, 0.95));
        goals.add(Goal.atMost(
                "WHEP: sent by the camera to frame in the browser, p95 of %d".formatted(arrived.size()),
                part(arrived, 0.95),
                "ms",
                100));
        goals.add(Goal.atMost(
                "WHEP: sent by the camera to decoded picture in the page, p95 of %d".formatted(shown.size()),
                part(shown, 0.95),
                "ms",
                100));
        goals.add(Goal.atMost(
                "WHEP: asked for to first picture, p95 of %d".formatted(OPENED), part(firsts, 0.95), "ms", 1000));
    }

    private static void crowd(
            PrintStream progress, RunningSite site, HttpClient http, List<String> of, List<Goal> goals)
            throws IOException, InterruptedException {
        double alone = window(site);
        try (WebRtcCrowd crowd = new WebRtcCrowd(
                http,
                site.address().resolve("/whep/cameras/" + of.get(0)),
                VIEWERS,
                "Authorization",
                "Bearer " + of.get(1),
                "Conurb-Purpose",
                of.get(2))) {
            TimeUnit.SECONDS.sleep(SETTLED_SECONDS);
            long before = crowd.frames();
            long began = System.nanoTime();
            double cores = window(site) - alone;
            double seconds = (System.nanoTime() - began) / 1e9;
            double rate = (crowd.frames() - before) / seconds / VIEWERS;
            progress.printf(
                    "bench video: %d viewers of one camera: %.3f cores of the server, %.1f frames a second reach each%n",
                    crowd.size(), cores, rate);
            goals.add(Goal.atMost(
                    "%d viewers of one camera: cores of the server".formatted(VIEWERS), cores, "cores", 0.2));
            goals.add(Goal.atLeast(
                    "%d viewers of one camera: frames a second that reach each of 25".formatted(VIEWERS),
                    rate,
                    "frames/s",
                    24.5));
        }
    }

    private static double window(RunningSite site) throws IOException, InterruptedException {
        double began = RunningSite.cpuSeconds(site.pid());
        long at = System.nanoTime();
        TimeUnit.SECONDS.sleep(WINDOW_SECONDS);
        return (RunningSite.cpuSeconds(site.pid()) - began) / ((System.nanoTime() - at) / 1e9);
    }

    private static Map<?, ?> watch(Page page, List<String> of, int seconds) {
        return (Map<?, ?>)
                page.evaluate("([camera, token, grant]) => watch(camera, token, grant, %d)".formatted(seconds), of);
    }

    private static double number(@Nullable Object told) {
        return told instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    private static List<Double> numbers(@Nullable Object told) {
        List<Double> numbers = new ArrayList<>();
        for (Object one : told instanceof List<?> list ? list : List.of()) {
            numbers.add(number(one));
        }
        return numbers;
    }

    private static double part(List<Double> of, double quantile) {
        List<Double> sorted = new ArrayList<>(of);
        Collections.sort(sorted);
        return sorted.isEmpty() ? Double.NaN : sorted.get((int) Math.min(sorted.size() - 1, quantile * sorted.size()));
    }
}

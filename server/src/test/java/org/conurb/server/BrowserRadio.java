package org.conurb.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.WebSocketRoute;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The radio of one seat in a browser: the groups it follows, and what comes out of its loudspeaker. */
final class BrowserRadio implements AutoCloseable {
    /** Keeps what the page hears by where the test finds it: lines, ears (loudspeakers), and each tone begun. */
    private static final String EARS = """
            window.lines = [];
            window.ears = [];
            window.tones = [];
            const Line = RTCPeerConnection;
            window.RTCPeerConnection = class extends Line {
              constructor(...given) { super(...given); window.lines.push(this); }
            };
            const Ear = Audio;
            window.Audio = class extends Ear {
              constructor(...given) { super(...given); window.ears.push(this); }
            };
            const start = OscillatorNode.prototype.start;
            OscillatorNode.prototype.start = function (...given) {
              if (this.context.state === 'running') window.tones.push(this.frequency.value);
              return start.apply(this, given);
            };
            """;

    /** The loudest tone of a second of what comes out of the loudspeakers, in Hz; 0 for silence. */
    private static final String TONE = """
            async () => {
              const context = new AudioContext();
              const open = window.ears.filter((one) => !one.paused && !one.muted && one.volume > 0);
              const ears = open.map((one) => {
                const analyser = context.createAnalyser();
                analyser.fftSize = 16384;
                context.createMediaStreamSource(one.srcObject ?? one.captureStream()).connect(analyser);
                return analyser;
              });
              await new Promise((done) => setTimeout(done, 1000));
              let best = -70, tone = 0;
              for (const ear of ears) {
                const bins = new Float32Array(ear.frequencyBinCount);
                ear.getFloatFrequencyData(bins);
                bins.forEach((level, bin) => {
                  if (level > best) { best = level; tone = bin * context.sampleRate / ear.fftSize; }
                });
              }
              await context.close();
              return Math.round(tone);
            }
            """;

    final BrowserSeat seat;
    final Page page;
    private final AtomicReference<@Nullable WebSocketRoute> line = new AtomicReference<>();

    private BrowserRadio(BrowserSeat seat) {
        this.seat = seat;
        this.page = seat.page;
        seat.context.addInitScript(EARS);
        page.routeWebSocket("**/api/talk/socket", route -> {
            route.connectToServer();
            line.set(route);
        });
    }

    /** A dispatcher at a desk, who has not switched the radio on yet. */
    static BrowserRadio at(TestSite city, String username, String seat) {
        BrowserRadio radio = new BrowserRadio(BrowserSeat.at(city, BrowserSeat.Look.USUAL));
        radio.page.reload();
        radio.seat.signIn(username);
        radio.seat.takeSeat(seat);
        return radio;
    }

    /** A crew on duty with a phone. */
    static BrowserRadio inField(TestSite city, String username, String callSign) {
        BrowserRadio radio = new BrowserRadio(BrowserSeat.at(city, BrowserSeat.Look.USUAL.sized(390, 844)));
        radio.seat.context.grantPermissions(List.of("microphone", "geolocation"));
        radio.page.navigate("/field");
        radio.seat.enter(username);
        radio.page
                .locator(".field-units button")
                .filter(new Locator.FilterOptions()
                        .setHas(radio.page.getByText(callSign, new Page.GetByTextOptions().setExact(true))))
                .tap();
        assertThat(radio.page.locator(".field-line:not(.is-bad)")).isVisible();
        assertThat(radio.page.locator(".field-talk > .talk-button.is-ready")).isVisible();
        return radio;
    }

    /** An incident with one unit, by which its group opens. */
    static String incident(TestSite city, String type, String callSign) {
        TestSite.Call dispatch = city.asInstaller().header("Conurb-Organisation", "control-room");
        String incident = BrowserRoom.open(dispatch, type, 2, 7.4212, 43.7349, "Smoke in a cellar.");
        BrowserRoom.send(city, dispatch, incident, callSign);
        return incident;
    }

    static void close(TestSite city, String incident) {
        city.asInstaller()
                .header("Conurb-Organisation", "control-room")
                .patch("/api/incidents/" + incident, Map.of("state", "closed"))
                .expect(200);
    }

    /** The name of the group that opens for it. */
    static String group(TestSite city, String incident) {
        List<String> names = new ArrayList<>();
        TestSite.await("the incident's group", () -> {
            names.clear();
            city.asInstaller()
                    .get("/ngsi-ld/v1/entities?type=TalkGroup&options=keyValues&q="
                            + URLEncoder.encode("incident==\"%s\"".formatted(incident), StandardCharsets.UTF_8))
                    .json()
                    .forEach(group -> names.add(group.path("name").asString()));
            return !names.isEmpty();
        });
        return names.getFirst();
    }

    Locator card(String group) {
        return page.locator(".talk-card", new Page.LocatorOptions().setHasText(group));
    }

    void choose(String group) {
        card(group).press("Enter");
    }

    void switchOn() {
        page.locator(".talk-strip")
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Enable radio"))
                .click();
        assertThat(page.locator(".talk-quality:not(.is-0)")).isVisible();
    }

    /** What is heard now, in Hz. */
    int tone() {
        return ((Number) page.evaluate(TONE)).intValue();
    }

    /** Every microphone here hears 880 Hz. */
    void expectTone(String what) {
        TestSite.await(what, () -> Math.abs(tone() - 880) <= 10);
    }

    /** Whether the microphone is open. */
    boolean speaks() {
        return Boolean.TRUE.equals(
                page.evaluate("window.lines.at(-1)?.getSenders().some((one) => one.track?.enabled) ?? false"));
    }

    /** The notes that have sounded so far, in Hz. */
    List<Integer> tones() {
        return ((List<?>) page.evaluate("window.tones"))
                .stream().map(one -> ((Number) one).intValue()).toList();
    }

    /** The radio's own line breaks; it comes again by itself. */
    void cut() {
        WebSocketRoute there = line.getAndSet(null);
        if (there == null) {
            throw new IllegalStateException("no line");
        }
        there.close(new WebSocketRoute.CloseOptions().setCode(4000));
    }

    /** A finger on it, until {@link Finger#lift}. */
    Finger touch(Locator what) {
        return new Finger(seat, what);
    }

    @Override
    public void close() {
        seat.close();
    }

    /** One finger on the glass. */
    static final class Finger {
        private final CDPSession glass;

        private Finger(BrowserSeat seat, Locator what) {
            assertThat(what).isEnabled();
            BoundingBox box = what.boundingBox();
            JsonObject point = new JsonObject();
            point.addProperty("x", box.x + box.width / 2);
            point.addProperty("y", box.y + box.height / 2);
            JsonArray points = new JsonArray();
            points.add(point);
            glass = seat.context.newCDPSession(seat.page);
            send("touchStart", points);
        }

        void lift() {
            send("touchEnd", new JsonArray());
            glass.detach();
        }

        private void send(String type, JsonArray points) {
            JsonObject event = new JsonObject();
            event.addProperty("type", type);
            event.add("touchPoints", points);
            glass.send("Input.dispatchTouchEvent", event);
        }
    }
}

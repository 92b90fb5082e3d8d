package org.conurb.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two dispatchers with a microphone each, in the group of one incident. */
class TalkRadioTest {
    /** Keeps the page's peer connections where the test finds them. */
    private static final String LINES = """
            const Native = RTCPeerConnection;
            window.lines = [];
            window.RTCPeerConnection = class extends Native {
              constructor(...given) { super(...given); window.lines.push(this); }
            };
            """;

    /** The loudest tone of a second of what is heard, in Hz; 0 for silence. */
    private static final String TONE = """
            async () => {
              const context = new AudioContext();
              const ears = window.lines.at(-1).getReceivers().filter((one) => one.track.kind === 'audio').map((one) => {
                const analyser = context.createAnalyser();
                analyser.fftSize = 16384;
                context.createMediaStreamSource(new MediaStream([one.track])).connect(analyser);
                return analyser;
              });
              await new Promise((done) => setTimeout(done, 1000));
              let best = -70, tone = 0;
              for (const ear of ears) {
                const bins = new Float32Array(ear.frequencyBinCount);
                ear.getFloatFrequencyData(bins);
                bins.forEach((level, bin) => { if (level > best) { best = level; tone = bin * context.sampleRate / ear.fftSize; } });
              }
              await context.close();
              return Math.round(tone);
            }
            """;

    @Test
    void whatOneSaysIsHeardByTheOther() {
        TestSite city = BrowserRoom.busyCity();
        String incident = incident(city);
        try (BrowserSeat amara = listening(city, "amara.okafor", "Dispatch 1");
                BrowserSeat luc = listening(city, "luc.moreau", "Dispatch 2")) {
            String group = group(city, incident);
            for (BrowserSeat seat : List.of(amara, luc)) {
                choose(seat, group);
                seat.named(AriaRole.BUTTON, "Enable radio").click();
                assertThat(seat.page.locator(".talk-quality:not(.is-0)")).isVisible();
            }
            assertThat(tone(luc)).as("nobody talks").isZero();

            amara.page.keyboard().down("F8");
            assertThat(luc.page.locator(".talk-card.is-heard")).containsText("Dispatch 1");
            TestSite.await("the tone at the other's", () -> tone(luc) >= 870 && tone(luc) <= 890);
            luc.page.keyboard().down("F8");
            assertThat(luc.page.locator(".talk-strip")).containsText("Waiting, place 1");
            luc.screenshot("talk-queued");

            amara.page.keyboard().up("F8");
            assertThat(luc.page.locator(".talk-card.is-mine")).isVisible();
            TestSite.await("the tone the other way", () -> tone(amara) >= 870 && tone(amara) <= 890);
            luc.page.keyboard().up("F8");
            assertThat(amara.page.locator(".talk-card.is-heard")).hasCount(0);

            amara.expectNoFaults();
            luc.expectNoFaults();
        }
    }

    private static String incident(TestSite city) {
        TestSite.Call dispatch = city.asInstaller().header("Conurb-Organisation", "control-room");
        String incident = BrowserRoom.open(dispatch, "fire.smoke", 2, 7.4212, 43.7349, "Smoke in a cellar.");
        BrowserRoom.send(city, dispatch, incident, "E31");
        return incident;
    }

    /** The name of the group that opens for it. */
    private static String group(TestSite city, String incident) {
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

    private static void choose(BrowserSeat seat, String group) {
        seat.page
                .locator(".talk-card", new Page.LocatorOptions().setHasText(group))
                .press("Enter");
    }

    private static BrowserSeat listening(TestSite city, String username, String place) {
        BrowserSeat seat = BrowserSeat.at(city, BrowserSeat.Look.USUAL);
        seat.context.addInitScript(LINES);
        seat.page.reload();
        seat.signIn(username);
        seat.named(AriaRole.BUTTON, place).click();
        return seat;
    }

    private static int tone(BrowserSeat seat) {
        return ((Number) seat.page.evaluate(TONE)).intValue();
    }
}

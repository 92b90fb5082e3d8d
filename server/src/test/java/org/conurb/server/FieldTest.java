package org.conurb.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import com.microsoft.playwright.options.Geolocation;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The phone of an ambulance's crew, and the dispatcher who hears it. */
class FieldTest {
    /** The ids of what this unit and the chosen group have written to each other, as the city has them. */
    private static final String SENT_TO_GROUP = """
            async () => {
              const { unit } = JSON.parse(localStorage.getItem('conurb.field'));
              const group = document.querySelector('.field-group select').value;
              const asked = new URLSearchParams({ with: group, unit });
              return (await (await fetch('/api/talk/messages?' + asked)).json()).items.map((one) => one.id);
            }
            """;

    @Test
    void aCrewTalksTellsItsStateAndLosesNothingWithoutALine() {
        TestSite city = BrowserRoom.busyCity();
        String incident = BrowserRadio.incident(city, "medical.transport", "A6");
        try (BrowserRadio amara = BrowserRadio.at(city, "amara.okafor", "dispatch-1");
                BrowserRadio crew = BrowserRadio.inField(city, "samir.haddad", "A6")) {
            String group = BrowserRadio.group(city, incident);
            amara.choose(group);
            amara.switchOn();
            amara.seat.press("g", "t");
            assertThat(crew.page.locator(".field-group select option:checked")).hasText(group);

            talk(crew, amara);
            tellState(city, crew);
            writeAndSend(crew, amara);
            withoutALine(crew, amara);
            onAnotherNetwork(crew, amara);
            crew.seat.expectNoFaultsBut(fault -> fault.contains("net::ERR_INTERNET_DISCONNECTED"));
            amara.seat.expectNoFaults();
        } finally {
            BrowserRadio.close(city, incident);
        }
    }

    private static void talk(BrowserRadio crew, BrowserRadio amara) {
        Locator button = crew.page.locator(".field-talk > .talk-button");
        assertThat(button).containsText("Hold to talk");
        crew.seat.screenshot("field-talk");
        BrowserRadio.Finger finger = crew.touch(button);
        assertThat(button).containsText("You talk");
        assertThat(amara.page.locator(".talk-card.is-heard")).containsText("A6");
        amara.expectTone("the crew");
        crew.seat.screenshot("field-talking");
        finger.lift();
        assertThat(amara.page.locator(".talk-card.is-heard")).hasCount(0);
        assertThat(crew.speaks()).isFalse();
    }

    private static void tellState(TestSite city, BrowserRadio crew) {
        tab(crew, "Incident");
        assertThat(crew.page.locator(".field-card")).containsText("Patient transport");
        assertThat(crew.page.locator(".field-card")).containsText("Smoke in a cellar.");
        crew.seat.screenshot("field-incident");
        crew.seat.context.setGeolocation(new Geolocation(43.7352, 7.4220));
        tab(crew, "Map");
        assertThat(crew.page.locator(".city-map[data-styled='1'] canvas")).isVisible();
        crew.seat.settle();
        crew.seat.screenshot("field-map");
        tab(crew, "Status");
        Locator onScene = crew.page.locator(".field-codes button").filter(withText("4"));
        onScene.tap();
        assertThat(onScene).hasAttribute("aria-pressed", "true");
        TestSite.await(
                "status and place at the city",
                () -> unit(city).path("status").path("code").asString().equals("4")
                        && unit(city)
                                        .path("position")
                                        .path("coordinates")
                                        .path(1)
                                        .asDouble()
                                == 43.7352);
        crew.page.setInputFiles(
                ".field-sends input[capture]",
                new FilePayload("scene.png", "image/png", TalkScreenTest.picture(640, 480)));
        crew.seat.screenshot("field-status");
    }

    private static void writeAndSend(BrowserRadio crew, BrowserRadio amara) {
        assertThat(amara.page.locator(".message img.message-picture")).isVisible();
        tab(crew, "Messages");
        assertThat(crew.page.locator(".message.is-mine img")).isVisible();
        write(crew, "Patient is on board");
        assertThat(amara.page.locator(".message").last()).containsText("Patient is on board");
        assertThat(crew.page.locator(".message.is-mine .ticks.is-read").last()).isVisible();
        crew.seat.screenshot("field-messages");
    }

    private static void withoutALine(BrowserRadio crew, BrowserRadio amara) {
        crew.page.waitForFunction("navigator.serviceWorker.controller !== null");
        crew.seat.context.setOffline(true);
        write(crew, "Written in the tunnel");
        assertThat(crew.page.locator(".message.is-pending")).containsText("waits for the line");
        assertThat(crew.page.locator(".field-outbox")).containsText("1");
        crew.seat.screenshot("field-outbox");
        String id = waiting(crew);

        crew.page.reload();
        assertThat(crew.page.locator("h1")).containsText("No line to the city");
        assertThat(crew.page.locator("main")).containsText("Waiting to be sent: 1");
        assertThat(waiting(crew)).isEqualTo(id);
        crew.seat.screenshot("field-offline");

        crew.seat.context.setOffline(false);
        crew.seat.named(AriaRole.BUTTON, "Try now").tap();
        Locator there = amara.page.locator(".message").filter(withText("Written in the tunnel"));
        assertThat(there).hasCount(1);
        assertThat(crew.page.locator(".field-outbox")).hasText("0");
        TestSite.await("under the id it was written with", () -> sent(crew).contains(id));
        assertThat(sent(crew)).containsOnlyOnce(id);
    }

    private static List<String> sent(BrowserRadio crew) {
        return ((List<?>) crew.page.evaluate(SENT_TO_GROUP))
                .stream().map(String::valueOf).toList();
    }

    private static void onAnotherNetwork(BrowserRadio crew, BrowserRadio amara) {
        tab(crew, "Talk");
        crew.seat.named(AriaRole.BUTTON, "Enable radio").first().tap();
        Locator button = crew.page.locator(".field-talk > .talk-button");
        assertThat(button).containsText("Hold to talk");
        String before = way(crew);
        crew.seat.context.setOffline(true);
        crew.cut();
        assertThat(crew.page.locator(".field-line.is-bad")).isVisible();
        crew.seat.context.setOffline(false);
        assertThat(crew.page.locator(".field-line:not(.is-bad)")).isVisible();
        TestSite.await("a new way for the same connection", () -> !way(crew).equals(before));
        assertThat(crew.page.evaluate("window.lines.length")).isEqualTo(1);
        BrowserRadio.Finger finger = crew.touch(button);
        amara.expectTone("the crew on another network");
        finger.lift();
    }

    @Test
    void aPhoneMayInstallIt() {
        TestSite city = BrowserRoom.busyCity();
        TestSite.Reply manifest = city.asNobody().get("/field.webmanifest").expect(200);
        assertThat(manifest.header("Content-Type")).startsWith("application/manifest+json");
        assertThat(manifest.json().path("start_url").asString()).isEqualTo("/field");
        for (JsonNode icon : manifest.json().path("icons")) {
            TestSite.Reply picture =
                    city.asNobody().get(icon.path("src").asString()).expect(200);
            assertThat(picture.header("Content-Type"))
                    .startsWith(icon.path("type").asString());
        }
        TestSite.Reply worker = city.asNobody().get("/field-worker.js").expect(200);
        assertThat(worker.header("Content-Type")).contains("javascript");
        assertThat(worker.header("Cache-Control")).as("a new build is found").contains("no-cache");
    }

    /** The password of the way that voice takes (RFC 8445): another after an ICE restart. */
    private static String way(BrowserRadio crew) {
        return (String) crew.page.evaluate(
                "window.lines.at(-1)?.currentLocalDescription?.sdp.match(/ice-pwd:(\\S+)/)?.[1] ?? ''");
    }

    private static String waiting(BrowserRadio crew) {
        return (String) crew.page.evaluate("""
                () => new Promise((settle) => {
                  indexedDB.open('conurb-outbox').onsuccess = (opened) => {
                    const all = opened.target.result.transaction('waiting').objectStore('waiting').getAll();
                    all.onsuccess = () => { opened.target.result.close(); settle(all.result.map((one) => one.id).join()); };
                  };
                })""");
    }

    private static void write(BrowserRadio crew, String text) {
        crew.page.locator(".composer textarea").fill(text);
        crew.page.locator(".composer button[type=submit]").tap();
    }

    private static void tab(BrowserRadio crew, String name) {
        crew.page.locator(".field-tabs button").filter(withText(name)).tap();
    }

    private static Locator.FilterOptions withText(String text) {
        return new Locator.FilterOptions().setHasText(text);
    }

    private static JsonNode unit(TestSite city) {
        return city.asInstaller()
                .header("Conurb-Organisation", "control-room")
                .get("/api/units?limit=100")
                .expect(200)
                .json()
                .path("items")
                .valueStream()
                .filter(one -> one.path("callSign").asString().equals("A6"))
                .findFirst()
                .orElseThrow();
    }
}

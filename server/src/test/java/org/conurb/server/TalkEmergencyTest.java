package org.conurb.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Geolocation;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A crew in the street and two dispatchers at their desks: one calls for help. */
class TalkEmergencyTest {
    /** Says it to the server as a second radio of that unit, past every button; resolves to the status of its answer. */
    private static final String CANCEL = """
            async () => {
              const unit = JSON.parse(localStorage.getItem('conurb.field')).unit;
              const socket = new WebSocket(location.origin.replace('http', 'ws') + '/api/talk/socket', 'conurb.talk.v1');
              let asked = false;
              const say = (what) => socket.send(JSON.stringify(what));
              return await new Promise((settle) => {
                setTimeout(() => settle('no answer'), 20000);
                socket.onopen = () => say({ type: 'hello', client: crypto.randomUUID(), unit });
                socket.onmessage = ({ data }) => {
                  const told = JSON.parse(data);
                  const groups = told.groups ?? [told.group ?? {}];
                  const group = groups.find((one) => one.emergencies?.length > 0);
                  if (group && !asked) {
                    asked = true;
                    say({ type: 'cancel-emergency', id: 'x', group: group.id, participant: group.emergencies[0].participant });
                  }
                  if (told.re === 'x') { socket.close(); settle(told.type + ' ' + (told.status ?? '')); }
                };
              });
            }
            """;

    private static final List<String> EMERGENCY = List.of("Control", "Shift", "F8");
    private static final Map<String, Object> SQUARE = Map.of("type", "Point", "coordinates", List.of(7.4212, 43.7349));

    @Test
    void aCrewsCallForHelpIsSeenHeardAndEndedByWhoMay() {
        TestSite city = BrowserRoom.busyCity();
        TestSite.Call dispatch = city.asInstaller().header("Conurb-Organisation", "control-room");
        String camera = dispatch.post("/api/video/cameras", Map.of("name", "Square", "source", "whip", "place", SQUARE))
                .expect(201)
                .json()
                .path("id")
                .asString();
        String incident = BrowserRadio.incident(city, "fire.smoke", "E21");
        try (BrowserRadio amara = BrowserRadio.at(city, "amara.okafor", "dispatch-1");
                BrowserRadio luc = BrowserRadio.at(city, "luc.moreau", "dispatch-2");
                BrowserRadio crew = BrowserRadio.inField(city, "jonas.lind", "E21")) {
            String group = BrowserRadio.group(city, incident);
            luc.choose(group);
            luc.switchOn();
            assertThat(crew.page.locator(".field-group select option:checked")).hasText(group);

            crew.seat.context.setGeolocation(new Geolocation(43.7349, 7.4215));
            Locator help = crew.page.locator(".emergency-button");
            crew.touch(help).lift();
            luc.page.keyboard().down("F8");
            assertThat(luc.card(group)).hasClass(Pattern.compile("is-mine"));
            assertThat(luc.page.locator(".alarm-bar")).hasCount(0);

            BrowserRadio.Finger finger = crew.touch(help);
            Locator alarm = amara.page.locator(".alarm-bar[role=alert]");
            assertThat(alarm).containsText("Emergency: E21");
            luc.expectTone("the cry for help");
            finger.lift();
            assertThat(luc.page.locator(".talk-strip")).containsText("Somebody more urgent talks");
            assertThat(luc.speaks()).as("the routine talker's microphone").isFalse();
            luc.page.keyboard().up("F8");
            crew.seat.screenshot("emergency-field");
            TestSite.await("the alarm's tones", () -> amara.tones().containsAll(List.of(960, 720)));

            amara.seat.named(AriaRole.BUTTON, "Show on the map").click();
            assertThat(amara.seat.side().locator("[aria-label='Units near'] .call-sign"))
                    .hasCount(6);
            assertThat(amara.seat.side().locator(".near-tiles .tile-door").first())
                    .isVisible();
            amara.seat.settle();
            amara.seat.screenshot("emergency-operations");
            amara.seat.expectAccessible("an emergency");
            amara.seat.named(AriaRole.BUTTON, "Acknowledge").click();
            assertThat(amara.page.locator(".alarm-bar.is-known")).isVisible();
            int tones = amara.tones().size();
            assertThat(luc.page.locator(".alarm-bar[role=alert]")).isVisible();

            assertThat(luc.page.locator(".talk-card.is-heard")).hasCount(0);
            assertThat(crew.speaks()).as("after its ten seconds").isFalse();
            assertThat(crew.page.locator(".alarm-bar")).isVisible();
            assertThat(crew.seat.named(AriaRole.BUTTON, "End the emergency")).hasCount(0);
            assertThat(crew.page.evaluate(CANCEL)).isEqualTo("problem 403");
            assertThat(luc.page.locator(".alarm-bar[role=alert]")).isVisible();

            end(luc);
            for (BrowserRadio radio : List.of(amara, luc, crew)) {
                assertThat(radio.page.locator(".alarm-bar")).hasCount(0);
            }
            assertThat(amara.tones()).as("silent since acknowledged").hasSize(tones);

            for (String key : EMERGENCY) {
                luc.page.keyboard().down(key);
            }
            assertThat(amara.page.locator(".alarm-bar[role=alert]")).containsText("Dispatch 2");
            for (String key : EMERGENCY) {
                luc.page.keyboard().up(key);
            }
            end(luc);
            assertThat(amara.page.locator(".alarm-bar")).hasCount(0);
            for (BrowserRadio radio : List.of(amara, luc, crew)) {
                // The camera nearby has sent nothing yet, so it has no picture.
                radio.seat.expectNoFaultsBut(fault -> fault.contains("/snapshot.jpg"));
            }
        } finally {
            BrowserRadio.close(city, incident);
            dispatch.delete("/api/video/cameras/" + camera);
        }
    }

    private static void end(BrowserRadio dispatcher) {
        Locator end = dispatcher.seat.named(AriaRole.BUTTON, "End the emergency");
        end.click();
        dispatcher
                .page
                .getByRole(AriaRole.DIALOG)
                .locator(".button:not(.is-bare)")
                .click();
    }
}

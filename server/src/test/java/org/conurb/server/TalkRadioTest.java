package org.conurb.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Two dispatchers with a microphone each, in the group of one incident. */
class TalkRadioTest {
    @Test
    void whatOneSaysIsHeardByTheOther() {
        TestSite city = BrowserRoom.busyCity();
        String incident = BrowserRadio.incident(city, "fire.smoke", "E31");
        try (BrowserRadio amara = BrowserRadio.at(city, "amara.okafor", "dispatch-1");
                BrowserRadio luc = BrowserRadio.at(city, "luc.moreau", "dispatch-2")) {
            String group = BrowserRadio.group(city, incident);
            for (BrowserRadio radio : List.of(amara, luc)) {
                radio.choose(group);
                radio.switchOn();
            }
            assertThat(luc.tone()).as("nobody talks").isZero();

            amara.page.keyboard().down("F8");
            assertThat(luc.page.locator(".talk-card.is-heard")).containsText("Dispatch 1");
            luc.expectTone("the tone at the other's");
            luc.page.keyboard().down("F8");
            assertThat(luc.page.locator(".talk-strip")).containsText("Waiting, place 1");
            luc.seat.screenshot("talk-queued");

            amara.page.keyboard().up("F8");
            assertThat(luc.page.locator(".talk-card.is-mine")).isVisible();
            amara.expectTone("the tone the other way");
            luc.page.keyboard().up("F8");
            assertThat(amara.page.locator(".talk-card.is-heard")).hasCount(0);

            amara.seat.expectNoFaults();
            luc.seat.expectNoFaults();
        } finally {
            BrowserRadio.close(city, incident);
        }
    }
}

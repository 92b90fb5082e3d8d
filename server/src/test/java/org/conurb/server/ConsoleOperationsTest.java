package org.conurb.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two dispatchers at two browsers, hands on the keyboard: what one does the other sees without reloading. */
@ExtendWith(OnceMore.class)
class ConsoleOperationsTest {
    @Test
    void aCallIsTakenDispatchedAndClosedByKeyboardWhileTheOtherDispatcherWatches() {
        TestSite city = BrowserRoom.busyCity();
        try (BrowserSeat amara = BrowserSeat.of("amara.okafor", city);
                BrowserSeat luc = BrowserSeat.of("luc.moreau", city)) {
            String number = takesACall(amara);
            assertThat(luc.row(number)).containsText("Boat fire");
            assertThat(luc.row(number)).containsText("unassigned");

            amara.press("a");
            assertThat(amara.focused()).hasAttribute("role", "combobox");
            amara.type("FB1");
            amara.press("Enter");
            assertThat(luc.row(number)).containsText("FB1");
            assertThat(amara.side().locator(".assigned")).containsText("FB1");
            amara.press("Escape");
            amara.press("r");
            assertThat(luc.row(number)).containsText("unassigned");
            assertThat(luc.row(number)).not().containsText("FB1");
            assertThat(amara.page.locator(".toasts")).containsText("FB1 released");

            amara.press("p");
            assertThat(amara.focused()).hasJSProperty("tagName", "SELECT");
            amara.press("3");
            amara.screenshot("journey-priority");
            assertThat(luc.row(number).getByRole(AriaRole.IMG)).hasAttribute("aria-label", "Prompt");

            amara.press("e", "Tab", "Tab", "Tab");
            assertThat(amara.focused()).hasJSProperty("tagName", "TEXTAREA");
            amara.press("Control+End");
            amara.type(" Wind from the east.");
            amara.press("Control+Enter");
            assertThat(amara.side().locator(".description")).containsText("Wind from the east.");

            luc.pick(number);
            assertThat(luc.side().locator("h2")).containsText(number);
            assertThat(luc.side().locator(".description"))
                    .containsText("Flames on the quay, two boats, crew ashore. Wind from the east.");
            amara.press("t");
            amara.type("The harbour master has been told.");
            amara.press("Enter");
            assertThat(luc.side().locator(".timeline")).containsText("The harbour master has been told.");
            assertThat(luc.side().locator(".timeline")).containsText("Amara Okafor");
            luc.screenshot("journey-second-dispatcher");

            amara.press("Escape");
            amara.press("c");
            assertThat(luc.row(number)).hasCount(0);
            assertThat(luc.side().locator(".chips")).containsText("closed");
            amara.screenshot("journey-closed");
            amara.expectNoFaults();
            luc.expectNoFaults();
        }
    }

    @Test
    void aUnitIsAssignedAndReleasedByMouse() {
        TestSite city = BrowserRoom.busyCity();
        TestSite.Call dispatch = city.asInstaller().header("Conurb-Organisation", "control-room");
        String id = BrowserRoom.open(dispatch, "police.burglary", 3, 7.4190, 43.7330, "A window was forced.");
        String number = BrowserRoom.incident(dispatch, id).path("number").asString();
        try (BrowserSeat amara = BrowserSeat.of("amara.okafor", city);
                BrowserSeat luc = BrowserSeat.of("luc.moreau", city)) {
            amara.row(number).click();
            assertThat(amara.side().locator("h2")).containsText(number);
            amara.side().locator(".detail-actions .button").first().click();
            Locator unit = amara.page.locator(".assign-box [role=option]").first();
            assertThat(unit).isVisible();
            String callSign = unit.locator(".call-sign").innerText();
            unit.click();
            assertThat(amara.side().locator(".assigned")).containsText(callSign);
            assertThat(luc.row(number)).containsText(callSign);
            amara.page.locator(".assign-box .button").click();
            assertThat(amara.page.locator(".assign-box")).hasCount(0);

            amara.side().locator(".assigned .button").click();
            assertThat(luc.row(number)).containsText("unassigned");
            assertThat(luc.row(number)).not().containsText(callSign);
            assertThat(amara.side().locator(".assigned")).hasCount(0);
            amara.expectNoFaults();
        } finally {
            dispatch.patch("/api/incidents/" + id, Map.of("state", "closed")).expect(200);
        }
    }

    private static String takesACall(BrowserSeat seat) {
        seat.press("n");
        assertThat(seat.focused()).hasAttribute("role", "combobox");
        seat.type("boat");
        seat.press("Enter", "Tab", "Tab");
        seat.type("Harbour");
        seat.press("Enter", "Tab");
        assertThat(seat.focused()).hasJSProperty("tagName", "TEXTAREA");
        seat.type("Flames on the quay, two boats, crew ashore.");
        seat.screenshot("journey-new-incident");
        seat.press("Control+Enter");
        assertThat(seat.side().locator("h2 bdi")).hasText(Pattern.compile("I-\\d+"));
        return seat.side().locator("h2 bdi").innerText();
    }

    @Test
    void aWrongPasswordIsToldAndTheNextTryGoesOn() {
        try (BrowserSeat seat = BrowserSeat.at(BrowserRoom.busyCity(), BrowserSeat.Look.USUAL)) {
            seat.type("amara.okafor");
            seat.press("Tab");
            seat.type("guess");
            seat.press("Enter");
            assertThat(seat.page.getByRole(AriaRole.ALERT)).containsText("wrong");
            seat.screenshot("signin-refused");
            seat.page.reload();
            seat.signIn("amara.okafor");
            seat.expectNoFaultsBut(fault -> fault.contains("401"));
        }
    }
}

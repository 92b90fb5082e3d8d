package org.conurb.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import org.conurb.server.TestSite.Call;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnceMore.class)
class ConsoleKeysTest {
    private final TestSite city = BrowserRoom.busyCity();
    private final Call dispatch = city.asInstaller().header("Conurb-Organisation", "control-room");

    @Test
    void aKeyIsRemappedInTheSheetOfKeysAndStaysSo() {
        try (BrowserSeat luc = BrowserSeat.of("luc.moreau", city)) {
            luc.press("?");
            Locator change = luc.page.getByRole(
                    AriaRole.BUTTON,
                    new com.microsoft.playwright.Page.GetByRoleOptions()
                            .setName("Change the key for New incident, now n"));
            change.focus();
            luc.press("Enter");
            luc.press("y", "Enter");
            assertThat(luc.named(AriaRole.BUTTON, "Change the key for New incident, now y"))
                    .isVisible();
            luc.screenshot("keys-remapped");
            luc.press("Escape");
            assertThat(luc.page.getByRole(AriaRole.DIALOG)).hasCount(0);

            luc.page.reload();
            assertThat(luc.page.locator(".board")).isVisible();
            luc.press("n");
            luc.press("y");
            assertThat(luc.page.locator(".form")).isVisible();
            luc.press("Escape");
            assertThat(luc.page.locator(".form")).hasCount(0);
            luc.press("n");
            luc.press("?");
            assertThat(luc.page.getByRole(AriaRole.DIALOG)).isVisible();
            assertThat(luc.page.locator(".form")).hasCount(0);
            assertThat(luc.named(AriaRole.BUTTON, "Change the key for New incident, now y"))
                    .isVisible();
            luc.expectNoFaults();
        }
    }

    @Test
    void thePaletteFindsAnIncidentByItsNumberAndByItsType() {
        String id = BrowserRoom.open(dispatch, "rescue.height", 2, 7.4190, 43.7312, "Worker hangs in a gondola");
        String number = BrowserRoom.incident(dispatch, id).path("number").asString();
        try (BrowserSeat luc = BrowserSeat.of("luc.moreau", city)) {
            luc.press("Control+k");
            luc.type(number);
            luc.screenshot("palette");
            luc.press("Enter");
            assertThat(luc.side().locator("h2")).containsText(number);
            luc.press("Escape", "Escape");
            luc.press("Control+k");
            luc.type("person height");
            luc.press("Enter");
            assertThat(luc.side().locator("h2")).containsText(number);
            luc.expectNoFaults();
        } finally {
            dispatch.patch("/api/incidents/" + id, java.util.Map.of("state", "closed"));
        }
    }
}

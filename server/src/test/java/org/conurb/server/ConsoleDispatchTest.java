package org.conurb.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A call from an address, by keyboard: it is found, known already, and the soonest unit is proposed with its time. */
@ExtendWith(OnceMore.class)
class ConsoleDispatchTest {
    @Test
    void anAddressIsTypedTheCallIsKnownAlreadyAndUnitsAreProposedByTravelTime() {
        TestSite.sharedData("osm/monaco.osm.pbf");
        assumeTrue(BrowserRoom.basemapIsBuilt(), "skipped: basemap/target is not built here");
        TestSite city = BrowserRoom.busyCity();
        TestSite.Call call = city.asInstaller().header("Conurb-Organisation", "control-room");
        TestSite.await("addresses", () -> call.get("/api/places?q=grimaldi").status() == 200);
        try (BrowserSeat amara = BrowserSeat.of("amara.okafor", city)) {
            takesACallFrom(amara, "grimaldi");
            assertThat(amara.side().locator("h2")).containsText("Smoke");

            amara.press("a");
            assertThat(amara.page.locator(".assign-box [role=option]").first())
                    .containsText(Pattern.compile("\\d+ (sec|min) · "));
            amara.screenshot("dispatch-proposals");
            amara.press("Escape", "n");
            amara.type("smoke");
            amara.press("Enter", "Tab", "Tab");
            amara.type("rue grimaldi");
            assertThat(amara.page.locator(".combo-pop [role=option]").first()).containsText("Rue Grimaldi");
            amara.press("Enter");
            assertThat(amara.page.locator(".known")).containsText("This may be known already");
            amara.screenshot("dispatch-known");
            amara.expectAccessible("a call that is known already");
            amara.expectNoFaults();
        }
    }

    private static void takesACallFrom(BrowserSeat seat, String street) {
        seat.press("Control+k");
        seat.type(street);
        assertThat(seat.page.locator(".combo-pop [role=option]").first()).containsText("Rue Grimaldi");
        seat.press("Enter");
        assertThat(seat.focused()).hasAttribute("role", "combobox");
        seat.type("smoke");
        seat.press("Enter", "Control+Enter");
    }
}

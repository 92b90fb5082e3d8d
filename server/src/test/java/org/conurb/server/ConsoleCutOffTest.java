package org.conurb.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.assertions.LocatorAssertions.IsVisibleOptions;
import java.util.Map;
import org.conurb.server.TestSite.Call;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The server is gone in mid-session, and comes back. */
@ExtendWith(OnceMore.class)
class ConsoleCutOffTest {
    private static final IsVisibleOptions PATIENTLY = new IsVisibleOptions().setTimeout(45_000);

    @Test
    void theConsoleSaysThatItIsCutOffAndGoesOnByItselfWithTheDataRight() throws Exception {
        BrowserRoom.browser();
        try (TestSite city = TestSite.demo(TestSite.temporaryFolder("conurb cut off "))) {
            Call dispatch = city.asInstaller().header("Conurb-Organisation", "control-room");
            String staying = BrowserRoom.open(dispatch, "fire.smoke", 2, 7.4212, 43.7349, "Stays open");
            String ending = BrowserRoom.open(dispatch, "police.burglary", 2, 7.4131, 43.7286, "Ends meanwhile");
            try (BrowserSeat amara = BrowserSeat.of("amara.okafor", city)) {
                assertThat(amara.row("Smoke")).isVisible();
                assertThat(amara.row("Burglary")).isVisible();
                amara.screenshot("no-map");

                city.kill();
                assertThat(amara.page.locator(".link-state.is-reconnecting, .link-state.is-cut"))
                        .isVisible(PATIENTLY);
                assertThat(amara.page.locator(".cut-off")).isVisible(PATIENTLY);
                assertThat(amara.row("Smoke")).isVisible();
                amara.screenshot("cut-off");

                city.restartAtItsAddress();
                Call again = city.asInstaller().header("Conurb-Organisation", "control-room");
                again.patch("/api/incidents/" + ending, Map.of("state", "closed"))
                        .expect(200);
                again.patch("/api/incidents/" + staying, Map.of("priority", 1)).expect(200);
                BrowserRoom.open(again, "city.flooding", 3, 7.4385, 43.7489, "Came meanwhile");

                assertThat(amara.page.locator(".link-state.is-live")).isVisible(PATIENTLY);
                assertThat(amara.page.locator(".cut-off")).hasCount(0);
                assertThat(amara.row("Flooding")).isVisible();
                assertThat(amara.row("Burglary")).hasCount(0);
                assertThat(amara.row("Smoke").locator(".severity")).hasClass(java.util.regex.Pattern.compile("sev-1"));
                amara.press("n");
                amara.press("Escape");
                amara.expectNoFaultsBut(fault -> fault.contains("net::ERR_") || fault.contains("status of 50"));
            }
        }
    }
}

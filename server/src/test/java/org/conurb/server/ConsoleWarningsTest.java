package org.conurb.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.conurb.server.TestSite.Call;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnceMore.class)
class ConsoleWarningsTest {
    private static final int DRAWN_AT_MOST = 60;

    @Test
    void fiveHundredAndOneRealAlertsAreListedByAreaAndATestIsMarked() throws IOException {
        BrowserRoom.browser();
        TestSite city = TestSite.shared();
        postAll(city.asInstaller());
        try (BrowserSeat nadia = BrowserSeat.of("amara.okafor", city)) {
            nadia.press("w");
            Locator panel = nadia.named(AriaRole.REGION, "Warnings");
            Locator rows = panel.getByRole(AriaRole.OPTION);
            assertThat(panel.locator(".pane-head")).containsText(Pattern.compile("50\\d listed"));
            nadia.screenshot("warnings-501");
            assertThat(nadia.page.locator(".board-foot")).containsText(Pattern.compile("4\\d\\d( warnings)? in force"));

            nadia.named(AriaRole.BUTTON, "By area").focus();
            nadia.press("Enter");
            assertThat(panel.locator(".pane-head")).containsText(Pattern.compile("1,?3\\d\\d listed"));
            assertThat(rows.count()).isBetween(5, DRAWN_AT_MOST);
            nadia.screenshot("warnings-by-area");

            scrollsThroughWithoutAHitch(nadia, panel.getByRole(AriaRole.LISTBOX), rows);

            nadia.press("/");
            nadia.type("test message");
            assertThat(rows.first().locator(".unreal")).hasText("TEST");
            assertThat(rows.first().locator(".severity svg")).hasCount(0);
            nadia.press("Enter", "Enter");
            assertThat(nadia.side()).containsText("This is not a real warning.");
            assertThat(nadia.side()).containsText("The sender gave no outline");
            nadia.screenshot("warning-test");
            nadia.press("Escape");
            nadia.expectNoFaults();
        }
    }

    private static void scrollsThroughWithoutAHitch(BrowserSeat seat, Locator list, Locator rows) {
        seat.page.evaluate("""
                () => { window.longest = 0;
                  new PerformanceObserver((seen) => seen.getEntries().forEach((one) => {
                    window.longest = Math.max(window.longest, one.duration) })).observe({ type: 'longtask' }) }""");
        list.focus();
        for (int page = 0; page < 30; page++) {
            seat.press("PageDown");
            assertThat(rows.count()).isBetween(5, DRAWN_AT_MOST);
        }
        seat.press("End");
        assertThat(list.locator("[role=option].is-active")).isInViewport();
        assertThat(list.locator("[role=option].is-active"))
                .hasAttribute("aria-posinset", String.valueOf(rows.first().getAttribute("aria-setsize")));
        assertThat(((Number) seat.page.evaluate("window.longest")).doubleValue())
                .as("longest time that scrolling held the screen up, ms")
                .isLessThan(500);
        seat.screenshot("warnings-scrolled");
    }

    private static void postAll(Call installer) throws IOException {
        Path zip = TestSite.sharedData("cap/nws-2025-10-15-501-cap12-xml.zip");
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (entry.getName().endsWith(".xml")) {
                    assertThat(installer
                                    .send("POST", "/api/warnings", in.readAllBytes(), "application/cap+xml")
                                    .status())
                            .isIn(200, 201);
                }
            }
        }
    }
}

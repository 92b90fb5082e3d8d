package org.conurb.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import java.util.List;
import org.conurb.server.BrowserSeat.Look;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every screen in each theme, language and size: readable, in words, within the window. */
@ExtendWith(OnceMore.class)
class ConsoleLooksTest {
    /** Both themes, and both directions of writing. */
    static List<Look> looks() {
        return List.of(Look.USUAL, Look.USUAL.inTheme("light").in("ar"));
    }

    @ParameterizedTest
    @MethodSource("looks")
    void everyScreenIsAccessibleAndInWords(Look look) {
        TestSite city = BrowserRoom.busyCity();
        try (BrowserSeat seat = BrowserSeat.at(city, look)) {
            assertThat(seat.page.locator("html"))
                    .hasAttribute("dir", look.language().equals("ar") ? "rtl" : "ltr");
            seat.screenshot("signin-" + look);
            expectGood(seat, "sign-in " + look);

            seat.signIn("amara.okafor");
            seat.openIncident(theFire(city));
            seat.screenshot("operations-" + look);
            expectGood(seat, "operations " + look);
            panels(seat, look);
            sheets(seat, look);

            system(seat);
            seat.screenshot("system-" + look);
            expectGood(seat, "system " + look);
            seat.press("g", "v");
            assertThat(seat.page.locator(".video")).isVisible();
            seat.screenshot("video-" + look);
            expectGood(seat, "wall " + look);
            talk(seat);
            seat.screenshot("talk-" + look);
            expectGood(seat, "talk " + look);
            seat.expectNoFaults();
        }
    }

    private static void panels(BrowserSeat seat, Look look) {
        seat.press("n");
        assertThat(seat.page.locator(".form")).isVisible();
        expectGood(seat, "new incident " + look);
        seat.press("Escape", "w");
        assertThat(seat.side().locator("[role=option]").first()).isVisible();
        expectGood(seat, "warnings " + look);
        seat.press("Home", "Enter");
        assertThat(seat.side().locator("h2")).isVisible();
        expectGood(seat, "a warning " + look);
        seat.press("Escape", "u");
        assertThat(seat.side().locator("[role=option]").first()).isVisible();
        expectGood(seat, "units " + look);
    }

    private static void sheets(BrowserSeat seat, Look look) {
        seat.press("Control+k");
        seat.type("E1");
        assertThat(seat.page.locator(".combo-pop [role=option]").first()).isVisible();
        seat.screenshot("palette-" + look);
        expectGood(seat, "palette " + look);
        seat.press("Escape", "Escape");
        seat.page.evaluate("document.activeElement.blur()");
        seat.press("?");
        assertThat(seat.page.getByRole(AriaRole.DIALOG)).isVisible();
        expectGood(seat, "keys " + look);
        seat.press("Escape");
        seat.page.locator(".account-button").click();
        seat.page.locator("[role=menuitem][data-key='do settings']").click();
        assertThat(seat.page.locator(".settings")).isVisible();
        seat.screenshot("settings-" + look);
        expectGood(seat, "settings " + look);
        seat.press("Escape");
        assertThat(seat.page.getByRole(AriaRole.DIALOG)).hasCount(0);
        seat.page.evaluate("document.activeElement.blur()");
    }

    private static void expectGood(BrowserSeat seat, String screen) {
        seat.expectAccessible(screen);
        seat.expectWords(screen);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fr", "es", "zh", "ar"})
    void eachOtherLanguageLeavesNoNameOfATextOnASmallScreen(String language) {
        Look look = Look.USUAL.sized(1280, 720).in(language);
        TestSite city = BrowserRoom.busyCity();
        try (BrowserSeat seat = BrowserSeat.at(city, look)) {
            assertThat((String) seat.page.evaluate("document.documentElement.lang"))
                    .startsWith(language);
            seat.expectWords("sign-in " + look);
            seat.signIn("luc.moreau");
            seat.openIncident(theFire(city));
            seat.expectWords("operations " + look);
            seat.screenshot("operations-" + look);
            seat.press("n");
            assertThat(seat.page.locator(".form")).isVisible();
            seat.expectWords("new incident " + look);
            seat.screenshot("new-" + look);
            seat.press("Escape", "w");
            assertThat(seat.side().locator("[role=option]").first()).isVisible();
            seat.expectWords("warnings " + look);
            seat.screenshot("warnings-" + look);
            seat.press("?");
            assertThat(seat.page.getByRole(AriaRole.DIALOG)).isVisible();
            seat.expectWords("keys " + look);
            seat.screenshot("keys-" + look);
            seat.press("Escape");
            system(seat);
            seat.expectWords("system " + look);
            talk(seat);
            seat.expectWords("talk " + look);
            seat.expectNoSidewaysScroll("talk " + look);
            seat.screenshot("talk-" + look);
            seat.expectNoFaults();
        }
    }

    @Test
    void aSmallDeskScreenHoldsListMapAndDetail() {
        TestSite city = BrowserRoom.busyCity();
        try (BrowserSeat seat = BrowserSeat.of("amara.okafor", city, Look.USUAL.sized(1280, 720))) {
            seat.openIncident(theFire(city));
            seat.expectNoSidewaysScroll("operations");
            for (String part : List.of(
                    ".board .pane-head button",
                    ".city-map-canvas",
                    ".detail-actions .button >> nth=0",
                    ".note-box textarea",
                    ".status-bar",
                    ".command-line input",
                    ".account-button")) {
                expectInView(seat, part);
            }
            system(seat);
            seat.expectNoSidewaysScroll("system");
            seat.screenshot("system-small");
            talk(seat);
            for (String part : List.of(
                    ".group-row .group-tools select >> nth=0",
                    ".talk-options",
                    ".talk-press .talk-button",
                    ".talk-press .emergency-button",
                    ".composer button[type=submit]")) {
                expectInView(seat, part);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "ar"})
    void aPhoneHoldsOneViewAtATimeAndEveryMainAction(String language) {
        TestSite city = BrowserRoom.busyCity();
        Look phone = Look.USUAL.sized(390, 844).in(language);
        try (BrowserSeat seat = BrowserSeat.at(city, phone)) {
            seat.expectNoSidewaysScroll("sign-in");
            seat.screenshot("signin-" + phone);
            seat.signIn("amara.okafor");
            seat.expectNoSidewaysScroll("list");
            expectInView(seat, ".board .pane-head button");
            expectInView(seat, ".operations-tabs button >> nth=2");
            seat.screenshot("list-" + phone);

            seat.page.locator(".board [role=option]").first().tap();
            assertThat(seat.side().locator(".timeline li").first()).isVisible();
            seat.expectNoSidewaysScroll("detail");
            expectInView(seat, ".detail-actions .button >> nth=0");
            seat.screenshot("detail-" + phone);
            seat.page.locator(".detail-actions .button").first().tap();
            expectInView(seat, ".assign-box [role=option] >> nth=0");
            seat.screenshot("assign-" + phone);

            seat.page.locator(".operations-tabs button").nth(1).tap();
            assertThat(seat.page.locator(".city-map[data-styled='1'] canvas")).isVisible();
            seat.expectNoSidewaysScroll("map");
            seat.screenshot("map-" + phone);
            seat.page.locator(".operations-tabs button").first().tap();
            seat.page.locator(".board .pane-head button").tap();
            expectInView(seat, ".form-foot button[type=submit]");
            seat.expectNoSidewaysScroll("new incident");
            seat.screenshot("new-" + phone);
            seat.page.navigate("/system");
            assertThat(seat.page.locator(".system table")).isVisible();
            seat.expectNoSidewaysScroll("system");
            seat.screenshot("system-" + phone);
            seat.takeSeat("dispatch-1");
            seat.page.navigate("/talk");
            seat.page.locator(".group-pick").first().tap();
            assertThat(seat.page.locator(".talk-detail h2")).isVisible();
            seat.expectNoSidewaysScroll("talk");
            seat.screenshot("talk-" + phone);
            inTheField(seat, phone);
            seat.expectNoFaults();
        }
    }

    private static void inTheField(BrowserSeat seat, Look phone) {
        seat.page.navigate("/field");
        Locator begin = seat.page.locator(".field-choose > .button").first();
        assertThat(begin).isVisible();
        looksWell(seat, "field-choose", phone);
        begin.tap();
        assertThat(seat.page.locator(".field-talk > .talk-button.is-ready")).isVisible();
        for (String part : List.of(".field-head .button", ".field-foot .emergency-button", ".field-foot .check")) {
            expectInView(seat, part);
        }
        looksWell(seat, "field-talk", phone);
        Locator tabs = seat.page.locator(".field-tabs button");
        tabs.nth(1).tap();
        assertThat(seat.page.locator(".field-screen.is-incident")).isVisible();
        looksWell(seat, "field-incident", phone);
        tabs.nth(3).tap();
        expectInView(seat, ".composer button[type=submit]");
        looksWell(seat, "field-messages", phone);
        tabs.nth(4).tap();
        assertThat(seat.page.locator(".field-sends")).isVisible();
        looksWell(seat, "field-status", phone);
    }

    private static void looksWell(BrowserSeat seat, String screen, Look look) {
        seat.expectNoSidewaysScroll(screen);
        seat.expectWords(screen + " " + look);
        seat.expectAccessible(screen + " " + look);
        seat.screenshot(screen + "-" + look);
    }

    /** With the first group chosen: what is about one stands beside the list. */
    private static void talk(BrowserSeat seat) {
        seat.takeSeat("dispatch-1");
        seat.press("g", "t");
        seat.page.locator(".group-pick").first().click();
        assertThat(seat.page.locator(".talk-detail h2")).isVisible();
        assertThat(seat.page.locator(".message-list p, .message").first()).isVisible();
    }

    private static void system(BrowserSeat seat) {
        seat.press("g", "s");
        assertThat(seat.page.locator(".system tbody tr").first()).isVisible();
    }

    private static String theFire(TestSite city) {
        return city.asInstaller()
                .header("Conurb-Organisation", "control-room")
                .get("/api/incidents?limit=100")
                .expect(200)
                .json()
                .path("items")
                .valueStream()
                .filter(one -> one.path("type").asString().equals("fire.building"))
                .findFirst()
                .orElseThrow()
                .path("id")
                .asString();
    }

    private static void expectInView(BrowserSeat seat, String part) {
        Locator found = seat.page.locator(part).first();
        assertThat(found).isVisible();
        BoundingBox box = found.boundingBox();
        int width = seat.page.viewportSize().width;
        int height = seat.page.viewportSize().height;
        assertThat(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height)
                .as("%s within %d x %d: %s %s %s %s", part, width, height, box.x, box.y, box.width, box.height)
                .isTrue();
    }
}

package org.conurb.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** The other example city: the same program with another folder, no map, and nothing going on at first. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(OnceMore.class)
class BirchTest {
    private static TestSite city;

    @BeforeAll
    static void start() {
        city = TestSite.demo(
                TestSite.temporaryFolder("conurb birch "),
                "--city",
                TestSite.ROOT.resolve("demo/birch").toString());
    }

    @AfterAll
    static void stop() {
        if (city != null) {
            city.close();
        }
    }

    @Test
    @Order(1)
    void theSameProgramBootsWithItsOwnCodesAndLanguages() {
        JsonNode birch = city.asInstaller().get("/api/city").expect(200).json();
        JsonNode alder =
                TestSite.shared().asInstaller().get("/api/city").expect(200).json();
        for (String member : List.of("id", "timeZone", "languages", "organisations", "unitStatuses", "incidentTypes")) {
            assertThat(birch.path(member)).as(member).isNotEqualTo(alder.path(member));
        }
    }

    @Test
    @Order(2)
    void whereNothingHappensTheScreenSaysSoAndWhatToDo() {
        try (BrowserSeat camille = BrowserSeat.of("camille.roy", city)) {
            Locator board = camille.page.locator(".board .notice");
            assertThat(board).containsText("No open incidents");
            assertThat(board.locator("button")).isVisible();
            camille.screenshot("state-empty");
            camille.expectAccessible("an empty board");
            camille.press("w");
            assertThat(camille.side().locator(".notice")).isVisible();
            camille.press("g", "v");
            assertThat(camille.page.locator(".video")).isVisible();
            camille.screenshot("state-empty-video");
            camille.expectAccessible("a wall without cameras");

            camille.press("g", "o", "n");
            assertThat(camille.page.locator(".form")).isVisible();
            camille.expectNoFaults();
        }
    }

    @Test
    @Order(3)
    void withoutAMapTheScreenIsUsable() {
        try (BrowserSeat camille = BrowserSeat.of("camille.roy", city)) {
            BrowserRoom.open(
                    city.asInstaller().header("Conurb-Organisation", "securite-publique"),
                    "feu.fumee",
                    3,
                    7.4585,
                    43.7549,
                    "Smoke above the quay.");
            assertThat(camille.page.locator(".city-map-legend")).containsText("no map installed");
            assertThat(camille.row("Smoke")).isVisible();
            camille.press("/");
            camille.type("smoke");
            camille.press("Enter", "Enter");
            assertThat(camille.side().locator("h2")).containsText("Smoke");
            assertThat(camille.side().locator(".detail-place")).containsText(Pattern.compile("43\\.7549"));
            camille.screenshot("no-map-incident");
            camille.press("m");
            assertThat(camille.page.locator(".twin-list [role=option]").first()).isVisible();
            camille.screenshot("map-twin");
            camille.press("Escape");
            camille.expectNoFaults();
        }
    }
}

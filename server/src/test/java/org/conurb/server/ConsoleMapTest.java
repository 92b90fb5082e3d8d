package org.conurb.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnceMore.class)
class ConsoleMapTest {
    @Test
    void anExtractBecomesTheMapAndIsDrawnFromByteRanges() {
        TestSite.sharedData("osm/monaco.osm.pbf");
        assumeTrue(BrowserRoom.basemapIsBuilt(), "skipped: basemap/target is not built here");
        try (BrowserSeat amara = BrowserSeat.of("amara.okafor", BrowserRoom.busyCity())) {
            Object answer = amara.page.evaluate("""
                    async () => {
                      const part = await fetch('/map/city.pmtiles', { headers: { Range: 'bytes=0-126' } })
                      return [part.status, part.headers.get('content-range'), (await part.arrayBuffer()).byteLength]
                    }""");
            List<?> told = (List<?>) answer;
            assertThat(told.get(0)).isEqualTo(206);
            assertThat(told.get(1)).asString().matches("bytes 0-126/\\d+");
            assertThat(told.get(2)).isEqualTo(127);

            assertThat(amara.page.locator(".city-map-legend")).containsText("© OpenStreetMap contributors");
            TestSite.await("streets and houses", () -> amara.mapColours() > 8);
            amara.screenshot("map");

            amara.page.locator(".shell-strips .strip button").first().focus();
            amara.press("Enter");
            amara.pick("Building fire");
            assertThat(amara.side().locator(".timeline li").first()).isVisible();
            assertThat(amara.page.locator(".shell-strips .strip button")).hasCount(0);
            amara.settle();
            amara.page.evaluate("document.activeElement.blur()");
            amara.screenshot("readme");
            amara.expectNoFaults();
        }
    }

    @Test
    void withoutAMapTheScreenIsUsable() {
        BrowserRoom.browser();
        Path birch = TestSite.ROOT.resolve("demo/birch"); // a city folder that names no map
        try (TestSite city =
                        TestSite.demo(TestSite.temporaryFolder("conurb without a map "), "--city", birch.toString());
                BrowserSeat camille = BrowserSeat.of("camille.roy", city)) {
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

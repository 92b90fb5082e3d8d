package org.conurb.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
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
}

package org.conurb.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Locator;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ConsoleMapTest {
    /** So many pixels of one colour are ground, water, street or building; fewer may be the soft edge of something. */
    private static final int AN_AREA = 40;

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
            Locator canvas = amara.page.locator(".city-map-canvas canvas");
            assertThat(canvas).isVisible();
            TestSite.await("streets and houses", () -> colours(canvas) > 8);
            amara.screenshot("map");
            amara.expectNoFaults();
        }
    }

    @Test
    void withoutAMapTheScreenIsUsable() {
        BrowserRoom.browser();
        TestSite city = TestSite.shared();
        BrowserRoom.open(
                city.asInstaller().header("Conurb-Organisation", "control-room"),
                "city.flooding",
                3,
                7.4385,
                43.7489,
                "Water in the underpass.");
        try (BrowserSeat amara = BrowserSeat.of("amara.okafor", city)) {
            assertThat(amara.page.locator(".city-map-legend")).containsText("no map installed");
            amara.press("/");
            amara.type("flooding");
            amara.press("Enter", "Enter");
            assertThat(amara.side().locator("h2")).containsText("Flooding");
            assertThat(amara.side().locator(".detail-place")).containsText(Pattern.compile("43\\.7489"));
            amara.screenshot("no-map-incident");
            amara.press("m");
            assertThat(amara.page.locator(".twin-list [role=option]").first()).isVisible();
            amara.screenshot("map-twin");
            amara.press("Escape");
            amara.expectNoFaults();
        }
    }

    private static int colours(Locator canvas) {
        try {
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(canvas.screenshot()));
            Map<Integer, Integer> pixels = new HashMap<>();
            for (int y = 0; y < image.getHeight(); y++) {
                for (int x = 0; x < image.getWidth(); x++) {
                    pixels.merge(image.getRGB(x, y), 1, Integer::sum);
                }
            }
            return (int)
                    pixels.values().stream().filter(count -> count >= AN_AREA).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

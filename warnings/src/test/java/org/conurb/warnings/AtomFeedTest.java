package org.conurb.warnings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AtomFeedTest {
    @Test
    void the163EntriesOfTheWeatherIndexAreWarnings99WithPolygons() throws Exception {
        List<CapAlert> alerts = AtomFeed.read(CapSamples.index()).stream()
                .map(AtomEntry::toAlert)
                .toList();
        assertThat(alerts).hasSize(163);
        assertThat(alerts.stream().filter(alert -> WarningPlace.of(alert).isPresent()))
                .hasSize(99);
        CapAlert first = alerts.getFirst();
        assertThat(first.infos().getFirst().event()).isEqualTo("High Wind Warning");
        assertThat(first.infos().getFirst().severity()).isEqualTo("Severe");
        assertThat(first.areas().getFirst().name()).isEqualTo("Eastern Beaufort Sea Coast");
        assertThat(first.sent()).isEqualTo("2018-08-15T22:52:00Z");
        assertThat(first.expires()).contains(java.time.Instant.parse("2018-08-16T15:00:00Z"));
        assertThat(alerts.stream().map(CapAlert::identifier).distinct()).hasSize(163);
    }

    @Test
    void anAlertInsideAnEntryIsCutOutAsADocumentOfItsOwn() throws Exception {
        AtomEntry entry = AtomFeed.read(CapSamples.google("canada_signed.atom")).getFirst();
        CapAlert alert = CapReader.read(entry.alert().orElseThrow().getBytes(UTF_8));
        assertThat(alert.identifier()).isEqualTo("2.49.0.1.124.f2c83f5f.2013");
        assertThat(alert).isEqualTo(CapReader.read(CapSamples.google("canada_signed.cap")));
    }

    @Test
    void prefixesDeclaredOutsideHoldInTheCopy() {
        AtomEntry entry = AtomFeed.read(("<a:feed xmlns:a='http://www.w3.org/2005/Atom' xmlns:c='" + CapSchema.NAMESPACE
                                + "' xmlns:d='urn:d'><a:entry><a:id>1 &amp; &lt;2</a:id><a:content><c:alert"
                                + " d:x='&quot;&lt;'><c:identifier>a&amp;b</c:identifier></c:alert></a:content></a:entry>"
                                + "</a:feed>")
                        .getBytes(UTF_8))
                .getFirst();
        assertThat(entry.id()).isEqualTo("1 & <2");
        String copy = entry.alert().orElseThrow();
        assertThat(copy).contains("xmlns:c=\"" + CapSchema.NAMESPACE + "\"").contains("a&amp;b");
        assertThatThrownBy(() -> CapParser.parse(copy.getBytes(UTF_8))).hasMessageContaining("attribute d:x");
    }

    @Test
    void aLinkToACapDocumentIsTold() throws Exception {
        AtomEntry quake =
                AtomFeed.read(CapSamples.google("earthquake_index.atom")).getFirst();
        assertThat(quake.capLink()).contains("http://earthquake.usgs.gov/earthquakes/catalogs/cap/us2010apcd");
        assertThat(quake.warns()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "weather_index.atom",
                "ny_index.rss",
                "invalid.rss",
                "xee.atom",
                "amber.atom",
                "empty_weather_index.atom",
                "no_entries.atom",
                "no_id.atom",
                "no_link.atom",
                "no_title.atom",
                "invalid_element.atom",
                "weather.atom",
                "weather_invalid.atom",
                "bushfire_valid.edxlde"
            })
    void feedsOfOthersAreReadOrRefusedAndNothingElse(String sample) throws Exception {
        byte[] feed = CapSamples.google(sample);
        try {
            for (AtomEntry entry : AtomFeed.read(feed)) {
                tryAll(entry);
            }
            assertThat(sample).endsWith(".atom").isNotEqualTo("xee.atom");
        } catch (CapRefused refused) {
            assertThat(refused.detail()).startsWith("Line ");
            assertThat(sample).doesNotStartWith("weather").doesNotStartWith("amber");
        }
    }

    @Test
    void damagedFeedsAreReadOrRefusedAndNothingElse() throws Exception {
        Random random = new Random(11);
        byte[] good = CapSamples.google("canada_signed.atom");
        for (int n = 0; n < 1_000; n++) {
            byte[] damaged = good.clone();
            for (int i = random.nextInt(6); i >= 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                AtomFeed.read(damaged).forEach(AtomFeedTest::tryAll);
            } catch (CapRefused refused) {
                assertThat(refused.detail()).isNotBlank();
            }
        }
    }

    private static void tryAll(AtomEntry entry) {
        try {
            entry.alert().ifPresent(alert -> CapReader.read(alert.getBytes(UTF_8)));
            entry.toAlert();
        } catch (CapRefused refused) {
            assertThat(refused.detail()).isNotBlank();
        }
    }
}

package org.conurb.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.xml.sax.SAXException;
import tools.jackson.core.JacksonException;

/** What comes in is bounded where it is first understood. */
class EdgesTest {
    record Named(String name, int level) {}

    @Test
    void jsonDeeperThanItsBoundIsRefused() {
        assertThat(Json.mapper().readTree("[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH)))
                .isNotNull();
        assertThatThrownBy(() -> Json.mapper().readTree("[".repeat(200_000))).isInstanceOf(JacksonException.class);
    }

    @Test
    void jsonWithUnknownDoubledOrTrailingPartsIsRefused() {
        for (String json : List.of(
                "{\"name\":\"a\",\"level\":1,\"more\":2}",
                "{\"name\":\"a\",\"name\":\"b\",\"level\":1}",
                "{\"name\":\"a\",\"level\":1} {}",
                "{\"name\":5,\"level\":1}",
                "{\"name\":\"a\",\"level\":\"1\"}",
                "{\"name\":\"a\",\"level\":1.5}")) {
            assertThatThrownBy(() -> Json.mapper().readValue(json, Named.class))
                    .as(json)
                    .isInstanceOf(JacksonException.class);
        }
    }

    @Test
    void canonicalJsonOrdersMembers() {
        assertThat(Json.canonical().writeValueAsString(Map.of("b", 1, "a", Map.of("d", 1, "c", 2))))
                .isEqualTo("{\"a\":{\"c\":2,\"d\":1},\"b\":1}");
    }

    @Test
    void xmlThatNamesEntitiesOrFilesIsRefused() {
        for (String xml : List.of(
                "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
                "<!DOCTYPE a SYSTEM \"http://127.0.0.1:9/a.dtd\"><a/>",
                "<a>".repeat(100) + "</a>".repeat(100))) {
            assertThatThrownBy(() -> SafeXml.documentBuilder()
                            .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8))))
                    .isInstanceOf(SAXException.class);
        }
    }

    @Test
    void anIdIsABareUuidOrOurUrn() {
        UUID id = new Ids(Clock.systemUTC(), new Random(1)).next();

        assertThat(id.version()).isEqualTo(7);
        assertThat(Ids.parse("Incident", id.toString())).contains(id);
        assertThat(Ids.parse("Incident", Ids.urn("Incident", id))).contains(id);
        for (String other : List.of("", "1-1-1-1-1", Ids.urn("Unit", id), id + "x", "urn:ngsi-ld:Incident:")) {
            assertThat(Ids.parse("Incident", other)).as(other).isEmpty();
        }
    }

    @Test
    void aMomentIsTextAndNeverANumber() {
        record At(java.time.Instant at) {}
        assertThat(Json.mapper()
                        .readValue("{\"at\":\"2026-03-01T09:00:00+01:00\"}", At.class)
                        .at())
                .isEqualTo("2026-03-01T08:00:00Z");
        for (String other : List.of("7", "1.5", "true", "[]", "{}", "\"\"", "\"soon\"")) {
            assertThatThrownBy(() -> Json.mapper().readValue("{\"at\":" + other + "}", At.class))
                    .as(other)
                    .isInstanceOf(tools.jackson.core.JacksonException.class);
        }
    }

    @Test
    void aPointOffTheEarthIsRefusedWithAHint() {
        assertThatThrownBy(() -> new Epsg4326Point(143, 7))
                .isInstanceOfSatisfying(
                        BadRequest.class, e -> assertThat(e.remedy()).contains("longitude first"));
        assertThatThrownBy(() -> new Epsg4326Point(Double.NaN, 7)).isInstanceOf(BadRequest.class);
    }

    @Test
    void distanceIsThatOfTheMeanSphere() {
        Epsg4326Point paris = new Epsg4326Point(48.8566, 2.3522);
        Epsg4326Point london = new Epsg4326Point(51.5074, -0.1278);

        assertThat(paris.metresTo(london)).isBetween(343_000.0, 344_500.0);
        assertThat(paris.metresTo(paris)).isZero();
    }

    @Test
    void organisationIdsAreShortAndPlain() {
        for (String id : List.of("", "A", "1a", "a b", "a".repeat(41), "é")) {
            assertThatThrownBy(() -> new OrganisationId(id)).as(id).isInstanceOf(BadRequest.class);
        }
        assertThat(new OrganisationId("city-hospital").value()).isEqualTo("city-hospital");
    }
}

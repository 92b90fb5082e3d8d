package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.hub.QueryDoors.json;

import org.conurb.testkit.TestClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Every kind of attribute in every format (GS CIM 009 clause 4.5). */
final class FormatsApiTest {
    private static final String EVERYTHING = """
            {"id":"urn:x:1","type":["Car","Thing"],"scope":"/Alder/North",
             "speed":[{"type":"Property","value":55,"unitCode":"KMH","observedAt":"2026-03-01T08:00:00Z"},
                      {"type":"Property","value":54,"datasetId":"urn:d:gps"}],
             "name":{"type":"Property","value":"A"},
             "parts":{"type":"Property","value":{"wheels":[1,2,3,4]}},
             "source":{"type":"Property","value":"radar","accuracy":{"type":"Property","value":0.5}},
             "location":{"type":"GeoProperty","value":{"type":"Point","coordinates":[7.4,43.7]}},
             "street":{"type":"LanguageProperty","languageMap":{"fr":"Grand Place","nl":"Grote Markt"}},
             "category":{"type":"VocabProperty","vocab":["private","electric"]},
             "raw":{"type":"JsonProperty","json":{"type":"Anything","value":null}},
             "track":{"type":"ListProperty","valueList":[1,[2,3]]},
             "parkedAt":{"type":"Relationship","object":"urn:x:2"},
             "route":{"type":"ListRelationship","objectList":[{"object":"urn:x:3"},{"object":"urn:x:4"}]}}""";

    private final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");
    private final QueryDoors doors = new QueryDoors(clock);

    @AfterEach
    void close() throws Exception {
        doors.close();
    }

    private JsonNode get(String parameters, String... headers) {
        QueryDoors.Reply reply = doors.get("entities/urn:x:1" + parameters, headers);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.json();
    }

    @Test
    void normalizedIsWhatWasSent() {
        doors.created(EVERYTHING);
        for (String parameters :
                new String[] {"", "?format=normalized", "?options=normalized", "?lang=fr&attrs=name"}) {
            JsonNode told = get(parameters);
            assertThat(told.path("name")).isEqualTo(json(EVERYTHING).path("name"));
        }
        assertThat(get("")).isEqualTo(json(EVERYTHING));
        assertThat(doors.entities("type", "Car").json().get(0)).isEqualTo(json(EVERYTHING));
    }

    @Test
    void conciseLeavesOutWhatCanBeInferred() {
        doors.created(EVERYTHING);
        JsonNode expected = json("""
                {"id":"urn:x:1","type":["Car","Thing"],"scope":"/Alder/North",
                 "speed":[{"value":55,"unitCode":"KMH","observedAt":"2026-03-01T08:00:00Z"},{"value":54,"datasetId":"urn:d:gps"}],
                 "name":"A","parts":{"value":{"wheels":[1,2,3,4]}},"source":{"value":"radar","accuracy":0.5},
                 "location":{"type":"Point","coordinates":[7.4,43.7]},
                 "street":{"languageMap":{"fr":"Grand Place","nl":"Grote Markt"}},
                 "category":{"vocab":["private","electric"]},"raw":{"json":{"type":"Anything","value":null}},
                 "track":{"valueList":[1,[2,3]]},"parkedAt":{"object":"urn:x:2"},"route":{"objectList":[{"object":"urn:x:3"},{"object":"urn:x:4"}]}}""");
        assertThat(get("?options=concise")).isEqualTo(expected);
        assertThat(get("?format=concise")).isEqualTo(expected);
    }

    @Test
    void whatIsToldConciselyCanBeSentAndIsTheSameEntity() {
        doors.created(EVERYTHING);
        String concise = doors.get("entities/urn:x:1?format=concise").body();
        doors.created(concise.replace("\"urn:x:1\"", "\"urn:x:9\""));
        assertThat(doors.get("entities/urn:x:9").body().replace("urn:x:9", "urn:x:1"))
                .isEqualTo(doors.get("entities/urn:x:1").body());
    }

    @Test
    void simplifiedKeepsValuesAlone() {
        doors.created(EVERYTHING);
        JsonNode expected = json("""
                {"id":"urn:x:1","type":["Car","Thing"],"scope":"/Alder/North",
                 "speed":{"dataset":{"@none":55,"urn:d:gps":54}},
                 "name":"A","parts":{"wheels":[1,2,3,4]},"source":"radar",
                 "location":{"type":"Point","coordinates":[7.4,43.7]},
                 "street":{"languageMap":{"fr":"Grand Place","nl":"Grote Markt"}},
                 "category":{"vocab":["private","electric"]},"raw":{"json":{"type":"Anything","value":null}},
                 "track":[1,[2,3]],"parkedAt":"urn:x:2","route":["urn:x:3","urn:x:4"]}""");
        for (String parameters : new String[] {
            "?options=keyValues",
            "?options=simplified",
            "?format=keyValues",
            "?format=simplified",
            "?format=simplified&options=normalized"
        }) {
            assertThat(get(parameters)).as(parameters).isEqualTo(expected);
        }
    }

    @Test
    void geoJsonIsAFeatureWithTheGeometryAsked() {
        doors.created(EVERYTHING);
        JsonNode feature = get("", "Accept", "application/geo+json");
        assertThat(feature.path("type").stringValue()).isEqualTo("Feature");
        assertThat(feature.path("id").stringValue()).isEqualTo("urn:x:1");
        assertThat(feature.path("geometry")).isEqualTo(json("{\"type\":\"Point\",\"coordinates\":[7.4,43.7]}"));
        assertThat(feature.at("/properties/type")).isEqualTo(json("[\"Car\",\"Thing\"]"));
        assertThat(feature.at("/properties/name/value").stringValue()).isEqualTo("A");
        assertThat(feature.path("properties").has("id")).isFalse();
        assertThat(feature.has("@context")).isTrue();

        QueryDoors.Reply plain = doors.get(
                "entities/urn:x:1?geometryProperty=name&format=simplified&attrs=speed",
                "Accept",
                "application/geo+json",
                "Prefer",
                "body=json");
        assertThat(plain.json().path("geometry").isNull()).isTrue();
        assertThat(plain.json().at("/properties/speed/dataset/@none").asInt()).isEqualTo(55);
        assertThat(plain.json().has("@context")).isFalse();
        assertThat(plain.raw().getHeader("Link")).contains("json-ld#context");
        assertThat(plain.raw().getContentType()).isEqualTo("application/geo+json");

        JsonNode all =
                doors.get("entities?type=Car", "Accept", "application/geo+json").json();
        assertThat(all.path("type").stringValue()).isEqualTo("FeatureCollection");
        assertThat(all.at("/features/0/geometry/type").stringValue()).isEqualTo("Point");
        assertThat(all.path("features").get(0).has("@context")).isFalse();
        assertThat(doors.get("entities/urn:x:1?geometryProperty=location").status())
                .isEqualTo(400);
    }

    @Test
    void oneLanguageIsToldAsAProperty() {
        doors.created(EVERYTHING);
        assertThat(get("?lang=nl-BE,fr;q=0.5").path("street"))
                .isEqualTo(json("{\"type\":\"Property\",\"value\":\"Grote Markt\",\"lang\":\"nl\"}"));
        assertThat(get("?lang=pt&format=concise").path("street"))
                .isEqualTo(json("{\"value\":\"Grand Place\",\"lang\":\"fr\"}"));
        assertThat(get("?lang=fr&options=keyValues").path("street").stringValue())
                .isEqualTo("Grand Place");
        assertThat(doors.entities("type", "Car", "lang", "nl")
                        .json()
                        .at("/0/street/value")
                        .stringValue())
                .isEqualTo("Grote Markt");
    }

    @Test
    void instancesAreChosenByDataset() {
        doors.created(EVERYTHING);
        assertThat(get("?datasetId=urn:d:gps").path("speed").path("value").asInt())
                .isEqualTo(54);
        assertThat(get("?datasetId=urn:d:gps").has("name")).isFalse();
        assertThat(get("?datasetId=@none").at("/speed/value").asInt()).isEqualTo(55);
        assertThat(get("?datasetId=@none,urn:d:gps").path("speed").size()).isEqualTo(2);
        assertThat(get("?datasetId=urn:d:gps&options=keyValues").path("speed").asInt())
                .isEqualTo(54);
    }

    @Test
    void sysAttrsTellWhenTheEntityAndItsAttributesWereCreatedAndModified() {
        doors.created(EVERYTHING);
        clock.advance(java.time.Duration.ofMinutes(5));
        doors.call("PATCH", "entities/urn:x:1/attrs", "{\"name\":{\"value\":\"B\"}}");
        doors.call("POST", "entities/urn:x:1/attrs", "{\"fresh\":{\"value\":1}}");
        clock.advance(java.time.Duration.ofMinutes(5));
        doors.call("PATCH", "entities/urn:x:1/attrs", "{\"fresh\":{\"value\":2}}");
        JsonNode told = get("?options=sysAttrs");
        assertThat(told.path("createdAt").stringValue()).isEqualTo("2026-03-01T08:00:00Z");
        assertThat(told.path("modifiedAt").stringValue()).isEqualTo("2026-03-01T08:10:00Z");
        assertThat(told.at("/name/createdAt").stringValue()).isEqualTo("2026-03-01T08:00:00Z");
        assertThat(told.at("/name/modifiedAt").stringValue()).isEqualTo("2026-03-01T08:05:00Z");
        assertThat(told.at("/fresh/createdAt").stringValue()).isEqualTo("2026-03-01T08:05:00Z");
        assertThat(told.at("/fresh/modifiedAt").stringValue()).isEqualTo("2026-03-01T08:10:00Z");
        assertThat(told.at("/speed/1/modifiedAt").stringValue()).isEqualTo("2026-03-01T08:00:00Z");
        assertThat(get("").has("createdAt")).isFalse();
        assertThat(get("?options=sysAttrs,concise").at("/name/modifiedAt").stringValue())
                .isEqualTo("2026-03-01T08:05:00Z");
        assertThat(get("?options=sysAttrs,keyValues").path("createdAt").stringValue())
                .isEqualTo("2026-03-01T08:00:00Z");
        doors.call("DELETE", "entities/urn:x:1/attrs/fresh", "");
        doors.call("POST", "entities/urn:x:1/attrs", "{\"fresh\":{\"value\":2}}");
        assertThat(get("?options=sysAttrs").at("/fresh/createdAt").stringValue())
                .isEqualTo("2026-03-01T08:10:00Z");
    }

    @Test
    void membersArePickedAndOmitted() {
        doors.created(EVERYTHING);
        assertThat(get("?pick=name").propertyNames()).containsExactly("name");
        assertThat(get("?pick=id,type,name").propertyNames()).containsExactlyInAnyOrder("id", "type", "name");
        assertThat(get("?pick=name%7Cspeed").propertyNames()).containsExactlyInAnyOrder("name", "speed");
        assertThat(get("?attrs=name").propertyNames()).containsExactlyInAnyOrder("id", "type", "scope", "name");
        assertThat(get("?omit=id,scope,speed").propertyNames())
                .contains("type", "name")
                .doesNotContain("id", "scope", "speed");
        assertThat(doors.get("entities/urn:x:1?pick=nothing").status()).isEqualTo(404);
        assertThat(doors.get("entities/urn:x:1?attrs=nothing").status()).isEqualTo(404);
        doors.created("{\"id\":\"urn:x:5\",\"type\":\"Car\"}");
        assertThat(doors.entities("type", "Car", "pick", "name").json().size()).isEqualTo(1);
        assertThat(doors.entities("type", "Car", "pick", "id").json().size()).isEqualTo(2);
        assertThat(doors.entities("type", "Car", "omit", "id,type").json().size())
                .isEqualTo(1);
    }

    @Test
    void theFormThatIsAcceptedIsSent() {
        doors.created(EVERYTHING);
        QueryDoors.Reply linked = doors.get("entities/urn:x:1", "Accept", "application/ld+json");
        assertThat(linked.raw().getContentType()).isEqualTo("application/ld+json");
        assertThat(linked.json().get("@context").stringValue()).isEqualTo(Names.CORE_CONTEXT);
        assertThat(doors.get("entities?type=Car", "Accept", "application/ld+json")
                        .json()
                        .get(0)
                        .has("@context"))
                .isTrue();
        assertThat(doors.get("entities/urn:x:1", "Accept", "application/xml").status())
                .isEqualTo(406);
    }
}

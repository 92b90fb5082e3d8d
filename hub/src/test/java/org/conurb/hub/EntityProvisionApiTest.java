package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.hub.EntityDoors.json;
import static org.conurb.hub.EntityDoors.texts;

import java.util.List;
import java.util.Map;
import org.conurb.hub.Doors.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** GS CIM 009 clauses 5.6.1, 5.6.6, 5.6.17, 5.6.18 and 6.4, 6.5. */
final class EntityProvisionApiTest {
    private static final String LAMP = """
            {"id":"urn:ngsi-ld:Lamp:1","type":"Lamp",
             "power":{"type":"Property","value":70,"unitCode":"WTT","observedAt":"2026-03-01T08:00:00Z"},
             "names":{"type":"LanguageProperty","languageMap":{"en":"lamp","fr":"lampe"}},
             "settings":{"type":"JsonProperty","json":{"a":1,"b":{"c":2}}},
             "kind":{"type":"VocabProperty","vocab":"street"},
             "steps":{"type":"ListProperty","valueList":[1,2]},
             "poles":{"type":"ListRelationship","objectList":["urn:ngsi-ld:Pole:1","urn:ngsi-ld:Pole:2"]},
             "location":{"type":"GeoProperty","value":{"type":"Point","coordinates":[7.42,43.73]}},
             "on":{"type":"Relationship","object":"urn:ngsi-ld:Pole:1","objectType":"Pole",
                   "since":{"type":"Property","value":2020}}}""";
    private static final String ID = "urn:ngsi-ld:Lamp:1";
    private static final String PATH = "entities/" + ID;

    private final EntityDoors doors = new EntityDoors();

    @AfterEach
    void close() throws Exception {
        doors.close();
    }

    private void refused(Reply reply, int status, String type) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(status);
        assertThat(reply.raw().getContentType()).isEqualTo("application/problem+json");
        assertThat(reply.json().path("type").stringValue()).isEqualTo(NgsiLdFault.TYPES + type);
        assertThat(reply.json().path("detail").stringValue()).isNotBlank();
    }

    @Test
    void anEntityOfAllKindsOfAttributesIsCreatedOnceAndReadAsItCame() {
        Reply made = doors.post("entities", LAMP);
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        assertThat(made.header("Location")).isEqualTo("/ngsi-ld/v1/entities/" + ID);
        assertThat(made.body()).isEmpty();

        JsonNode read = doors.read(ID);
        JsonNode sent = json(LAMP);
        sent.propertyNames().forEach(name -> {
            if (!name.equals("poles")) {
                assertThat(read.get(name)).as(name).isEqualTo(sent.get(name));
            }
        });
        assertThat(read.at("/poles/objectList").findValuesAsString("object"))
                .containsExactly("urn:ngsi-ld:Pole:1", "urn:ngsi-ld:Pole:2");
        refused(doors.post("entities", LAMP), 409, "AlreadyExists");
        assertThat(doors.audit.entries()).hasSize(1);
        assertThat(doors.audit.entries().getFirst().action()).isEqualTo("entity.created");
    }

    @Test
    void anEntityIsReadAsCreatedWhereverItsAttributesCameConcise() {
        doors.created("""
                {"id":"urn:ngsi-ld:Lamp:2","type":"Lamp","power":70,"names":{"languageMap":{"en":"lamp"}},
                 "kind":{"vocab":"street"},"settings":{"json":{"a":1}},"on":{"object":"urn:ngsi-ld:Pole:1"},
                 "steps":{"valueList":[1]},"location":{"type":"Point","coordinates":[7.42,43.73]},
                 "lit":{"value":true,"observedAt":"2026-03-01T08:00:00Z"}}""");
        JsonNode read = doors.read("urn:ngsi-ld:Lamp:2");
        Map.of(
                        "power", "Property",
                        "names", "LanguageProperty",
                        "kind", "VocabProperty",
                        "settings", "JsonProperty",
                        "on", "Relationship",
                        "steps", "ListProperty",
                        "location", "GeoProperty",
                        "lit", "Property")
                .forEach((name, kind) -> assertThat(read.path(name).path("type").stringValue())
                        .as(name)
                        .isEqualTo(kind));
    }

    @Test
    void whoseAnEntityIsStandsInAHeader() {
        doors.created(LAMP);
        assertThat(doors.get(PATH).header("Conurb-Organisation")).isEqualTo("fire");
        assertThat(doors.read(ID).has("organisation")).isFalse();
    }

    @Test
    void anIdOfSomebodyWhoIsNotSeenIsTaken() {
        doors.created(LAMP);
        doors.police();
        refused(doors.post("entities", LAMP), 409, "AlreadyExists");
        refused(doors.put(PATH, "{\"type\":\"Lamp\",\"power\":1}"), 404, "ResourceNotFound");
        refused(doors.patch(PATH, "{\"power\":1}"), 404, "ResourceNotFound");
        refused(doors.delete(PATH), 404, "ResourceNotFound");
    }

    @Test
    void replacingLeavesNothingOfWhatWasAndPermitsOtherTypes() {
        doors.created(LAMP);
        assertThat(doors.put(
                                PATH,
                                "{\"id\":\"%s\",\"type\":[\"Light\",\"Asset\"],\"scope\":\"/a/b\",\"power\":1}"
                                        .formatted(ID))
                        .status())
                .isEqualTo(204);
        JsonNode read = doors.read(ID);
        assertThat(read.propertyNames()).containsExactlyInAnyOrder("id", "type", "scope", "power");
        assertThat(texts(read.get("type"))).containsExactlyInAnyOrder("Light", "Asset");
        assertThat(read.at("/power").has("unitCode")).isFalse();
        assertThat(doors.get("entities?type=Lamp").json().size()).isZero();
        assertThat(doors.get("entities?type=Asset&q=power==1").json().size()).isEqualTo(1);
        assertThat(doors.get("entities?type=Light&attrs=location").json().size())
                .isZero();

        assertThat(doors.put(PATH, "{\"power\":2}").status()).isEqualTo(204);
        assertThat(texts(doors.read(ID).get("type"))).containsExactlyInAnyOrder("Light", "Asset");

        refused(doors.put("entities/urn:ngsi-ld:Lamp:9", "{\"type\":\"Lamp\"}"), 404, "ResourceNotFound");
        refused(doors.put(PATH, "{\"id\":\"urn:ngsi-ld:Lamp:9\",\"type\":\"Lamp\"}"), 400, "BadRequestData");
        refused(doors.put(PATH, "{\"power\":\"urn:ngsi-ld:null\"}"), 400, "BadRequestData");
        refused(doors.call("PUT", "entities/", "{}"), 400, "BadRequestData");
    }

    @Test
    void mergingGoesAsDeepAsEachKindOfAttributeDoes() {
        doors.created(LAMP);
        assertThat(doors.patch(PATH, """
                                {"power":{"value":71},"names":{"languageMap":{"fr":"urn:ngsi-ld:null","de":"Lampe"}},
                                 "settings":{"json":{"b":{"c":3}}},"steps":{"valueList":[3]},
                                 "on":{"object":"urn:ngsi-ld:Pole:2","since":"urn:ngsi-ld:null","by":"Ann"},
                                 "kind":"urn:ngsi-ld:null","fresh":true,"type":"Asset","scope":["/x","/y"]}""").status()).isEqualTo(204);
        JsonNode read = doors.read(ID);
        assertThat(read.get("power"))
                .isEqualTo(
                        json(
                                "{\"type\":\"Property\",\"value\":71,\"unitCode\":\"WTT\",\"observedAt\":\"2026-03-01T08:00:00Z\"}"));
        assertThat(read.at("/names/languageMap")).isEqualTo(json("{\"en\":\"lamp\",\"de\":\"Lampe\"}"));
        assertThat(read.at("/settings/json")).isEqualTo(json("{\"a\":1,\"b\":{\"c\":3}}"));
        assertThat(read.at("/steps/valueList")).isEqualTo(json("[3]"));
        assertThat(read.at("/on/object").stringValue()).isEqualTo("urn:ngsi-ld:Pole:2");
        assertThat(read.at("/on").has("since")).isFalse();
        assertThat(read.at("/on/by/value").stringValue()).isEqualTo("Ann");
        assertThat(read.has("kind")).isFalse();
        assertThat(read.at("/fresh/value").booleanValue()).isTrue();
        assertThat(texts(read.get("type"))).containsExactlyInAnyOrder("Asset", "Lamp");
        assertThat(texts(read.get("scope"))).containsExactly("/x", "/y");

        assertThat(doors.patch(PATH, "{\"scope\":\"urn:ngsi-ld:null\"}").status())
                .isEqualTo(204);
        assertThat(doors.read(ID).has("scope")).isFalse();
        refused(doors.patch("entities/urn:ngsi-ld:Lamp:9", "{\"power\":1}"), 404, "ResourceNotFound");
        refused(doors.patch(PATH, "{\"type\":\"urn:ngsi-ld:null\"}"), 400, "BadRequestData");
    }

    @Test
    void simplifiedValuesKeepTheKindOfWhatTheyMerge() {
        doors.created(LAMP);
        for (String parameter : List.of("options=keyValues", "options=simplified", "format=simplified")) {
            assertThat(doors.patch(PATH + "?" + parameter + "&lang=fr&observedAt=2026-03-02T08:00:00Z", """
                                    {"power":72,"names":"réverbère","kind":"square","on":"urn:ngsi-ld:Pole:3","steps":[7,8],
                                     "settings":{"a":5},"location":{"type":"Point","coordinates":[7.5,43.7]},"other":"words"}""")
                            .status())
                    .as(parameter)
                    .isEqualTo(204);
        }
        JsonNode read = doors.read(ID);
        assertThat(read.get("power"))
                .isEqualTo(
                        json(
                                "{\"type\":\"Property\",\"value\":72,\"unitCode\":\"WTT\",\"observedAt\":\"2026-03-02T08:00:00Z\"}"));
        assertThat(read.at("/names/languageMap")).isEqualTo(json("{\"en\":\"lamp\",\"fr\":\"réverbère\"}"));
        assertThat(read.at("/kind/vocab").stringValue()).isEqualTo("square");
        assertThat(read.at("/on/object").stringValue()).isEqualTo("urn:ngsi-ld:Pole:3");
        assertThat(read.at("/steps/valueList")).isEqualTo(json("[7,8]"));
        assertThat(read.at("/settings/json")).isEqualTo(json("{\"a\":5,\"b\":{\"c\":2}}"));
        assertThat(read.at("/location/value/coordinates")).isEqualTo(json("[7.5,43.7]"));
        assertThat(read.at("/other/type").stringValue()).isEqualTo("Property");
        assertThat(read.at("/other").has("observedAt")).isFalse();
        refused(doors.patch(PATH + "?observedAt=yesterday", "{\"power\":1}"), 400, "BadRequestData");
        refused(doors.patch(PATH + "?options=nothing", "{\"power\":1}"), 400, "BadRequestData");
    }

    @Test
    void anInstanceOfADatasetIsMergedByItself() {
        doors.created("""
                {"id":"urn:ngsi-ld:Lamp:1","type":"Lamp","power":[{"type":"Property","value":1},
                 {"type":"Property","value":2,"datasetId":"urn:d:1"},{"type":"Property","value":3,"datasetId":"urn:d:2"}]}""");
        doors.patch(PATH, """
                {"power":[{"value":20,"datasetId":"urn:d:1"},{"value":"urn:ngsi-ld:null","datasetId":"urn:d:2"},
                 {"value":4,"datasetId":"urn:d:3"}]}""");
        assertThat(doors.read(ID).get("power")).isEqualTo(json("""
                        [{"type":"Property","value":1},{"type":"Property","value":20,"datasetId":"urn:d:1"},
                         {"type":"Property","value":4,"datasetId":"urn:d:3"}]"""));
        assertThat(doors.get("entities?type=Lamp&q=power==20").json().size()).isEqualTo(1);
    }

    @Test
    void subAttributesHaveInstancesAndAreToldWhicheverDatasetIsAskedFor() {
        String power = """
                {"type":"Property","value":2,"datasetId":"urn:d:1",
                 "by":[{"type":"Property","value":"Ann"},{"type":"Property","value":"Bob","datasetId":"urn:d:9"}],
                 "since":{"type":"Property","value":2020}}""";
        doors.created(
                "{\"id\":\"urn:ngsi-ld:Lamp:1\",\"type\":\"Lamp\",\"power\":[{\"value\":1},%s]}".formatted(power));
        assertThat(doors.get(PATH + "?datasetId=urn:d:1").json().get("power")).isEqualTo(json(power));
        assertThat(doors.read(ID).at("/power/1")).isEqualTo(json(power));
    }

    @Test
    void systemAttributesTellWhenEachAttributeCameAndChanged() {
        doors.created(LAMP);
        doors.patch(PATH, "{\"power\":1}");
        JsonNode read = doors.get(PATH + "?options=sysAttrs").json();
        assertThat(read.at("/power/createdAt").stringValue())
                .isEqualTo(read.at("/createdAt").stringValue());
        assertThat(read.at("/power/modifiedAt").stringValue())
                .isEqualTo(read.at("/modifiedAt").stringValue())
                .isGreaterThan(read.at("/createdAt").stringValue());
        assertThat(read.at("/names/modifiedAt").stringValue())
                .isEqualTo(read.at("/createdAt").stringValue());
        assertThat(doors.read(ID).at("/power").has("modifiedAt")).isFalse();

        String created = read.at("/createdAt").stringValue();
        doors.put(PATH, "{\"type\":\"Lamp\",\"power\":5,\"createdAt\":\"1999-01-01T00:00:00Z\"}");
        assertThat(doors.get(PATH + "?options=sysAttrs").json().at("/createdAt").stringValue())
                .isEqualTo(created);
    }

    @Test
    void anUnchangedEntityIsNoChange() {
        doors.created(LAMP);
        doors.patch(PATH, "{\"power\":{\"value\":70}}");
        doors.put(PATH, LAMP);
        assertThat(doors.hub.count("change")).isEqualTo(1);
        assertThat(doors.audit.entries()).hasSize(1);
    }

    @Test
    void aTypeSelectsWhichEntityIsMeant() {
        doors.created(LAMP);
        for (String method : List.of("PUT", "PATCH", "DELETE")) {
            refused(
                    doors.call(method, PATH + "?type=Room", method.equals("DELETE") ? null : "{}"),
                    404,
                    "ResourceNotFound");
        }
        assertThat(doors.patch(PATH + "?type=Room,Lamp", "{\"power\":1}").status())
                .isEqualTo(204);
        assertThat(doors.delete(PATH + "?type=Lamp").status()).isEqualTo(204);
        assertThat(doors.get(PATH).status()).isEqualTo(404);
        refused(doors.delete(PATH), 404, "ResourceNotFound");
    }

    @Test
    void whatThisBuildDoesNotTakeIsToldByTheTypeOfTheClause() {
        refused(doors.call("POST", "entities", "{", "Content-Type", "application/json"), 400, "InvalidRequest");
        refused(doors.post("entities", "[]"), 400, "InvalidRequest");
        refused(doors.post("entities", "{\"type\":\"Lamp\"}"), 400, "BadRequestData");
        assertThat(doors.post("entities", "{\"id\":\"urn:x:1\",\"type\":\"Incident\"}")
                        .status())
                .isEqualTo(409);
        refused(doors.post("entities?options=nothing", LAMP), 400, "InvalidRequest");
        refused(doors.patch("entities/nouri", "{\"power\":1}"), 400, "BadRequestData");
        assertThat(doors.call("POST", "entities", LAMP, "Content-Type", "text/plain")
                        .status())
                .isEqualTo(415);
        assertThat(doors.hub.count("entity")).isZero();
    }

    @Test
    void namesUnderTheRequestsContextAreKeptWhole() {
        doors.created(LAMP);
        String body = """
                {"@context":{"watt":"https://example.org/watt","Lamp":"https://example.org/Lamp"},"type":"Lamp","watt":7}""";
        assertThat(doors.call("PATCH", PATH, body, "Content-Type", "application/ld+json")
                        .status())
                .isEqualTo(204);
        JsonNode read = doors.read(ID);
        assertThat(texts(read.get("type"))).containsExactlyInAnyOrder("Lamp", "https://example.org/Lamp");
        assertThat(read.path("https://example.org/watt").path("value").asInt()).isEqualTo(7);
    }
}

package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.hub.EntityDoors.json;
import static org.conurb.hub.EntityDoors.texts;

import java.util.List;
import org.conurb.hub.Doors.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** GS CIM 009 clauses 5.6.2 to 5.6.5, 5.6.19 and 6.6, 6.7. */
final class AttributeProvisionApiTest {
    private static final String ID = "urn:ngsi-ld:Lamp:1";
    private static final String PATH = "entities/" + ID;
    private static final String ATTRS = PATH + "/attrs";
    private static final String ABSENT = "entities/urn:ngsi-ld:Lamp:9/attrs";

    private final EntityDoors doors = new EntityDoors();

    @BeforeEach
    void create() {
        doors.created("""
                {"id":"urn:ngsi-ld:Lamp:1","type":"Lamp","scope":"/a",
                 "power":[{"type":"Property","value":1,"unitCode":"WTT"},{"type":"Property","value":2,"datasetId":"urn:d:1"}],
                 "brand":{"type":"Property","value":"Acme","since":{"type":"Property","value":2020}},
                 "on":{"type":"Relationship","object":"urn:ngsi-ld:Pole:1"}}""");
    }

    @AfterEach
    void close() throws Exception {
        doors.close();
    }

    private JsonNode attribute(String name) {
        return doors.read(ID).path(name);
    }

    private static void done(Reply reply) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(204);
        assertThat(reply.body()).isEmpty();
    }

    private static void refused(Reply reply, int status, String type) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(status);
        assertThat(reply.json().path("type").stringValue()).isEqualTo(NgsiLdFault.TYPES + type);
    }

    @Test
    void appendingAddsAndOverwritesByDataset() {
        done(doors.post(ATTRS, """
                {"power":[{"value":20,"datasetId":"urn:d:1"},{"value":3,"datasetId":"urn:d:2"}],"brand":"Beta","fresh":true,
                 "type":["Lamp","Asset"],"scope":"/b"}"""));
        assertThat(attribute("power")).isEqualTo(json("""
                        [{"type":"Property","value":1,"unitCode":"WTT"},{"type":"Property","value":20,"datasetId":"urn:d:1"},
                         {"type":"Property","value":3,"datasetId":"urn:d:2"}]"""));
        assertThat(attribute("brand")).isEqualTo(json("{\"type\":\"Property\",\"value\":\"Beta\"}"));
        assertThat(texts(attribute("type"))).containsExactlyInAnyOrder("Asset", "Lamp");
        assertThat(attribute("scope").stringValue()).isEqualTo("/b");
        done(doors.post(ATTRS, "{\"type\":\"Light\"}"));
        assertThat(texts(attribute("type"))).containsExactlyInAnyOrder("Asset", "Lamp", "Light");
        assertThat(doors.get("entities?type=Light").json().size()).isEqualTo(1);

        refused(doors.post(ABSENT, "{\"power\":1}"), 404, "ResourceNotFound");
        refused(doors.post(ATTRS, "{\"power\":\"urn:ngsi-ld:null\"}"), 400, "BadRequestData");
    }

    @Test
    void whatIsThereIsToldWhereNothingMayBeOverwritten() {
        Reply reply = doors.post(
                ATTRS + "?options=noOverwrite",
                "{\"brand\":\"Beta\",\"fresh\":1,\"power\":{\"value\":3,\"datasetId\":\"urn:d:2\"},\"scope\":\"/b\"}");
        assertThat(reply.status()).isEqualTo(207);
        assertThat(reply.json().at("/notUpdated").size()).isEqualTo(1);
        assertThat(reply.json().at("/notUpdated/0/attributeName").stringValue()).endsWith("/brand");
        assertThat(reply.json().at("/notUpdated/0/reason").stringValue()).isNotBlank();
        assertThat(texts(reply.json().get("updated"))).hasSize(2).anyMatch(name -> name.endsWith("/fresh"));
        assertThat(attribute("brand").path("value").stringValue()).isEqualTo("Acme");
        assertThat(attribute("power").size()).isEqualTo(3);
        assertThat(texts(attribute("scope"))).containsExactly("/a", "/b");
        done(doors.post(ATTRS + "?options=noOverwrite", "{\"another\":1}"));
        refused(doors.post(ATTRS + "?options=overwrite", "{\"another\":1}"), 400, "BadRequestData");
    }

    @Test
    void updatingOverwritesWholeInstancesAndTakesAway() {
        done(
                doors.patch(
                        ATTRS,
                        "{\"power\":{\"value\":5},\"brand\":\"urn:ngsi-ld:null\",\"on\":{\"object\":\"urn:ngsi-ld:Pole:2\"},\"fresh\":1}"));
        assertThat(attribute("power"))
                .isEqualTo(
                        json(
                                "[{\"type\":\"Property\",\"value\":5},{\"type\":\"Property\",\"value\":2,\"datasetId\":\"urn:d:1\"}]"));
        assertThat(doors.read(ID).has("brand")).isFalse();
        assertThat(attribute("on").path("object").stringValue()).isEqualTo("urn:ngsi-ld:Pole:2");
        assertThat(attribute("fresh").path("value").asInt()).isEqualTo(1);

        Reply reply = doors.patch(ATTRS, "{\"brand\":\"urn:ngsi-ld:null\",\"power\":7}");
        assertThat(reply.status()).isEqualTo(207);
        assertThat(texts(reply.json().get("updated"))).hasSize(1);
        assertThat(reply.json().at("/notUpdated/0/attributeName").stringValue()).endsWith("/brand");
        assertThat(attribute("power").path(0).path("value").asInt()).isEqualTo(7);
        refused(doors.patch(ABSENT, "{\"power\":1}"), 404, "ResourceNotFound");
    }

    @Test
    void aScopeIsUpdatedOnlyWhereThereIsOneAndTakenAway() {
        done(doors.patch(ATTRS, "{\"scope\":[\"/x\",\"/y\"]}"));
        assertThat(texts(attribute("scope"))).containsExactly("/x", "/y");
        done(doors.delete(ATTRS + "/scope"));
        assertThat(doors.read(ID).has("scope")).isFalse();
        refused(doors.delete(ATTRS + "/scope"), 404, "ResourceNotFound");
        doors.patch(ATTRS, "{\"scope\":\"/z\"}");
        assertThat(doors.read(ID).has("scope")).isFalse();
        done(doors.post(ATTRS, "{\"scope\":\"/z\"}"));
        assertThat(attribute("scope").stringValue()).isEqualTo("/z");
    }

    @Test
    void aPartialUpdateLeavesOtherMembersOfTheInstance() {
        done(doors.patch(ATTRS + "/power", "{\"value\":10}"));
        done(doors.patch(ATTRS + "/power", "{\"unitCode\":\"KWT\",\"datasetId\":\"urn:d:1\"}"));
        assertThat(attribute("power")).isEqualTo(json("""
                        [{"type":"Property","value":10,"unitCode":"WTT"},
                         {"type":"Property","value":2,"datasetId":"urn:d:1","unitCode":"KWT"}]"""));
        done(doors.patch(ATTRS + "/power", "{\"unitCode\":\"urn:ngsi-ld:null\"}"));
        assertThat(attribute("power").path(0)).isEqualTo(json("{\"type\":\"Property\",\"value\":10}"));
        done(doors.patch(ATTRS + "/brand", "{\"since\":{\"value\":2021},\"by\":\"Ann\"}"));
        assertThat(attribute("brand").at("/since/value").asInt()).isEqualTo(2021);
        assertThat(attribute("brand").at("/value").stringValue()).isEqualTo("Acme");
        done(doors.patch(ATTRS + "/on", "{\"type\":\"Relationship\",\"object\":\"urn:ngsi-ld:Pole:3\"}"));
        assertThat(attribute("on").path("object").stringValue()).isEqualTo("urn:ngsi-ld:Pole:3");
        done(doors.patch(ATTRS + "/power", "{\"value\":\"urn:ngsi-ld:null\"}"));
        assertThat(attribute("power").path("datasetId").stringValue()).isEqualTo("urn:d:1");

        refused(doors.patch(ATTRS + "/on", "{\"type\":\"Property\",\"value\":1}"), 400, "BadRequestData");
        refused(doors.patch(ATTRS + "/brand", "{\"value\":1,\"datasetId\":\"urn:d:9\"}"), 404, "ResourceNotFound");
        refused(doors.patch(ATTRS + "/nothing", "{\"value\":1}"), 404, "ResourceNotFound");
        refused(doors.patch(ABSENT + "/power", "{\"value\":1}"), 404, "ResourceNotFound");
        refused(doors.patch(ATTRS + "/id", "{\"value\":1}"), 400, "BadRequestData");
        refused(doors.patch(ATTRS + "/brand", "[]"), 400, "InvalidRequest");
    }

    @Test
    void replacingAnAttributePermitsAnotherKind() {
        done(doors.put(ATTRS + "/on", "{\"type\":\"Property\",\"value\":true}"));
        assertThat(attribute("on")).isEqualTo(json("{\"type\":\"Property\",\"value\":true}"));
        done(doors.put(ATTRS + "/power", "{\"value\":9,\"datasetId\":\"urn:d:1\"}"));
        assertThat(attribute("power")).isEqualTo(json("""
                        [{"type":"Property","value":1,"unitCode":"WTT"},{"type":"Property","value":9,"datasetId":"urn:d:1"}]"""));
        refused(doors.put(ATTRS + "/power", "{\"value\":9,\"datasetId\":\"urn:d:7\"}"), 404, "ResourceNotFound");
        refused(doors.put(ATTRS + "/nothing", "{\"value\":9}"), 404, "ResourceNotFound");
        refused(doors.put(ATTRS + "/power", "{\"value\":\"urn:ngsi-ld:null\"}"), 400, "BadRequestData");
        refused(doors.put(ABSENT + "/power", "{\"value\":9}"), 404, "ResourceNotFound");
    }

    @Test
    void deletingTakesOneInstanceOrAll() {
        done(doors.delete(ATTRS + "/power?datasetId=urn:d:1"));
        assertThat(attribute("power")).isEqualTo(json("{\"type\":\"Property\",\"value\":1,\"unitCode\":\"WTT\"}"));
        refused(doors.delete(ATTRS + "/power?datasetId=urn:d:1"), 404, "ResourceNotFound");
        done(doors.post(
                ATTRS,
                "{\"power\":[{\"value\":2,\"datasetId\":\"urn:d:1\"},{\"value\":3,\"datasetId\":\"urn:d:2\"}]}"));
        done(doors.delete(ATTRS + "/power"));
        assertThat(attribute("power").size()).isEqualTo(2);
        refused(doors.delete(ATTRS + "/power"), 404, "ResourceNotFound");
        done(doors.delete(ATTRS + "/power?deleteAll=true"));
        assertThat(doors.read(ID).has("power")).isFalse();
        refused(doors.delete(ATTRS + "/power?deleteAll=true"), 404, "ResourceNotFound");
        refused(doors.delete(ATTRS + "/brand?datasetId=nouri"), 400, "BadRequestData");
        refused(doors.delete(ATTRS + "/brand?deleteAll=maybe"), 400, "BadRequestData");
        assertThat(doors.hub.transactions.asSystem(() -> doors.hub
                        .transactions
                        .jdbc()
                        .sql(
                                "select dataset from hub.attribute_instance where name = 'power' and shape is null order by recorded_at, dataset")
                        .query(String.class)
                        .list()))
                .containsExactly("urn:d:1", "", "urn:d:1", "urn:d:2");
    }

    @Test
    void aTypeSelectsWhichEntityIsMeantAndNobodyChangesWhatIsNotShownToThem() {
        for (String method : List.of("POST", "PATCH")) {
            refused(doors.call(method, ATTRS + "?type=Room", "{\"power\":1}"), 404, "ResourceNotFound");
        }
        for (String method : List.of("PATCH", "PUT", "DELETE")) {
            String body = method.equals("DELETE") ? null : "{\"value\":1}";
            refused(doors.call(method, ATTRS + "/power?type=Room", body), 404, "ResourceNotFound");
        }
        done(doors.patch(ATTRS + "?type=Lamp", "{\"power\":4}"));
        doors.access.writable("police");
        assertThat(doors.patch(ATTRS + "/power", "{\"value\":1}").status()).isEqualTo(403);
        assertThat(doors.delete(ATTRS + "/power").status()).isEqualTo(403);
        doors.police();
        refused(doors.patch(ATTRS + "/power", "{\"value\":1}"), 404, "ResourceNotFound");
    }

    @Test
    void anEntityDoesNotGrowWithoutEnd() {
        String large = "{\"a%d\":\"" + "x".repeat(400_000) + "\"}";
        done(doors.post(ATTRS, large.formatted(1)));
        done(doors.post(ATTRS, large.formatted(2)));
        refused(doors.post(ATTRS, large.formatted(3)), 400, "BadRequestData");
        for (int n = 0; n < 19; n++) {
            done(doors.post(ATTRS, "{\"type\":\"T%d\"}".formatted(n)));
        }
        refused(doors.post(ATTRS, "{\"type\":\"T19\"}"), 400, "BadRequestData");
        assertThat(doors.read(ID).has("a3")).isFalse();
    }

    @Test
    void eachChangeIsToldWithTheAttributesThatDiffer() {
        doors.patch(ATTRS, "{\"power\":{\"value\":1,\"unitCode\":\"WTT\"},\"brand\":\"Beta\"}");
        assertThat(doors.audit.entries().getLast().facts()).containsEntry("attributes", "brand");
        assertThat(doors.hub.transactions.asSystem(() -> doors.hub
                        .transactions
                        .jdbc()
                        .sql("select unnest(names) from hub.change where what = 'U'")
                        .query(String.class)
                        .list()))
                .containsExactly("brand");
    }
}

package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;

import org.conurb.kernel.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** GS CIM 009 clauses 5.5.8, 5.5.12, 5.6.2 to 5.6.5, 5.6.17 to 5.6.19. */
final class EntityMergeTest {
    private static final ObjectNode KEPT = json("""
            {"id":"urn:x:1","type":"A","scope":"/a",
             "heat":{"type":"Property","value":25,"unitCode":"CEL","observedAt":"2026-03-01T08:00:00Z","by":{"type":"Property","value":"x"}},
             "address":{"type":"Property","value":{"street":"17. Juni","city":"Berlin","country":"Germany"}},
             "name":{"type":"LanguageProperty","languageMap":{"en":"street","fr":"rue"}},
             "speed":[{"type":"Property","value":1},{"type":"Property","value":2,"datasetId":"urn:d:1"}]}""");

    private static ObjectNode json(String text) {
        return (ObjectNode) Json.mapper().readTree(text);
    }

    private static ObjectNode fragment(String text, Nulls nulls) {
        return new EntityReader(LdContext.CORE).fragment(json(text), nulls);
    }

    private static ObjectNode merged(String text) {
        return EntityMerge.merge(KEPT, fragment(text, Nulls.EVERYWHERE));
    }

    private static EntityMerge.Result updated(String text) {
        return EntityMerge.update(KEPT, fragment(text, Nulls.FOR_MEMBERS));
    }

    private static EntityMerge.Result appended(String text, boolean overwrite) {
        return EntityMerge.append(KEPT, fragment(text, Nulls.REFUSED), overwrite);
    }

    private static ObjectNode partial(String name, String text) {
        ObjectNode members =
                new AttributeReader(LdContext.CORE, Nulls.FOR_MEMBERS).members(name, name, json(text), KEPT.get(name));
        return members == null ? null : EntityMerge.partial(KEPT, name, members);
    }

    @Test
    void aMergeGoesIntoMembersAndValues() {
        assertThat(merged("{\"heat\":{\"value\":100,\"observedAt\":\"2026-03-01T09:00:00Z\"}}")
                        .get("heat"))
                .isEqualTo(
                        json(
                                "{\"type\":\"Property\",\"value\":100,\"unitCode\":\"CEL\",\"observedAt\":\"2026-03-01T09:00:00Z\",\"by\":{\"type\":\"Property\",\"value\":\"x\"}}"));
        assertThat(merged("{\"address\":{\"value\":{\"street\":\"Platz\",\"country\":\"urn:ngsi-ld:null\"}}}")
                        .at("/address/value"))
                .isEqualTo(json("{\"street\":\"Platz\",\"city\":\"Berlin\"}"));
        assertThat(merged("{\"name\":{\"languageMap\":{\"en\":\"road\",\"fr\":\"urn:ngsi-ld:null\"}}}")
                        .at("/name/languageMap"))
                .isEqualTo(json("{\"en\":\"road\"}"));
        assertThat(merged("{\"heat\":{\"value\":25,\"unitCode\":\"urn:ngsi-ld:null\",\"by\":\"urn:ngsi-ld:null\"}}")
                        .get("heat"))
                .isEqualTo(json("{\"type\":\"Property\",\"value\":25,\"observedAt\":\"2026-03-01T08:00:00Z\"}"));
        assertThat(merged("{\"new\":{\"value\":{\"a\":1,\"b\":\"urn:ngsi-ld:null\"},\"c\":\"urn:ngsi-ld:null\"}}")
                        .get("new"))
                .isEqualTo(json("{\"type\":\"Property\",\"value\":{\"a\":1}}"));
    }

    @Test
    void aMergeTakesAwayAddsTypesAndMindsDatasets() {
        ObjectNode merged = merged("""
                {"type":["B"],"scope":"urn:ngsi-ld:null","heat":"urn:ngsi-ld:null",
                 "speed":[{"value":"urn:ngsi-ld:null","datasetId":"urn:d:1"},{"value":3,"datasetId":"urn:d:2"}]}""");
        assertThat(merged.get("type")).isEqualTo(Json.mapper().readTree("[\"A\",\"B\"]"));
        assertThat(merged.has("scope")).isFalse();
        assertThat(merged.has("heat")).isFalse();
        assertThat(merged.get("speed"))
                .isEqualTo(
                        Json.mapper()
                                .readTree(
                                        "[{\"type\":\"Property\",\"value\":1},{\"type\":\"Property\",\"value\":3,\"datasetId\":\"urn:d:2\"}]"));
        assertThat(merged.toString()).doesNotContain(Nulls.NULL);
    }

    @Test
    void anUpdateOverwritesWholeAttributesAppendsNewOnesAndTakesAway() {
        EntityMerge.Result result = updated("""
                {"type":"B","scope":"/b","heat":{"value":100},"speed":{"value":9,"datasetId":"urn:d:2"},"new":1,
                 "name":{"type":"LanguageProperty","languageMap":{"@none":"urn:ngsi-ld:null"}},"nothing":"urn:ngsi-ld:null"}""");
        ObjectNode document = result.document();
        assertThat(document.get("heat")).isEqualTo(json("{\"type\":\"Property\",\"value\":100}"));
        assertThat(document.get("speed")).hasSize(3);
        assertThat(document.at("/new/value").asInt()).isEqualTo(1);
        assertThat(document.has("name")).isFalse();
        assertThat(document.get("scope").asString()).isEqualTo("/b");
        assertThat(document.get("type")).hasSize(2);
        assertThat(result.refused()).containsOnlyKeys("nothing");
        assertThat(result.updated()).containsExactlyInAnyOrder("heat", "speed", "new", "name");

        ObjectNode unscoped = KEPT.deepCopy();
        unscoped.remove("scope");
        assertThat(EntityMerge.update(unscoped, fragment("{\"scope\":\"/b\"}", Nulls.FOR_MEMBERS))
                        .document()
                        .has("scope"))
                .isFalse();
    }

    @Test
    void anAppendOverwritesOnlyWhereItMay() {
        String text =
                "{\"heat\":1,\"new\":2,\"scope\":\"/b\",\"speed\":[{\"value\":7},{\"value\":8,\"datasetId\":\"urn:d:9\"}]}";
        EntityMerge.Result kept = appended(text, false);
        assertThat(kept.document().at("/heat/value").asInt()).isEqualTo(25);
        assertThat(kept.document().at("/new/value").asInt()).isEqualTo(2);
        assertThat(kept.document().get("scope")).isEqualTo(Json.mapper().readTree("[\"/a\",\"/b\"]"));
        assertThat(kept.document().get("speed")).hasSize(3);
        assertThat(kept.document().at("/speed/0/value").asInt()).isEqualTo(1);
        assertThat(kept.refused()).containsOnlyKeys("heat", "speed");
        assertThat(kept.updated()).containsExactly("new");

        EntityMerge.Result written = appended(text, true);
        assertThat(written.document().get("heat")).isEqualTo(json("{\"type\":\"Property\",\"value\":1}"));
        assertThat(written.document().get("scope").asString()).isEqualTo("/b");
        assertThat(written.refused()).isEmpty();
    }

    @Test
    void aPartialUpdateOverwritesMembersAndLeavesTheOthers() {
        assertThat(partial("heat", "{\"type\":\"Property\",\"value\":100}").get("heat"))
                .isEqualTo(
                        json(
                                "{\"type\":\"Property\",\"value\":100,\"unitCode\":\"CEL\",\"observedAt\":\"2026-03-01T08:00:00Z\",\"by\":{\"type\":\"Property\",\"value\":\"x\"}}"));
        assertThat(partial("heat", "{\"unitCode\":\"urn:ngsi-ld:null\",\"by\":{\"value\":\"y\"}}")
                        .get("heat"))
                .isEqualTo(
                        json(
                                "{\"type\":\"Property\",\"value\":25,\"observedAt\":\"2026-03-01T08:00:00Z\",\"by\":{\"type\":\"Property\",\"value\":\"y\"}}"));
        assertThat(partial("address", "{\"value\":{\"city\":\"Paris\"}}").at("/address/value"))
                .isEqualTo(json("{\"city\":\"Paris\"}"));
        assertThat(partial("speed", "{\"value\":5,\"datasetId\":\"urn:d:1\"}")
                        .at("/speed/1/value")
                        .asInt())
                .isEqualTo(5);
        assertThat(partial("speed", "{\"value\":\"urn:ngsi-ld:null\"}")
                        .at("/speed/datasetId")
                        .asString())
                .isEqualTo("urn:d:1");
        assertThat(partial("speed", "{\"value\":5,\"datasetId\":\"urn:d:7\"}")).isNull();
        assertThat(partial("none", "{\"value\":5}")).isNull();
    }

    @Test
    void anAttributeIsReplacedOrRemovedWhereItIsThere() {
        ObjectNode instance = json("{\"type\":\"Relationship\",\"object\":\"urn:x:2\"}");
        assertThat(EntityMerge.replace(KEPT, "heat", instance).get("heat")).isEqualTo(instance);
        assertThat(EntityMerge.replace(KEPT, "none", instance)).isNull();
        assertThat(EntityMerge.remove(KEPT, "speed", "", false)
                        .at("/speed/value")
                        .asInt())
                .isEqualTo(2);
        assertThat(EntityMerge.remove(KEPT, "speed", "urn:d:1", false)
                        .at("/speed/value")
                        .asInt())
                .isEqualTo(1);
        assertThat(EntityMerge.remove(KEPT, "speed", "", true).has("speed")).isFalse();
        assertThat(EntityMerge.remove(KEPT, "speed", "urn:d:7", false)).isNull();
        assertThat(EntityMerge.remove(KEPT, "none", "", true)).isNull();
        assertThat(EntityMerge.remove(KEPT, "scope", "", false).has("scope")).isFalse();
    }

    @Test
    void whatIsKeptIsNeverChangedInPlace() {
        ObjectNode before = KEPT.deepCopy();
        merged("{\"address\":{\"value\":{\"city\":\"x\"}},\"speed\":{\"value\":9}}");
        updated("{\"heat\":{\"value\":100}}");
        appended("{\"heat\":1}", true);
        partial("heat", "{\"by\":{\"value\":\"y\"}}");
        assertThat(KEPT).isEqualTo(before);
    }
}

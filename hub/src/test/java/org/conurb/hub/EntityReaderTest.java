package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.conurb.kernel.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** GS CIM 009 clauses 4.5 to 4.8, 5.5.4. */
final class EntityReaderTest {
    private final EntityReader reader = new EntityReader(LdContext.CORE);

    private static ObjectNode json(String text) {
        return (ObjectNode) Json.mapper().readTree(text);
    }

    private static ObjectNode with(String attribute) {
        return json("{\"id\":\"urn:x:1\",\"type\":\"T\",\"a\":%s}".formatted(attribute));
    }

    private JsonNode read(String attribute) {
        return reader.entity(with(attribute)).get("a");
    }

    private void refused(String attribute) {
        assertThatThrownBy(() -> read(attribute)).as(attribute).isInstanceOf(NgsiLdFault.class);
    }

    @Test
    void conciseAttributesBecomeNormalizedOnes() {
        Map<String, String> normalized = Map.ofEntries(
                Map.entry("5", "{\"type\":\"Property\",\"value\":5}"),
                Map.entry("[1,2]", "{\"type\":\"Property\",\"value\":[1,2]}"),
                Map.entry("{\"value\":{\"x\":1}}", "{\"type\":\"Property\",\"value\":{\"x\":1}}"),
                Map.entry(
                        "{\"type\":\"Point\",\"coordinates\":[7,43]}",
                        "{\"type\":\"GeoProperty\",\"value\":{\"type\":\"Point\",\"coordinates\":[7,43]}}"),
                Map.entry(
                        "{\"value\":{\"type\":\"Point\",\"coordinates\":[7,43]},\"observedAt\":\"2026-03-01T08:00:00Z\"}",
                        "{\"type\":\"GeoProperty\",\"value\":{\"type\":\"Point\",\"coordinates\":[7,43]},\"observedAt\":\"2026-03-01T08:00:00Z\"}"),
                Map.entry("{\"object\":\"urn:x:2\"}", "{\"type\":\"Relationship\",\"object\":\"urn:x:2\"}"),
                Map.entry(
                        "{\"objectList\":[\"urn:x:2\",{\"object\":\"urn:x:3\"}]}",
                        "{\"type\":\"ListRelationship\",\"objectList\":[{\"object\":\"urn:x:2\"},{\"object\":\"urn:x:3\"}]}"),
                Map.entry("{\"valueList\":[1,null]}", "{\"type\":\"ListProperty\",\"valueList\":[1,null]}"),
                Map.entry(
                        "{\"languageMap\":{\"sk\":\"áno\",\"en\":[\"yes\",\"aye\"],\"@none\":\"ja\"}}",
                        "{\"type\":\"LanguageProperty\",\"languageMap\":{\"sk\":\"áno\",\"en\":[\"yes\",\"aye\"],\"@none\":\"ja\"}}"),
                Map.entry("{\"vocab\":\"open\"}", "{\"type\":\"VocabProperty\",\"vocab\":\"open\"}"),
                Map.entry(
                        "{\"json\":{\"id\":7,\"type\":\"raw\",\"value\":null}}",
                        "{\"type\":\"JsonProperty\",\"json\":{\"id\":7,\"type\":\"raw\",\"value\":null}}"),
                Map.entry(
                        "{\"type\":\"GeoProperty\",\"value\":\"{\\\"type\\\":\\\"Point\\\",\\\"coordinates\\\":[7,43]}\"}",
                        "{\"type\":\"GeoProperty\",\"value\":{\"type\":\"Point\",\"coordinates\":[7,43]}}"),
                Map.entry(
                        "{\"value\":1,\"datasetId\":\"@none\",\"createdAt\":\"x\",\"previousValue\":0,\"lang\":\"en\",\"b\":2}",
                        "{\"type\":\"Property\",\"value\":1,\"b\":{\"type\":\"Property\",\"value\":2}}"),
                Map.entry(
                        "{\"object\":\"urn:x:2\",\"objectType\":\"Room\",\"entity\":{\"id\":\"urn:x:2\"}}",
                        "{\"type\":\"Relationship\",\"object\":\"urn:x:2\",\"objectType\":\"Room\"}"),
                Map.entry(
                        "{\"value\":1,\"b\":[{\"value\":2},{\"value\":3,\"datasetId\":\"urn:d:1\"}]}",
                        "{\"type\":\"Property\",\"value\":1,\"b\":[{\"type\":\"Property\",\"value\":2},{\"type\":\"Property\",\"value\":3,\"datasetId\":\"urn:d:1\"}]}"),
                Map.entry(
                        "{\"value\":1,\"observedAt\":\"2026-03-01T08:00:00,25Z\"}",
                        "{\"type\":\"Property\",\"value\":1,\"observedAt\":\"2026-03-01T08:00:00.25Z\"}"),
                Map.entry(
                        "{\"value\":1,\"valueType\":\"Integer\",\"unitCode\":\"CEL\",\"expiresAt\":\"2100-01-01T00:00:00Z\"}",
                        "{\"type\":\"Property\",\"value\":1,\"valueType\":\"Integer\",\"unitCode\":\"CEL\",\"expiresAt\":\"2100-01-01T00:00:00Z\"}"),
                Map.entry(
                        "[{\"value\":1},{\"value\":2,\"datasetId\":\"urn:d:1\"}]",
                        "[{\"type\":\"Property\",\"value\":1},{\"type\":\"Property\",\"value\":2,\"datasetId\":\"urn:d:1\"}]"));
        normalized.forEach((sent, kept) ->
                assertThat(read(sent)).as(sent).isEqualTo(Json.mapper().readTree(kept)));
    }

    @Test
    void whatAKindMayNotHoldIsRefused() {
        for (String attribute : List.of(
                "{\"type\":\"Property\",\"value\":1,\"object\":\"urn:x:2\"}",
                "{\"type\":\"Property\",\"value\":1,\"languageMap\":{\"en\":\"x\"}}",
                "{\"type\":\"Property\",\"value\":1,\"valueList\":[1]}",
                "{\"type\":\"Property\",\"value\":1,\"previousObject\":\"urn:x:2\"}",
                "{\"type\":\"Property\",\"value\":1,\"entity\":{}}",
                "{\"type\":\"Property\",\"value\":1,\"entityIdSealed\":\"urn:x:2\"}",
                "{\"type\":\"Property\",\"value\":1,\"objectType\":\"T\"}",
                "{\"type\":\"Property\",\"value\":1,\"unitCode\":7}",
                "{\"type\":\"Property\",\"value\":1,\"id\":\"urn:x:2\"}",
                "{\"type\":\"Property\",\"value\":1,\"scope\":\"/a\"}",
                "{\"type\":\"Property\",\"value\":1,\"@context\":{}}",
                "{\"type\":\"Relationship\",\"object\":\"urn:x:2\",\"value\":1}",
                "{\"type\":\"Relationship\",\"object\":\"urn:x:2\",\"unitCode\":\"MTR\"}",
                "{\"type\":\"Relationship\",\"object\":\"urn:x:2\",\"entityList\":[]}",
                "{\"type\":\"Relationship\",\"object\":\"urn:ngsi-ld:null\"}",
                "{\"type\":\"Relationship\",\"object\":[\"urn:ngsi-ld:null\"]}",
                "{\"type\":\"ListProperty\",\"valueList\":[1],\"value\":3}",
                "{\"type\":\"ListProperty\",\"valueList\":3}",
                "{\"type\":\"ListRelationship\",\"objectList\":[\"no uri\"]}",
                "{\"type\":\"ListRelationship\",\"objectList\":[{\"object\":\"urn:x:2\",\"b\":1}]}",
                "{\"type\":\"JsonProperty\",\"json\":5}",
                "{\"type\":\"JsonProperty\",\"json\":{\"a\":1},\"unitCode\":\"MTR\"}",
                "{\"type\":\"JsonProperty\",\"json\":{\"a\":1},\"value\":1}",
                "{\"type\":\"LanguageProperty\"}",
                "{\"type\":\"LanguageProperty\",\"languageMap\":{}}",
                "{\"type\":\"LanguageProperty\",\"languageMap\":{\"\":\"x\"}}",
                "{\"type\":\"LanguageProperty\",\"languageMap\":{\"en\":5}}",
                "{\"type\":\"LanguageProperty\",\"languageMap\":{\"en\":[\"a\",5]}}",
                "{\"type\":\"LanguageProperty\",\"languageMap\":{\"@none\":\"urn:ngsi-ld:null\"}}",
                "{\"type\":\"LanguageProperty\",\"languageMap\":{\"en\":\"x\"},\"valueType\":\"xsd:string\"}",
                "{\"type\":\"VocabProperty\",\"vocab\":5}",
                "{\"type\":\"GeoProperty\",\"value\":\"no geometry\"}",
                "{\"type\":\"GeoProperty\",\"value\":{\"type\":\"GeometryCollection\",\"geometries\":[]}}",
                "{\"type\":\"Property\",\"value\":1,\"observedAt\":\"2026-03-01T08:00:00+02:00\"}",
                "{\"type\":\"Property\",\"value\":1,\"observedAt\":\"2026-03-01T08:00Z\"}",
                "{\"type\":\"Property\",\"value\":1,\"observedAt\":{\"type\":\"Property\",\"value\":\"2026-03-01T08:00:00Z\"}}",
                "{\"type\":\"Property\",\"value\":1,\"expiresAt\":\"2026-13-45T00:00:00Z\"}",
                "{\"type\":\"Property\",\"value\":1,\"datasetId\":\"urn:ngsi-ld:null\"}",
                "{\"type\":\"Property\",\"value\":null}",
                "{\"type\":\"Property\",\"value\":\"urn:ngsi-ld:null\"}",
                "{\"type\":\"Property\",\"value\":{\"a\":{\"b\":\"urn:ngsi-ld:null\"}}}",
                "{\"type\":\"Property\",\"value\":1,\"b\":{\"type\":\"Property\",\"value\":\"urn:ngsi-ld:null\"}}",
                "[{\"value\":1},{\"value\":2,\"datasetId\":\"@none\"}]",
                "[{\"value\":1,\"datasetId\":\"urn:d:1\"},{\"value\":2,\"datasetId\":\"urn:d:1\"}]")) {
            refused(attribute);
        }
    }

    @Test
    void namesThatMeanSomethingElseNameNoAttribute() {
        for (String name : List.of(
                "datasetId",
                "instanceId",
                "observedAt",
                "unitCode",
                "lang",
                "previousValue",
                "https://uri.etsi.org/ngsi-ld/scope",
                "https://uri.etsi.org/ngsi-ld/default-context/id",
                "https://uri.etsi.org/ngsi-ld/default-context/type",
                "9lives",
                "a b",
                "")) {
            ObjectNode entity = json("{\"id\":\"urn:x:1\",\"type\":\"T\"}");
            entity.put(name, 1);
            assertThatThrownBy(() -> reader.entity(entity)).as(name).isInstanceOf(NgsiLdFault.class);
        }
        ObjectNode device = json("{\"id\":\"urn:x:1\",\"type\":\"Device\",\"value\":{\"value\":7}}");
        assertThat(reader.entity(device).at("/value/value").asInt()).isEqualTo(7);
        ObjectNode place = json("{\"id\":\"urn:x:1\",\"type\":\"T\",\"location\":{\"type\":\"Property\",\"value\":7}}");
        assertThatThrownBy(() -> reader.entity(place)).hasMessageContaining("location");
        ObjectNode unicode = json("{\"id\":\"urn:x:Paríž\",\"type\":\"Škola\",\"výška_1\":7}");
        assertThat(reader.entity(unicode).at("/výška_1/value").asInt()).isEqualTo(7);
    }

    @Test
    void anIdIsAUriWithNothingInvisibleInIt() {
        for (String hidden : List.of(
                "\u202e",
                "\u200b",
                "\ufeff",
                "\u2028",
                "\u00a0",
                "<",
                "\ufe0f",
                "\udb40\udd00",
                "\ufdd0",
                "\ufffe",
                "\u115f",
                "\u3164",
                "\uffa0",
                "\u2800",
                "\ud800")) {
            ObjectNode entity = json("{\"type\":\"T\"}");
            entity.put("id", "urn:x:A" + hidden + "B");
            assertThatThrownBy(() -> reader.entity(entity))
                    .as("U+%04X", hidden.codePointAt(0))
                    .isInstanceOf(NgsiLdFault.class);
        }
        assertThatThrownBy(() -> reader.entity(json("{\"id\":\"urn:ngsi-ld:null\",\"type\":\"T\"}")))
                .isInstanceOf(NgsiLdFault.class);
    }

    @Test
    void typesAndScopesAreSetsAndKeywordsHaveTwoNames() {
        ObjectNode entity = reader.entity(
                json(
                        "{\"@id\":\"urn:x:1\",\"@type\":[\"B\",\"A\",\"B\"],\"scope\":[\"/a/b\",\"c\",\"/a/b\"],\"createdAt\":\"x\"}"));
        assertThat(entity).isEqualTo(json("{\"id\":\"urn:x:1\",\"type\":[\"A\",\"B\"],\"scope\":[\"/a/b\",\"c\"]}"));
        assertThat(reader.entity(json("{\"id\":\"urn:x:1\",\"type\":[\"A\"],\"scope\":[\"/a\"]}")))
                .isEqualTo(json("{\"id\":\"urn:x:1\",\"type\":\"A\",\"scope\":\"/a\"}"));
        for (String scope :
                List.of("\"9bad\"", "\"/a//b\"", "\"a-b\"", "\"urn:ngsi-ld:null\"", "[\"/ok\",\"9bad\"]", "[]", "7")) {
            assertThatThrownBy(() ->
                            reader.entity(json("{\"id\":\"urn:x:1\",\"type\":\"A\",\"scope\":%s}".formatted(scope))))
                    .as(scope)
                    .isInstanceOf(NgsiLdFault.class);
        }
    }

    @Test
    void whatMayTakeAwayDependsOnWhatIsDone() {
        ObjectNode marks = json("""
                {"a":"urn:ngsi-ld:null","b":{"type":"LanguageProperty","languageMap":{"@none":"urn:ngsi-ld:null"}},
                 "c":{"type":"ListProperty","valueList":["urn:ngsi-ld:null"]},"d":null,"location":"urn:ngsi-ld:null",
                 "e":{"value":1,"unitCode":"urn:ngsi-ld:null","observedAt":"urn:ngsi-ld:null","f":"urn:ngsi-ld:null"},
                 "scope":"urn:ngsi-ld:null","expiresAt":"urn:ngsi-ld:null"}""");
        ObjectNode read = reader.fragment(marks, Nulls.FOR_MEMBERS);
        for (String name : List.of("a", "d", "location")) {
            assertThat(read.at("/" + name + "/value").asString()).as(name).isEqualTo(Nulls.NULL);
        }
        assertThat(read.at("/b/languageMap").asString()).isEqualTo(Nulls.NULL);
        assertThat(read.at("/c/valueList").asString()).isEqualTo(Nulls.NULL);
        assertThat(read.at("/e/f/value").asString()).isEqualTo(Nulls.NULL);
        assertThat(read.get("scope").asString()).isEqualTo(Nulls.NULL);
        assertThatThrownBy(() -> reader.fragment(marks, Nulls.REFUSED)).isInstanceOf(NgsiLdFault.class);

        ObjectNode deep = json("{\"a\":{\"value\":{\"x\":\"urn:ngsi-ld:null\"}}}");
        assertThat(reader.fragment(deep, Nulls.EVERYWHERE).has("a")).isTrue();
        assertThatThrownBy(() -> reader.fragment(deep, Nulls.FOR_MEMBERS)).isInstanceOf(NgsiLdFault.class);
        assertThatThrownBy(() -> reader.fragment(
                        json("{\"a\":{\"datasetId\":\"urn:ngsi-ld:null\",\"value\":1}}"), Nulls.EVERYWHERE))
                .isInstanceOf(NgsiLdFault.class);
    }

    @Test
    void aProofHoldsAnObjectAndItsSealedMembers() {
        ObjectNode signed = json("""
                {"id":"urn:x:1","type":"T","ngsildproof":{"type":"Property","entityIdSealed":"urn:x:1","entityTypeSealed":"T",
                 "value":{"type":"DataIntegrityProof","proofValue":"z"}}}""");
        assertThat(reader.entity(signed).get("ngsildproof")).isEqualTo(signed.get("ngsildproof"));
        assertThatThrownBy(() -> reader.entity(json(
                        "{\"id\":\"urn:x:1\",\"type\":\"T\",\"ngsildproof\":{\"type\":\"Property\",\"value\":\"x\"}}")))
                .isInstanceOf(NgsiLdFault.class);
    }

    @Test
    void nothingIsUnbounded() {
        ObjectNode many = json("{\"id\":\"urn:x:1\",\"type\":\"T\"}");
        for (int n = 0; n < 1_001; n++) {
            many.put("a" + n, n);
        }
        assertThatThrownBy(() -> reader.entity(many)).isInstanceOf(NgsiLdFault.class);
        refused(
                "{\"value\":1,\"b\":{\"value\":1,\"c\":{\"value\":1,\"d\":{\"value\":1,\"e\":{\"value\":1,\"f\":{\"value\":1,\"g\":1}}}}}}");
        refused("[%s{\"value\":1}]".formatted("{\"value\":1,\"datasetId\":\"urn:d:1\"},".repeat(100)));
        assertThatThrownBy(() -> reader.entity(json("{\"id\":\"urn:x:%s\",\"type\":\"T\"}".formatted("é".repeat(600)))))
                .isInstanceOf(NgsiLdFault.class);
    }
}

package org.conurb.hub;

import com.apicatalog.jsonld.JsonLd;
import com.apicatalog.jsonld.JsonLdError;
import com.apicatalog.jsonld.JsonLdErrorCode;
import com.apicatalog.jsonld.document.JsonDocument;
import com.apicatalog.jsonld.loader.DocumentLoader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.conurb.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A JSON-LD processor that others made and keep: what it says of names is what they mean. */
final class Judge {
    private static final Map<String, String> TYPED = Map.ofEntries(
            Map.entry("object", "{\"@type\":\"@id\"}"),
            Map.entry("datasetId", "{\"@type\":\"@id\"}"),
            Map.entry("instanceId", "{\"@type\":\"@id\"}"),
            Map.entry("objectList", "{\"@container\":\"@list\"}"),
            Map.entry("valueList", "{\"@container\":\"@list\"}"),
            Map.entry("coordinates", "{\"@container\":\"@list\"}"),
            Map.entry("bbox", "{\"@container\":\"@list\"}"),
            Map.entry("languageMap", "{\"@container\":\"@language\"}"),
            Map.entry("json", "{\"@type\":\"@json\"}"),
            Map.entry("vocab", "{\"@type\":\"@vocab\"}"),
            Map.entry("objectType", "{\"@type\":\"@vocab\"}"),
            Map.entry("observedAt", "{\"@type\":\"DateTime\"}"));

    private final Map<String, String> documents = new HashMap<>();

    Judge() {
        documents.put(Names.CORE_CONTEXT, core());
    }

    /** The core context as we understand it; not protected, since some publish it before what redefines its terms. */
    private static String core() {
        ObjectNode terms = Json.mapper().createObjectNode();
        terms.put("@version", 1.1);
        terms.put("@vocab", Names.VOCABULARY);
        terms.put("ngsi-ld", Names.NGSI_LD);
        terms.put("geojson", "https://purl.org/geojson/vocab#");
        terms.put("id", "@id");
        terms.put("type", "@type");
        new TreeMap<>(Names.CORE).forEach((term, iri) -> {
            if (TYPED.containsKey(term)) {
                terms.set(term, ((ObjectNode) Json.mapper().readTree(TYPED.get(term))).put("@id", iri));
            } else {
                terms.put(term, iri);
            }
        });
        return Json.mapper().createObjectNode().set("@context", terms).toString();
    }

    /** What is found at a URL. */
    Judge with(String url, String document) {
        documents.put(url, document);
        return this;
    }

    /** Names as the processor expands them under that context and the core; those that it drops are not in it. */
    Map<String, String> expand(String context, List<String> names) {
        ObjectNode document = Json.mapper().createObjectNode();
        document.set("@context", Json.mapper().readTree(context));
        document.put("id", "urn:x:1");
        for (String name : names) {
            document.putObject(name).put("value", name);
        }
        Map<String, String> found = new TreeMap<>();
        for (JsonNode node : expand(document)) {
            node.properties().forEach(property -> {
                if (!property.getKey().startsWith("@")) {
                    property.getValue()
                            .findValues("@value")
                            .forEach(name -> found.put(name.stringValue(), property.getKey()));
                }
            });
        }
        return found;
    }

    /** Whether the processor takes the context at all. */
    boolean takes(String context) {
        try {
            expand(context, List.of("anything"));
            return true;
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }

    /** Documents under one context, each expanded, its sets in one order. */
    List<JsonNode> graphs(JsonNode context, List<ObjectNode> documents) {
        ObjectNode all = Json.mapper().createObjectNode();
        all.set("@context", context);
        ArrayNode graph = all.putArray("@graph");
        documents.forEach(document -> {
            ObjectNode bare = document.deepCopy();
            bare.remove("@context");
            graph.add(bare);
        });
        List<JsonNode> expanded = new ArrayList<>();
        expand(all).forEach(one -> expanded.add(ordered(one, false)));
        return expanded;
    }

    /** With the core context last, which every NGSI-LD document has, told or not. */
    private JsonNode expand(JsonNode document) {
        ObjectNode whole = (ObjectNode) document.deepCopy();
        JsonNode own = whole.path("@context");
        ArrayNode contexts = whole.putArray("@context");
        (own.isArray() ? own : List.of(own)).forEach(contexts::add);
        contexts.add(Names.CORE_CONTEXT);
        try {
            return Json.mapper()
                    .readTree(JsonLd.expand(JsonDocument.of(new StringReader(whole.toString())))
                            .loader(loader())
                            .get()
                            .toString());
        } catch (JsonLdError refused) {
            throw new IllegalArgumentException(refused);
        }
    }

    private DocumentLoader loader() {
        return (url, options) -> {
            String known = documents.get(Names.isCoreContext(url.toString()) ? Names.CORE_CONTEXT : url.toString());
            if (known == null) {
                throw new JsonLdError(JsonLdErrorCode.LOADING_REMOTE_CONTEXT_FAILED, url.toString());
            }
            JsonDocument document = JsonDocument.of(new StringReader(known));
            document.setDocumentUrl(url);
            return document;
        };
    }

    private static JsonNode ordered(JsonNode node, boolean list) {
        if (node.isArray()) {
            List<JsonNode> all = new ArrayList<>();
            node.forEach(one -> all.add(ordered(one, false)));
            if (!list) {
                all.sort(java.util.Comparator.comparing(JsonNode::toString));
            }
            return Json.mapper().valueToTree(all);
        }
        if (node.isObject()) {
            ObjectNode sorted = Json.mapper().createObjectNode();
            new TreeMap<>(Map.ofEntries(node.properties().toArray(Map.Entry[]::new)))
                    .forEach((name, value) ->
                            sorted.set((String) name, ordered((JsonNode) value, name.equals("@list"))));
            return sorted;
        }
        return node;
    }
}

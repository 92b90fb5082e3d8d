package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.conurb.hub.Doors.Reply;
import org.conurb.kernel.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Whatever comes is read or refused, and nothing of it makes this server fail. */
final class EntityFuzzTest {
    private static final long SEED = 20_260_301;
    private static final String VALID = """
            {"id":"urn:ngsi-ld:Lamp:1","type":["Lamp","Asset"],"scope":["/a/b","/c"],"expiresAt":"2036-03-01T08:00:00Z",
             "power":[{"type":"Property","value":70,"unitCode":"WTT","observedAt":"2026-03-01T08:00:00Z"},
                      {"type":"Property","value":[1,"two",{"three":3}],"datasetId":"urn:d:1","expiresAt":"2036-03-01T08:00:00Z"}],
             "names":{"type":"LanguageProperty","languageMap":{"en":"lamp","fr":["lampe","feu"],"@none":"x"}},
             "settings":{"type":"JsonProperty","json":{"a":[1,{"b":null}]}},
             "kind":{"type":"VocabProperty","vocab":["street","square"]},
             "steps":{"type":"ListProperty","valueList":[1,[2,3],"x"]},
             "poles":{"type":"ListRelationship","objectList":[{"object":"urn:ngsi-ld:Pole:1"},{"object":"urn:ngsi-ld:Pole:2"}]},
             "location":{"type":"GeoProperty","value":{"type":"Polygon","coordinates":[[[7,43],[8,43],[8,44],[7,43]]]}},
             "on":{"type":"Relationship","object":["urn:ngsi-ld:Pole:1","urn:ngsi-ld:Pole:2"],"objectType":"Pole",
                   "since":{"type":"Property","value":{"@type":"DateTime","@value":"2026-03-01T08:00:00Z"},
                            "by":[{"type":"Property","value":1},{"type":"Property","value":2,"datasetId":"urn:d:2"}]}},
             "bare":5,"flag":true,"words":"x","place":{"type":"Point","coordinates":[7,43]}}""";

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1e308",
            "123456789012345678901234567890",
            "0.1e-300",
            "\"\"",
            "\"x\"",
            "\"urn:ngsi-ld:null\"",
            "[\"urn:ngsi-ld:null\"]",
            "{}",
            "[]",
            "[[]]",
            "[{}]",
            "{\"@value\":1}",
            "{\"type\":\"Property\"}",
            "{\"type\":\"Property\",\"value\":\"urn:ngsi-ld:null\"}",
            "{\"value\":1}",
            "{\"object\":\"urn:x:1\"}",
            "{\"type\":\"Point\",\"coordinates\":[1,2]}",
            "{\"type\":\"Point\",\"coordinates\":[1e400,2]}",
            "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[0,0],[0,0],[0,0]]]}",
            "\"2026-03-01T08:00:00Z\"",
            "\"9999-99-99T99:99:99Z\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\u202e\"",
            "\"urn:ngsi-ld:Lamp:1\"",
            "\"@none\"",
            "{\"type\":\"Relationship\",\"object\":\"urn:x:1\",\"entity\":{}}",
            "{\"languageMap\":{\"en\":[]}}",
            "{\"languageMap\":\"urn:ngsi-ld:null\"}",
            "{\"vocab\":[]}",
            "{\"json\":null}",
            "{\"valueList\":{}}",
            "{\"objectList\":[1]}");
    private static final List<String> NAMES = List.of(
            "id",
            "@id",
            "type",
            "@type",
            "@context",
            "@value",
            "scope",
            "value",
            "object",
            "languageMap",
            "vocab",
            "json",
            "valueList",
            "objectList",
            "datasetId",
            "observedAt",
            "expiresAt",
            "createdAt",
            "modifiedAt",
            "instanceId",
            "unitCode",
            "objectType",
            "valueType",
            "entity",
            "previousValue",
            "ngsildproof",
            "location",
            "observationSpace",
            "",
            " ",
            "a b",
            "é",
            "http://x/y",
            "urn:x:y",
            "a:b",
            "\u0000",
            "\u202e",
            "ngsi-ld:x",
            "x".repeat(1_900));

    private final Random random = new Random(SEED);

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private JsonNode value() {
        return Json.mapper().readTree(any(VALUES).replace("1e400", "1e300"));
    }

    private List<JsonNode> containers(JsonNode node, List<JsonNode> into) {
        if (node.isContainer()) {
            into.add(node);
            node.forEach(child -> containers(child, into));
        }
        return into;
    }

    /** One to three changes somewhere in it. */
    private ObjectNode mutated() {
        ObjectNode entity = (ObjectNode) Json.mapper().readTree(VALID);
        for (int n = random.nextInt(3); n >= 0; n--) {
            JsonNode place = any(containers(entity, new ArrayList<>()));
            if (place instanceof ObjectNode object) {
                mutate(object);
            } else if (place instanceof ArrayNode array) {
                mutate(array);
            }
        }
        return entity;
    }

    private void mutate(ObjectNode object) {
        String name = object.isEmpty() ? any(NAMES) : any(new ArrayList<>(object.propertyNames()));
        switch (random.nextInt(4)) {
            case 0 -> object.remove(name);
            case 1 -> object.set(name, value());
            case 2 -> object.set(any(NAMES), value());
            default -> {
                JsonNode moved = object.remove(name);
                object.set(any(NAMES), moved == null ? value() : moved);
            }
        }
    }

    private void mutate(ArrayNode array) {
        if (array.isEmpty() || random.nextInt(3) == 0) {
            array.add(value());
        } else if (random.nextBoolean()) {
            array.remove(random.nextInt(array.size()));
        } else {
            array.set(random.nextInt(array.size()), value());
        }
    }

    @Test
    void whatIsReadReadsTheSameAgain() {
        EntityReader reader = new EntityReader(LdContext.CORE);
        int read = 0;
        for (int n = 0; n < 6_000; n++) {
            ObjectNode entity = mutated();
            String sent = entity.toString();
            try {
                ObjectNode kept = reader.entity(entity);
                read++;
                assertThat(reader.entity(kept.deepCopy())).as(sent).isEqualTo(kept);
                assertThat(EntityMerge.whole(kept, reader.fragment(entity, Nulls.REFUSED)))
                        .as(sent)
                        .isEqualTo(kept);
                assertThat(Json.mapper().readTree(kept.toString())).as(sent).isEqualTo(kept);
            } catch (NgsiLdFault refused) {
                assertThat(refused.remedy()).isNotBlank();
            } catch (RuntimeException failed) {
                throw new AssertionError(sent, failed);
            }
        }
        assertThat(read).isGreaterThan(500);
    }

    @Test
    void whatIsMergedIsStillAnEntity() {
        EntityReader reader = new EntityReader(LdContext.CORE);
        ObjectNode kept = reader.entity((ObjectNode) Json.mapper().readTree(VALID));
        String before = kept.toString();
        int merged = 0;
        for (int n = 0; n < 4_000; n++) {
            ObjectNode entity = mutated();
            String sent = entity.toString();
            for (Nulls nulls : Nulls.values()) {
                try {
                    ObjectNode fragment = reader.fragment(entity, nulls);
                    for (ObjectNode next : List.of(
                            EntityMerge.merge(kept, fragment),
                            EntityMerge.update(kept, fragment).document(),
                            nulls == Nulls.REFUSED
                                    ? EntityMerge.append(kept, fragment, random.nextBoolean())
                                            .document()
                                    : kept)) {
                        assertThat(reader.entity(next.deepCopy())).as(sent).isEqualTo(next);
                    }
                    merged++;
                } catch (NgsiLdFault refused) {
                    assertThat(refused.remedy()).isNotBlank();
                } catch (RuntimeException failed) {
                    throw new AssertionError(nulls + sent, failed);
                }
            }
        }
        assertThat(kept.toString()).isEqualTo(before);
        assertThat(merged).isGreaterThan(500);
    }

    @Test
    void noBodyMakesADoorFail() throws Exception {
        try (EntityDoors doors = new EntityDoors()) {
            doors.created(VALID.replace("Lamp:1", "Lamp:0"));
            for (int n = 0; n < 1_500; n++) {
                String body = body();
                String path = path();
                String method = any(List.of("POST", "PUT", "PATCH"));
                Reply reply = doors.call(
                        method, path, body, "Content-Type", any(List.of("application/json", "application/ld+json")));
                if (!reply.body().contains("LdContextNotAvailable")) {
                    assertThat(reply.status())
                            .as("%s %s %s %s", method, path, body, reply.body())
                            .isLessThan(500);
                }
                if (reply.status() == 207) {
                    reply.json()
                            .path("errors")
                            .forEach(error -> assertThat(
                                            error.at("/error/status").asInt())
                                    .as("%s %s %s", method, path, body)
                                    .isBetween(400, 504));
                }
            }
            doors.get("entities?type=Lamp&options=sysAttrs&limit=1000")
                    .json()
                    .forEach(entity -> assertThat(
                                    doors.get("entities/" + entity.path("id").stringValue())
                                            .status())
                            .isLessThan(500));
        }
    }

    private String body() {
        String text = mutated().toString();
        return switch (random.nextInt(8)) {
            case 0 -> "[" + text + "," + mutated() + "]";
            case 1 -> broken(text);
            case 2 -> value().toString();
            case 3 -> mutated().path("power").toString();
            default -> text;
        };
    }

    private String broken(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int n = 0; n < 3; n++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private String path() {
        String id = "entities/urn:ngsi-ld:Lamp:" + random.nextInt(2);
        return any(List.of(
                "entities",
                id,
                id + "?options=simplified",
                id + "/attrs",
                id + "/attrs?options=noOverwrite",
                id + "/attrs/power",
                id + "/attrs/" + any(List.of("location", "names", "on", "%00", "type", "http:%2F%2Fx", "scope")),
                "entityOperations/" + any(List.of("create", "upsert", "update", "merge", "delete"))));
    }
}

package org.conurb.talk;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.conurb.kernel.Json;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** docs/asyncapi/talk.yaml, as a judge of what is said and told. A member that it does not name is a fault here. */
final class AsyncApi {
    private static final Path FILE = Path.of("..", "docs", "asyncapi", "talk.yaml");

    private final JsonNode document;
    private final Map<String, JsonNode> said;
    private final Map<String, JsonNode> told;
    private final Map<String, Schema> schemas = new TreeMap<>();

    private AsyncApi(JsonNode document) {
        this.document = document;
        this.said = payloads("say");
        this.told = payloads("tell");
        told.forEach((type, payload) -> schemas.put(type, schema(payload)));
    }

    static AsyncApi read() {
        try {
            Object yaml = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(FILE));
            return new AsyncApi(Json.mapper().valueToTree(yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By the types of all messages of an operation. */
    private Map<String, JsonNode> payloads(String operation) {
        Map<String, JsonNode> byType = new TreeMap<>();
        for (JsonNode inChannel :
                document.path("operations").path(operation).path("messages").values()) {
            JsonNode payload = followed(followed(inChannel)).path("payload");
            JsonNode type = payload.path("properties").path("type");
            List<JsonNode> types = type.has("const")
                    ? List.of(type.path("const"))
                    : List.copyOf(type.path("enum").values());
            for (JsonNode each : types) {
                if (byType.put(each.asString(), payload) != null) {
                    throw new AssertionError("%s is described twice.".formatted(each));
                }
            }
        }
        return byType;
    }

    private JsonNode followed(JsonNode reference) {
        JsonNode found = document.at(reference.path("$ref").asString().substring(1));
        if (found.isMissingNode()) {
            throw new AssertionError("There is no " + reference);
        }
        return found;
    }

    private Schema schema(JsonNode payload) {
        ObjectNode whole = payload.deepCopy().asObject();
        whole.set("$defs", document.path("components").path("schemas"));
        whole = Json.mapper()
                .readTree(whole.toString().replace("#/components/schemas/", "#/$defs/"))
                .asObject();
        close(whole);
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(whole);
    }

    private static void close(JsonNode node) {
        node.values().forEach(AsyncApi::close);
        if (node instanceof ObjectNode object && object.path("properties").isObject()) {
            object.put("additionalProperties", false);
        }
    }

    /** Types that a client may say. */
    Set<String> said() {
        return said.keySet();
    }

    /** Types that a client is told. */
    Set<String> told() {
        return told.keySet();
    }

    /** Members that one who says this has to give, its type aside. */
    List<String> required(String type) {
        return said.get(type).path("required").values().stream()
                .map(JsonNode::asString)
                .filter(name -> !name.equals("type"))
                .toList();
    }

    /** The least that one may say of this type: its required members. */
    ObjectNode least(String type) {
        ObjectNode message = NoticeTexts.object().put("type", type);
        for (String name : required(type)) {
            JsonNode schema = said.get(type).path("properties").path(name);
            if (schema.path("type").asString().equals("array")) {
                message.putArray(name);
            } else if (schema.path("format").asString("").equals("uuid")) {
                message.put(name, "0198f000-0000-7000-8000-00000000000f");
            } else {
                message.put(name, "x");
            }
        }
        return message;
    }

    /** What of this message is not as described; nothing where all is. */
    List<String> faults(JsonNode message) {
        Schema schema = schemas.get(message.path("type").asString());
        if (schema == null) {
            return List.of("Nobody is told " + message);
        }
        return schema.validate(message).stream()
                .map(Error::toString)
                .map(fault -> fault + " in " + message)
                .toList();
    }
}

package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.conurb.kernel.Json;
import org.conurb.server.TestSite.Call;
import org.conurb.server.TestSite.Reply;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What rooms write into the hub is what {@code hub/model} promises to all others. */
class EntityModelApiTest {
    private static final Path MODEL = TestSite.ROOT.resolve("hub").resolve("model");
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>; rel=\"next\"");

    private final TestSite site = TestSite.shared();
    private final Call dispatch = site.asInstaller().header("Conurb-Organisation", "control-room");

    @Test
    void everyEntityOfARoomHoldsToTheSchemaOfItsType() {
        String incident = dispatch.post("/api/incidents", IncidentsApiTest.smoke())
                .expect(201)
                .json()
                .path("id")
                .asString();
        String bare = dispatch.post("/api/incidents", Map.of("type", "fire.smoke", "place", IncidentsApiTest.PLACE))
                .expect(201)
                .json()
                .path("id")
                .asString();
        String unit = dispatch.post(
                        "/api/units",
                        Map.of("callSign", "M-" + UUID.randomUUID(), "kind", "engine", "place", IncidentsApiTest.PLACE))
                .expect(201)
                .json()
                .path("id")
                .asString();
        dispatch.post("/api/units", Map.of("callSign", "M-" + UUID.randomUUID(), "kind", "engine"))
                .expect(201);
        dispatch.post("/api/incidents/" + incident + "/units", Map.of("unit", unit))
                .expect(200);
        dispatch.patch("/api/incidents/" + bare, Map.of("state", "closed")).expect(200);
        BrowserRoom.warn(
                dispatch,
                "conurb.model." + UUID.randomUUID(),
                "Actual",
                "Severe",
                "Flood",
                "43.74,7.42 43.74,7.43 43.75,7.43 43.74,7.42");

        Set<String> types = expectModel(dispatch);

        assertThat(types).contains("Incident", "Unit", "Alert");
    }

    /** Holds every entity that this caller sees against the model; the types of which there was one. */
    static Set<String> expectModel(Call call) {
        Set<String> found = new HashSet<>();
        for (JsonNode model : models()) {
            String type = model.path("type").asString();
            Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(model.path("schema"));
            List<String> names =
                    new ArrayList<>(model.path("schema").path("properties").propertyNames());
            names.addAll(List.of("id", "type", "@context"));
            for (JsonNode entity : entities(call, type)) {
                found.add(type);
                assertThat(schema.validate(entity))
                        .extracting(Error::toString)
                        .as("%s", entity)
                        .isEmpty();
                assertThat(names)
                        .as("what the model of %s names; found %s", type, entity)
                        .containsAll(entity.propertyNames());
            }
        }
        return found;
    }

    private static List<JsonNode> models() {
        try (Stream<Path> files = Files.list(MODEL)) {
            List<JsonNode> models = new ArrayList<>();
            for (Path file : files.toList()) {
                models.add(Json.mapper().readTree(Files.readAllBytes(file)));
            }
            assertThat(models).hasSizeGreaterThan(3);
            return models;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<JsonNode> entities(Call call, String type) {
        List<JsonNode> all = new ArrayList<>();
        String page = "/ngsi-ld/v1/entities?type=" + type + "&options=keyValues&limit=500";
        while (!page.isEmpty()) {
            Reply reply = call.get(page).expect(200);
            reply.json().forEach(all::add);
            Matcher next = NEXT.matcher(String.join(", ", reply.headers().allValues("Link")));
            page = next.find() ? next.group(1) : "";
        }
        return all;
    }
}

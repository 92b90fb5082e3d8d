package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.conurb.hub.Doors.Reply;
import org.conurb.kernel.Json;
import org.conurb.testkit.FakeAccess;
import org.conurb.testkit.FakeAudit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Entities and contexts as others publish them: what goes in comes out with the same meaning, says a judge of others. */
final class SmartDataModelsApiTest {
    private static final Path MODELS = Optional.ofNullable(System.getenv("CONURB_SHARED"))
            .map(Path::of)
            .orElse(Path.of("..", "..", "shared"))
            .resolve(Path.of("data", "smart-data-models"));
    private static final List<String> PLACES = List.of(
            "https://raw.githubusercontent.com/smart-data-models/%s/master/context.jsonld",
            "https://smart-data-models.github.io/%s/context.jsonld");
    private static final List<String> EMPTY = List.of(
            "https://smartdatamodels.org/context.jsonld",
            "https://smartdatamodels.org/context",
            "https://fiware.github.io/data-models/context.jsonld",
            "https://raw.githubusercontent.com/smart-data-models/dataModel.Aeronautics/refs/heads/master/context.jsonld",
            "https://smart-data-models.github.io/data-models/context.jsonld",
            "https://raw.githubusercontent.com/smart-data-models/data-models/master/context.jsonld");

    private static final Set<String> MEMBERS = Set.of("id", "type", "@context", "scope");

    /** Examples that the standard forbids, and why; all others go in. */
    private static final Map<String, String> NO_NGSI_LD = Map.ofEntries(
            Map.entry(
                    "CityWork",
                    "workDisposition.tramwayImpacted is no attribute: its type is none that NGSI-LD knows."),
            Map.entry("FloodMonitoring", "floodLevelStatus is no attribute: its type is none that NGSI-LD knows."),
            Map.entry("NightSkyQuality", "The entity has an id that is no URI."),
            Map.entry("PhreaticObserved", "depth.observedAt is no moment."),
            Map.entry("RestrictionException", "name is no attribute: its type is none that NGSI-LD knows."),
            Map.entry("SpecialRestriction", "name is no attribute: its type is none that NGSI-LD knows."),
            Map.entry("TransportStation", "dateLastReported is no attribute: its type is none that NGSI-LD knows."),
            Map.entry("Vehicle", "battery.observedAt is no moment."),
            Map.entry("VehicleFault", "observedAt cannot name an attribute: NGSI-LD has another meaning for it."),
            Map.entry("WaterObserved", "dateObserved has an id that is no URI."),
            Map.entry("WeatherForecast", "The entity has an id that is no URI."));

    /** The same of the simplified ones. */
    private static final Map<String, String> SIMPLE_NO_NGSI_LD = Map.ofEntries(
            Map.entry("EVChargingStation", "The @context iudx:EVChargingStation is no URL that can be called."),
            Map.entry("FleetVehicleStatus", "unitCode cannot name an attribute: NGSI-LD has another meaning for it."),
            Map.entry("NightSkyQuality", "The entity has an id that is no URI."),
            Map.entry(
                    "PointOfInterest",
                    "The body is no JSON that is taken here, at line 43, column 3: Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries"),
            Map.entry(
                    "RoadAccident",
                    "location is no geometry on the earth: longitude is within ±180 and latitude within ±90."),
            Map.entry("TransportStation", "featuredArtist  cannot name an attribute."),
            Map.entry("VehicleFault", "observedAt cannot name an attribute: NGSI-LD has another meaning for it."),
            Map.entry("WeatherAlert", "The entity has an id that is no URI."),
            Map.entry("WeatherForecast", "The entity has an id that is no URI."));

    private final Hub hub = new Hub();
    private final Judge judge = new Judge();
    private final Doors doors =
            new Doors(hub, () -> Hub.DISPATCHER, hub.withEntities(FakeAccess.to("fire"), new FakeAudit()));

    @BeforeEach
    void keepTheContextsAsIfFetched() throws IOException {
        assumeTrue(Files.isDirectory(MODELS), "skipped: the models are not here");
        try (Stream<Path> found = Files.list(MODELS)) {
            for (Path model : found.filter(Files::isDirectory).toList()) {
                String context = Files.readString(model.resolve("context.jsonld"));
                PLACES.forEach(place -> keep(place.formatted(model.getFileName()), context));
            }
        }
        EMPTY.forEach(url -> keep(url, "{\"@context\":{}}"));
    }

    private void keep(String url, String document) {
        judge.with(url, lawful(document));
        Instant now = hub.clock.instant();
        ContextStore store = new ContextStore(hub.transactions);
        hub.transactions.doAsSystem(() -> store.put(new ContextRow(
                "urn:ngsi-ld:LdContext:" + url.hashCode(),
                ContextRow.Kind.CACHED,
                Optional.empty(),
                Optional.of(url),
                Json.mapper().readTree(document).get("@context").toString(),
                now,
                Optional.of(now.plusSeconds(100_000)),
                now,
                0)));
    }

    /** Without terms as {@code open311:type}, which JSON-LD lets mean nothing else, and one model redefines. */
    private static String lawful(String document) {
        ObjectNode whole = (ObjectNode) Json.mapper().readTree(document);
        if (whole.get("@context") instanceof ObjectNode terms) {
            terms.remove(terms.propertyNames().stream()
                    .filter(name -> name.contains(":"))
                    .toList());
        }
        return whole.toString();
    }

    @AfterEach
    void close() throws Exception {
        hub.close();
    }

    private static List<Path> examples(String ending) throws IOException {
        try (Stream<Path> all = Files.walk(MODELS)) {
            return all.filter(path -> path.getFileName().toString().equals(ending))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void namesOfAllModelsExpandAsTheJudgeExpandsThem() throws IOException {
        int terms = 0;
        try (Stream<Path> found = Files.list(MODELS)) {
            for (Path model : found.filter(Files::isDirectory).toList()) {
                String url = PLACES.getFirst().formatted(model.getFileName());
                List<String> names = new ArrayList<>();
                Json.mapper()
                        .readTree(Files.readString(model.resolve("context.jsonld")))
                        .get("@context")
                        .propertyNames()
                        .forEach(names::add);
                names.removeIf(name -> MEMBERS.contains(name) || name.contains(":"));
                LdContext context =
                        hub.contexts.of(Json.mapper().getNodeFactory().stringNode(url));
                judge.expand('"' + url + '"', names)
                        .forEach((name, iri) -> assertThat(Names.iri(context.expand(name)))
                                .as(name)
                                .isEqualTo(iri));
                terms += names.size();
            }
        }
        assertThat(terms).isGreaterThan(1_000);
    }

    @Test
    void normalizedExamplesComeOutInEveryFormWithTheSameMeaning() throws IOException {
        List<Path> examples = examples("example-normalized.jsonld");
        assertThat(examples).hasSize(80);
        Map<String, String> refused = new TreeMap<>();
        for (Path example : examples) {
            ObjectNode sent = (ObjectNode) Json.mapper().readTree(Files.readString(example));
            comesOutAlike(sent, bare(sent)).ifPresent(reason -> refused.put(name(example), reason));
        }
        assertThat(refused).isEqualTo(NO_NGSI_LD);
    }

    @Test
    void simplifiedExamplesComeOutInEveryFormWithTheSameMeaningOnceTheyAreWrapped() throws IOException {
        List<Path> examples = examples("example.jsonld");
        assertThat(examples).hasSize(80);
        Map<String, String> refused = new TreeMap<>();
        for (Path example : examples) {
            String text = Files.readString(example);
            Optional<String> reason;
            try {
                ObjectNode simple = (ObjectNode) Json.mapper().readTree(text);
                reason = comesOutAlike(wrapped(simple), simple);
            } catch (JacksonException noJson) {
                reason = refused(create(text), "InvalidRequest");
            }
            reason.ifPresent(told -> refused.put(name(example), told));
        }
        assertThat(refused).isEqualTo(SIMPLE_NO_NGSI_LD);
    }

    private static String name(Path example) {
        return example.getName(example.getNameCount() - 3).toString();
    }

    /** The value or object of each attribute alone. */
    private static ObjectNode bare(ObjectNode whole) {
        ObjectNode simple = Json.mapper().createObjectNode();
        whole.properties().forEach(member -> {
            JsonNode it = member.getValue();
            JsonNode held = it.has("value") ? it.get("value") : it.has("object") ? it.get("object") : it;
            simple.set(member.getKey(), MEMBERS.contains(member.getKey()) ? it : held);
        });
        return simple;
    }

    /** What stands bare is a value; a geometry is found by its type. */
    private static ObjectNode wrapped(ObjectNode simple) {
        ObjectNode whole = Json.mapper().createObjectNode();
        simple.properties().forEach(member -> {
            boolean attribute = !MEMBERS.contains(member.getKey());
            boolean geometry =
                    member.getValue().has("coordinates") && member.getValue().has("type");
            if (attribute) {
                whole.putObject(member.getKey())
                        .put("type", geometry ? "GeoProperty" : "Property")
                        .set("value", member.getValue());
            } else {
                whole.set(member.getKey(), member.getValue());
            }
        });
        return whole;
    }

    private Reply create(String body) {
        return doors.call("POST", "entities", body, "Content-Type", "application/ld+json");
    }

    private static Optional<String> refused(Reply reply, String type) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(400);
        assertThat(reply.json().get("type").stringValue()).isEqualTo(NgsiLdFault.TYPES + type);
        return Optional.of(reply.json().get("detail").stringValue());
    }

    /**
     * Out of the hub in every form, and in again where the form holds all of the entity.
     *
     * @return why it is refused
     */
    private Optional<String> comesOutAlike(ObjectNode sent, ObjectNode simple) {
        Reply created = create(sent.toString());
        if (created.status() != 201) {
            return refused(created, "BadRequestData");
        }
        String id = created.header("Location");
        String context = link(sent.get("@context"));
        ObjectNode normalized = read(id, context);
        ObjectNode simplified = read(id + "?format=simplified", context);
        ObjectNode concise = read(id + "?format=concise", context);
        ObjectNode feature = read(id, context, "application/geo+json");
        assertThat(feature.get("geometry")).as(id).isEqualTo(geometry(sent));
        ObjectNode properties = (ObjectNode) feature.get("properties");
        properties.set("id", feature.get("id"));
        assertThat(List.of(simplified.get("@context"), concise.get("@context"), feature.get("@context")))
                .containsOnly(normalized.get("@context"));

        doors.delete(id);
        Reply again = create(concise.toString());
        assertThat(again.status()).as("%s: %s", id, again.body()).isEqualTo(201);
        ObjectNode fromConcise = read(id, context);
        doors.delete(id);

        List<JsonNode> meanings = judge.graphs(
                normalized.get("@context"),
                List.of(ours(sent), normalized, properties, fromConcise, ours(simple), simplified));
        assertThat(meanings).hasSize(6);
        assertThat(meanings.subList(1, 4)).as(id).containsOnly(meanings.getFirst());
        assertThat(meanings.get(5)).as(id).isEqualTo(meanings.get(4));
        return Optional.empty();
    }

    private ObjectNode read(String path, String context) {
        return read(path, context, "application/ld+json");
    }

    private ObjectNode read(String path, String context, String accept) {
        Reply read = doors.call("GET", path, null, "Accept", accept, "Link", context);
        assertThat(read.status()).as("%s: %s", path, read.body()).isEqualTo(200);
        return (ObjectNode) read.json();
    }

    private static JsonNode geometry(ObjectNode sent) {
        JsonNode location = sent.path("location");
        boolean place = location.path("type").asString("").equals("GeoProperty");
        return place ? location.get("value") : Json.mapper().nullNode();
    }

    /** Moments that a hub notes by itself are not the sender's to tell. */
    private static ObjectNode ours(ObjectNode sent) {
        sent.remove(List.of("createdAt", "modifiedAt"));
        return sent;
    }

    /** Where the hub serves the context, so that a header can name it; the judge finds it there, too. */
    private String link(JsonNode context) {
        String link = hub.contexts.of(context).link();
        String url = link.substring(1, link.indexOf('>'));
        if (url.startsWith("http://hub.test/")) {
            judge.with(
                    url,
                    Json.mapper().createObjectNode().set("@context", context).toString());
        }
        return link;
    }
}

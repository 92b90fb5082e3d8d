package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.request;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Json;
import org.conurb.testkit.FakeAccess;
import org.conurb.testkit.FakeAudit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.http.converter.ByteArrayHttpMessageConverter;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import tools.jackson.databind.JsonNode;

final class NgsiLdApiTest {
    private static final String SENSOR = """
            {"id":"urn:ngsi-ld:Sensor:1","type":"Sensor","speed":{"type":"Property","value":55.5,"observedAt":"2026-03-01T08:00:00Z"},
             "brand":{"type":"Property","value":"Acme"},"location":{"type":"GeoProperty","value":{"type":"Point","coordinates":[7.42,43.73]}},
             "near":{"type":"Relationship","object":"urn:ngsi-ld:Room:1"}}""";

    private final Hub hub = new Hub();
    private final FakeAccess access = FakeAccess.to("fire");
    private final FakeAudit audit = new FakeAudit();
    private Caller caller = Hub.DISPATCHER;
    private final MockMvc mvc = mvc();

    private MockMvc mvc() {
        EntityRetrieval retrieval = new EntityRetrieval(
                hub.transactions, hub.entities, new EntityFinder(hub.transactions), Model.load(), access);
        EntityDoor door = new EntityDoor(hub.entities, Model.load(), access, audit);
        return MockMvcBuilders.standaloneSetup(
                        new EntityController(
                                door, new EntityPurge(door, retrieval, hub.transactions, access, audit), hub.contexts),
                        new AttributeController(door, hub.contexts),
                        new QueryController(retrieval, hub.contexts),
                        new TemporalController(
                                new TemporalRetrieval(hub.transactions, 1_000, Model.load(), access, hub.clock),
                                new TemporalDoor(hub.transactions, Model.load(), access, audit, hub.clock),
                                hub.contexts))
                .setHandlerExceptionResolvers(new NgsiLdProblems())
                .setCustomArgumentResolvers(new Answers.Arguments(hub.transactions, () -> caller))
                .setMessageConverters(new Answers(), new ByteArrayHttpMessageConverter())
                .build();
    }

    @AfterEach
    void close() throws Exception {
        hub.close();
    }

    private record Reply(int status, String body, MockHttpServletResponse raw) {
        JsonNode json() {
            return Json.mapper().readTree(body);
        }
    }

    private Reply call(String method, String path, String body, String... headers) {
        try {
            var call = request(HttpMethod.valueOf(method), URI.create("/ngsi-ld/v1/" + path));
            if (body != null) {
                call.content(body.getBytes(StandardCharsets.UTF_8)).contentType("application/json");
            }
            for (int i = 0; i < headers.length; i += 2) {
                if (headers[i].equals("Content-Type")) {
                    call.contentType(headers[i + 1]);
                } else {
                    call.header(headers[i], headers[i + 1]);
                }
            }
            MockHttpServletResponse response = mvc.perform(call).andReturn().getResponse();
            return new Reply(response.getStatus(), response.getContentAsString(StandardCharsets.UTF_8), response);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Reply get(String path) {
        return call("GET", path, null);
    }

    private void created(String body) {
        assertThat(call("POST", "entities", body))
                .extracting(Reply::status, Reply::body)
                .containsExactly(201, "");
    }

    private static String query(String text) {
        return java.net.URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void whatIsCreatedIsReadAsItWasSentInEveryFormat() {
        created(SENSOR);
        assertThat(get("entities/urn:ngsi-ld:Sensor:1").json())
                .isEqualTo(Json.mapper().readTree(SENSOR));
        assertThat(get("entities/urn:ngsi-ld:Sensor:1?options=keyValues").json())
                .isEqualTo(Json.mapper().readTree("""
                {"id":"urn:ngsi-ld:Sensor:1","type":"Sensor","speed":55.5,"brand":"Acme",
                 "location":{"type":"Point","coordinates":[7.42,43.73]},"near":"urn:ngsi-ld:Room:1"}"""));
        assertThat(get("entities/urn:ngsi-ld:Sensor:1?format=concise&attrs=speed,near")
                        .json())
                .isEqualTo(Json.mapper().readTree("""
                        {"id":"urn:ngsi-ld:Sensor:1","type":"Sensor","speed":{"value":55.5,"observedAt":"2026-03-01T08:00:00Z"},
                         "near":{"object":"urn:ngsi-ld:Room:1"}}"""));
        Reply linked = call("GET", "entities/urn:ngsi-ld:Sensor:1", null, "Accept", "application/ld+json");
        assertThat(linked.json().get("@context").stringValue()).isEqualTo(Names.CORE_CONTEXT);
        assertThat(audit.actions()).containsExactly("entity.created");
    }

    @Test
    void aConciseEntityIsTheSameEntity() {
        created("""
                {"id":"urn:ngsi-ld:Sensor:1","type":"Sensor","speed":{"value":55.5,"observedAt":"2026-03-01T08:00:00Z"},
                 "brand":"Acme","location":{"type":"Point","coordinates":[7.42,43.73]},"near":{"object":"urn:ngsi-ld:Room:1"}}""");
        assertThat(get("entities/urn:ngsi-ld:Sensor:1").json())
                .isEqualTo(Json.mapper().readTree(SENSOR));
    }

    @Test
    void namesOfAnotherContextAreKeptAsIrisAndFoundByThem() {
        Reply created = call("POST", "entities", """
                {"@context":{"Incident":"https://example.org/Incident","ex":"https://example.org/"},
                 "id":"urn:x:1","type":"Incident","ex:heat":{"type":"Property","value":3}}""", "Content-Type", "application/ld+json");
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        JsonNode read = get("entities/urn:x:1").json();
        assertThat(read.get("type").stringValue()).isEqualTo("https://example.org/Incident");
        assertThat(read.get("https://example.org/heat").get("value").asInt()).isEqualTo(3);
        assertThat(get("entities?type=" + query("https://example.org/Incident") + "&q="
                                + query("https://example.org/heat>2"))
                        .json()
                        .size())
                .isEqualTo(1);
    }

    @Test
    void aContextInsideTheNetworkIsNotFetchedAndThatIsSaid() {
        Reply reply = call(
                "POST",
                "entities",
                "{\"@context\":\"http://169.254.169.254/x\",\"id\":\"urn:x:1\",\"type\":\"T\"}",
                "Content-Type",
                "application/ld+json");
        assertThat(reply.status()).isEqualTo(504);
        assertThat(reply.json().get("type").stringValue()).endsWith("/LdContextNotAvailable");
        assertThat(reply.json().get("remedy").stringValue()).isNotBlank();
    }

    @Test
    void aTypeThatARoomOwnsIsReadOnlyAndTheRemedyNamesTheDoor() {
        Reply reply = call("POST", "entities", "{\"id\":\"urn:ngsi-ld:Incident:1\",\"type\":\"Incident\"}");
        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.json().get("remedy").stringValue()).contains("POST /api/incidents");
        hub.put(Entity.of("urn:ngsi-ld:Incident:2", "Incident", Hub.FIRE).with("state", Attribute.property("open")));
        assertThat(call("PATCH", "entities/urn:ngsi-ld:Incident:2", "{\"state\":{\"value\":\"closed\"}}")
                        .status())
                .isEqualTo(409);
        assertThat(call("DELETE", "entities/urn:ngsi-ld:Incident:2", null).status())
                .isEqualTo(409);
    }

    @Test
    void whatConcernsPersonsIsLeftOutAndCannotBeAskedForWithoutAPurpose() {
        hub.put(Entity.of("urn:ngsi-ld:Incident:2", "Incident", Hub.FIRE)
                .with("state", Attribute.property("open"))
                .with("callerPhone", Attribute.property("555-0123")));
        assertThat(get("entities/urn:ngsi-ld:Incident:2").body()).contains("555-0123");
        assertThat(get("entities?type=Incident&q=" + query("callerPhone==\"555-0123\""))
                        .json()
                        .size())
                .isEqualTo(1);
        access.withoutPurpose();
        assertThat(get("entities/urn:ngsi-ld:Incident:2").body())
                .contains("open")
                .doesNotContain("555-0123");
        assertThat(get("entities?type=Incident").body()).contains("open").doesNotContain("555-0123");
        assertThat(get("entities?type=Incident&q=" + query("callerPhone==\"555-0123\""))
                        .json()
                        .size())
                .isZero();
        assertThat(get("temporal/entities/urn:ngsi-ld:Incident:2").body())
                .contains("open")
                .doesNotContain("555-0123");
    }

    @Test
    void anotherOrganisationsEntityIsAbsentInTheSameWords() {
        created(SENSOR);
        caller = Hub.OFFICER;
        access.readable("police").writable("police");
        Reply foreign = get("entities/urn:ngsi-ld:Sensor:1");
        Reply none = get("entities/urn:ngsi-ld:Sensor:2");
        assertThat(foreign.status()).isEqualTo(404);
        assertThat(foreign.body().replace("Sensor:1", "Sensor:2")).isEqualTo(none.body());
        assertThat(call("PATCH", "entities/urn:ngsi-ld:Sensor:1/attrs", "{\"speed\":{\"value\":1}}")
                        .status())
                .isEqualTo(404);
        assertThat(call("DELETE", "entities/urn:ngsi-ld:Sensor:1", null).status())
                .isEqualTo(404);
        assertThat(get("entities?type=Sensor").json().size()).isZero();
        assertThat(get("entities?type=Sensor&count=true&limit=0").raw().getHeader("NGSILD-Results-Count"))
                .isEqualTo("0");
    }

    @Test
    void whoMayReadAndNotChangeIsToldSo() {
        created(SENSOR);
        access.writable("police");
        assertThat(call("PATCH", "entities/urn:ngsi-ld:Sensor:1/attrs", "{\"speed\":{\"value\":1}}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void attributesAreMergedAppendedUpdatedAndTakenAway() {
        created(SENSOR);
        String id = "entities/urn:ngsi-ld:Sensor:1";
        assertThat(call(
                                "PATCH",
                                id,
                                "{\"speed\":{\"value\":60,\"unitCode\":\"KMH\"},\"brand\":\"urn:ngsi-ld:null\",\"new\":1}")
                        .status())
                .isEqualTo(204);
        JsonNode merged = get(id).json();
        assertThat(merged.at("/speed/value").asInt()).isEqualTo(60);
        assertThat(merged.at("/speed/observedAt").stringValue()).isEqualTo("2026-03-01T08:00:00Z");
        assertThat(merged.has("brand")).isFalse();
        assertThat(merged.at("/new/value").asInt()).isEqualTo(1);

        assertThat(call("PATCH", id + "/attrs", "{\"speed\":{\"value\":61},\"absent\":{\"value\":1}}")
                        .status())
                .isEqualTo(204);
        assertThat(call("POST", id + "/attrs?options=noOverwrite", "{\"absent\":{\"value\":2}}")
                        .status())
                .isEqualTo(207);
        assertThat(call("PATCH", id + "/attrs/absent", "{\"value\":5}").status())
                .isEqualTo(204);
        assertThat(call("PATCH", id + "/attrs/nothing", "{\"value\":5}").status())
                .isEqualTo(404);
        assertThat(get(id).json().at("/absent/value").asInt()).isEqualTo(5);
        assertThat(call("DELETE", id + "/attrs/absent", null).status()).isEqualTo(204);
        assertThat(call("DELETE", id + "/attrs/absent", null).status()).isEqualTo(404);
        assertThat(call("DELETE", id, null).status()).isEqualTo(204);
        assertThat(get(id).status()).isEqualTo(404);
        assertThat(call("POST", "entities", SENSOR).status()).isEqualTo(201);
        assertThat(call("POST", "entities", SENSOR).status()).isEqualTo(409);
    }

    @Test
    void aRepeatedKeyIsOneEffect() {
        assertThat(call("POST", "entities", SENSOR, "Idempotency-Key", "k1").status())
                .isEqualTo(201);
        assertThat(call("POST", "entities", SENSOR, "Idempotency-Key", "k1").status())
                .isEqualTo(201);
        assertThat(hub.count("change")).isEqualTo(1);
    }

    @Test
    void pagesNeitherSkipNorRepeatThoughEntitiesComeAndGo() {
        for (int n = 0; n < 25; n++) {
            created("{\"id\":\"urn:ngsi-ld:Sensor:%d\",\"type\":\"Sensor\",\"n\":%d}".formatted(n, n));
        }
        List<String> seen = new ArrayList<>();
        String next = "entities?type=Sensor&limit=10&count=true";
        while (next != null) {
            Reply page = get(next);
            assertThat(page.status()).as(page.body()).isEqualTo(200);
            page.json().forEach(entity -> seen.add(entity.get("id").stringValue()));
            String link = page.raw().getHeader("Link");
            next = link.contains("rel=\"next\"")
                    ? link.replaceAll(".*</ngsi-ld/v1/([^>]*)>; rel=\"next\".*", "$1")
                    : null;
            call("DELETE", "entities/urn:ngsi-ld:Sensor:" + (seen.size() - 1), null);
        }
        assertThat(seen).hasSize(25).doesNotHaveDuplicates();
    }

    @Test
    void qAndGeorelFindWhatMatches() {
        created(SENSOR);
        created(
                "{\"id\":\"urn:ngsi-ld:Sensor:2\",\"type\":\"Sensor\",\"speed\":70,\"brand\":\"B;(c)\",\"up\":true,\"many\":{\"value\":[1,9]},\"location\":{\"type\":\"Point\",\"coordinates\":[2.35,48.85]}}");
        Map<String, Integer> expected = Map.ofEntries(
                Map.entry("speed>50", 2),
                Map.entry("speed>60", 1),
                Map.entry("speed==55.5", 1),
                Map.entry("speed>50;speed<60", 1),
                Map.entry("many>8;many<2", 1),
                Map.entry("speed==50..60", 1),
                Map.entry("speed==70,55.5", 2),
                Map.entry("speed!=70", 1),
                Map.entry("brand==\"B;(c)\"", 1),
                Map.entry("brand~=^Ac", 1),
                Map.entry("up", 1),
                Map.entry("up==true", 1),
                Map.entry("speed>60|brand==\"Acme\"", 2),
                Map.entry("(speed>60|brand==\"Acme\");up", 1),
                Map.entry("near==urn:ngsi-ld:Room:1", 1),
                Map.entry("speed.observedAt>2026-01-01T00:00:00Z", 1),
                Map.entry("nothing", 0),
                Map.entry("brand>\"B\"", 1));
        expected.forEach((q, size) -> {
            Reply reply = get("entities?type=Sensor&q=" + query(q));
            assertThat(reply.status()).as(q + reply.body()).isEqualTo(200);
            assertThat(reply.json().size()).as(q).isEqualTo(size);
            assertThat(get("entities?q=" + query(q)).json().size()).as(q).isEqualTo(size);
        });
        String near = "entities?type=Sensor&geometry=Point&coordinates=" + query("[7.43,43.74]") + "&georel=";
        assertThat(get(near + query("near;maxDistance==5000")).json().size()).isEqualTo(1);
        assertThat(get(near + query("near;maxDistance==500")).json().size()).isZero();
        assertThat(get(near + query("near;minDistance==5000")).json().size()).isEqualTo(1);
        String polygon = "entities?type=Sensor&geometry=Polygon&coordinates="
                + query("[[[7,43],[8,43],[8,44],[7,44],[7,43]]]") + "&georel=";
        assertThat(get(polygon + "within").json().size()).isEqualTo(1);
        assertThat(get(polygon + "intersects").json().size()).isEqualTo(1);
        assertThat(get(polygon + "disjoint").json().size()).isEqualTo(1);
    }

    @Test
    void historyIsReadableAtOnce() {
        created(SENSOR);
        for (int n = 1; n <= 5; n++) {
            call(
                    "PATCH",
                    "entities/urn:ngsi-ld:Sensor:1/attrs",
                    "{\"speed\":{\"value\":%d,\"observedAt\":\"2026-03-01T08:0%d:00Z\"}}".formatted(n, n));
        }
        JsonNode all = get("temporal/entities/urn:ngsi-ld:Sensor:1").json();
        assertThat(all.get("speed").size()).isEqualTo(6);
        JsonNode last =
                get("temporal/entities/urn:ngsi-ld:Sensor:1?lastN=2&attrs=speed&options=temporalValues&timerel=after&timeAt=2026-03-01T08:00:30Z")
                        .json();
        assertThat(last.at("/speed/values"))
                .isEqualTo(Json.mapper().readTree("[[4,\"2026-03-01T08:04:00Z\"],[5,\"2026-03-01T08:05:00Z\"]]"));
        JsonNode some =
                get("temporal/entities?type=Sensor&timerel=between&timeAt=2026-03-01T08:01:00Z&endTimeAt=2026-03-01T08:03:00Z")
                        .json();
        assertThat(some.at("/0/speed").size()).isEqualTo(2);
        assertThat(get("temporal/entities?type=Sensor").status()).isEqualTo(400);
    }

    @Test
    void whatIsWrongIsRefusedWithATypeAndChangesNothing() {
        List<String> bodies = new ArrayList<>(List.of(
                "",
                "null",
                "[]",
                "7",
                "{",
                "[".repeat(200_000),
                "{\"a\":".repeat(200_000),
                "{\"id\":\"urn:x:1\",\"id\":\"urn:x:2\",\"type\":\"T\"}"));
        for (Object wrong : List.of(1, true, "\"\"", "[]", "{}", "null", "[[]]", "\"no uri\"")) {
            bodies.add("{\"id\":%s,\"type\":\"T\"}".formatted(wrong));
            if (!wrong.equals("\"no uri\"")) {
                bodies.add("{\"id\":\"urn:x:1\",\"type\":%s}".formatted(wrong));
            }
        }
        for (String attribute : List.of(
                "null",
                "{}",
                "{\"type\":\"Property\"}",
                "{\"type\":\"Nothing\",\"value\":1}",
                "{\"type\":\"Relationship\",\"object\":7}",
                "{\"type\":\"Relationship\",\"object\":\"no uri\"}",
                "{\"type\":\"GeoProperty\",\"value\":{\"type\":\"Point\",\"coordinates\":[200,1]}}",
                "{\"type\":\"GeoProperty\",\"value\":{\"type\":\"Point\",\"coordinates\":\"x\"}}",
                "{\"type\":\"GeoProperty\",\"value\":{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,1]]]}}",
                "{\"type\":\"GeoProperty\",\"value\":7}",
                "{\"type\":\"LanguageProperty\",\"languageMap\":\"x\"}",
                "{\"type\":\"Property\",\"value\":1,\"observedAt\":\"yesterday\"}",
                "{\"type\":\"Property\",\"value\":1,\"observedAt\":7}",
                "{\"type\":\"Property\",\"value\":1,\"datasetId\":7}",
                "{\"type\":\"Property\",\"value\":1,\"unitCode\":[]}",
                "{\"type\":\"Property\",\"value\":\"a\\u0000b\"}",
                "{\"type\":\"Property\",\"value\":\"\\ud800\"}",
                "{\"type\":\"Property\",\"value\":1e999}",
                "[{\"type\":\"Property\",\"value\":1},{\"type\":\"Property\",\"value\":2}]")) {
            bodies.add("{\"id\":\"urn:x:1\",\"type\":\"T\",\"a\":%s}".formatted(attribute));
        }
        bodies.add("{\"id\":\"urn:x:1\",\"type\":\"T\",\"a b\":1}");
        bodies.add("{\"id\":\"urn:x:1\",\"type\":\"T\",\"@context\":{}}");
        for (String body : bodies) {
            Reply reply = call("POST", "entities", body);
            assertThat(reply.status())
                    .as(body.substring(0, Math.min(100, body.length())))
                    .isEqualTo(400);
            assertThat(reply.raw().getContentType()).isEqualTo("application/problem+json");
            assertThat(reply.json().get("type").stringValue()).startsWith(NgsiLdFault.TYPES);
            assertThat(reply.json().get("remedy").stringValue()).isNotBlank();
        }
        assertThat(hub.count("entity")).isZero();
        for (String parameters : List.of(
                "",
                "limit=-1&type=T",
                "limit=1001&type=T",
                "limit=x&type=T",
                "cursor=x&type=T",
                "count=maybe&type=T",
                "q=%28",
                "q=" + "%28".repeat(5_000),
                "type=a%20b",
                "unknown=1",
                "type=T&type=U",
                "id=nouri",
                "idPattern=%28&type=T",
                "georel=near&geometry=Point&coordinates=[1,1]",
                "georel=near;maxDistance==5&geometry=Point&coordinates=%7B",
                "georel=within&geometry=Polygon&coordinates=[[[0,0],[1,1],[0,1],[1,0],[0,0]]]",
                "georel=beside&geometry=Point&coordinates=[1,1]",
                "georel=within",
                "attrs=,",
                "type=T&format=xml")) {
            Reply reply = get("entities?" + parameters.replace("[", "%5B").replace("]", "%5D"));
            assertThat(reply.status()).as(parameters).isEqualTo(400);
        }
    }
}

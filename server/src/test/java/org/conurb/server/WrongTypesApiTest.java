package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.conurb.kernel.Json;
import org.conurb.server.TestSite.Call;
import org.conurb.server.TestSite.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every member of every body that our doors take, in every wrong type: refused, and nothing changed. The table holds one
 * good body for each door, with all that it may have; the doors' own description tells when the table lacks something.
 */
class WrongTypesApiTest {
    private static final List<JsonNode> VALUES = List.of(
            json("true"), json("7"), json("-1.5"), json("\"text\""), json("[1]"), json("[[]]"), json("{\"a\":1}"));
    private static final Set<String> ANY_WORDS =
            Set.of("caller", "callSign", "description", "name", "password", "text", "username");
    /** Other doors' bodies, which have tests of their own: sign-in before any caller is known, and the demo's panel. */
    private static final Set<String> ELSEWHERE = Set.of("/api/session", "/api/session/password", "/api/session/person");

    /** Members that the door knows in order to refuse them, whatever they hold: {@code METHOD path member}. */
    private static final Set<String> FIXED = Set.of(
            "PATCH /api/units/{id} id", "PATCH /api/units/{id} place", "PATCH /api/identity/people/{id} username");

    private final TestSite site = TestSite.shared();
    private final Call call = site.asInstaller().header("Conurb-Organisation", "control-room");
    private String before;

    private static JsonNode json(String text) {
        return Json.mapper().readTree(text.replace('\'', '"'));
    }

    /** {@code METHOD path} and a body that is right there. */
    static Map<String, JsonNode> doors() {
        String point = "{'type':'Point','coordinates':[7.42,43.73]}";
        Map<String, String> bodies = new LinkedHashMap<>();
        bodies.put(
                "POST /api/incidents",
                "{'id':'%s','type':'fire.smoke','priority':2,'place':%s,'description':'Smoke','caller':{'name':'A'}}"
                        .formatted(UUID.randomUUID(), point));
        bodies.put(
                "PATCH /api/incidents/{id}",
                "{'type':'fire.smoke','priority':2,'place':%s,'description':'Smoke','caller':{'name':'A'},'state':'open'}"
                        .formatted(point));
        bodies.put("POST /api/incidents/{id}/units", "{'unit':'{unit}'}");
        bodies.put("POST /api/incidents/{id}/notes", "{'text':'Seen'}");
        bodies.put(
                "POST /api/units",
                "{'id':'%s','callSign':'W1','kind':'engine','place':%s}".formatted(UUID.randomUUID(), point));
        bodies.put("PATCH /api/units/{id}", "{'callSign':'W1','kind':'engine'}");
        bodies.put("POST /api/units/{id}/status", "{'code':'1','at':'2026-03-01T08:00:00Z'}");
        bodies.put(
                "POST /api/units/{id}/position",
                "{'unit':'{unit}','place':%s,'at':'2026-03-01T08:00:00Z'}".formatted(point));
        bodies.put(
                "POST /api/units/positions",
                "[{'unit':'{unit}','place':%s,'at':'2026-03-01T08:00:00Z'}]".formatted(point));
        bodies.put(
                "POST /api/talk/groups", "{'name':'Bridge','members':['dispatch-1'],'recorded':false,'unit':'{unit}'}");
        bodies.put(
                "POST /api/talk/messages",
                "{'id':'%s','to':'dispatch-1','text':'Seen','code':'1','place':%s,'attachments':['%s'],'unit':'{unit}'}"
                        .formatted(UUID.randomUUID(), point, UUID.randomUUID()));
        bodies.put(
                "POST /api/talk/exports",
                "{'parts':[{'group':'urn:ngsi-ld:TalkGroup:%s','from':'2026-03-01T08:00:00Z','to':'2026-03-01T09:00:00Z'}],'case':'C-1','reason':'Review'}"
                        .formatted(UUID.randomUUID()));
        bodies.put(
                "POST /api/talk/sip-accounts",
                "{'participant':'sip:nobody@alder','seat':'none','unit':'{unit}','device':'Desk','digest':'SHA-256'}");
        bodies.put("POST /api/grants", "{'purpose':'dispatch','case':'{incident}'}");
        bodies.put(
                "POST /api/identity/clients",
                ("{'name':'App','organisation':'fire','roles':['dispatcher'],'purpose':'dispatch',"
                        + "'redirectUris':['http://127.0.0.1:9/'],'public':false}"));
        bodies.put(
                "POST /api/identity/people",
                "{'username':'wrong.type','name':'Wrong Type','password':'a long enough one 7!','roles':{'fire':['dispatcher']}}");
        bodies.put(
                "PATCH /api/identity/people/{id}",
                "{'name':'Wrong Type','password':'a long enough one 7!','roles':{'fire':['dispatcher']}}");
        bodies.put("POST /api/hub/tenants", "{'name':'traffic'}");
        String mapping = "{'mapping':{'type':'T','attributes':[{'name':'a','column':'no such column'}]}}";
        bodies.put("POST /api/hub/imports/{id}/preview", mapping);
        bodies.put("POST /api/hub/imports/{id}/start", mapping);
        Map<String, JsonNode> doors = new LinkedHashMap<>();
        bodies.forEach((door, body) -> doors.put(door, json(body)));
        return doors;
    }

    static List<String> names() {
        return List.copyOf(doors().keySet());
    }

    @BeforeEach
    void remember() {
        before = state();
    }

    @AfterEach
    void nothingWasChanged() {
        assertThat(state().equals(before)).as("all is as it was").isTrue();
        site.asNobody().get("/actuator/health/liveness").expect(200);
    }

    private String state() {
        StringBuilder all = new StringBuilder();
        for (String list : List.of(
                "/api/incidents?state=all&limit=500",
                "/api/units?limit=500",
                "/api/identity/clients?limit=500",
                "/api/identity/people?limit=500")) {
            all.append(call.get(list).expect(200).text().replaceAll("\"grant\":\"[^\"]*\"", ""))
                    .append('\n');
        }
        return all.toString();
    }

    @ParameterizedTest
    @MethodSource("names")
    void aWrongTypeInAnyMemberIsRefused(String door) {
        Map<String, String> ids = Map.of("incident", incident(), "unit", unit(), "person", person(), "import", file());
        before = state();
        String path = path(door, ids);
        JsonNode good = filled(doors().get(door), ids);
        ObjectNode members = (ObjectNode) (good.isArray() ? good.get(0) : good);
        for (String member : members.propertyNames()) {
            for (JsonNode value : VALUES) {
                if (isWrong(door + " " + member, members.get(member), value)) {
                    ObjectNode wrong = members.deepCopy();
                    wrong.set(member, value);
                    refused(door, path, good.isArray() ? array(wrong) : wrong);
                }
            }
        }
        for (JsonNode value : VALUES) {
            for (String fixed : FIXED) {
                if (fixed.startsWith(door + " ")) {
                    ObjectNode with = members.deepCopy();
                    with.set(fixed.substring(door.length() + 1), value);
                    refused(door, path, with);
                }
            }
            refused(door, path, value);
            refused(door, path, array(value));
        }
    }

    /** Nonsense is wrong of any type, but for a few members any words will do. */
    private static boolean isWrong(String member, JsonNode good, JsonNode value) {
        if (value.isString()) {
            return !ANY_WORDS.contains(member.substring(member.lastIndexOf(' ') + 1));
        }
        return value.isContainer() || value.isFloatingPointNumber() || value.getNodeType() != good.getNodeType();
    }

    private void refused(String door, String path, JsonNode body) {
        String method = door.substring(0, door.indexOf(' '));
        Reply reply = call.send(method, path, Json.mapper().writeValueAsBytes(body), "application/json");
        assertThat(reply.status())
                .as("%s with %s: %s", door, body, reply.text())
                .isBetween(400, 422);
        assertThat(reply.header("Content-Type")).startsWith("application/problem+json");
        assertThat(reply.json().path("remedy").asString()).as(reply.text()).isNotBlank();
        assertThat(reply.text()).doesNotContain("org.conurb").doesNotContain("Exception");
    }

    private static ArrayNode array(JsonNode one) {
        return Json.mapper().createArrayNode().add(one);
    }

    private static String path(String door, Map<String, String> ids) {
        String path = door.substring(door.indexOf(' ') + 1);
        String id = path.startsWith("/api/incidents")
                ? "incident"
                : path.startsWith("/api/units") ? "unit" : path.startsWith("/api/hub/imports") ? "import" : "person";
        return path.replace("{id}", ids.get(id));
    }

    private static JsonNode filled(JsonNode body, Map<String, String> ids) {
        String text = body.toString();
        for (Map.Entry<String, String> id : ids.entrySet()) {
            text = text.replace("{" + id.getKey() + "}", id.getValue());
        }
        return Json.mapper().readTree(text);
    }

    private String incident() {
        return call.post("/api/incidents", IncidentsApiTest.smoke())
                .expect(201)
                .json()
                .path("id")
                .asString();
    }

    private String unit() {
        return call.post("/api/units", Map.of("callSign", "W-" + UUID.randomUUID(), "kind", "engine"))
                .expect(201)
                .json()
                .path("id")
                .asString();
    }

    private String file() {
        String name = "/api/hub/imports?name=wrong.csv";
        return call.header("Idempotency-Key", "wrong types")
                .send("POST", name, "a\n1\n".getBytes(java.nio.charset.StandardCharsets.UTF_8), "text/csv")
                .expect(201)
                .json()
                .path("id")
                .asString();
    }

    private String person() {
        return call.post(
                        "/api/identity/people",
                        Map.of(
                                "username",
                                "wrong" + UUID.randomUUID().toString().substring(0, 8),
                                "name",
                                "Right Type",
                                "roles",
                                Map.of("fire", List.of("dispatcher"))))
                .expect(201)
                .json()
                .path("id")
                .asString();
    }

    @Test
    void theTableHasEveryDoorThatTakesJsonAndEveryMemberOfItsBody() {
        JsonNode api = call.get("/api/openapi.json").expect(200).json();
        Map<String, JsonNode> doors = doors();
        List<String> lacking = new ArrayList<>();
        api.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    JsonNode schema = operation
                            .getValue()
                            .path("requestBody")
                            .path("content")
                            .path("application/json")
                            .path("schema");
                    String door = operation.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey();
                    if (schema.isMissingNode() || isElsewhere(path.getKey())) {
                        return;
                    }
                    JsonNode good = doors.get(door);
                    if (good == null) {
                        lacking.add(door);
                        return;
                    }
                    JsonNode object =
                            resolved(api, good.isArray() ? resolved(api, schema).path("items") : schema);
                    Set<String> members =
                            new TreeSet<>(object.path("properties").propertyNames());
                    members.removeAll((good.isArray() ? good.get(0) : good).propertyNames());
                    members.forEach(member -> lacking.add(door + " " + member));
                    lacking.removeAll(FIXED);
                }));
        assertThat(lacking).isEmpty();
    }

    private static boolean isElsewhere(String path) {
        return ELSEWHERE.contains(path)
                || path.startsWith("/api/video")
                || path.startsWith("/ngsi-ld")
                || path.startsWith("/webauthn")
                || path.startsWith("/api/demo");
    }

    private static JsonNode resolved(JsonNode api, JsonNode schema) {
        String reference = schema.path("$ref").asString("");
        return reference.isEmpty() ? schema : api.at(reference.substring(1));
    }
}

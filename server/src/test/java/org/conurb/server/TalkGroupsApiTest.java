package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.conurb.server.TestSite.Call;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TalkGroupsApiTest {
    private final TestSite site = TestSite.shared();
    private final Call installer = site.asInstaller();

    private String unit() {
        return installer
                .post("/api/units", Map.of("callSign", "T-" + UUID.randomUUID(), "kind", "engine"))
                .expect(201)
                .json()
                .path("id")
                .asString();
    }

    private List<JsonNode> groups(String unit) {
        JsonNode items = installer
                .get("/api/talk/groups?unit=" + unit)
                .expect(200)
                .json()
                .path("items");
        return StreamSupport.stream(items.spliterator(), false).toList();
    }

    private List<JsonNode> groupsOf(String incident, String unit) {
        return groups(unit).stream()
                .filter(group -> group.path("incident").asString("").equals(incident))
                .toList();
    }

    @Test
    void anIncidentsGroupOpensWithItsFirstUnitAndClosesWithIt() {
        String incident = installer
                .post("/api/incidents", IncidentsApiTest.smoke())
                .expect(201)
                .json()
                .path("id")
                .asString();
        String unit = unit();
        installer
                .post("/api/incidents/" + incident + "/units", Map.of("unit", unit))
                .expect(200);

        TestSite.await("the group", () -> groupsOf(incident, unit).size() == 1);
        JsonNode group = groupsOf(incident, unit).getFirst();
        assertThat(group.path("origin").asString()).isEqualTo("incident");
        assertThat(group.path("mayTalk").asBoolean()).isTrue();
        TestSite.await(
                "the follower",
                () -> groupsOf(incident, unit).getFirst().path("affiliated").asBoolean());
        assertThat(group.path("locationEvery").asInt())
                .as("seconds, priority 1")
                .isEqualTo(5);
        JsonNode entity = installer
                .get("/ngsi-ld/v1/entities/" + group.path("id").asString() + "?options=keyValues")
                .expect(200)
                .json();
        assertThat(entity.path("incident").asString()).isEqualTo(incident);
        installer
                .patch("/ngsi-ld/v1/entities/" + group.path("id").asString() + "/attrs", Map.of("name", "Mine"))
                .expect(409);

        installer.patch("/api/incidents/" + incident, Map.of("state", "closed")).expect(200);
        TestSite.await("the end", () -> groupsOf(incident, unit).isEmpty());
    }

    @Test
    void aTemporaryGroupIsMadeOfWhoIsReachableAndEnded() {
        String unit = unit();
        String other = unit();
        TestSite.await(
                "both to be known",
                () -> installer
                                .get("/api/talk/participants?q=" + other.substring(other.lastIndexOf(':') + 1))
                                .json()
                                .path("items")
                                .size()
                        == 1);
        Map<String, Object> wanted = Map.of("name", "Bridge", "members", List.of(other), "unit", unit);
        JsonNode made = installer.post("/api/talk/groups", wanted).expect(201).json();
        String id = made.path("id").asString();

        assertThat(groups(other)).anyMatch(group -> group.path("id").asString().equals(id));
        installer.delete("/api/talk/groups/" + id).expect(204);
        assertThat(groups(other)).noneMatch(group -> group.path("id").asString().equals(id));
        installer.delete("/api/talk/groups/" + id).expect(404);
    }

    @Test
    void aMessageWithAPictureIsThereOnceAndIsReadByWhomItIsFor() {
        String sender = unit();
        String receiver = unit();
        TestSite.await(
                "both to be known",
                () -> groups(sender).size() > 0 && groups(receiver).size() > 0);
        byte[] picture = HexFormat.of().parseHex("89504E470D0A1A0A0000000D49484452");
        JsonNode attached = installer
                .send("POST", "/api/talk/attachments?name=quay.png", picture, "image/png")
                .expect(201)
                .json();
        assertThat(attached.path("type").asString()).isEqualTo("image/png");
        installer
                .send("POST", "/api/talk/attachments?name=run.zip", new byte[] {'P', 'K', 3, 4}, "image/png")
                .expect(400);
        String id = UUID.randomUUID().toString();
        Map<String, Object> wanted = Map.of(
                "id", id,
                "to", receiver,
                "text", "Smoke over the quay",
                "attachments", List.of(attached.path("id").asString()),
                "unit", sender);
        installer.post("/api/talk/messages", wanted).expect(201);
        installer.post("/api/talk/messages", wanted).expect(200);
        Map<String, Object> other = new HashMap<>(wanted);
        other.put("text", "No smoke");
        installer.post("/api/talk/messages", other).expect(422);

        JsonNode inbox = installer
                .get("/api/talk/messages?unit=" + receiver)
                .expect(200)
                .json()
                .path("items");
        assertThat(inbox.size()).isEqualTo(1);
        assertThat(inbox.get(0).path("text").asString()).isEqualTo("Smoke over the quay");
        assertThat(inbox.get(0).path("state").asString()).isEqualTo("stored");
        TestSite.Reply file = installer
                .get("/api/talk/attachments/" + attached.path("id").asString() + "?unit=" + receiver)
                .expect(200);
        assertThat(file.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(file.header("Content-Disposition")).startsWith("attachment;");
        assertThat(file.header("Content-Type")).isEqualTo("image/png");
        installer
                .post("/api/talk/messages/" + id + "/read?unit=" + receiver, Map.of())
                .expect(204);
        JsonNode sent = installer
                .get("/api/talk/messages?unit=" + sender + "&with=" + receiver)
                .json()
                .path("items")
                .get(0);
        assertThat(sent.path("receivers").path("read").asInt()).isEqualTo(1);
        assertThat(sent.path("state").asString()).isEqualTo("read");
    }

    @Test
    void whoTakesNoSeatAndNamesNoUnitIsToldSo() {
        TestSite.Reply reply = installer.get("/api/talk/groups").expect(409);

        assertThat(reply.json().path("remedy").asString()).contains("seat");
        installer
                .get("/api/talk/groups?unit=urn:ngsi-ld:Unit:" + UUID.randomUUID())
                .expect(404);
        installer.post("/api/talk/groups", Map.of("name", "x", "unit", unit())).expect(400);
        site.asNobody().get("/api/talk/participants").expect(401);
    }
}

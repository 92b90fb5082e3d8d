package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.talk.TalkSite.CONTROL;
import static org.conurb.talk.TalkSite.DISPATCH;
import static org.conurb.talk.TalkSite.DUTY;
import static org.conurb.talk.TalkSite.FIRE;
import static org.conurb.talk.TalkSite.FIRE_CHIEF;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Role;
import org.conurb.talk.SocketSite.Device;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Messages and followers through real sockets, over a real database. */
class ShortDataStoreTest {
    private static final Map<String, Caller> SEATS = Map.of(
            "dispatch-1", TalkSite.dispatcher(),
            "duty", TalkSite.caller(CONTROL, Role.COMMANDER, "duty"),
            "fire-chief", TalkSite.caller(FIRE, Role.COMMANDER, "fire-chief"));

    private final TalkSite talk = TalkSite.open();
    private SocketSite sockets;
    private String joint = "";

    @BeforeEach
    void start() throws Exception {
        sockets = new SocketSite(SEATS::get, talk.participants, talk.access, talk.transactions);
        talk.directory.follow(change -> change.tell(sockets.site));
        ShortData data = new ShortData(sockets.room, talk.messages, talk.directory, talk.participants);
        sockets.room.data(data);
        talk.messages.onMessage(data);
        joint = talk.directory.of(DISPATCH).stream()
                .filter(facts -> facts.name().equals("Joint"))
                .findFirst()
                .orElseThrow()
                .group()
                .id();
    }

    @AfterEach
    void stop() throws Exception {
        sockets.close();
        talk.close();
    }

    private String message(String to, String text) {
        return "{\"type\":\"message\",\"id\":\"%s\",\"to\":\"%s\",\"text\":\"%s\"}"
                .formatted(talk.ids.next(), to, text);
    }

    @Test
    void aMessageReachesWhoIsThereAndWhoComesLater() throws Exception {
        Device dispatch = sockets.greeted("dispatch-1");
        Device chief = sockets.greeted("fire-chief");
        dispatch.say(message(joint, "Water at the quay"));

        JsonNode got = chief.await("message");
        assertThat(got.path("text").asString()).isEqualTo("Water at the quay");
        assertThat(got.path("from").path("name").asString()).isEqualTo("Dispatch 1");
        Set<String> states = new HashSet<>();
        while (states.size() < 2) {
            JsonNode state = dispatch.await("message-state");
            assertThat(state.path("id")).isEqualTo(got.path("id"));
            states.add(state.path("state").asString() + " " + state.path("by").asString(""));
        }
        assertThat(states).containsExactlyInAnyOrder("stored ", "delivered " + FIRE_CHIEF.mcpttId());

        Device duty = sockets.device("duty");
        duty.say("{\"type\":\"hello\",\"client\":\"duty\"}");
        assertThat(duty.await("message").path("text").asString()).isEqualTo("Water at the quay");
        TalkSite.await(
                "both to have it",
                () -> talk.messages.pending(SEATS.get("duty"), DUTY, 9).isEmpty());

        chief.say("{\"type\":\"read\",\"message\":\"%s\"}"
                .formatted(got.path("id").asString()));
        assertThat(states(dispatch)).isEqualTo("read by " + FIRE_CHIEF.mcpttId());
    }

    /** The next that is about reading. */
    private static String states(Device device) throws Exception {
        while (true) {
            JsonNode told = device.await("message-state");
            if (told.path("state").asString().equals("read")) {
                return "read by " + told.path("by").asString();
            }
        }
    }

    @Test
    void theSameMessageAgainIsAnsweredAndToldToNobody() throws Exception {
        Device dispatch = sockets.greeted("dispatch-1");
        Device chief = sockets.greeted("fire-chief");
        String once = message(joint, "Once");
        dispatch.say(once);
        dispatch.await("done");
        dispatch.say(once);
        dispatch.await("done");
        dispatch.say(message(joint, "Then"));

        assertThat(chief.await("message").path("text").asString()).isEqualTo("Once");
        assertThat(chief.await("message").path("text").asString()).isEqualTo("Then");
        dispatch.say(once.replace("Once", "Otherwise"));
        assertThat(dispatch.await("problem").path("status").asInt()).isEqualTo(422);
    }

    @Test
    void whatIsNoMessageIsAProblemAndTheSocketStays() throws Exception {
        Device dispatch = sockets.greeted("dispatch-1");
        for (String wrong : new String[] {
            "{\"type\":\"message\"}",
            "{\"type\":\"message\",\"id\":\"1\",\"to\":\"%s\",\"text\":\"x\"}".formatted(joint),
            message("nobody", "x"),
            message(joint, "x").replace("\"x\"", "7"),
            message(joint, "x").replace("\"x\"", "\"x\",\"attachments\":7"),
            message(joint, "x").replace("\"x\"", "\"x\",\"attachments\":[{}]"),
            message(joint, "x").replace("\"x\"", "\"x\",\"place\":{\"type\":\"Line\"}"),
            "{\"type\":\"read\",\"message\":\"%s\"}".formatted(talk.ids.next())
        }) {
            dispatch.say(wrong);
            assertThat(dispatch.await("problem").path("status").asInt())
                    .as(wrong)
                    .isBetween(400, 404);
        }
        dispatch.say("{\"type\":\"ping\"}");
        dispatch.await("pong");
    }

    /** The document's required members are those that the door misses, and no others. */
    @Test
    void whatTheDocumentRequiresIsDemandedAndNothingElse() throws Exception {
        AsyncApi document = AsyncApi.read();
        for (String type : document.said()) {
            if (type.equals("hello")) {
                continue; // it has been said
            }
            Device device = sockets.greeted("dispatch-1");
            for (String name : document.required(type)) {
                device.say(document.least(type).without(List.of(name)).toString());
                JsonNode problem = device.await("problem");
                assertThat(problem.path("status").asInt()).as(type).isEqualTo(400);
                assertThat(problem.path("detail").asString()).as(type).contains(name);
            }
            device.say(document.least(type).toString());
            device.say("{\"type\":\"ping\",\"id\":\"after\"}");
            for (JsonNode next = device.next(); !next.path("re").asString("").equals("after"); next = device.next()) {
                assertThat(next.path("detail").asString("")).as(type).doesNotContain("missing");
            }
        }
    }

    @Test
    void whoFollowsAGroupByTheSocketDoesSoAfterARestart() throws Exception {
        Device duty = sockets.greeted("duty");
        duty.say("{\"type\":\"deaffiliate\",\"group\":\"%s\"}".formatted(joint));
        TalkSite.await("it to leave", () -> !talk.directory.affiliated(joint).contains(DUTY));
        duty.say("{\"type\":\"affiliate\",\"group\":\"%s\",\"id\":\"back\"}".formatted(joint));

        assertThat(duty.await("done").path("re").asString()).isEqualTo("back");
        assertThat(talk.transactions.asSystem(
                        () -> new AffiliationStore(talk.transactions.jdbc()).count(DUTY.mcpttId())))
                .isEqualTo(3);
        duty.say("{\"type\":\"affiliate\",\"group\":\"urn:nothing\",\"id\":\"no\"}");
        assertThat(duty.await("problem").path("status").asInt()).isEqualTo(403);
        assertThat(talk.directory.find(joint).flatMap(facts -> facts.group().membership(DUTY)))
                .isNotEqualTo(Optional.empty());
    }
}

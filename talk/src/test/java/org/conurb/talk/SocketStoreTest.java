package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.WebSocket;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.conurb.talk.SocketSite.Device;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SocketStoreTest {
    private static final String REQUEST = "{\"type\":\"request\",\"group\":\"%s\"}".formatted(SocketSite.GROUP);
    private static final String RELEASE = "{\"type\":\"release\",\"group\":\"%s\"}".formatted(SocketSite.GROUP);

    private SocketSite site;

    @BeforeEach
    void start() throws Exception {
        site = new SocketSite();
    }

    @AfterEach
    void stop() throws Exception {
        site.close();
    }

    /** One in the group, with a voice. */
    private Device connected(String seat) throws Exception {
        Device device = site.greeted(seat);
        device.join();
        device.connectVoice();
        return device;
    }

    @Test
    void whoHasTheFloorIsHeardAndNobodyElse() throws Exception {
        Device e1 = connected("e1");
        Device e2 = connected("e2");
        e1.say(REQUEST);
        JsonNode granted = e1.await("granted");
        assertThat(granted.path("seconds").asInt()).isEqualTo(30);
        JsonNode transmission = e2.await("transmission");
        assertThat(transmission.path("party").path("name").stringValue()).isEqualTo("e1");
        while (transmission.path("ear").asInt() != 0) { // its media may be there a moment later than its peer thinks
            transmission = e2.await("transmission");
        }

        e2.speak(500);
        e1.speak(1);
        e1.speak(2);
        assertThat(e2.hear(10_000)).isEqualTo(1);
        assertThat(e2.hear(10_000)).isEqualTo(2);
        assertThat(e1.hear(200)).as("nothing of e2 passes").isEqualTo(-1);

        e2.say(REQUEST);
        assertThat(e2.await("queued").path("position").asInt()).isOne();
        e1.say(RELEASE);
        e2.await("granted");
        e2.speak(501);
        assertThat(e1.hear(10_000)).isEqualTo(501);
        assertThat(site.audit.actions()).contains("talk.connected");
    }

    @Test
    void whoChangesTheNetworkGoesOnTalkingAndHearing() throws Exception {
        Device e1 = connected("e1");
        Device e2 = connected("e2");
        e1.say(REQUEST);
        e1.await("granted");
        JsonNode transmission = e2.await("transmission");
        while (transmission.path("ear").asInt() != 0) {
            transmission = e2.await("transmission");
        }
        e1.speak(1);
        assertThat(e2.hear(10_000)).isEqualTo(1);

        e1.moveVoice();
        e1.speak(2);
        assertThat(e2.hear(10_000)).as("of the talker that moved").isEqualTo(2);
        e2.moveVoice();
        e1.speak(3);
        assertThat(e2.hear(10_000)).as("by the listener that moved").isEqualTo(3);
        assertThat(site.site.state(SocketSite.GROUP).talkers()).hasSize(1);
    }

    @Test
    void whoseSocketBreaksTooGoesOnWithTheSameVoice() throws Exception {
        Device e1 = connected("e1");
        Device e2 = connected("e2");
        e2.socket.abort();
        e1.socket.sendClose(4000, "no answer").get(10, TimeUnit.SECONDS);
        e1 = site.again(e1);
        e2 = site.again(e2);
        for (Device each : new Device[] {e1, e2}) {
            each.join();
            each.moveVoice();
        }
        e1.say(REQUEST);
        e1.await("granted");
        while (e2.await("transmission").path("ear").asInt() != 0) {
            // its ears may be known a moment later
        }
        e1.speak(4);
        assertThat(e2.hear(10_000)).isEqualTo(4);
    }

    @Test
    void aVoiceThatWasLeftIsNobodyElses() throws Exception {
        Device e1 = site.greeted("e1");
        e1.join();
        e1.connectVoice();
        e1.socket.abort();
        Device other = site.device("e2");
        other.say("{\"type\":\"hello\",\"client\":\"e1\"}"); // another person who says the device's name
        other.await("welcome");
        other.voice = e1.voice;
        assertThatThrownBy(other::moveVoice).hasMessage("No answer came.");

        Device back = site.again(e1);
        back.moveVoice();
        back.socket.sendClose(1000, "").get(10, TimeUnit.SECONDS);
        Device late = site.again(back);
        assertThatThrownBy(late::moveVoice).as("it was ended").hasMessage("No answer came.");
    }

    @Test
    void aDeviceThatComesAgainTakesItsOwnPlace() throws Exception {
        Device first = site.greeted("e1");
        Device second = site.greeted("e1");
        second.join();
        for (int i = 0; i < 200 && first.closedWith == 0; i++) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertThat(first.closedWith).isEqualTo(1000);
    }

    @Test
    void aSignInThatEndsEndsTheSocketAndTheTalk() throws Exception {
        Device e1 = site.greeted("e1");
        Device e2 = site.greeted("e2");
        e1.join();
        e2.join();
        e1.say(REQUEST);
        e2.await("transmission");
        site.gone.add("e1");
        e2.await("transmission-end");
        site.site.connected().join();
        assertThat(site.site.state(SocketSite.GROUP).talkers()).isEmpty();
    }

    @Test
    void faultsAreToldAndChangeNothing() throws Exception {
        Device e1 = site.device("e1");
        e1.say(REQUEST);
        assertThat(e1.await("problem").path("detail").stringValue()).contains("hello");
        e1.say("{\"type\":\"hello\",\"client\":\"e1\"}");
        e1.await("welcome");
        for (String bad : new String[] {
            "nonsense",
            "[]",
            "{}",
            "{\"type\":5}",
            "{\"type\":\"fly\"}",
            "{\"type\":\"request\"}",
            "{\"type\":\"request\",\"group\":7}",
            "{\"type\":\"request\",\"group\":\"g\",\"priority\":300}",
            "{\"type\":\"request\",\"group\":\"g\",\"urgency\":\"now\"}",
            "{\"type\":\"offer\",\"sdp\":\"v=0\"}",
            "{\"type\":\"offer\",\"sdp\":\"v=0\",\"restart\":true}",
            "{\"type\":\"emergency\",\"group\":\"g\",\"place\":{\"type\":\"Point\",\"coordinates\":[500,0]}}",
            "{\"type\":\"scan\",\"groups\":[3]}",
            "{\"type\":\"call\",\"participant\":\"sip:nobody@birch\"}",
            "{\"type\":\"hello\",\"client\":\"again\"}"
        }) {
            e1.say(bad);
            JsonNode problem = e1.await("problem");
            assertThat(problem.path("status").asInt()).as(bad).isBetween(400, 499);
            assertThat(problem.path("remedy").stringValue()).isNotEmpty();
        }
        e1.say("{\"type\":\"affiliate\",\"group\":\"urn:nothing\",\"id\":\"7\"}");
        assertThat(e1.await("problem").path("re").stringValue()).isEqualTo("7");
        e1.join();
    }

    @Test
    void whatOneDoesToOthersIsAuditedWhenItIsDone() throws Exception {
        Device dispatch = site.greeted("dispatch-1");
        Device e1 = site.greeted("e1");
        Device e2 = site.greeted("e2");
        e1.join();
        e2.join();
        e1.say(REQUEST);
        e1.await("granted");
        String release = "{\"type\":\"force-release\",\"group\":\"%s\",\"participant\":\"sip:e1@alder\",\"id\":\"1\"}"
                .formatted(SocketSite.GROUP);
        e2.say(release);
        assertThat(e2.await("problem").path("status").asInt()).isEqualTo(403);
        assertThat(site.audit.actions()).doesNotContain("talk.floor-taken-away");
        dispatch.say(release);
        dispatch.await("done");
        e1.await("revoked");
        assertThat(site.audit.actions()).contains("talk.floor-taken-away");
    }

    @Test
    void pagesOfOtherSitesAndOtherProtocolsAreRefused() {
        WebSocket.Listener nobody = new WebSocket.Listener() {};
        assertThatThrownBy(() -> java.net.http.HttpClient.newHttpClient()
                        .newWebSocketBuilder()
                        .subprotocols(SocketDoor.PROTOCOL)
                        .header("Seat", "e1")
                        .header("Origin", "https://evil.example")
                        .buildAsync(site.uri(), nobody)
                        .get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class);
        assertThatThrownBy(() -> java.net.http.HttpClient.newHttpClient()
                        .newWebSocketBuilder()
                        .subprotocols("chat")
                        .header("Seat", "e1")
                        .header("Authorization", "Bearer none")
                        .buildAsync(site.uri(), nobody)
                        .get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class);
    }

    /** Whatever one client says, the call of the others goes on. */
    @Test
    void mutationsHarmNobody() throws Exception {
        Device e1 = site.greeted("e1");
        Device e2 = site.greeted("e2");
        e1.join();
        e2.join();
        e1.connectVoice();
        e2.connectVoice();
        Random random = new Random(24_380);
        String[] seeds = {
            REQUEST,
            RELEASE,
            "{\"type\":\"hello\",\"client\":\"e3\"}",
            "{\"type\":\"scan\",\"groups\":[{\"group\":\"g\",\"priority\":3,\"muted\":true}]}",
            "{\"type\":\"force-release\",\"group\":\"%s\",\"participant\":\"sip:e1@alder\",\"id\":\"1\"}"
                    .formatted(SocketSite.GROUP),
            "{\"type\":\"offer\",\"sdp\":\"v=0\\r\\no=- 1 1 IN IP4 0.0.0.0\\r\\ns=-\\r\\nt=0 0\\r\\nm=audio 9 UDP/TLS/RTP/SAVPF 111\"}",
            "{\"type\":\"emergency\",\"place\":{\"type\":\"Point\",\"coordinates\":[7.4,43.7]}}"
        };
        Device e3 = null;
        for (int i = 0; i < SipHostileTest.MUTATIONS; i++) {
            if (i % 2_000 == 0) {
                callGoesOn(e1, e2, i / 2_000);
            }
            if (e3 == null || e3.closedWith != 0 || i % 90 == 0) {
                if (e3 != null) {
                    e3.socket.abort();
                }
                e3 = site.device("e3"); // no more than a hundred a second from each
                if (random.nextBoolean()) {
                    e3.say(seeds[2]);
                }
            }
            StringBuilder text = new StringBuilder(seeds[random.nextInt(seeds.length)]);
            for (int change = random.nextInt(4); change >= 0; change--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, (char) (32 + random.nextInt(95)));
                    case 1 -> text.deleteCharAt(at);
                    default -> text.insert(at, (char) random.nextInt(0xd800));
                }
            }
            try {
                e3.say(text.toString());
            } catch (ExecutionException closed) {
                e3 = null;
            }
        }
        callGoesOn(e1, e2, 999);
    }

    private static void callGoesOn(Device talker, Device listener, int said) throws Exception {
        talker.moveVoice(); // which also tells that they are there (RFC 7675)
        listener.moveVoice();
        talker.say(RELEASE);
        talker.say(REQUEST);
        talker.await("granted");
        talker.speak(said);
        assertThat(listener.hear(10_000)).isEqualTo(said);
    }

    @Test
    void whoSaysTooMuchIsCutOff() throws Exception {
        Device e1 = site.greeted("e1");
        try {
            for (int i = 0; i < 2_000 && e1.closedWith == 0; i++) {
                e1.say("{\"type\":\"ping\"}");
            }
        } catch (ExecutionException closed) {
            // as it should be
        }
        for (int i = 0; i < 200 && e1.closedWith == 0; i++) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertThat(e1.closedWith).isEqualTo(1008);
    }
}

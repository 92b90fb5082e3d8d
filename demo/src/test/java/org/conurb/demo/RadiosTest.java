package org.conurb.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.conurb.demo.RadioSite.Client;
import org.conurb.media.WebRtcClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Radios at a real socket and with real WebRTC. */
class RadiosTest {
    private static final Speech SPEECH = Speech.load();
    private static final String GROUP = "urn:ngsi-ld:TalkGroup:1";

    @TempDir
    Path data;

    private final AtomicLong ahead = new AtomicLong();
    private RadioSite site;
    private Radios radios;

    @BeforeEach
    void start() throws Exception {
        site = new RadioSite(data);
        SecureRandom random = new SecureRandom();
        RadioRoom room = new RadioRoom(HttpSite.of(data, null), new WebRtcClient.Keys(random, Instant.now()), random);
        radios = new Radios(room, SPEECH, new Random(2), () -> System.nanoTime() + ahead.get());
    }

    @AfterEach
    void stop() throws Exception {
        radios.close();
        site.close();
    }

    private static Radios.Duty duty(String callSign, String incident) {
        return new Radios.Duty("urn:ngsi-ld:Unit:" + callSign, callSign, "fire", incident);
    }

    private Client joined(String callSign) throws Exception {
        Client client = site.client("urn:ngsi-ld:Unit:" + callSign);
        client.tell(shown(false));
        assertThat(client.next()).isEqualTo(HttpSite.JSON.valueToTree(Map.of("type", "affiliate", "group", GROUP)));
        client.tell(shown(true));
        return client;
    }

    private static Map<String, Object> shown(boolean affiliated) {
        return Map.of("type", "group", "group", Map.of("id", GROUP, "incident", "urn:i", "affiliated", affiliated));
    }

    @Test
    void aCrewSignsInAsItsOrganisationsRadioAndIsHeardWordForWord() throws Exception {
        radios.wanted(List.of(duty("E11", "urn:i")));
        radios.report("urn:ngsi-ld:Unit:E11", Phrase.ON_THE_WAY);
        Client client = joined("E11");
        assertThat(client.token).isEqualTo("radios-fire");
        assertThat(site.registered).containsExactly("fire [\"responder\"]");
        assertThat(site.removed).containsExactly("/api/identity/clients/old");
        assertThat(client.next().path("type").asString()).isEqualTo("request");
        assertThat(client.voice).isEmpty();
        client.tell(Map.of("type", "granted", "group", GROUP, "seconds", 60));
        assertThat(client.next().path("type").asString()).isEqualTo("release");
        List<byte[]> spoken = SPEECH.of("E11", Phrase.ON_THE_WAY);
        RadioSite.await("all of it", () -> client.voice.size() == spoken.size());
        assertThat(client.voice.toArray(byte[][]::new)).isDeepEqualTo(spoken.toArray(byte[][]::new));
    }

    @Test
    void whatItHearsItAnswers() throws Exception {
        radios.wanted(List.of(duty("E11", "urn:i")));
        Client client = joined("E11");
        client.tell(Map.of("type", "invited", "group", "urn:two", "floor", true));
        assertThat(client.next().path("type").asString()).isEqualTo("accept");
        client.tell(Map.of("type", "done", "re", "urn:two"));
        assertThat(client.next().path("type").asString()).isEqualTo("request");
        client.tell(Map.of("type", "granted", "group", "urn:two"));
        assertThat(client.next().path("type").asString()).isEqualTo("release");
        int greeting = SPEECH.of("E11", Phrase.GO_AHEAD).size();
        RadioSite.await("go ahead", () -> client.voice.size() == greeting);

        client.tell(Map.of(
                "type",
                "transmission",
                "group",
                "urn:two",
                "talk",
                "t",
                "ear",
                0,
                "party",
                Map.of("id", "sip:d@alder")));
        client.tell(Map.of("type", "granted", "group", "urn:never-asked"));
        assertThat(client.next().path("group").asString())
                .as("all before is taken in")
                .isEqualTo("urn:never-asked");
        client.play(20);
        client.tell(Map.of("type", "transmission-end", "group", "urn:two", "talk", "t", "ear", 0));
        assertThat(client.next().path("type").asString()).isEqualTo("request");
        client.tell(Map.of("type", "granted", "group", "urn:two"));
        List<byte[]> answer = SPEECH.of("E11", Phrase.UNDERSTOOD);
        RadioSite.await("understood", () -> client.voice.size() == greeting + answer.size());
        assertThat(client.voice.getLast()).isEqualTo(answer.getLast());
    }

    @Test
    void sixAtMostAreConnectedAndWhoIsNotWantedMakesRoom() throws Exception {
        List<Radios.Duty> many = new ArrayList<>(IntStream.rangeClosed(1, 8)
                .mapToObj(i -> duty("E" + i, "urn:i"))
                .toList());
        radios.wanted(many);
        for (int i = 1; i <= Radios.MOST; i++) {
            site.client("urn:ngsi-ld:Unit:E" + i);
        }
        assertThat(radios.isOurs("sip:unit-E6@alder")).isTrue();
        assertThat(site.all).hasSize(Radios.MOST);
        Client first = site.client("urn:ngsi-ld:Unit:E1");
        many.removeFirst();
        radios.wanted(many);
        site.client("urn:ngsi-ld:Unit:E7");
        RadioSite.await("the first is let go", () -> first.closed);
        assertThat(site.all.stream().filter(client -> !client.closed)).hasSize(Radios.MOST);
        radios.close();
        RadioSite.await("all are let go", () -> site.all.stream().allMatch(client -> client.closed));
    }

    @Test
    void aLineThatBreaksIsOpenedAgainAfterAWhile() throws Exception {
        radios.wanted(List.of(duty("E11", "urn:i")));
        Client client = site.client("urn:ngsi-ld:Unit:E11");
        client.hangUp();
        RadioSite.await("the end is seen", () -> !radios.isOurs("sip:unit-E11@alder"));
        assertThat(site.all).hasSize(1);
        ahead.addAndGet(20_000_000_000L);
        RadioSite.await("a new one", () -> site.all.size() == 2);
        RadioSite.await("its voice", () -> site.all.getLast().connected);
    }
}

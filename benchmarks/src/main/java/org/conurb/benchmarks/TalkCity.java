package org.conurb.benchmarks;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.conurb.media.WebRtcClient;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A running site with crews and talk groups of our own, and its doors for those who only talk or only listen. Safe for all threads. */
final class TalkCity implements AutoCloseable {
    private static final long TOKEN_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final long KNOWN_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LOOK_MILLIS = 100;
    private static final int MOST_GROUPS = 1_000;
    private static final String UNIT = "urn:ngsi-ld:Unit:";

    private final RunningSite site;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final WebRtcClient.Keys keys = new WebRtcClient.Keys(new SecureRandom(), Instant.now());
    private final List<String> units = new ArrayList<>();
    private @Nullable String token;
    private long tokenAt;
    private @Nullable String domain;

    private TalkCity(RunningSite site) {
        this.site = site;
    }

    /** @param alone whether it has one core for itself, with its database */
    static TalkCity start(Path data, boolean alone) throws IOException {
        List<String> before = new ArrayList<>(List.of("/usr/bin/env", "CONURB_TALK_TEMPORARYGROUPS=" + MOST_GROUPS));
        before.addAll(alone ? Cores.on(Cores.SERVER) : Cores.onAny());
        return new TalkCity(RunningSite.startUnder(before, data));
    }

    RunningSite site() {
        return site;
    }

    WebRtcClient.Keys keys() {
        return keys;
    }

    synchronized String token() throws IOException, InterruptedException {
        if (token == null || System.nanoTime() - tokenAt > TOKEN_NANOS) {
            token = site.token(http);
            tokenAt = System.nanoTime();
        }
        return token;
    }

    /** URNs of the first so many units; those that are not there yet come into being, and take part in talk. */
    synchronized List<String> units(int many) throws IOException, InterruptedException {
        while (units.size() < many) {
            String sign = "Bench " + (units.size() + 1);
            Map<String, Object> unit = Map.of("callSign", sign, "kind", "patrol");
            units.add(site.post(http, token(), "/api/units", unit).path("id").asString());
            if (units.size() == many) {
                domain = domain(sign, units.getLast());
            }
        }
        return List.copyOf(units.subList(0, many));
    }

    /** A temporary group, made by the first of its members and not recorded. @return its id */
    String group(String name, List<String> members) throws IOException, InterruptedException {
        List<String> participants = new ArrayList<>();
        for (String unit : members) {
            participants.add("sip:unit-" + unit.substring(UNIT.length()) + "@" + domain);
        }
        return site.post(
                        http,
                        token(),
                        "/api/talk/groups",
                        Map.of("name", name, "members", participants, "recorded", false, "unit", members.getFirst()))
                .path("id")
                .asString();
    }

    /** What stands behind the {@code @} of everyone here, once this unit is among them. */
    private String domain(String sign, String unit) throws IOException, InterruptedException {
        String name = "sip:unit-" + unit.substring(UNIT.length()) + "@";
        long until = System.nanoTime() + KNOWN_WITHIN_NANOS;
        while (System.nanoTime() < until) {
            String all = "/api/talk/participants?q=" + URLEncoder.encode(sign, StandardCharsets.UTF_8);
            for (JsonNode one : site.get(http, token(), all).path("items")) {
                String id = one.path("id").asString();
                if (id.startsWith(name)) {
                    return id.substring(name.length());
                }
            }
            Thread.sleep(LOOK_MILLIS);
        }
        throw new IOException("%s is not among the participants".formatted(sign));
    }

    /** Listens to a group by WHEP: a loudspeaker, which is nobody. */
    WebRtcClient hear(String group) throws IOException, InterruptedException {
        return session("/whep/talk/" + group, WebRtcClient.Direction.RECEIVE);
    }

    /** Talks to a group by WHIP as that unit: it is given the floor once it is connected, where that is free. */
    WebRtcClient speak(String group, String unit) throws IOException, InterruptedException {
        return session(
                "/whip/talk/" + group + "?unit=" + URLEncoder.encode(unit, StandardCharsets.UTF_8),
                WebRtcClient.Direction.SEND);
    }

    private WebRtcClient session(String door, WebRtcClient.Direction direction)
            throws IOException, InterruptedException {
        WebRtcClient client = new WebRtcClient(keys);
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(site.address().resolve(door))
                            .header("Authorization", "Bearer " + token())
                            .header("Content-Type", "application/sdp")
                            .POST(HttpRequest.BodyPublishers.ofString(client.offerAudio(direction)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 201) {
                throw new IOException("%s answered %d: %s".formatted(door, answer.statusCode(), answer.body()));
            }
            client.connect(answer.body(), null);
            return client;
        } catch (IOException | InterruptedException | RuntimeException e) {
            client.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        site.close();
    }
}

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
        return new TalkCity(RunningSite.startUnder(alone ? Cores.on(Cores.SERVER) : Cores.onAny(), data));
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

    /** URNs of the first so many units; those that are not there yet come into being. */
    synchronized List<String> units(int many) throws IOException, InterruptedException {
        while (units.size() < many) {
            Map<String, Object> unit = Map.of("callSign", "Bench " + (units.size() + 1), "kind", "patrol");
            units.add(site.post(http, token(), "/api/units", unit).path("id").asString());
        }
        return List.copyOf(units.subList(0, many));
    }

    /** A temporary group, which is not recorded. @return its id */
    String group(String name, List<String> members) throws IOException, InterruptedException {
        List<String> participants = new ArrayList<>();
        for (String unit : members) {
            participants.add("sip:unit-" + unit.substring(UNIT.length()) + "@" + domain());
        }
        return site.post(
                        http,
                        token(),
                        "/api/talk/groups",
                        Map.of("name", name, "members", participants, "recorded", false))
                .path("id")
                .asString();
    }

    /** What stands behind the {@code @} of everyone here. */
    private synchronized String domain() throws IOException, InterruptedException {
        if (domain == null) {
            JsonNode found = site.get(http, token(), "/api/talk/participants?q=Bench");
            JsonNode items = found.isArray() ? found : found.path("items");
            String first = items.path(0).path("id").asString();
            if (!first.contains("@")) {
                throw new IOException("No unit of ours is among the participants");
            }
            domain = first.substring(first.indexOf('@') + 1);
        }
        return domain;
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

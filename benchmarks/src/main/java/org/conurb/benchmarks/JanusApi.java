package org.conurb.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import org.conurb.kernel.Json;
import tools.jackson.databind.JsonNode;

/** Janus' HTTP API: one session, many handles of one plug-in, and events by long poll. For one thread. */
final class JanusApi {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI root;
    private final long session;
    private long transactions;

    JanusApi(int port) throws IOException, InterruptedException {
        root = URI.create("http://127.0.0.1:" + port + "/janus");
        session = post("", Map.of("janus", "create")).path("data").path("id").asLong();
    }

    /** @return number of a new handle */
    long attach(String plugin) throws IOException, InterruptedException {
        return post("/" + session, Map.of("janus", "attach", "plugin", plugin))
                .path("data")
                .path("id")
                .asLong();
    }

    void message(long handle, Map<String, Object> more) throws IOException, InterruptedException {
        Map<String, Object> message = new TreeMap<>(more);
        message.put("janus", "message");
        post("/" + session + "/" + handle, message);
    }

    /** The plug-in's next event for that handle; what others get meanwhile is passed over. */
    JsonNode event(long handle) throws IOException, InterruptedException {
        while (true) {
            JsonNode event =
                    ask(HttpRequest.newBuilder(URI.create(root + "/" + session)).GET());
            boolean ours = event.path("janus").asString().equals("event")
                    && event.path("sender").asLong() == handle;
            if (ours) {
                JsonNode data = event.path("plugindata").path("data");
                if (data.has("error")) {
                    throw new IOException("Janus: " + data.path("error").asString());
                }
                return event;
            }
            if (event.path("janus").asString().equals("keepalive")) {
                throw new IOException("Janus tells nothing of handle " + handle);
            }
        }
    }

    private JsonNode post(String path, Map<String, Object> message) throws IOException, InterruptedException {
        Map<String, Object> whole = new TreeMap<>(message);
        whole.put("transaction", "t" + ++transactions);
        return ask(HttpRequest.newBuilder(URI.create(root + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.mapper().writeValueAsBytes(whole))));
    }

    private JsonNode ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        JsonNode told = Json.mapper().readTree(answer.body());
        if (told.path("janus").asString().equals("error")) {
            throw new IOException("Janus: " + told.path("error").path("reason").asString());
        }
        return told;
    }
}

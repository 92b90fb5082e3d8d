package org.conurb.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The running site of a data folder, by HTTP. */
final class HttpSite implements Site {
    static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpClient http;
    private final URI site;
    private final JsonNode login;
    private volatile @Nullable String token;

    /** @param login {@code clientId} and {@code clientSecret} of who asks */
    private HttpSite(HttpClient http, URI site, JsonNode login) {
        this.http = http;
        this.site = site;
        this.login = login;
    }

    /** @param address of the site; where absent, as the folder's {@code ports.json} tells, with the certificate told there */
    static HttpSite of(Path data, @Nullable String address) throws IOException {
        JsonNode ports = JSON.readTree(Files.readAllBytes(data.resolve("ports.json")));
        String site = address == null ? ports.path("address").asString() : address;
        String certificate = ports.path("certificate").asString("");
        HttpClient.Builder http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3));
        if (!certificate.isEmpty()) {
            http.sslContext(OwnCertificate.context(certificate));
        }
        return new HttpSite(
                http.build(), URI.create(site), JSON.readTree(Files.readAllBytes(data.resolve("bootstrap.json"))));
    }

    /** The same site as another client of it meets it. */
    HttpSite as(JsonNode client) {
        return new HttpSite(http, site, client);
    }

    @Override
    public JsonNode get(String path) throws Refused {
        return call("GET", path, null, Map.of());
    }

    JsonNode get(String path, Map<String, String> headers) throws Refused {
        return call("GET", path, null, headers);
    }

    /** Opens a WebSocket, with a token of its own: when that ends, so does the socket. */
    CompletableFuture<WebSocket> socket(String path, String protocol, WebSocket.Listener listener) throws Refused {
        token = null;
        String address = site.resolve(path).toString().replaceFirst("^http", "ws");
        return http.newWebSocketBuilder()
                .connectTimeout(PATIENCE)
                .subprotocols(protocol)
                .header("Authorization", "Bearer " + token())
                .buildAsync(URI.create(address), listener);
    }

    @Override
    public JsonNode send(String method, String path, Object body, Map<String, String> headers) throws Refused {
        return call(method, path, body, headers);
    }

    private JsonNode call(String method, String path, @Nullable Object body, Map<String, String> headers)
            throws Refused {
        for (int attempt = 0; ; attempt++) {
            HttpRequest.Builder request = HttpRequest.newBuilder(site.resolve(path))
                    .timeout(PATIENCE)
                    .header("Authorization", "Bearer " + token())
                    .header("Content-Type", "application/json");
            headers.forEach(request::header);
            request.method(
                    method,
                    body == null
                            ? HttpRequest.BodyPublishers.noBody()
                            : HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
            HttpResponse<byte[]> response = send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() == 401 && attempt == 0) {
                token = null;
                continue;
            }
            JsonNode answer = read(response.body());
            if (response.statusCode() >= 300) {
                throw new Refused(
                        response.statusCode(), answer.path("detail").asString(method + " " + path + " was refused"));
            }
            return answer;
        }
    }

    private static JsonNode read(byte[] body) {
        try {
            return body.length == 0 ? JSON.nullNode() : JSON.readTree(body);
        } catch (JacksonException e) {
            return JSON.nullNode();
        }
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) throws Refused {
        try {
            return http.send(request, handler);
        } catch (IOException e) {
            throw new Refused(0, "The site does not answer: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused(0, "Stopped.");
        }
    }

    private String token() throws Refused {
        String known = token;
        if (known == null) {
            String both = encode("clientId") + ":" + encode("clientSecret");
            String basic = Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
            HttpResponse<byte[]> response = send(
                    HttpRequest.newBuilder(site.resolve("/oauth2/token"))
                            .timeout(PATIENCE)
                            .header("Authorization", "Basic " + basic)
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            known = read(response.body()).path("access_token").asString("");
            if (response.statusCode() != 200 || known.isEmpty()) {
                throw new Refused(
                        response.statusCode(),
                        "The site does not take the client "
                                + login.path("clientId").asString() + ".");
            }
            token = known;
        }
        return known;
    }

    private String encode(String field) {
        return URLEncoder.encode(login.path(field).asString(), StandardCharsets.UTF_8);
    }

    /** Reads changes of entities of these types until the stream ends; blocks. */
    void follow(String types, Runnable began, Consumer<JsonNode> change) throws Refused, IOException {
        HttpRequest request = HttpRequest.newBuilder(site.resolve("/api/events?types=" + types))
                .header("Authorization", "Bearer " + token())
                .header("Accept", "text/event-stream")
                .build();
        HttpResponse<java.io.InputStream> response = send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            if (response.statusCode() != 200) {
                token = null;
                throw new Refused(response.statusCode(), "No events.");
            }
            String event = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event: ")) {
                    event = line.substring(7);
                    if (event.equals("hello") || event.equals("reset")) {
                        began.run();
                    }
                } else if (line.startsWith("data: ") && event.equals("change")) {
                    change.accept(JSON.readTree(line.substring(6)));
                }
            }
        }
    }
}

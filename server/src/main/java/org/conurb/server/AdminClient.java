package org.conurb.server;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.conurb.kernel.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Speaks to the running site of a data folder, on this machine, as its installation client. */
final class AdminClient {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LONGEST_FILE = Duration.ofMinutes(30);
    private static final int UNKNOWN = 401;
    private static final int PARTIAL = 206;
    /** {@code date-time START-END/SIZE} (GS CIM 009 clause 6.3.10). */
    private static final Pattern RANGE = Pattern.compile("date-time \\S+Z-(\\S+Z)/.*");

    private static final Pattern NEXT = Pattern.compile("<([^>]+)>; rel=\"next\"");

    private final HttpClient http;
    private final URI site;
    private final Path data;
    private Optional<String> token = Optional.empty();

    private AdminClient(URI site, Optional<String> certificate, Path data) {
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3));
        certificate.map(PinnedCertificate::context).ifPresent(builder::sslContext);
        this.http = builder.build();
        this.site = site;
        this.data = data;
    }

    /** The site that runs on this data folder. */
    static AdminClient of(Path data) {
        Path ports = data.resolve("ports.json");
        if (!Files.exists(ports)) {
            throw new StartFailure(
                    "No site has run on %s.".formatted(data.toAbsolutePath()), "Name its folder with --data.");
        }
        try {
            JsonNode told = Json.mapper().readTree(Files.readAllBytes(ports));
            return new AdminClient(
                    URI.create(told.path("address").asString()),
                    Optional.ofNullable(told.get("certificate")).map(JsonNode::asString),
                    data);
        } catch (IOException e) {
            throw new StartFailure("%s cannot be read.".formatted(ports), "Check its rights.");
        }
    }

    /**
     * One page of a list.
     *
     * @param toldUntil the last moment that is told, where there was more than fits in one answer (206)
     * @param next where the next page is; empty for the last one
     */
    record Page(JsonNode body, Optional<Instant> toldUntil, String next) {}

    JsonNode get(String path) {
        return get(path, Map.of());
    }

    JsonNode get(String path, Map<String, String> headers) {
        return json(call("GET", path, Optional.empty(), headers));
    }

    /** A page of an NGSI-LD list, with its terms, as an organisation sees it. */
    Page page(String path, String organisation) {
        HttpResponse<byte[]> response = call(
                "GET",
                path,
                Optional.empty(),
                Map.of("Accept", "application/ld+json", "Conurb-Organisation", organisation));
        Matcher next = NEXT.matcher(String.join(", ", response.headers().allValues("Link")));
        Optional<Instant> toldUntil = response.headers()
                .firstValue("Content-Range")
                .map(RANGE::matcher)
                .filter(range -> response.statusCode() == PARTIAL && range.matches())
                .map(range -> Instant.parse(range.group(1)));
        return new Page(json(response), toldUntil, next.find() ? next.group(1) : "");
    }

    String text(String path) {
        return text(path, Map.of());
    }

    String text(String path, Map<String, String> headers) {
        return new String(call("GET", path, Optional.empty(), headers).body(), StandardCharsets.UTF_8);
    }

    /** @param body as JSON; a file goes as it is, however long it is */
    JsonNode post(String path, Object body, Map<String, String> headers) {
        return json(call("POST", path, Optional.of(body), headers));
    }

    void delete(String path) {
        delete(path, Map.of());
    }

    void delete(String path, Map<String, String> headers) {
        call("DELETE", path, Optional.empty(), headers);
    }

    private static JsonNode json(HttpResponse<byte[]> response) {
        return response.body().length == 0
                ? Json.mapper().nullNode()
                : Json.mapper().readTree(response.body());
    }

    /** What takes long outlives its token: then another is asked for. */
    private HttpResponse<byte[]> call(String method, String path, Optional<Object> body, Map<String, String> headers) {
        HttpResponse<byte[]> response = send(request(method, path, body, headers));
        if (response.statusCode() == UNKNOWN) {
            token = Optional.empty();
            response = send(request(method, path, body, headers));
        }
        if (response.statusCode() >= 300) {
            JsonNode problem = problem(response);
            throw new StartFailure(
                    problem.path("detail").asString("The site answered " + response.statusCode()),
                    problem.path("remedy").asString("See its log."));
        }
        return response;
    }

    private static JsonNode problem(HttpResponse<byte[]> response) {
        try {
            return json(response);
        } catch (JacksonException other) {
            return Json.mapper().nullNode();
        }
    }

    private HttpRequest request(String method, String path, Optional<Object> body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(site.resolve(path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token());
        headers.forEach(request::header);
        if (body.orElse(null) instanceof Path file) {
            return request.timeout(LONGEST_FILE)
                    .header("Content-Type", "application/octet-stream")
                    .method(method, publisher(file))
                    .build();
        }
        body.ifPresent(sent -> request.header("Content-Type", "application/json"));
        request.method(
                method,
                body.map(b -> HttpRequest.BodyPublishers.ofByteArray(
                                Json.mapper().writeValueAsBytes(b)))
                        .orElseGet(HttpRequest.BodyPublishers::noBody));
        return request.build();
    }

    private static HttpRequest.BodyPublisher publisher(Path file) {
        try {
            return HttpRequest.BodyPublishers.ofFile(file);
        } catch (FileNotFoundException e) {
            throw new StartFailure("%s cannot be read.".formatted(file), "Check its name and rights.");
        }
    }

    private HttpResponse<byte[]> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new StartFailure(
                    "The site of %s does not answer at %s.".formatted(data, site), "Start it: ./conurb up --data …");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("Stopped while waiting for the site.", "Try again.");
        }
    }

    private String token() {
        if (token.isEmpty()) {
            token = Optional.of(fetchToken());
        }
        return token.get();
    }

    /** Who we are to the site. */
    String clientId() {
        return bootstrap().path("clientId").asString();
    }

    private JsonNode bootstrap() {
        Path file = data.resolve("bootstrap.json");
        try {
            return Json.mapper().readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new StartFailure(
                    "%s cannot be read.".formatted(file),
                    "Run this as the user of the server. Where the installation client is disabled, sign in as an administrator.");
        }
    }

    private String fetchToken() {
        JsonNode bootstrap = bootstrap();
        String login = encode(bootstrap.path("clientId").asString()) + ":"
                + encode(bootstrap.path("clientSecret").asString());
        HttpResponse<byte[]> response = send(HttpRequest.newBuilder(site.resolve("/oauth2/token"))
                .timeout(PATIENCE)
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"))
                .build());
        if (response.statusCode() != 200) {
            throw new StartFailure(
                    "The site does not take its installation client (%d).".formatted(response.statusCode()),
                    "It may be disabled; then sign in as an administrator.");
        }
        return Json.mapper().readTree(response.body()).path("access_token").asString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Uses what every start uses, so that the start-up cache knows it. */
    void rehearse() {
        for (int round = 0; round < 20; round++) {
            get("/api/city");
            get("/api/incidents");
            get("/api/units");
            get("/api/warnings");
            get("/api/system");
            get("/ngsi-ld/v1/entities?type=Unit&limit=5");
            JsonNode incident = post(
                    "/api/incidents",
                    Map.of(
                            "type",
                            "fire.smoke",
                            "priority",
                            2,
                            "place",
                            Map.of("type", "Point", "coordinates", new double[] {7.42, 43.735}),
                            "description",
                            "Rehearsal"),
                    Map.of("Idempotency-Key", "rehearsal-" + round));
            get("/api/incidents/" + incident.path("id").asString());
        }
    }
}

package org.conurb.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.conurb.kernel.Json;
import tools.jackson.databind.JsonNode;

/** A browser at the console, as far as sign-in goes: keeps one cookie and the token against cross-site requests. */
final class Browser {
    static final String PASSWORD = "correct horse battery";
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    record Reply(HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        JsonNode json() {
            return Json.mapper().readTree(response.body());
        }

        String problem() {
            return json().path("type").asString("");
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    private final String base;
    String cookie = "";
    String csrf = "";
    Map<String, String> headers = new LinkedHashMap<>();

    Browser(String base) {
        this.base = base;
    }

    Browser withToken(String token) {
        headers.put("Authorization", "Bearer " + token);
        return this;
    }

    Browser visit() {
        get("/api/session");
        return this;
    }

    Reply signIn(String username, String password) {
        visit();
        return send("POST", "/api/session", Map.of("username", username, "password", password));
    }

    Browser signedIn(String username) {
        Reply reply = signIn(username, PASSWORD);
        if (reply.status() != 200) {
            throw new AssertionError(reply.status() + " " + reply.response().body());
        }
        return this;
    }

    Reply get(String path) {
        return send("GET", path, null);
    }

    Reply send(String method, String path, Object body) {
        String text = body == null
                ? null
                : body instanceof String raw ? raw : Json.mapper().writeValueAsString(body);
        return raw(method, path, "application/json", text);
    }

    Reply form(String path, String form) {
        return raw("POST", path, "application/x-www-form-urlencoded", form);
    }

    private Reply raw(String method, String path, String type, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(30))
                .method(
                        method,
                        body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body.getBytes(UTF_8)));
        if (body != null) {
            request.header("Content-Type", type);
        }
        if (!cookie.isEmpty()) {
            request.header("Cookie", "CONURB=" + cookie);
        }
        if (!csrf.isEmpty() && !method.equals("GET")) {
            request.header("X-CSRF-TOKEN", csrf);
        }
        headers.forEach(request::header);
        try {
            Reply reply = new Reply(HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString()));
            remember(reply);
            return reply;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private void remember(Reply reply) {
        reply.response().headers().allValues("Set-Cookie").stream()
                .filter(each -> each.startsWith("CONURB="))
                .forEach(each -> cookie = each.substring("CONURB=".length(), each.indexOf(';')));
        if (reply.header("Content-Type").startsWith("application/json")
                && reply.json().has("csrf")) {
            csrf = reply.json().get("csrf").asString();
        }
    }
}

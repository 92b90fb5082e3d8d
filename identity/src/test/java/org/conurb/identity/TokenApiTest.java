package org.conurb.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.identity.TestCity.CONTROL;
import static org.conurb.identity.TestCity.FIRE;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.conurb.kernel.Health;
import org.conurb.kernel.Json;
import org.conurb.kernel.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class TokenApiTest {
    @TempDir
    static Path data;

    private static TestHouse house;
    private Browser installation;

    @BeforeAll
    static void open() {
        house = new TestHouse(data);
        house.person("ana", Map.of(CONTROL, Set.of(Role.DISPATCHER, Role.AUDITOR), FIRE, Set.of(Role.COMMANDER)));
    }

    @AfterAll
    static void close() {
        house.close();
    }

    @BeforeEach
    void enter() throws IOException {
        JsonNode bootstrap = bootstrap();
        installation = house.browser()
                .withToken(token(
                        bootstrap.get("clientId").asString(),
                        bootstrap.get("clientSecret").asString()));
    }

    @Test
    void installationClientHoldsEveryRoleEverywhere() throws IOException {
        assertThat(bootstrap().propertyNames())
                .containsExactlyInAnyOrder("issuer", "tokenEndpoint", "clientId", "clientSecret");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("bootstrap.json"))))
                .isEqualTo("rw-------");
        var caller = installation.get("/api/probe").json();
        assertThat(caller.get("subject").asString()).isEqualTo("client:installation");
        assertThat(caller.get("organisation").asString()).isEqualTo("control");
        assertThat(caller.get("roles")).hasSize(6);
        assertThat(caller.get("defaultPurpose").asString()).isEqualTo("maintenance");
        installation.headers.put("Conurb-Organisation", "police");
        assertThat(installation.get("/api/probe").json().get("organisation").asString())
                .isEqualTo("police");
        installation.headers.put("Conurb-Organisation", "atlantis");
        assertThat(installation.get("/api/probe").problem()).isEqualTo("/problems/not-yours");
    }

    @Test
    void bearerCallsNeedNoTokenAgainstCrossSiteRequests() {
        assertThat(installation.send("POST", "/api/probe", Map.of()).status()).isEqualTo(200);
        String token = installation.headers.get("Authorization").substring("Bearer ".length());
        assertThat(house.browser().get("/api/probe?access_token=" + token).status())
                .isEqualTo(401);
    }

    @Test
    void clientIsRegisteredUsedAndEndedAtOnce() {
        installation.headers.put("Idempotency-Key", "register-cad");
        var body = Map.of("name", "CAD", "organisation", "fire", "roles", List.of("dispatcher"));
        var registered = installation.send("POST", "/api/identity/clients", body);
        assertThat(registered.status()).isEqualTo(201);
        String id = registered.json().get("clientId").asString();
        String secret = registered.json().get("clientSecret").asString();
        assertThat(registered.header("Location")).isEqualTo("/api/identity/clients/" + id);
        assertThat(installation.send("POST", "/api/identity/clients", body).json())
                .isEqualTo(registered.json());
        installation.headers.remove("Idempotency-Key");

        Browser client = house.browser().withToken(token(id, secret));
        var caller = client.get("/api/probe").json();
        assertThat(caller.get("subject").asString()).isEqualTo("client:" + id);
        assertThat(caller.get("organisation").asString()).isEqualTo("fire");
        assertThat(caller.get("roles").toString()).isEqualTo("[\"dispatcher\"]");
        assertThat(caller.get("defaultPurpose").isNull()).isTrue();
        var listed = installation.get("/api/identity/clients");
        assertThat(listed.json().get("items").findValuesAsString("clientId")).contains(id, "installation");
        assertThat(listed.response().body()).doesNotContain(secret).doesNotContain("secret");

        assertThat(installation
                        .send("DELETE", "/api/identity/clients/" + id, null)
                        .status())
                .isEqualTo(204);
        assertThat(client.get("/api/probe").problem()).isEqualTo("/problems/token-refused");
        assertThat(tokenReply(id, secret).status()).isEqualTo(401);
        assertThat(installation
                        .send("DELETE", "/api/identity/clients/" + id, null)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void wrongSecretsAndBadClientsAreRefused() {
        assertThat(tokenReply("installation", "wrong").status()).isEqualTo(401);
        assertThat(tokenReply("nobody", "wrong").status()).isEqualTo(401);
        for (Map<String, Object> body : List.<Map<String, Object>>of(
                Map.of("name", "X", "organisation", "fire"),
                Map.of("name", "X", "organisation", "atlantis", "roles", List.of("dispatcher")),
                Map.of("name", "X", "organisation", "fire", "roles", List.of("king")),
                Map.of("organisation", "fire", "roles", List.of("dispatcher")),
                Map.of("name", "X\u0000", "organisation", "fire", "roles", List.of("dispatcher")),
                Map.of("name", "X", "organisation", "fire", "roles", List.of("dispatcher"), "purpose", "none"),
                Map.of("name", "X", "organisation", "fire", "roles", List.of("dispatcher"), "public", true),
                Map.of(
                        "name",
                        "X",
                        "organisation",
                        "fire",
                        "roles",
                        List.of("dispatcher"),
                        "redirectUris",
                        List.of("http://evil.example/cb")),
                Map.of(
                        "name",
                        "X",
                        "organisation",
                        "fire",
                        "roles",
                        List.of("dispatcher"),
                        "redirectUris",
                        List.of("javascript:alert(1)")))) {
            assertThat(installation.send("POST", "/api/identity/clients", body).status())
                    .as("%s", body)
                    .isEqualTo(400);
        }
        var atFire = installation
                .send(
                        "POST",
                        "/api/identity/clients",
                        Map.of("name", "Admin", "organisation", "fire", "roles", List.of("administrator")))
                .json();
        Browser fire = house.browser()
                .withToken(token(
                        atFire.get("clientId").asString(),
                        atFire.get("clientSecret").asString()));
        var elsewhere = Map.of("name", "X", "organisation", "control", "roles", List.of("dispatcher"));
        assertThat(fire.send("POST", "/api/identity/clients", elsewhere).status())
                .isEqualTo(403);
        assertThat(fire.send("DELETE", "/api/identity/clients/installation", null)
                        .status())
                .isEqualTo(404);
        assertThat(fire.get("/api/identity/clients").response().body()).doesNotContain("installation\",");
        assertThat(installation.form("/oauth2/token", "x=" + "y".repeat(40_000)).status())
                .isEqualTo(413);
    }

    @Test
    void everyForgedTokenIsRefused() throws Exception {
        String real = installation.headers.get("Authorization").substring("Bearer ".length());
        String issuer = house.url();
        Forger forger = new Forger(data.resolve("keys/token-signing.json"), issuer, house.clock);
        assertThat(house.browser().withToken(forger.honest()).get("/api/probe").status())
                .isEqualTo(200);

        List<String> forged = new ArrayList<>(forger.all());
        String[] parts = real.split("\\.");
        forged.add(parts[0] + "." + parts[1] + ".");
        forged.add(parts[0] + "." + parts[1]);
        forged.add(parts[0] + ".." + parts[2]);
        forged.add(real + "A");
        forged.add(real.substring(0, real.length() - 8) + "AAAAAAAA");
        forged.add("A".repeat(5000));
        forged.add("a.b.c");
        for (String token : forged) {
            var reply = house.browser().withToken(token).get("/api/probe");
            assertThat(reply.status()).as(token).isEqualTo(401);
            assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
        }
        assertThat(installation.get("/api/probe").status()).isEqualTo(200);
        house.clock.advance(Duration.ofMinutes(11));
        assertThat(installation.get("/api/probe").status()).isEqualTo(401);
    }

    @Test
    void appActsForAPersonByCodeAndProofKey() throws Exception {
        String redirect = "http://127.0.0.1:9/cb";
        var registered = installation
                .send(
                        "POST",
                        "/api/identity/clients",
                        Map.of(
                                "name",
                                "Crew app",
                                "organisation",
                                "fire",
                                "roles",
                                List.of("dispatcher", "commander"),
                                "redirectUris",
                                List.of(redirect),
                                "public",
                                true))
                .json();
        assertThat(registered.has("clientSecret")).isFalse();
        String id = registered.get("clientId").asString();
        String verifier = "v".repeat(50);
        String challenge = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(US_ASCII)));
        String authorize = "/oauth2/authorize?response_type=code&client_id=%s&redirect_uri=%s&scope=openid&state=s1"
                        .formatted(id, encoded(redirect))
                + "&code_challenge_method=S256&code_challenge=" + challenge;

        Browser ana = house.browser();
        var sent = ana.get(authorize);
        assertThat(sent.status()).isEqualTo(302);
        assertThat(URLDecoder.decode(sent.header("Location").substring("/?continue=".length()), UTF_8))
                .isEqualTo(authorize);
        ana.signedIn("ana");
        String code = code(ana, authorize, redirect);

        String exchange = "grant_type=authorization_code&client_id=%s&redirect_uri=%s&code=%s&code_verifier="
                .formatted(id, encoded(redirect), code);
        var tokens = house.browser().form("/oauth2/token", exchange + verifier);
        assertThat(tokens.status()).as(tokens.response().body()).isEqualTo(200);
        assertThat(tokens.json().has("refresh_token")).isFalse();

        Browser app =
                house.browser().withToken(tokens.json().get("access_token").asString());
        var caller = app.get("/api/probe").json();
        assertThat(caller.get("subject").asString()).startsWith("person:");
        assertThat(caller.get("roles").toString()).isEqualTo("[\"dispatcher\"]"); // auditor is not the app's
        String idToken = tokens.json().get("id_token").asString();
        assertThat(house.browser().withToken(idToken).get("/api/probe").status())
                .isEqualTo(401);
        var claims = Json.mapper().readTree(Base64.getUrlDecoder().decode(idToken.split("\\.")[1]));
        assertThat(claims.get("preferred_username").asString()).isEqualTo("ana");
        assertThat(ana.get(authorize).response().headers().allValues("Set-Cookie"))
                .isEmpty();

        assertThat(house.browser().form("/oauth2/token", exchange + verifier).status())
                .isEqualTo(400);
        assertThat(app.get("/api/probe").status())
                .as("a code that came twice ends its token")
                .isEqualTo(401);

        String again = code(ana, authorize, redirect);
        var anew = house.browser().form("/oauth2/token", exchange.replace(code, again) + verifier);
        assertThat(anew.status()).as(anew.response().body()).isEqualTo(200);
        app = house.browser().withToken(anew.json().get("access_token").asString());
        assertThat(app.get("/api/probe").status()).isEqualTo(200);
        String other = code(ana, authorize, redirect);
        assertThat(house.browser()
                        .form("/oauth2/token", exchange.replace(code, other) + "w".repeat(50))
                        .status())
                .isEqualTo(400);
        assertThat(ana.get(authorize.replace("127.0.0.1%3A9", "evil.example")).status())
                .isEqualTo(400);
        assertThat(ana.get(authorize.substring(0, authorize.indexOf("&code_challenge_method")))
                        .header("Location"))
                .contains("error=invalid_request");
        assertThat(tokenReply(id, "").status()).isIn(400, 401);

        installation.send("DELETE", "/api/identity/clients/" + id, null);
        assertThat(app.get("/api/probe").status()).isEqualTo(401);
    }

    @Test
    void discoveryPromisesOnlyWhatIsServed() {
        Browser browser = house.browser();
        var found = browser.get("/.well-known/openid-configuration").json();
        assertThat(found.get("issuer").asString()).isEqualTo(house.url());
        assertThat(found.get("token_endpoint").asString()).isEqualTo(house.url() + "/oauth2/token");
        assertThat(found.get("grant_types_supported")).hasSize(2);
        for (JsonNode member : found) {
            String text = member.isString() ? member.stringValue() : "";
            if (text.startsWith(house.url() + "/")) {
                assertThat(browser.get(text.substring(house.url().length())).status())
                        .as(text)
                        .isNotEqualTo(404);
            }
        }
        var keys = browser.get("/oauth2/jwks").json().get("keys");
        assertThat(keys).hasSize(1);
        assertThat(keys.get(0).has("d")).isFalse();
        for (String path : new String[] {"/oauth2/introspect", "/oauth2/revoke", "/userinfo", "/connect/register"}) {
            assertThat(browser.form(path, "token=x").status()).as(path).isEqualTo(401);
        }
    }

    @Test
    void bootstrapFileFollowsTheAddressAndKeepsItsSecret() throws IOException {
        String secret = bootstrap().get("clientSecret").asString();
        house.stop();
        house.start(); // on another port
        assertThat(bootstrap().get("issuer").asString()).isEqualTo(house.url());
        assertThat(bootstrap().get("clientSecret").asString()).isEqualTo(secret);
        assertThat(token("installation", secret)).isNotBlank();

        Files.delete(data.resolve("bootstrap.json"));
        house.restart();
        String fresh = bootstrap().get("clientSecret").asString();
        assertThat(fresh).isNotEqualTo(secret);
        assertThat(tokenReply("installation", secret).status()).isEqualTo(401);
        assertThat(token("installation", fresh)).isNotBlank();
    }

    @Test
    void disabledInstallationClientStaysDisabled(@TempDir Path folder) throws IOException {
        try (TestHouse other = new TestHouse(folder)) {
            assertThat(other.bean(Bootstrap.class).read().remedy()).isNotBlank();
            JsonNode file = Json.mapper().readTree(Files.readAllBytes(folder.resolve("bootstrap.json")));
            String token = other.browser()
                    .form(
                            "/oauth2/token",
                            "grant_type=client_credentials&client_id=installation&client_secret="
                                    + file.get("clientSecret").asString())
                    .json()
                    .get("access_token")
                    .asString();
            Browser itself = other.browser().withToken(token);
            var refused = itself.send("DELETE", "/api/identity/clients/installation", null);
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.problem()).endsWith("no-administrator");
            assertThat(itself.get("/api/probe").status()).isEqualTo(200);
            assertThat(other.bean(Bootstrap.class).read().state()).isEqualTo(Health.State.WARNING);

            assertThat(itself.send(
                                    "POST",
                                    "/api/identity/people",
                                    Map.of(
                                            "username",
                                            "chief",
                                            "name",
                                            "The Chief",
                                            "roles",
                                            Map.of("fire", List.of("administrator"))))
                            .status())
                    .isEqualTo(201);
            assertThat(itself.send("DELETE", "/api/identity/clients/installation", null)
                            .status())
                    .isEqualTo(204);
            assertThat(itself.get("/api/probe").status()).isEqualTo(401);
            assertThat(folder.resolve("bootstrap.json")).doesNotExist();
            other.restart();
            assertThat(folder.resolve("bootstrap.json")).doesNotExist();
            assertThat(other.bean(Bootstrap.class).enabled()).isFalse();
            Health.Reading reading = other.bean(Bootstrap.class).read();
            assertThat(reading.remedy()).isEmpty();
        }
    }

    private static String code(Browser browser, String authorize, String redirect) {
        var reply = browser.get(authorize);
        assertThat(reply.status()).as(reply.response().body()).isEqualTo(302);
        URI location = URI.create(reply.header("Location"));
        assertThat(location.toString()).startsWith(redirect).contains("state=s1");
        return location.getQuery().replaceAll(".*code=([^&]+).*", "$1");
    }

    private static JsonNode bootstrap() throws IOException {
        return Json.mapper().readTree(Files.readAllBytes(data.resolve("bootstrap.json")));
    }

    private static String token(String id, String secret) {
        var reply = tokenReply(id, secret);
        assertThat(reply.status()).as(reply.response().body()).isEqualTo(200);
        return reply.json().get("access_token").asString();
    }

    private static Browser.Reply tokenReply(String id, String secret) {
        Browser browser = house.browser();
        browser.headers.put(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(UTF_8)));
        return browser.form("/oauth2/token", "grant_type=client_credentials");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}

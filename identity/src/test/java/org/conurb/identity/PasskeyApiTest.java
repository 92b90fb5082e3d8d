package org.conurb.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.identity.TestCity.CONTROL;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.conurb.kernel.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class PasskeyApiTest {
    @TempDir
    static Path data;

    private static TestHouse house;

    @BeforeAll
    static void open() {
        house = new TestHouse(data);
        house.person("ana", Map.of(CONTROL, Set.of(Role.DISPATCHER)));
        house.person("cleo", Map.of(CONTROL, Set.of(Role.DISPATCHER)));
        house.person("ben", Map.of(CONTROL, Set.of(Role.DISPATCHER)));
    }

    @AfterAll
    static void close() {
        house.close();
    }

    @BeforeEach
    void forgiveAttempts() {
        house.clock.advance(Duration.ofHours(2));
    }

    @Test
    void passkeyIsAddedSignsInAndIsRemoved() throws Exception {
        Browser ana = house.browser().signedIn("ana");
        SoftwareKey key = key(1);
        JsonNode options =
                ana.send("POST", "/webauthn/register/options", Map.of()).json();
        assertThat(options.get("rp").get("id").asString()).isEqualTo("localhost");
        assertThat(options.get("authenticatorSelection").get("userVerification").asString())
                .isEqualTo("required");
        var added = ana.send("POST", "/webauthn/register", key.create(options, "Laptop"));
        assertThat(added.status()).as(added.response().body()).isEqualTo(200);
        assertThat(added.json().get("success").asBoolean()).isTrue();
        assertThat(ana.get("/api/session").json().get("passkeys").asInt()).isEqualTo(1);

        Browser other = house.browser().visit();
        var signedIn = signIn(other, key);
        assertThat(signedIn.status()).as(signedIn.response().body()).isEqualTo(200);
        assertThat(signedIn.json().get("person").get("username").asString()).isEqualTo("ana");
        assertThat(other.get("/api/probe").status()).isEqualTo(200);
        assertThat(house.audit.actions()).contains("passkey.added");

        JsonNode listed = ana.get("/webauthn/register").json().get("items").get(0);
        assertThat(listed.get("label").asString()).isEqualTo("Laptop");
        Browser ben = house.browser().signedIn("ben");
        String path = "/webauthn/register/" + listed.get("id").asString();
        assertThat(ben.send("DELETE", path, null).status()).isEqualTo(404);
        assertThat(ana.send("DELETE", path, null).status()).isEqualTo(204);
        assertThat(signIn(house.browser().visit(), key).status()).isEqualTo(401);
    }

    @Test
    void forgedAndReplayedAnswersAreRefused() throws Exception {
        Browser ana = house.browser().signedIn("cleo");
        SoftwareKey key = added(ana, 2);

        Browser browser = house.browser().visit();
        JsonNode options =
                browser.send("POST", "/webauthn/authenticate/options", Map.of()).json();
        Map<String, Object> answer = key.get(options);
        assertThat(house.browser()
                        .visit()
                        .send("POST", "/login/webauthn", answer)
                        .status())
                .as("asked of another browser")
                .isEqualTo(401);
        String cookie = browser.cookie;
        String csrf = browser.csrf;
        assertThat(browser.send("POST", "/login/webauthn", answer).status()).isEqualTo(200);
        browser.cookie = cookie;
        browser.csrf = csrf;
        assertThat(browser.send("POST", "/login/webauthn", answer).status())
                .as("replayed")
                .isEqualTo(401);

        SoftwareKey impostor = key(2);
        impostor.userHandle = key.userHandle;
        assertThat(signIn(house.browser().visit(), impostor).status())
                .as("same id, other key")
                .isEqualTo(401);
        key.flags = 0x01;
        assertThat(signIn(house.browser().visit(), key).status())
                .as("owner not verified")
                .isEqualTo(401);
        key.flags = 0x05;

        Browser late = house.browser().visit();
        JsonNode old =
                late.send("POST", "/webauthn/authenticate/options", Map.of()).json();
        house.clock.advance(Duration.ofMinutes(6));
        assertThat(late.send("POST", "/login/webauthn", key.get(old)).status())
                .as("too late")
                .isEqualTo(401);
        assertThat(signIn(house.browser().visit(), key).status()).isEqualTo(200);
    }

    @Test
    void passkeyOfAnotherOriginIsNotTaken() throws Exception {
        Browser ana = house.browser().signedIn("cleo");
        JsonNode options =
                ana.send("POST", "/webauthn/register/options", Map.of()).json();
        SoftwareKey phished = new SoftwareKey("localhost", "https://evil.example", new byte[] {9, 9, 9, 9});
        assertThat(ana.send("POST", "/webauthn/register", phished.create(options, "x"))
                        .problem())
                .isEqualTo("/problems/passkey-refused");
        for (String body :
                new String[] {"", "{}", "[]", "{\"publicKey\":null}", "{\"publicKey\":{\"credential\":5}}"}) {
            ana.send("POST", "/webauthn/register/options", Map.of());
            assertThat(ana.send("POST", "/webauthn/register", body).status())
                    .as(body)
                    .isEqualTo(400);
        }
    }

    @Test
    void signedOutPeopleAddNoPasskeys() {
        Browser browser = house.browser().visit();
        assertThat(browser.send("POST", "/webauthn/register/options", Map.of()).status())
                .isEqualTo(401);
        assertThat(browser.get("/webauthn/register").status()).isEqualTo(401);
        for (String body : new String[] {"", "{}", "[]", "null", "{\"id\":5}", "{\"rawId\":\"%\"}"}) {
            browser.send("POST", "/webauthn/authenticate/options", Map.of());
            assertThat(browser.send("POST", "/login/webauthn", body).status())
                    .as(body)
                    .isIn(400, 401);
        }
        browser.csrf = "";
        assertThat(browser.send("POST", "/login/webauthn", "{}").status()).isEqualTo(403);
    }

    private static SoftwareKey key(int id) throws GeneralSecurityException {
        return new SoftwareKey(
                "localhost", house.url(), new byte[] {(byte) id, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
    }

    private static SoftwareKey added(Browser browser, int id) throws GeneralSecurityException {
        SoftwareKey key = key(id);
        JsonNode options =
                browser.send("POST", "/webauthn/register/options", Map.of()).json();
        assertThat(browser.send("POST", "/webauthn/register", key.create(options, ""))
                        .status())
                .isEqualTo(200);
        return key;
    }

    private static Browser.Reply signIn(Browser browser, SoftwareKey key) throws GeneralSecurityException {
        JsonNode options =
                browser.send("POST", "/webauthn/authenticate/options", Map.of()).json();
        return browser.send("POST", "/login/webauthn", key.get(options));
    }
}

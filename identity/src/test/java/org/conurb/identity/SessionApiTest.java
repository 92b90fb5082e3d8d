package org.conurb.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.identity.TestCity.CONTROL;
import static org.conurb.identity.TestCity.FIRE;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.conurb.kernel.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionApiTest {
    @TempDir
    static Path data;

    private static TestHouse house;

    @BeforeAll
    static void open() {
        house = new TestHouse(data);
        house.person("ana", Map.of(CONTROL, Set.of(Role.DISPATCHER), FIRE, Set.of(Role.COMMANDER, Role.AUDITOR)));
        house.person("ben", Map.of(CONTROL, Set.of(Role.DISPATCHER)));
        house.person("nobody", Map.of());
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
    void whoIsSignedOutLearnsTheCityAndNothingElse() {
        var reply = house.browser().get("/api/session");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().get("signedIn").asBoolean()).isFalse();
        assertThat(reply.json().get("csrf").asString()).hasSize(43);
        assertThat(reply.json().get("city").get("name").asString()).isEqualTo("Alder");
        assertThat(reply.json().propertyNames()).containsExactlyInAnyOrder("signedIn", "csrf", "city");
    }

    @Test
    void signsInByPasswordAndOut() {
        Browser browser = house.browser();
        var reply = browser.signIn(" ANA ", Browser.PASSWORD);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Conurb-Audit")).hasSize(36);
        var session = reply.json();
        assertThat(session.get("person").get("username").asString()).isEqualTo("ana");
        assertThat(session.get("organisation").get("name").get("en").asString()).isEqualTo("Control room");
        assertThat(session.get("organisations")).hasSize(2);
        assertThat(session.get("roles").toString()).isEqualTo("[\"dispatcher\"]");
        assertThat(session.get("seat").isNull()).isTrue();
        assertThat(session.get("seats")).hasSize(2);
        assertThat(session.get("passkeys").asInt()).isZero();
        assertThat(browser.get("/api/probe").json().get("subject").asString()).startsWith("person:");
        assertThat(house.audit.actions()).contains("session.opened");

        String old = browser.cookie;
        assertThat(browser.send("DELETE", "/api/session", null).status()).isEqualTo(204);
        browser.cookie = old;
        assertThat(browser.get("/api/probe").status()).isEqualTo(401);
        assertThat(browser.get("/api/session").json().get("signedIn").asBoolean())
                .isFalse();
    }

    @Test
    void cookieIsOutOfReachOfScriptsAndNewAtSignIn() {
        Browser browser = house.browser();
        String header = browser.get("/api/session").header("Set-Cookie");
        assertThat(header).contains("HttpOnly").contains("SameSite=Lax").contains("Path=/");
        String planted = browser.cookie;
        browser.signedIn("ana");
        assertThat(browser.cookie).isNotEqualTo(planted);

        Browser attacker = house.browser();
        attacker.cookie = planted;
        assertThat(attacker.get("/api/probe").status()).isEqualTo(401);
        attacker.cookie = "s." + planted.substring(2);
        assertThat(attacker.get("/api/probe").status()).isEqualTo(401);
    }

    @Test
    void unknownNameAndWrongPasswordReadAlike() {
        var wrong = house.browser().signIn("ben", "wrong horse battery");
        var unknown = house.browser().signIn("nobody-here", "wrong horse battery");
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(unknown.status()).isEqualTo(401);
        assertThat(wrong.response().body()).isEqualTo(unknown.response().body());
        assertThat(house.browser().signIn("nobody", Browser.PASSWORD).problem()).isEqualTo("/problems/no-organisation");
    }

    @Test
    void guessingIsSlowedDownAlsoForTheRightPasswordAndUnknownNames() {
        for (String name : new String[] {"ben", "unknown"}) {
            for (int i = 0; i < 4; i++) {
                assertThat(house.browser().signIn(name, "wrong" + i).status()).isEqualTo(401);
            }
            var throttled = house.browser().signIn(name, Browser.PASSWORD);
            assertThat(throttled.status()).isEqualTo(429);
            assertThat(Integer.parseInt(throttled.header("Retry-After"))).isPositive();
        }
        assertThat(house.browser().signIn("ana", Browser.PASSWORD).status()).isEqualTo(200);
        house.clock.advance(Duration.ofSeconds(2));
        assertThat(house.browser().signIn("ben", Browser.PASSWORD).status()).isEqualTo(200);
    }

    @Test
    void unsafeCallsOfASessionNeedTheToken() {
        Browser browser = house.browser().signedIn("ana");
        String right = browser.csrf;
        for (String token : new String[] {"", "x", house.browser().visit().csrf}) {
            browser.csrf = token;
            for (String method : new String[] {"POST", "PATCH", "DELETE", "PUT"}) {
                assertThat(browser.send(method, "/api/probe", Map.of()).problem())
                        .isEqualTo("/problems/csrf");
            }
            assertThat(browser.send("DELETE", "/api/session", null).status()).isEqualTo(403);
        }
        browser.csrf = "";
        assertThat(browser.form("/api/probe", "_csrf=" + right).status()).isEqualTo(403);
        browser.csrf = right;
        assertThat(browser.send("POST", "/api/probe", Map.of()).status()).isEqualTo(200);
    }

    @Test
    void anotherSiteCannotSignSomebodyIn() {
        Browser browser = house.browser();
        var body = Map.of("username", "ana", "password", Browser.PASSWORD);
        assertThat(browser.send("POST", "/api/session", body).problem()).isEqualTo("/problems/csrf");
        browser.visit();
        browser.csrf = "";
        assertThat(browser.send("POST", "/api/session", body).problem()).isEqualTo("/problems/csrf");
    }

    @Test
    void actsForAnotherOrganisationAndTakesASeat() {
        Browser browser = house.browser().signedIn("ana");
        var fire = browser.send("PATCH", "/api/session", Map.of("organisation", "fire"));
        assertThat(fire.status()).isEqualTo(200);
        assertThat(fire.json().get("seat").get("id").asString()).isEqualTo("fire-lead"); // the only one there is
        assertThat(browser.get("/api/probe").json().get("organisation").asString())
                .isEqualTo("fire");

        var seat = browser.send("PATCH", "/api/session", Map.of("organisation", "control", "seat", "dispatch-2"));
        assertThat(seat.json().get("seat").get("name").get("en").asString()).isEqualTo("Dispatch 2");
        assertThat(browser.get("/api/probe").json().get("seat").asString()).isEqualTo("dispatch-2");

        assertThat(browser.send("PATCH", "/api/session", Map.of("organisation", "police"))
                        .problem())
                .isEqualTo("/problems/not-yours");
        assertThat(browser.send("PATCH", "/api/session", Map.of("seat", "fire-lead"))
                        .problem())
                .isEqualTo("/problems/seat-unknown");
        assertThat(browser.send("PATCH", "/api/session", Map.of("roles", "x")).status())
                .isEqualTo(400);
        assertThat(browser.send("PATCH", "/api/session", Map.of("seat", 3)).status())
                .isEqualTo(400);
        assertThat(browser.get("/api/probe").json().get("seat").asString()).isEqualTo("dispatch-2");

        var again = house.browser().signIn("ana", Browser.PASSWORD).json();
        assertThat(again.get("seat").get("id").asString()).isEqualTo("dispatch-2"); // where she worked last
        assertThat(browser.send("PATCH", "/api/session", "{\"seat\":null}")
                        .json()
                        .get("seat")
                        .isNull())
                .isTrue();
    }

    @Test
    void whoKnowsThePasswordChoosesAnotherAndAllOtherSessionsEnd() {
        house.person("lena", Map.of(CONTROL, Set.of(Role.DISPATCHER)));
        Browser elsewhere = house.browser().signedIn("lena");
        Browser browser = house.browser().signedIn("lena");
        String chosen = "seven green harbour cranes";

        for (var refused : List.of(
                Map.of("current", "not the current one", "password", chosen),
                Map.of("current", Browser.PASSWORD, "password", "short"),
                Map.of("current", Browser.PASSWORD, "password", "lena lena lena"),
                Map.of("password", chosen))) {
            assertThat(browser.send("PUT", "/api/session/password", refused).status())
                    .isIn(400, 403);
        }
        assertThat(elsewhere.get("/api/probe").status()).isEqualTo(200);

        var changed =
                browser.send("PUT", "/api/session/password", Map.of("current", Browser.PASSWORD, "password", chosen));
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.header("Conurb-Audit")).isNotBlank();
        assertThat(house.audit.actions()).contains("person.password");
        assertThat(browser.get("/api/probe").status()).isEqualTo(200);
        assertThat(elsewhere.get("/api/probe").status()).isEqualTo(401);
        assertThat(house.browser().signIn("lena", Browser.PASSWORD).status()).isEqualTo(401);
        assertThat(house.browser().signIn("lena", chosen).status()).isEqualTo(200);
        assertThat(house.browser()
                        .send("PUT", "/api/session/password", Map.of())
                        .status())
                .isIn(401, 403);
    }

    @Test
    void headerPicksTheOrganisationAndTheGrant() {
        Browser browser = house.browser().signedIn("ana");
        browser.headers.put("Conurb-Organisation", "fire");
        var caller = browser.get("/api/probe?grant=0195d3a0-0000-7000-8000-000000000001")
                .json();
        assertThat(caller.get("organisation").asString()).isEqualTo("fire");
        assertThat(caller.get("roles").toString()).isEqualTo("[\"commander\",\"auditor\"]");
        assertThat(caller.get("grant").asString()).isEqualTo("0195d3a0-0000-7000-8000-000000000001");
        assertThat(browser.get("/api/probe?grant=mine").problem()).isEqualTo("/problems/grant-form");
        browser.headers.put("Conurb-Purpose", "'; drop table");
        assertThat(browser.get("/api/probe").problem()).isEqualTo("/problems/grant-form");
        browser.headers.remove("Conurb-Purpose");
        browser.headers.put("Conurb-Organisation", "police");
        assertThat(browser.get("/api/probe").problem()).isEqualTo("/problems/not-yours");
        browser.headers.put("Conurb-Organisation", "No Such");
        assertThat(browser.get("/api/probe").status()).isEqualTo(400);
    }

    @Test
    void sessionSurvivesARestartAndEndsWhenIdle() {
        Browser browser = house.browser().signedIn("ana");
        house.restart();
        assertThat(browser.get("/api/probe").status()).isEqualTo(200);
        house.clock.advance(Duration.ofHours(11));
        assertThat(browser.get("/api/probe").status()).isEqualTo(200);
        house.clock.advance(Duration.ofHours(13));
        assertThat(browser.get("/api/probe").status()).isEqualTo(401);

        Browser busy = house.browser().signedIn("ana");
        for (int hours = 0; hours < 7 * 24; hours += 8) {
            assertThat(busy.get("/api/probe").status()).isEqualTo(200);
            house.clock.advance(Duration.ofHours(8));
        }
        assertThat(busy.get("/api/probe").status()).isEqualTo(401);
    }

    @Test
    void whoIsNotSignedInGetsAProblemAtEveryDoorButTheOpenOnes() {
        Browser browser = house.browser();
        for (String path :
                new String[] {"/api/probe", "/api/none", "/ngsi-ld/v1/entities", "/actuator/env", "/other"}) {
            var reply = browser.get(path);
            assertThat(reply.status()).as(path).isEqualTo(401);
            assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer");
            assertThat(reply.json().get("remedy").asString()).isNotBlank();
        }
        assertThat(browser.send("POST", "/api/probe", Map.of()).status()).isEqualTo(401);
        assertThat(browser.send("PATCH", "/api/session", Map.of("seat", "x")).status())
                .isEqualTo(401);
        for (String path :
                new String[] {"/", "/signin", "/assets/x.js", "/map/city.pmtiles", "/actuator/health/liveness"}) {
            assertThat(browser.get(path).status()).as(path).isNotIn(401, 403);
        }
    }

    @Test
    void badInputIsRefusedAndChangesNothing() {
        Browser browser = house.browser().visit();
        int entries = house.audit.entries().size();
        assertThat(browser.send("POST", "/api/session", "[".repeat(20_000)).status())
                .isEqualTo(400);
        assertThat(browser.send("POST", "/api/session", "x".repeat(40_000)).status())
                .isEqualTo(413);
        for (String body : new String[] {
            "",
            "null",
            "[]",
            "{}",
            "{\"username\":1,\"password\":2}",
            "{\"username\":\"ana\"}",
            "{\"username\":\"ana\",\"username\":\"b\"}"
        }) {
            assertThat(browser.send("POST", "/api/session", body).status())
                    .as(body)
                    .isEqualTo(400);
        }
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            String noise = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
            assertThat(browser.send("POST", "/api/session", noise).status()).isEqualTo(400);
        }
        assertThat(browser.signIn("ana", "x".repeat(5000)).status()).isEqualTo(401);
        assertThat(browser.get("/api/..%2fprobe;x=1").status()).isIn(400, 401);
        assertThat(house.audit.entries()).hasSize(entries);
    }

    @Test
    void everyAnswerTellsTheBrowserToBeStrict() {
        var reply = house.browser().get("/api/session");
        assertThat(reply.header("Content-Security-Policy"))
                .contains("default-src 'self'")
                .contains("script-src 'self';")
                .contains("frame-ancestors 'none'");
        assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(reply.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(house.browser().get("/.well-known/openid-configuration").header("Content-Security-Policy"))
                .isNotBlank();
    }
}

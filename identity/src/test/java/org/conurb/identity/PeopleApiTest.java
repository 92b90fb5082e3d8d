package org.conurb.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.identity.TestCity.CONTROL;
import static org.conurb.identity.TestCity.FIRE;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.conurb.kernel.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeopleApiTest {
    @TempDir
    static Path data;

    private static TestHouse house;
    private Browser admin;

    @BeforeAll
    static void open() {
        house = new TestHouse(data);
        house.person("admin", Map.of(FIRE, Set.of(Role.ADMINISTRATOR)));
    }

    @AfterAll
    static void close() {
        house.close();
    }

    @BeforeEach
    void signIn() {
        admin = house.browser().signedIn("admin");
    }

    @Test
    void personAddedWithoutPasswordIsToldOneAndCanSignIn() {
        admin.headers.put("Idempotency-Key", "add-cleo");
        var body = Map.of(
                "username", "Cleo", "name", "Cleo K.", "roles", Map.of("fire", List.of("responder", "commander")));
        var added = admin.send("POST", "/api/identity/people", body);
        assertThat(added.status()).isEqualTo(201);
        assertThat(added.header("Conurb-Audit")).isNotBlank();
        String password = added.json().get("password").asString();
        var again = admin.send("POST", "/api/identity/people", body);
        assertThat(again.json()).isEqualTo(added.json());
        assertThat(kept("add-cleo")).doesNotContain(password);

        var session = house.browser().signIn("cleo", password);
        assertThat(session.status()).isEqualTo(200);
        assertThat(session.json().get("roles").toString()).isEqualTo("[\"responder\",\"commander\"]");
    }

    @Test
    void namePasswordAndRolesAreChecked() {
        var roles = Map.of("fire", List.of("responder"));
        for (Map<String, Object> body : List.<Map<String, Object>>of(
                Map.of("username", "x", "name", "X", "roles", roles),
                Map.of("username", "two words", "name", "X", "roles", roles),
                Map.of("username", "dora", "name", " ", "roles", roles),
                Map.of("username", "dora", "name", "D", "roles", Map.of()),
                Map.of("username", "dora", "name", "D", "roles", Map.of("atlantis", List.of("responder"))),
                Map.of("username", "dora", "name", "D", "roles", Map.of("fire", List.of("king"))),
                Map.of("username", "dora", "name", "D", "roles", roles, "password", "short"),
                Map.of("username", "dora", "name", "D", "roles", roles, "password", "é".repeat(40)),
                Map.of("username", "dora", "name", "D", "roles", roles, "password", "I am dora and so on"),
                Map.of("username", 5, "name", "D", "roles", roles),
                Map.of("username", "dora", "name", "D", "roles", roles, "disabled", false))) {
            assertThat(admin.send("POST", "/api/identity/people", body).status())
                    .as("%s", body)
                    .isEqualTo(400);
        }
        var twice = Map.of("username", "admin", "name", "X", "roles", roles);
        assertThat(admin.send("POST", "/api/identity/people", twice).problem()).isEqualTo("/problems/username-taken");
    }

    @Test
    void administratorReachesOnlyThePeopleOfItsOrganisation() {
        house.person("erik", Map.of(CONTROL, Set.of(Role.DISPATCHER), FIRE, Set.of(Role.RESPONDER)));
        house.person("fay", Map.of(CONTROL, Set.of(Role.DISPATCHER)));
        var listed = admin.get("/api/identity/people").json().get("items");
        assertThat(listed.findValuesAsString("username"))
                .contains("erik", "admin")
                .doesNotContain("fay");
        assertThat(listed.toString()).doesNotContain("control");

        assertThat(admin.send(
                                "POST",
                                "/api/identity/people",
                                Map.of(
                                        "username",
                                        "gus",
                                        "name",
                                        "G",
                                        "roles",
                                        Map.of("control", List.of("dispatcher"))))
                        .status())
                .isEqualTo(403);
        String erik = id("erik");
        // A password or an end would reach into the control room, where this administrator has no say.
        assertThat(admin.send("PATCH", "/api/identity/people/" + erik, Map.of("password", "taken over by fire"))
                        .status())
                .isIn(403, 404);
        assertThat(admin.send("DELETE", "/api/identity/people/" + erik, null).status())
                .isIn(403, 404);
        assertThat(admin.send("DELETE", "/api/identity/people/" + id("fay"), null)
                        .status())
                .isEqualTo(404);
        assertThat(admin.send("DELETE", "/api/identity/people/nobody", null).status())
                .isEqualTo(404);
        assertThat(house.browser().signIn("erik", Browser.PASSWORD).status()).isEqualTo(200);

        assertThat(admin.send("PATCH", "/api/identity/people/" + erik, Map.of("roles", Map.of("fire", List.of())))
                        .status())
                .isEqualTo(200);
        assertThat(house.browser().signIn("erik", Browser.PASSWORD).json().get("organisations"))
                .hasSize(1);
    }

    @Test
    void whoIsNoAdministratorKeepsNobody() {
        house.person("ida", Map.of(FIRE, Set.of(Role.COMMANDER, Role.AUDITOR)));
        Browser ida = house.browser().signedIn("ida");
        var body = Map.of("username", "jo", "name", "J", "roles", Map.of("fire", List.of("responder")));
        assertThat(ida.send("POST", "/api/identity/people", body).status()).isEqualTo(403);
        assertThat(ida.send("DELETE", "/api/identity/people/" + id("admin"), null)
                        .status())
                .isEqualTo(404);
        assertThat(ida.get("/api/identity/people").json().get("items")).isEmpty();
        assertThat(ida.get("/api/identity/clients").json().get("items")).isEmpty();
    }

    @Test
    void administratorOfSeveralOrganisationsKeepsThePeopleOfAll() {
        house.person("kim", Map.of(FIRE, Set.of(Role.ADMINISTRATOR), CONTROL, Set.of(Role.ADMINISTRATOR)));
        Browser kim = house.browser().signedIn("kim");
        var both = Map.of("fire", List.of("responder"), "control", List.of("dispatcher"));
        var added = kim.send("POST", "/api/identity/people", Map.of("username", "lou", "name", "L", "roles", both));
        assertThat(added.status()).as(added.response().body()).isEqualTo(201);
        String path = "/api/identity/people/" + added.json().get("id").asString();
        assertThat(kim.send("PATCH", path, Map.of("name", "Lou")).status()).isEqualTo(200);
        var listed = kim.get("/api/identity/people").json().get("items");
        assertThat(listed.findValuesAsString("name")).contains("Lou");
        kim.headers.put("Conurb-Organisation", "control");
        assertThat(kim.get("/api/identity/people").response().body())
                .contains("lou")
                .doesNotContain("\"admin\"");
        assertThat(kim.send("DELETE", path, null).status()).isEqualTo(204);
    }

    @Test
    void lastAdministratorOfAnOrganisationStays() {
        house.person("vera", Map.of(TestCity.POLICE, Set.of(Role.ADMINISTRATOR)));
        Browser vera = house.browser().signedIn("vera");
        String path = "/api/identity/people/" + id("vera");
        var responder = Map.of("roles", Map.of("police", List.of("responder")));
        assertThat(vera.send("PATCH", path, responder).problem()).isEqualTo("/problems/last-administrator");
        assertThat(vera.send("DELETE", path, null).problem()).isEqualTo("/problems/last-administrator");
        assertThat(vera.get("/api/probe").status()).isEqualTo(200);

        house.person("walt", Map.of(TestCity.POLICE, Set.of(Role.ADMINISTRATOR)));
        assertThat(vera.send("PATCH", path, responder).status()).isEqualTo(200);
        Browser walt = house.browser().signedIn("walt");
        assertThat(walt.send("DELETE", "/api/identity/people/" + id("walt"), null)
                        .problem())
                .isEqualTo("/problems/last-administrator");
    }

    @Test
    void newPasswordEndsSessionsAndDisablingEndsAllAtOnce() {
        house.person("hana", Map.of(FIRE, Set.of(Role.RESPONDER)));
        Browser hana = house.browser().signedIn("hana");
        assertThat(hana.get("/api/probe").status()).isEqualTo(200);
        String path = "/api/identity/people/" + id("hana");
        assertThat(admin.send("PATCH", path, Map.of("password", "another long sentence"))
                        .status())
                .isEqualTo(200);
        assertThat(hana.get("/api/probe").status()).isEqualTo(401);
        assertThat(house.browser().signIn("hana", Browser.PASSWORD).status()).isEqualTo(401);
        assertThat(hana.signIn("hana", "another long sentence").status()).isEqualTo(200);
        var caller = new org.conurb.kernel.Caller(
                "person:" + id("hana"),
                "Hana",
                FIRE,
                java.util.Optional.empty(),
                Set.of(Role.RESPONDER),
                java.util.Optional.empty(),
                java.util.Optional.empty());
        assertThat(house.bean(Callers.class).holds(caller)).isTrue();

        assertThat(admin.send("DELETE", path, null).status()).isEqualTo(204);
        assertThat(hana.get("/api/probe").status()).isEqualTo(401);
        assertThat(house.browser().signIn("hana", "another long sentence").status())
                .isEqualTo(401);
        assertThat(house.bean(Callers.class).holds(caller)).isFalse();
        assertThat(admin.send("DELETE", path, null).status()).isEqualTo(404);
        assertThat(house.audit.actions()).contains("person.password", "person.disabled");
    }

    @Test
    void listComesInPages() {
        for (int i = 0; i < 5; i++) {
            house.person("page" + i, Map.of(FIRE, Set.of(Role.RESPONDER)));
        }
        var first = admin.get("/api/identity/people?limit=2&after=page").json();
        assertThat(first.get("items").findValuesAsString("username")).containsExactly("page0", "page1");
        var second = admin.get("/api/identity/people?limit=2&after="
                        + first.get("next").asString())
                .json();
        assertThat(second.get("items").findValuesAsString("username")).containsExactly("page2", "page3");
        assertThat(admin.get("/api/identity/people?limit=0").status()).isEqualTo(400);
        assertThat(admin.get("/api/identity/people?limit=501").status()).isEqualTo(400);
    }

    private static String id(String username) {
        return house.transactions.asSystem(() -> house.transactions
                .jdbc()
                .sql("select id::text from identity.person where username = :username")
                .param("username", username)
                .query(String.class)
                .single());
    }

    private static String kept(String key) {
        return house.transactions.as(
                Set.of(FIRE),
                () -> house.transactions
                        .jdbc()
                        .sql("select convert_from(body, 'UTF8') from store.once where key = :key")
                        .param("key", key)
                        .query(String.class)
                        .single());
    }
}

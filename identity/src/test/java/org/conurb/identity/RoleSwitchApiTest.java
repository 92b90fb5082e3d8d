package org.conurb.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.identity.TestCity.CONTROL;
import static org.conurb.identity.TestCity.FIRE;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.conurb.kernel.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoleSwitchApiTest {
    @TempDir
    Path data;

    @Test
    void onlyADemonstrationLetsSomebodyGoOnAsAnother() {
        try (TestHouse house = new TestHouse(data)) {
            house.person("mia", Map.of(CONTROL, Set.of(Role.DISPATCHER)));
            house.person("nils", Map.of(FIRE, Set.of(Role.COMMANDER)));
            Browser mia = house.browser().signedIn("mia");
            assertThat(mia.get("/api/session/people").status()).isEqualTo(404);
            assertThat(mia.send("PUT", "/api/session/person", Map.of("username", "nils"))
                            .status())
                    .isIn(404, 405);

            house.settings.put("conurb.identity.role-switch", true);
            house.restart();

            assertThat(house.browser().get("/api/session/people").status()).isEqualTo(401);
            assertThat(mia.get("/api/session/people").response().body()).contains("mia", "nils", "commander");
            assertThat(mia.send("PUT", "/api/session/person", Map.of("username", "nobody-here"))
                            .status())
                    .isEqualTo(404);
            String before = mia.cookie;
            var switched = mia.send("PUT", "/api/session/person", Map.of("username", "nils"));
            assertThat(switched.status()).isEqualTo(200);
            assertThat(switched.json().get("roles").toString()).isEqualTo("[\"commander\"]");
            assertThat(mia.cookie).isNotEqualTo(before);
            mia.cookie = before;
            assertThat(mia.get("/api/probe").status()).isEqualTo(401);
            assertThat(house.audit.actions()).contains("session.closed", "session.opened");
        }
    }
}

package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.conurb.server.TestSite.Call;
import org.conurb.server.TestSite.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class WarningsApiTest {
    private final TestSite site = TestSite.shared();
    private final Call installer = site.asInstaller();

    private Reply post(byte[] cap) {
        return installer.send("POST", "/api/warnings", cap, "application/cap+xml");
    }

    @Test
    void theFiveHundredAndOneRealAlertsGoInAndAreListedByArea() throws IOException {
        Path zip = TestSite.sharedData("cap/nws-2025-10-15-501-cap12-xml.zip");
        List<String> ids = new ArrayList<>();
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (entry.getName().endsWith(".xml")) {
                    Reply reply = post(in.readAllBytes());
                    assertThat(reply.status())
                            .as("%s: %s", entry.getName(), reply.text())
                            .isIn(200, 201);
                    ids.add(reply.json().path("id").asString());
                }
            }
        }
        assertThat(ids).hasSize(501);

        Set<String> listed = new HashSet<>();
        String after = "";
        do {
            JsonNode page = installer
                    .get("/api/warnings?state=all&limit=100" + after)
                    .expect(200)
                    .json();
            for (JsonNode warning : page.path("items")) {
                listed.add(warning.path("id").asString());
                assertThat(warning.path("areas").get(0).path("name").asString()).isNotBlank();
            }
            after = page.path("next").isNull()
                    ? ""
                    : "&after=" + page.path("next").asString();
        } while (!after.isEmpty());
        assertThat(listed).containsAll(ids);
        installer.get("/ngsi-ld/v1/entities/" + ids.getFirst()).expect(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"invalid.cap", "no_optional_fields.cap", "noaa_errors.cap", "earthquake.cap", "xee.cap"})
    void aBrokenSampleIsRefusedWithLineAndReason(String name) throws IOException {
        Reply reply = post(Files.readAllBytes(TestSite.sharedData("cap/google-testdata/" + name)));

        assertThat(reply.status()).as(reply.text()).isEqualTo(400);
        assertThat(reply.json().path("detail").asString()).containsPattern("[Ll]ine \\d+");
        assertThat(reply.json().path("remedy").asString()).isNotBlank();
    }

    @Test
    void aTestIsMarkedAndAnUpdateTakesTheOriginalsPlace() {
        String original = cap("org.conurb.test.1", "Alert", "Exercise", "");
        JsonNode first = post(bytes(original)).expect(201).json();
        JsonNode shown = installer
                .get("/api/warnings/" + first.path("id").asString())
                .expect(200)
                .json();
        assertThat(shown.path("real").asBoolean()).isFalse();
        assertThat(shown.path("expiresAssumed").asBoolean()).isTrue();
        assertThat(shown.path("areas").get(0).path("polygon").path("type").asString())
                .isEqualTo("Polygon");

        post(bytes(cap(
                        "org.conurb.test.2",
                        "Update",
                        "Exercise",
                        "<references>test@conurb.example,org.conurb.test.1,2026-03-01T08:00:00-00:00</references>")))
                .expect(201);

        assertThat(installer
                        .get("/api/warnings/" + first.path("id").asString())
                        .expect(200)
                        .json()
                        .path("state")
                        .asString())
                .isEqualTo("superseded");
        assertThat(installer
                        .get("/api/warnings/" + first.path("id").asString() + "/cap")
                        .expect(200)
                        .text())
                .isEqualTo(original);
    }

    private static String cap(String identifier, String type, String status, String references) {
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
                  <identifier>%s</identifier><sender>test@conurb.example</sender>
                  <sent>2026-03-01T08:00:00-00:00</sent><status>%s</status><msgType>%s</msgType>
                  <scope>Public</scope>%s
                  <info><category>Fire</category><event>Smoke</event><urgency>Immediate</urgency>
                    <severity>Severe</severity><certainty>Observed</certainty>
                    <area><areaDesc>Harbour</areaDesc><polygon>43.73,7.42 43.74,7.42 43.74,7.43 43.73,7.42</polygon></area>
                  </info>
                </alert>
                """.formatted(identifier, status, type, references);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

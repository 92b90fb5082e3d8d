package org.conurb.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.conurb.server.TestSite.Call;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Warnings that come by themselves, from the sources that a city folder names. */
class WarningSourcesApiTest {
    private static final String CITY = """
            id: harbour-town
            name: Harbour Town
            time-zone: Europe/Paris
            languages: [en]
            organisations:
              town-hall: {name: Town Hall, kind: town-hall}
            warning-sources:
              - {%s, organisation: town-hall, every: 1s}
            """;

    private static Path city(String source) throws IOException {
        Path folder = Files.createTempDirectory("conurb city ");
        Files.createDirectory(folder.resolve("inbox"));
        Files.writeString(folder.resolve("city.yaml"), CITY.formatted(source));
        return folder;
    }

    private static List<JsonNode> warnings(Call call) {
        List<JsonNode> found = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = call.get("/api/warnings?state=all&limit=100" + after)
                    .expect(200)
                    .json();
            page.path("items").forEach(found::add);
            after = page.path("next").isNull()
                    ? ""
                    : "&after=" + page.path("next").asString();
        } while (!after.isEmpty());
        return found;
    }

    private static JsonNode sources(Call call) {
        return call.get("/api/system")
                .expect(200)
                .json()
                .path("components")
                .valueStream()
                .filter(one -> one.path("name").asString().equals("warnings.sources"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void filesPutIntoAFolderAreTakenInAndBrokenOnesLaidAsideWithTheReason() throws Exception {
        Path city = city("folder: inbox");
        Path inbox = city.resolve("inbox");
        try (TestSite site = TestSite.up(TestSite.temporaryFolder("conurb inbox "), "--city", city.toString())) {
            Call call = site.asInstaller();
            put(inbox, "flood.cap", """
                    <alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
                      <identifier>flood.1</identifier><sender>river@conurb.example</sender>
                      <sent>2026-03-01T08:00:00-00:00</sent><status>Actual</status><msgType>Alert</msgType>
                      <scope>Public</scope>
                      <info><category>Met</category><event>Flood</event><urgency>Immediate</urgency>
                        <severity>Severe</severity><certainty>Observed</certainty>
                        <area><areaDesc>Harbour</areaDesc></area></info>
                    </alert>
                    """);
            TestSite.await("the warning", () -> warnings(call).size() == 1);
            assertThat(warnings(call)
                            .getFirst()
                            .path("areas")
                            .get(0)
                            .path("name")
                            .asString())
                    .isEqualTo("Harbour");
            TestSite.await("the file is laid aside", () -> Files.exists(inbox.resolve("done/flood.cap")));

            put(inbox, "broken.cap", "<alert><identifier>x</identifier></alert>");
            TestSite.await(
                    "the broken one is laid aside", () -> Files.exists(inbox.resolve("refused/broken.cap.reason.txt")));
            assertThat(Files.readString(inbox.resolve("refused/broken.cap.reason.txt")))
                    .containsPattern("[Ll]ine \\d+");
            assertThat(warnings(call)).hasSize(1);
        }
    }

    /** As one moves a file in: whole at once. */
    private static void put(Path inbox, String name, String text) throws IOException {
        Path fresh = inbox.resolve(name + ".part");
        Files.writeString(fresh, text, UTF_8);
        Files.move(fresh, inbox.resolve(name));
    }

    @Test
    void theWeatherFeedOf2018IsReadWithItsPolygonsAndAFeedThatIsAwayIsTold() throws Exception {
        byte[] feed;
        try (InputStream packed = new GZIPInputStream(
                Files.newInputStream(TestSite.sharedData("cap/nws-2018-08-15-atom-163-entries.xml.gz")))) {
            feed = packed.readAllBytes();
        }
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/atom", exchange -> {
            exchange.sendResponseHeaders(200, feed.length);
            exchange.getResponseBody().write(feed);
            exchange.close();
        });
        server.start();
        String address = "127.0.0.1:" + server.getAddress().getPort();
        Path city = city("feed: \"http://%s/atom\"".formatted(address));
        try (TestSite site = TestSite.up(
                TestSite.temporaryFolder("conurb feed "), "--city", city.toString(), "--allow-outbound", address)) {
            Call call = site.asInstaller();
            TestSite.await("all entries", () -> warnings(call).size() == 163);
            List<JsonNode> outlined = warnings(call).stream()
                    .filter(one -> one.path("areas")
                            .valueStream()
                            .anyMatch(area ->
                                    area.path("polygon").path("type").asString().equals("Polygon")))
                    .toList();
            assertThat(outlined).hasSize(99);
            String id = outlined.getFirst().path("id").asString();
            assertThat(call.get("/ngsi-ld/v1/entities/" + id).expect(200).text())
                    .contains("Polygon");
            assertThat(outlined.getFirst().path("state").asString())
                    .as("over for years")
                    .isNotEqualTo("active");

            server.stop(0);
            TestSite.await(
                    "it is told that the feed is away",
                    () -> sources(call).path("state").asString().equals("degraded"));
            assertThat(sources(call).path("remedy").asString()).isNotBlank();
        }
    }
}

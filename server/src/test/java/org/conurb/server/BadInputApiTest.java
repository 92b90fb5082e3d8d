package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.conurb.kernel.Json;
import org.conurb.server.TestSite.Call;
import org.conurb.server.TestSite.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Bad input gets a clear problem, changes nothing, and leaves the site as it was. */
class BadInputApiTest {
    private static final List<String> JSON_DOORS = List.of(
            "/api/incidents",
            "/api/units",
            "/api/grants",
            "/api/identity/clients",
            "/api/identity/people",
            "/ngsi-ld/v1/entities",
            "/ngsi-ld/v1/entityOperations/upsert",
            "/ngsi-ld/v1/subscriptions");

    private final TestSite site = TestSite.shared();
    private final Call installer = site.asInstaller();
    private long incidentsBefore;

    @BeforeEach
    void countIncidents() {
        incidentsBefore = incidents();
    }

    @AfterEach
    void nothingWasChangedAndTheSiteLives() {
        assertThat(incidents()).isEqualTo(incidentsBefore);
        site.asNobody().get("/actuator/health/liveness").expect(200);
    }

    private long incidents() {
        return installer
                .get("/api/incidents?state=all&limit=500")
                .expect(200)
                .json()
                .path("items")
                .size();
    }

    static Stream<String> doors() {
        return JSON_DOORS.stream();
    }

    @ParameterizedTest
    @MethodSource("doors")
    void malformedJsonIsRefused(String door) {
        for (String body : List.of(
                "", "{", "{\"a\":}", "[1,", "nul", "\u0000", "{\"type\":\"x\"}}", "\"text\"", "{\"a\":1,\"a\":2}")) {
            assertProblem(installer.send("POST", door, body.getBytes(StandardCharsets.UTF_8), "application/json"));
        }
        Random random = new Random(7);
        for (int i = 0; i < 20; i++) {
            byte[] noise = new byte[1 + random.nextInt(400)];
            random.nextBytes(noise);
            assertProblem(installer.send("POST", door, noise, "application/json"));
        }
    }

    @ParameterizedTest
    @MethodSource("doors")
    void twoHundredThousandBracketsAreRefused(String door) {
        byte[] brackets = "[".repeat(200_000).getBytes(StandardCharsets.US_ASCII);
        assertProblem(installer.send("POST", door, brackets, "application/json"));
        byte[] braces = "{\"a\":".repeat(150_000).getBytes(StandardCharsets.US_ASCII);
        assertProblem(installer.send("POST", door, braces, "application/json"));
    }

    @Test
    void aWrongTypeInEachFieldIsRefused() {
        List<Object> wrong = List.of(true, 7, -1.5, "text", List.of(1), Map.of("a", 1), List.of(List.of()));
        Map<String, Object> good = new LinkedHashMap<>(IncidentsApiTest.smoke());
        Map<String, List<Class<?>>> taken = Map.of(
                "id", List.of(),
                "type", List.of(),
                "priority", List.of(),
                "place", List.of(),
                "description", List.of(String.class),
                "caller", List.of(String.class));
        taken.forEach((field, fine) -> {
            for (Object value : wrong) {
                if (fine.stream().noneMatch(type -> type.isInstance(value))) {
                    Map<String, Object> body = new LinkedHashMap<>(good);
                    body.put(field, value);
                    Reply reply = installer.post("/api/incidents", body);
                    assertThat(reply.status())
                            .as("%s = %s: %s", field, value, reply.text())
                            .isEqualTo(400);
                    assertProblem(reply);
                }
            }
        });
    }

    @Test
    void aMemberThatIsNotOursIsRefusedByName() {
        Map<String, Object> body = new LinkedHashMap<>(IncidentsApiTest.smoke());
        body.put("pririty", 1);

        assertThat(installer
                        .post("/api/incidents", body)
                        .expect(400)
                        .json()
                        .path("detail")
                        .asString())
                .contains("pririty");
    }

    @Test
    void placesOffTheEarthAreRefused() {
        for (List<Object> coordinates : List.<List<Object>>of(
                List.of(181, 0),
                List.of(0, 91),
                List.of(0, -90.001),
                List.of(1e308, 1e308),
                List.of(0),
                List.of(),
                List.of("7", "43"),
                List.of(1, 2, 3, 4))) {
            Map<String, Object> body = new LinkedHashMap<>(IncidentsApiTest.smoke());
            body.put("place", Map.of("type", "Point", "coordinates", coordinates));
            assertProblem(installer.post("/api/incidents", body).expect(400));
        }
    }

    @Test
    void xmlWithADocumentTypeOrEntitiesIsRefused() {
        String secret = "conurb-canary";
        for (String xml : List.of(
                "<?xml version=\"1.0\"?><!DOCTYPE alert [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><alert>&x;</alert>",
                "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY a \"" + secret
                        + "\"><!ENTITY b \"&a;&a;&a;&a;&a;\">]><alert>&b;</alert>",
                "<!DOCTYPE alert SYSTEM \"http://127.0.0.1:9/x.dtd\"><alert/>",
                "<alert xmlns:xi=\"http://www.w3.org/2001/XInclude\"><xi:include href=\"file:///etc/passwd\"/></alert>",
                "<alert",
                "<a>".repeat(5_000))) {
            Reply reply = installer.send(
                    "POST", "/api/warnings", xml.getBytes(StandardCharsets.UTF_8), "application/cap+xml");
            assertProblem(reply.expect(400));
            assertThat(reply.text()).doesNotContain("root:").doesNotContain(secret);
        }
    }

    @Test
    void aHundredMegabytesAreRefusedBeforeTheyAreRead() throws IOException {
        try (Socket socket = new Socket("localhost", site.address().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("POST /api/incidents HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\n"
                                    + "Content-Type: application/json\r\nContent-Length: 104857600\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(statusLine(socket)).containsAnyOf(" 401", " 413");
        }
        byte[] large = new byte[3 << 20];
        java.util.Arrays.fill(large, (byte) ' ');
        assertThat(statusOf("/api/incidents", large)).isIn(413, -1);
    }

    @Test
    void aBatchOfEntitiesMayBeTenTimesAsLarge() {
        String words = "x".repeat(30_000);
        StringBuilder batch = new StringBuilder("[");
        for (int n = 0; n < 100; n++) {
            batch.append(n == 0 ? "" : ",")
                    .append("{\"id\":\"urn:ngsi-ld:Note:%d\",\"type\":\"Note\",\"words\":\"%s\"}".formatted(n, words));
        }
        byte[] body = batch.append("]").toString().getBytes(StandardCharsets.US_ASCII);
        installer
                .send("POST", "/ngsi-ld/v1/entityOperations/upsert", body, "application/json")
                .expect(201);
        installer.delete("/ngsi-ld/v1/entities?type=Note").expect(204);
        assertThat(statusOf("/ngsi-ld/v1/entities", body)).isIn(413, -1);
        byte[] larger = new byte[11 << 20];
        java.util.Arrays.fill(larger, (byte) ' ');
        assertThat(statusOf("/ngsi-ld/v1/entityOperations/upsert", larger)).isIn(413, -1);
    }

    /** No length told: only what was read can tell that it is too much. */
    @ParameterizedTest
    @CsvSource({
        "/api/incidents,application/json",
        "/api/warnings,application/cap+xml",
        "/ngsi-ld/v1/entities,application/ld+json"
    })
    void aHundredMegabytesInChunksAreRefusedEarly(String door, String type) throws Exception {
        byte[] chunk = ("10000\r\n" + " ".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        int sent = 0;
        CompletableFuture<String> answer = new CompletableFuture<>();
        try (Socket socket = new Socket("localhost", site.address().getPort())) {
            socket.setSoTimeout(20_000);
            Thread.ofVirtual().start(() -> answer.complete(statusLine(socket)));
            OutputStream out = socket.getOutputStream();
            out.write(("POST " + door + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + installerToken()
                            + "\r\nContent-Type: " + type + "\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            try {
                for (; sent < 100 << 20; sent += 0x10000) {
                    out.write(chunk);
                }
            } catch (IOException closed) {
                // As it should be.
            }
            assertThat(answer.get(20, TimeUnit.SECONDS)).contains(" 413");
        }
        assertThat(sent).as("bytes that went out before the end").isLessThan(16 << 20);
    }

    /** At doors behind sign-in and before it, and at one that has refused already and reads what still comes. */
    @Test
    void aSenderWhoDripsBytesIsCutOff() throws Exception {
        String form = "Content-Type: application/x-www-form-urlencoded\r\n";
        String json = "Content-Type: application/json\r\n";
        List<String> heads = List.of(
                "POST /api/incidents HTTP/1.1\r\nAuthorization: Bearer " + installerToken() + "\r\n" + json,
                "POST /api/incidents HTTP/1.1\r\nAuthorization: Bearer nonsense\r\n" + json,
                "POST /oauth2/token HTTP/1.1\r\n" + form,
                "POST /login/webauthn HTTP/1.1\r\n" + json,
                "POST /api/session HTTP/1.1\r\n" + json,
                "GET /api/city HTTP/1.1\r\nX-Drip: ");
        try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> closed = new ArrayList<>();
            for (String head : heads) {
                String end = head.endsWith("\n") ? "Host: localhost\r\nContent-Length: 5000\r\n\r\n" : "";
                closed.add(senders.submit(() -> drippedUntilClosed(head + end)));
            }
            for (int i = 0; i < heads.size(); i++) {
                assertThat(closed.get(i).get()).as(heads.get(i)).isTrue();
            }
        }
    }

    /** Sends a byte each tenth of a second, more often than any pause is told from; whether the other end closes at last. */
    private boolean drippedUntilClosed(String start) {
        byte[] answer = new byte[4096];
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        try (Socket socket = new Socket("localhost", site.address().getPort())) {
            socket.setSoTimeout(100);
            socket.getOutputStream().write(start.getBytes(StandardCharsets.US_ASCII));
            while (System.nanoTime() < end) {
                socket.getOutputStream().write(' ');
                try {
                    if (socket.getInputStream().read(answer) < 0) {
                        return true;
                    }
                } catch (java.net.SocketTimeoutException stillOpen) {
                    continue;
                }
            }
            return false;
        } catch (IOException closed) {
            return true;
        }
    }

    @Test
    void forgedTokensOpenNothing() {
        String[] parts = installerToken().split("\\.");
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        List<String> forged = new ArrayList<>();
        for (String header : List.of(
                "{\"alg\":\"none\"}",
                "{\"alg\":\"HS256\",\"typ\":\"JWT\"}",
                "{\"alg\":\"ES256\",\"kid\":\"../../../../dev/null\"}",
                "{\"alg\":\"ES256\",\"jku\":\"http://127.0.0.1:9/keys\"}",
                "{\"alg\":\"ES256\",\"jwk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}}")) {
            String start = encode(header) + "." + encode(claims) + ".";
            forged.add(start);
            forged.add(start + encode("x".repeat(64)));
            forged.add(start + Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[64]));
        }
        forged.add(parts[0] + "." + encode(claims.replace("\"sub\":\"", "\"sub\":\"x")) + "." + parts[2]);
        forged.add(parts[0] + "." + parts[1] + "." + encode("x".repeat(64)));
        forged.add("nonsense");
        for (String token : forged) {
            for (String door :
                    List.of("/api/incidents", "/ngsi-ld/v1/entities?type=Unit", "/api/events", "/api/system")) {
                assertProblem(site.with(token).get(door).expect(401));
            }
        }
    }

    @Test
    void aTokenOfAnotherSiteOpensNothingHere() {
        try (TestSite other = TestSite.up(TestSite.temporaryFolder("conurb other "))) {
            String foreign = installerToken(other);
            other.with(foreign).get("/api/incidents").expect(200);
            for (String door : List.of("/api/incidents", "/ngsi-ld/v1/entities?type=Unit", "/api/system")) {
                assertProblem(site.with(foreign).get(door).expect(401));
                assertProblem(other.with(installerToken()).get(door).expect(401));
            }
        }
    }

    @Test
    void nobodyGetsInWithoutSigningIn() {
        for (String door : List.of(
                "/api/incidents",
                "/api/units",
                "/api/warnings",
                "/api/events",
                "/api/audit/checkpoint",
                "/api/system",
                "/api/identity/people",
                "/api/grants",
                "/ngsi-ld/v1/entities?type=Unit",
                "/map/city.pmtiles",
                "/actuator/prometheus")) {
            assertThat(site.asNobody().get(door).status()).as(door).isEqualTo(401);
        }
    }

    @Test
    void anotherOrganisationsThingsAreNotThere() {
        String id = installer
                .post("/api/incidents", IncidentsApiTest.smoke())
                .expect(201)
                .json()
                .path("id")
                .asString();
        incidentsBefore++;
        Call school = site.asClientOf("school", "dispatcher");

        Reply hidden = school.get("/api/incidents/" + id).expect(404);
        Reply absent = school.get("/api/incidents/urn:ngsi-ld:Incident:" + UUID.randomUUID())
                .expect(404);
        assertThat(words(hidden)).isEqualTo(words(absent));
        school.get("/ngsi-ld/v1/entities/" + id).expect(404);
        school.patch("/api/incidents/" + id, Map.of("priority", 4)).expect(404);
        school.header("Conurb-Organisation", "police").get("/api/incidents").expect(403);
        school.header("Conurb-Organisation", "no such !").get("/api/incidents").expect(400);
    }

    private static String words(Reply reply) {
        return reply.json().path("detail").asString().replaceAll("[0-9a-f-]{36}", "<id>");
    }

    private static void assertProblem(Reply reply) {
        assertThat(reply.status()).as(reply.text()).isBetween(400, 499);
        assertThat(reply.header("Content-Type")).startsWith("application/problem+json");
        JsonNode problem = reply.json();
        assertThat(problem.path("detail").asString()).isNotBlank();
        assertThat(problem.path("remedy").asString()).isNotBlank();
        assertThat(reply.text()).doesNotContain("org.conurb").doesNotContain("Exception");
    }

    private String installerToken() {
        return installerToken(site);
    }

    private static String installerToken(TestSite site) {
        try {
            JsonNode bootstrap =
                    Json.mapper().readTree(java.nio.file.Files.readAllBytes(site.data.resolve("bootstrap.json")));
            return site.token(
                    bootstrap.path("clientId").asString(),
                    bootstrap.path("clientSecret").asString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Status of an upload that the server may cut off; -1 where it did. */
    private int statusOf(String path, byte[] body) {
        try {
            return installer.send("POST", path, body, "application/json").status();
        } catch (java.io.UncheckedIOException cut) {
            return -1;
        }
    }

    private static String statusLine(Socket socket) {
        try {
            return new String(socket.getInputStream().readNBytes(16), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}

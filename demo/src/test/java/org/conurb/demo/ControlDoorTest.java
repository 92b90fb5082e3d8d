package org.conurb.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlDoorTest {
    @TempDir
    Path data;

    private final List<SimCamera> cameras = Cameras.many(2);
    private ControlDoor door;

    @BeforeEach
    void open() throws Exception {
        Files.writeString(data.resolve("ports.json"), "{\"http\":1}");
        Files.writeString(data.resolve("bootstrap.json"), "{\"clientId\":\"a\",\"clientSecret\":\"b\"}");
        Living living = new Living(HttpSite.of(data, null), cameras, 1, Clock.systemUTC(), 1, 1, Optional.empty());
        door = new ControlDoor(0, living, new Random(1));
    }

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void aCameraBreaksAndIsMended() throws Exception {
        assertThat(knock("POST", "/cameras/1", "{\"fault\":\"black\"}", door.token())
                        .body())
                .contains("\"fault\":\"black\"");
        assertThat(cameras.getFirst().fault()).isEqualTo(Fault.BLACK);
        assertThat(knock("POST", "/cameras/1", "{\"fault\":\"cut\"}", door.token())
                        .statusCode())
                .isEqualTo(200);
        assertThat(cameras.getFirst().cuts()).isEqualTo(1);
        knock("POST", "/cameras/2", "{\"fault\":\"stop\"}", door.token());
        knock("POST", "/restore", "", door.token());
        assertThat(cameras).allMatch(camera -> camera.fault() == Fault.NONE);
    }

    @Test
    void whoHasNotTheTokenIsRefused() throws Exception {
        assertThat(knock("GET", "/state", "", "").statusCode()).isEqualTo(401);
        assertThat(knock("POST", "/cameras/1", "{\"fault\":\"stop\"}", "guess").statusCode())
                .isEqualTo(401);
        assertThat(cameras.getFirst().fault()).isEqualTo(Fault.NONE);
    }

    @Test
    void theTokenLiesInAFileThatOnlyTheOwnerReads() throws Exception {
        door.tell(data);
        Path file = data.resolve("demo-control.json");
        assertThat(Files.readString(file)).contains(door.token());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void whatIsNotUnderstoodChangesNothing() throws Exception {
        assertThat(knock("POST", "/cameras/9", "{\"fault\":\"stop\"}", door.token())
                        .statusCode())
                .isEqualTo(404);
        assertThat(knock("POST", "/cameras/1", "{\"fault\":\"melt\"}", door.token())
                        .statusCode())
                .isEqualTo(404);
        assertThat(knock("POST", "/speed", "{\"factor\":900}", door.token()).statusCode())
                .isEqualTo(400);
        assertThat(knock("POST", "/calls", "{", door.token()).statusCode()).isEqualTo(400);
        assertThat(knock("POST", "/calls", "[".repeat(9_000), door.token()).statusCode())
                .isEqualTo(400);
        assertThat(knock("DELETE", "/state", "", door.token()).statusCode()).isEqualTo(405);
    }

    private HttpResponse<String> knock(String method, String path, String body, String token) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + path))
                            .header("Conurb-Demo", token)
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}

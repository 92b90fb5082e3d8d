package org.conurb.server;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.conurb.kernel.Category;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Json;
import org.conurb.outbound.OutboundHttp;
import org.conurb.outbound.OutboundRequest;
import org.conurb.outbound.OutboundResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** The console's demo panel reaches the living part of the demo through here; who is signed in may play. */
@RestController
@RequestMapping("/api/demo")
class DemoController {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MOST_BYTES = 256 * 1024;

    private static final class CityAsleep extends ConurbException {
        CityAsleep() {
            super(
                    Category.UPSTREAM,
                    "demo-asleep",
                    "The living part of the demo does not answer.",
                    "It takes some seconds after the start; else see log/conurb.log and start the demo again.");
        }
    }

    private final Path told;
    private final OutboundHttp http;

    DemoController(Path told, OutboundHttp http) {
        this.told = told;
        this.http = http;
    }

    @GetMapping("/state")
    ResponseEntity<byte[]> state() {
        return ask(null, "/state");
    }

    /** Calls, speed and restore. */
    @PostMapping("/{what:calls|speed|restore}")
    ResponseEntity<byte[]> change(@PathVariable String what, @RequestBody(required = false) byte @Nullable [] body) {
        return ask(body, "/" + what);
    }

    /** A scene to play, a camera to break or mend, a unit to cut off or restore. */
    @PostMapping("/{what:scenes|cameras|units}/{which:[A-Za-z0-9-]{1,40}}")
    ResponseEntity<byte[]> change(
            @PathVariable String what,
            @PathVariable String which,
            @RequestBody(required = false) byte @Nullable [] body) {
        return ask(body, "/%s/%s".formatted(what, which));
    }

    private ResponseEntity<byte[]> ask(byte @Nullable [] body, String path) {
        JsonNode door = door();
        URI uri = URI.create("http://127.0.0.1:%d%s".formatted(door.path("port").asInt(), path));
        OutboundRequest request = body == null && path.equals("/state")
                ? OutboundRequest.get(uri)
                : OutboundRequest.post(uri, MediaType.APPLICATION_JSON_VALUE, body == null ? new byte[0] : body);
        OutboundResponse answer =
                http.send(request.with("Conurb-Demo", door.path("token").asString())
                        .within(PATIENCE)
                        .atMost(MOST_BYTES));
        return ResponseEntity.status(answer.status())
                .contentType(MediaType.APPLICATION_JSON)
                .body(answer.body());
    }

    private JsonNode door() {
        try {
            return Json.mapper().readTree(Files.readAllBytes(told));
        } catch (IOException e) {
            throw new CityAsleep();
        }
    }
}

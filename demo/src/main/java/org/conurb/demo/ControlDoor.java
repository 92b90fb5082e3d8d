package org.conurb.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The demo's own door on loopback, for the console's demo panel behind the site. Who may knock holds the token of
 * {@code demo-control.json} in the data folder ({@code {"port","token"}}, 0600), sent as {@code Conurb-Demo}:
 *
 * <pre>
 * GET  /state
 * POST /scenes/{id}                      plays it
 * POST /cameras/{id}  {"fault":"stop|stall|black|frozen|moved|none|cut"}
 * POST /units/{callSign}  {"linked":true|false}
 * POST /calls  {"paused":true|false}
 * POST /speed  {"factor":0.1..20}
 * POST /restore                          mends everything
 * </pre>
 *
 * Answers 200 with the state; 400, 401, 404 and 405 with {@code {"detail"}}.
 */
final class ControlDoor implements AutoCloseable {
    private static final int MOST_BODY = 4_096;

    private static final class Fault4xx extends Exception {
        private static final long serialVersionUID = 1;
        private final int status;

        Fault4xx(int status, String detail) {
            super(detail);
            this.status = status;
        }
    }

    private final HttpServer server;
    private final Living living;
    private final String token;

    ControlDoor(int port, Living living, RandomGenerator random) throws IOException {
        this.living = living;
        byte[] bytes = new byte[24];
        random.nextBytes(bytes);
        this.token = HexFormat.of().formatHex(bytes);
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
        server.createContext("/", this::serve);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    String token() {
        return token;
    }

    /** Writes where the door is and what opens it. */
    void tell(Path data) throws IOException {
        Path fresh = data.resolve("demo-control.json.new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(fresh, HttpSite.JSON.writeValueAsBytes(Map.of("port", port(), "token", token)));
        Files.move(
                fresh,
                data.resolve("demo-control.json"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                answer(exchange);
                reply(exchange, 200, living.state());
            } catch (Fault4xx e) {
                reply(exchange, e.status, Map.of("detail", String.valueOf(e.getMessage())));
            }
        }
    }

    private void answer(HttpExchange exchange) throws IOException, Fault4xx {
        String given = exchange.getRequestHeaders().getFirst("Conurb-Demo");
        if (given == null
                || !MessageDigest.isEqual(
                        given.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8))) {
            throw new Fault4xx(401, "Send the token of demo-control.json as Conurb-Demo.");
        }
        String[] path = exchange.getRequestURI().getPath().split("/", -1);
        String room = path.length > 1 ? path[1] : "";
        String thing = path.length > 2 ? path[2] : "";
        if (room.equals("state") && exchange.getRequestMethod().equals("GET")) {
            return;
        }
        if (!exchange.getRequestMethod().equals("POST")) {
            throw new Fault4xx(405, "Use POST.");
        }
        JsonNode body = body(exchange);
        boolean done = switch (room) {
            case "scenes" -> living.play(value(Play.class, thing));
            case "cameras" -> {
                String fault = body.path("fault").asString("");
                boolean cut = fault.equals("cut");
                yield living.suffer(thing, cut ? Fault.NONE : value(Fault.class, fault), cut);
            }
            case "units" -> living.link(thing, flag(body, "linked"));
            case "calls" -> living.pauseCalls(flag(body, "paused"));
            case "speed" -> speed(body.path("factor").asDouble(0));
            case "restore" -> living.restore();
            default -> throw new Fault4xx(404, "There is no such door.");
        };
        if (!done) {
            throw new Fault4xx(404, "There is no %s.".formatted(thing));
        }
    }

    private boolean speed(double factor) throws Fault4xx {
        if (!(factor >= 0.1 && factor <= 20)) {
            throw new Fault4xx(400, "factor is 0.1 to 20.");
        }
        living.speed(factor);
        return true;
    }

    private static boolean flag(JsonNode body, String name) throws Fault4xx {
        if (!body.path(name).isBoolean()) {
            throw new Fault4xx(400, "Send {\"%s\":true} or false.".formatted(name));
        }
        return body.path(name).asBoolean();
    }

    private static <E extends Enum<E>> E value(Class<E> type, String code) throws Fault4xx {
        try {
            return Enum.valueOf(type, code.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new Fault4xx(404, "There is no %s.".formatted(code));
        }
    }

    private static JsonNode body(HttpExchange exchange) throws IOException, Fault4xx {
        byte[] bytes = exchange.getRequestBody().readNBytes(MOST_BODY + 1);
        try {
            if (bytes.length <= MOST_BODY) {
                return bytes.length == 0 ? HttpSite.JSON.createObjectNode() : HttpSite.JSON.readTree(bytes);
            }
        } catch (JacksonException e) {
            // told below
        }
        throw new Fault4xx(400, "The body is not JSON of at most 4096 bytes.");
    }

    private static void reply(HttpExchange exchange, int status, Object body) throws IOException {
        byte[] bytes = HttpSite.JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

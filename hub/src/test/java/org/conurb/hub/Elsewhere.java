package org.conurb.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Another server, which has contexts, and bad ones. */
final class Elsewhere implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, Told> told = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);

    private record Told(int status, byte[] body, String cacheControl, boolean never) {}

    Elsewhere() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.computeIfAbsent(path, first -> new AtomicInteger()).incrementAndGet();
        Told answer = told.getOrDefault(path, new Told(404, new byte[0], "", false));
        try (exchange) {
            if (answer.never) {
                closing.await(30, TimeUnit.SECONDS);
                return;
            }
            if (!answer.cacheControl.isEmpty()) {
                exchange.getResponseHeaders().set("Cache-Control", answer.cacheControl);
            }
            exchange.sendResponseHeaders(answer.status, answer.body.length == 0 ? -1 : answer.body.length);
            exchange.getResponseBody().write(answer.body);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** Address of a path. */
    String at(String path) {
        return "http://127.0.0.1:%d/%s".formatted(server.getAddress().getPort(), path);
    }

    String has(String path, String body) {
        return has(path, 200, body, "");
    }

    String has(String path, int status, String body, String cacheControl) {
        told.put("/" + path, new Told(status, body.getBytes(StandardCharsets.UTF_8), cacheControl, false));
        return at(path);
    }

    /** What is there never answers. */
    String hangs(String path) {
        told.put("/" + path, new Told(200, new byte[0], "", true));
        return at(path);
    }

    void lost(String path) {
        told.remove("/" + path);
    }

    /** How often a path was asked for. */
    int asked(String path) {
        AtomicInteger count = asked.get("/" + path);
        return count == null ? 0 : count.get();
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
    }
}

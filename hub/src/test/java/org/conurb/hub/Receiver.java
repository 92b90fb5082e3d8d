package org.conurb.hub;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.conurb.kernel.Json;
import tools.jackson.databind.JsonNode;

/** Somebody's server on loopback, which takes notifications. */
final class Receiver implements AutoCloseable {
    final List<JsonNode> got = new CopyOnWriteArrayList<>();
    final List<Headers> headers = new CopyOnWriteArrayList<>();
    volatile int status = 200;
    private final int port;
    private HttpServer server;

    Receiver() {
        server = open(0);
        port = server.getAddress().getPort();
    }

    private HttpServer open(int at) {
        try {
            HttpServer opened = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 50);
            opened.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            opened.createContext("/", exchange -> {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                if (status == 200) {
                    headers.add(exchange.getRequestHeaders());
                    got.add(Json.mapper().readTree(body));
                }
                exchange.sendResponseHeaders(status, -1);
                exchange.close();
            });
            opened.start();
            return opened;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The machine goes down. */
    void stop() {
        server.stop(0);
    }

    /** It is back at the same place. */
    void startAgain() {
        server = open(port);
    }

    String uri(String path) {
        return "http://127.0.0.1:%d/%s".formatted(port, path);
    }

    /** Of the first entity of each notification. */
    List<String> ids() {
        return got.stream().map(one -> one.at("/data/0/id").stringValue()).toList();
    }

    long count(String subscription) {
        return got.stream()
                .filter(one -> one.get("subscriptionId").stringValue().equals(subscription))
                .count();
    }

    JsonNode last() {
        return got.getLast();
    }

    void awaits(int notifications) {
        Hub.await(notifications + " notifications", () -> got.size() >= notifications);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

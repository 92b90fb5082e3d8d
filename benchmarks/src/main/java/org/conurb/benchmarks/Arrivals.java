package org.conurb.benchmarks;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;

/** A receiver of notifications on this machine: when each change that was sent arrived. */
final class Arrivals implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, Long> sent = new ConcurrentHashMap<>();
    private final Map<String, Long> took = new ConcurrentHashMap<>();

    Arrivals() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            long now = System.nanoTime();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
            sent.forEach((id, began) -> {
                if (body.contains('"' + id + '"')) {
                    took.putIfAbsent(id, now - began);
                }
            });
        });
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    /** Now a change of that entity is on its way; one a test. */
    void sending(String id) {
        sent.put(id, System.nanoTime());
    }

    int count() {
        return took.size();
    }

    /** From request to arrival, in nanoseconds, sorted. */
    long[] sorted() {
        return took.values().stream().flatMapToLong(LongStream::of).sorted().toArray();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

package org.conurb.outbound;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundHttpTest {
    private final AtomicInteger hits = new AtomicInteger();
    private final CountDownLatch over = new CountDownLatch(1);
    private HttpServer server;
    private OutboundHttp allowed;
    private OutboundHttp strict;
    private int port;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/ok", exchange -> answer(exchange, 200, "hello", Map.of("ETag", "\"1\"")));
        server.createContext(
                "/echo",
                exchange -> answer(
                        exchange, 201, new String(exchange.getRequestBody().readAllBytes(), UTF_8), Map.of()));
        server.createContext("/error", exchange -> answer(exchange, 503, "later", Map.of("Retry-After", "7")));
        server.createContext(
                "/away",
                exchange -> answer(exchange, 302, "", Map.of("Location", "http://elsewhere.test:" + port + "/ok")));
        server.createContext("/up", exchange -> answer(exchange, 301, "", Map.of("Location", "file:///etc/passwd")));
        server.createContext("/here", exchange -> answer(exchange, 307, "", Map.of("Location", "/ok")));
        server.createContext("/circle", exchange -> answer(exchange, 302, "", Map.of("Location", "/circle")));
        server.createContext("/endless", this::endless);
        server.createContext("/drip", this::drip);
        server.createContext("/silent", exchange -> waitUntilOver());
        server.start();
        port = server.getAddress().getPort();
        allowed = client(OutboundPolicy.parse(List.of("127.0.0.1:" + port)));
        strict = client(OutboundPolicy.publicOnly());
    }

    @AfterEach
    void stop() {
        over.countDown();
        allowed.close();
        strict.close();
        server.stop(0);
    }

    @Test
    void anAllowedServerIsAskedAndItsAnswerComesWhole() {
        OutboundResponse response = allowed.send(OutboundRequest.get(at("/ok")));
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("hello".getBytes(UTF_8));
        assertThat(response.header("etag")).contains("\"1\"");
        assertThat(allowed.send(OutboundRequest.get(at("/error"))).header("retry-after"))
                .contains("7");
    }

    @Test
    void aBodyIsSentWithItsType() {
        OutboundResponse response =
                allowed.send(OutboundRequest.post(at("/echo"), "application/json", "{\"a\":1}".getBytes(UTF_8)));
        assertThat(response.status()).isEqualTo(201);
        assertThat(new String(response.body(), UTF_8)).isEqualTo("{\"a\":1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:%d/ok",
                "http://2130706433:%d/ok",
                "http://0x7f000001:%d/ok",
                "http://0x7f.1:%d/ok",
                "http://0177.0.0.1:%d/ok",
                "http://017700000001:%d/ok",
                "http://127.1:%d/ok",
                "http://[::1]:%d/ok",
                "http://[::ffff:127.0.0.1]:%d/ok",
                "http://[::ffff:7f00:1]:%d/ok",
                "http://[0:0:0:0:0:ffff:127.0.0.1]:%d/ok",
                "http://[::127.0.0.1]:%d/ok",
                "http://0.0.0.0:%d/ok",
                "http://0:%d/ok",
                "http://localhost:%d/ok",
                "http://LOCALHOST.:%d/ok",
                "http://127.0.0.1.:%d/ok",
                "http://inside.test:%d/ok",
                "http://both.test:%d/ok",
                "http://[fe80::1]:%d/ok",
                "http://169.254.169.254:%d/latest/meta-data",
                "http://user@127.0.0.1:%d/ok",
                "http://public.test@127.0.0.1:%d/ok",
                "http://127.0.0.1:%d/ok#x",
                "ftp://127.0.0.1:%d/ok",
                "file:///etc/passwd?%d",
                "gopher://127.0.0.1:%d/",
                "jar:http://127.0.0.1:%d/!/",
                "http:///ok?%d",
                "/ok?%d",
                "http://127。0。0。1:%d/ok",
                "http://①②⑦.0.0.1:%d/ok",
                "http://0x7f.0x0.0x0.0x1:%d/"
            })
    void noSpellingOfAnInsideAddressIsCalled(String spelling) {
        URI uri = URI.create(spelling.formatted(port));
        assertThatThrownBy(() -> strict.send(OutboundRequest.get(uri))).isInstanceOf(OutboundRefused.class);
        assertThat(hits).hasValue(0);
    }

    @Test
    void aNameThatChangesItsAddressAfterTheCheckIsNotFollowed() {
        AtomicInteger asked = new AtomicInteger();
        OutboundHttp rebound = new OutboundHttp(
                OutboundPolicy.publicOnly(),
                host -> new InetAddress[] {
                    InetAddress.ofLiteral(asked.getAndIncrement() == 0 ? "127.0.0.1" : "127.0.0.2")
                },
                trust());
        assertThatThrownBy(() -> rebound.send(OutboundRequest.get(URI.create("http://rebind.test:" + port + "/ok"))))
                .isInstanceOf(OutboundRefused.class);
        assertThat(asked).hasValue(1);
        assertThat(hits).hasValue(0);
        rebound.close();
    }

    @Test
    void aNameIsLookedUpOncePerConnection() {
        AtomicInteger asked = new AtomicInteger();
        OutboundHttp counted = new OutboundHttp(
                OutboundPolicy.parse(List.of("once.test")),
                host -> {
                    asked.incrementAndGet();
                    return new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")};
                },
                trust());
        assertThat(counted.send(OutboundRequest.get(URI.create("http://once.test:" + port + "/ok")))
                        .ok())
                .isTrue();
        assertThat(asked).hasValue(1);
        counted.close();
    }

    @Test
    void redirectsStayOnTheSameServer() {
        assertThat(allowed.send(OutboundRequest.get(at("/here"))).body()).isEqualTo("hello".getBytes(UTF_8));
        assertThatThrownBy(() -> allowed.send(OutboundRequest.get(at("/away"))))
                .isInstanceOf(OutboundRefused.class)
                .hasMessageContaining("elsewhere.test");
        assertThatThrownBy(() -> allowed.send(OutboundRequest.get(at("/up")))).isInstanceOf(OutboundRefused.class);
        assertThatThrownBy(() -> allowed.send(OutboundRequest.get(at("/circle"))))
                .isInstanceOf(OutboundFailed.class)
                .hasMessageContaining("circles");
    }

    @Test
    void aRedirectedPostIsAnAnswerAndIsNotRepeated() {
        OutboundResponse response = allowed.send(OutboundRequest.post(at("/here"), "text/plain", new byte[] {1}));
        assertThat(response.status()).isEqualTo(307);
        assertThat(hits).hasValue(1);
    }

    @Test
    void anEndlessAnswerIsCutAtTheBound() {
        OutboundRequest request = OutboundRequest.get(at("/endless")).atMost(10_000);
        assertThatThrownBy(() -> allowed.send(request))
                .isInstanceOf(OutboundFailed.class)
                .hasMessageContaining("10000 bytes");
        assertThat(allowed.send(OutboundRequest.get(at("/ok")).atMost(5)).ok()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/drip", "/silent"})
    void aSlowServerIsGivenUpAtTheDeadline(String path) {
        long start = System.nanoTime();
        OutboundRequest request = OutboundRequest.get(at(path)).within(Duration.ofMillis(700));
        assertThatThrownBy(() -> allowed.send(request))
                .isInstanceOf(OutboundFailed.class)
                .hasMessageContaining("700 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void aHungNameServerIsGivenUpAtTheDeadline() {
        OutboundHttp hung = new OutboundHttp(
                OutboundPolicy.publicOnly(),
                host -> {
                    waitUntilOver();
                    throw new UnknownHostException(host);
                },
                trust());
        OutboundRequest request =
                OutboundRequest.get(URI.create("http://slow.test/")).within(Duration.ofMillis(300));
        assertThatThrownBy(() -> hung.send(request)).isInstanceOf(OutboundFailed.class);
        over.countDown();
        hung.close();
    }

    @Test
    void oneServerTakesOnlyItsShareOfCalls() throws Exception {
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                answers.add(callers.submit(() -> {
                    try {
                        allowed.send(OutboundRequest.get(at("/silent")).within(Duration.ofSeconds(2)));
                        return "answered";
                    } catch (OutboundFailed failed) {
                        return failed.code();
                    }
                }));
            }
            int busy = 0;
            for (Future<String> answer : answers) {
                busy += answer.get(10, TimeUnit.SECONDS).equals("outbound-busy") ? 1 : 0;
            }
            assertThat(busy).isEqualTo(24);
        }
    }

    @Test
    void callsAreFreeAgainAfterFailures() {
        for (int i = 0; i < 40; i++) {
            assertThatThrownBy(() -> allowed.send(OutboundRequest.get(at("/away"))))
                    .isInstanceOf(OutboundRefused.class);
        }
        assertThat(allowed.send(OutboundRequest.get(at("/ok"))).ok()).isTrue();
    }

    @Test
    void anUnknownNameAndAClosedPortAreUpstreamFailures() throws Exception {
        assertThatThrownBy(() -> strict.send(OutboundRequest.get(URI.create("http://nowhere.test/"))))
                .isInstanceOf(OutboundFailed.class)
                .hasMessageContaining("does not resolve");
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        try (OutboundHttp client = client(OutboundPolicy.parse(List.of("127.0.0.0/8")))) {
            assertThatThrownBy(() -> client.send(OutboundRequest.get(URI.create("http://127.0.0.1:" + closed))))
                    .isInstanceOf(OutboundFailed.class);
        }
    }

    @Test
    void anAnswerThatIsNoHttpIsAFailure() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                OutboundHttp client = client(OutboundPolicy.parse(List.of("127.0.0.1")))) {
            Thread.ofVirtual().start(() -> {
                try (Socket peer = socket.accept()) {
                    peer.getOutputStream().write("SSH-2.0-x\r\n".repeat(2_000).getBytes(UTF_8));
                } catch (IOException gone) {
                    // the client hangs up: that is the point
                }
            });
            URI uri = URI.create("http://127.0.0.1:" + socket.getLocalPort());
            assertThatThrownBy(() -> client.send(OutboundRequest.get(uri).within(Duration.ofSeconds(5))))
                    .isInstanceOf(OutboundFailed.class);
        }
    }

    @Test
    void headersThatSteerTheConnectionAreRefused() {
        for (String name : List.of("Host", "Content-Length", "transfer-encoding", "Connection", "X\r\nY", "")) {
            assertThatThrownBy(() -> allowed.send(OutboundRequest.get(at("/ok")).with(name, "x")))
                    .isInstanceOf(OutboundRefused.class);
        }
        assertThat(hits).hasValue(0);
    }

    private URI at(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static OutboundHttp client(OutboundPolicy policy) {
        return new OutboundHttp(policy, OutboundHttpTest::lookup, trust());
    }

    private static InetAddress[] lookup(String host) throws UnknownHostException {
        return switch (host.toLowerCase(Locale.ROOT)) {
            case "localhost." -> new InetAddress[] {InetAddress.getLoopbackAddress()};
            case "inside.test" -> new InetAddress[] {InetAddress.ofLiteral("192.168.3.4")};
            case "both.test" ->
                new InetAddress[] {InetAddress.ofLiteral("1.1.1.1"), InetAddress.ofLiteral("127.0.0.1")};
            case "nowhere.test" -> throw new UnknownHostException(host);
            default -> InetAddress.getAllByName(host);
        };
    }

    private static SSLContext trust() {
        try {
            return SSLContext.getDefault();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private void answer(HttpExchange exchange, int status, String body, Map<String, String> headers)
            throws IOException {
        hits.incrementAndGet();
        headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private void endless(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            byte[] block = new byte[8_192];
            while (over.getCount() > 0) {
                out.write(block);
            }
        }
    }

    private void drip(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            while (!over.await(50, TimeUnit.MILLISECONDS)) {
                out.write('.');
                out.flush();
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void waitUntilOver() {
        try {
            over.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}

package org.conurb.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The one client for HTTP to the outside. A name is resolved once, its addresses are checked against the policy, and
 * the connection goes to the very address checked. Redirects stay on the same server. Size, time, headers, connections
 * and waiting calls are bounded. No proxy, cookies, stored passwords or decompression. Safe for many threads.
 */
public final class OutboundHttp implements AutoCloseable {
    private static final int MAX_CALLS = 64;
    private static final int MAX_WAITING = 256;
    private static final int MAX_CALLS_PER_SERVER = 16;
    private static final int MAX_REDIRECTS = 5;
    private static final int MAX_HEADERS = 100;
    private static final int MAX_HEADER_LINE = 8_192;
    private static final Set<String> CLIENTS_OWN_HEADERS =
            Set.of("host", "content-length", "transfer-encoding", "connection", "proxy-authorization", "upgrade", "te");

    private static final HttpUriRequestBase STOPPED = new HttpUriRequestBase("GET", URI.create("http://stopped"));

    private final OutboundPolicy policy;
    private final CloseableHttpClient client;
    private final ThreadPoolExecutor calls;
    private final Map<String, Integer> underWay = new ConcurrentHashMap<>();

    /** Reads the certificates that the system trusts, so that the first of these need not; from any thread. */
    public static void prepare() {
        systemTrust();
    }

    public OutboundHttp(OutboundPolicy policy) {
        this(policy, InetAddress::getAllByName, systemTrust());
    }

    OutboundHttp(OutboundPolicy policy, CheckedNames.NameLookup lookup, SSLContext trust) {
        this.policy = policy;
        // Platform threads, since looking up a name blocks inside the operating system.
        this.calls = new ThreadPoolExecutor(
                MAX_CALLS,
                MAX_CALLS,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_WAITING),
                Thread.ofPlatform().daemon().name("outbound-", 0).factory());
        this.calls.allowCoreThreadTimeOut(true);
        this.client = client(new CheckedNames(policy, lookup), trust);
    }

    private static CloseableHttpClient client(CheckedNames names, SSLContext trust) {
        Http1Config limits = Http1Config.custom()
                .setMaxHeaderCount(MAX_HEADERS)
                .setMaxLineLength(MAX_HEADER_LINE)
                .setMaxEmptyLineCount(2)
                .build();
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(names)
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(trust))
                .setMaxConnTotal(MAX_CALLS)
                .setMaxConnPerRoute(MAX_CALLS_PER_SERVER)
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(limits)
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setIdleTimeout(Timeout.ofSeconds(30))
                        .setTimeToLive(Timeout.ofMinutes(2)) // so that a changed name is looked up again
                        .setValidateAfterInactivity(Timeout.ofSeconds(1))
                        .build())
                .build();
        return HttpClients.custom()
                .setConnectionManager(connections)
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableConnectionState()
                .setUserAgent("Conurb")
                .build();
    }

    /**
     * Asks and waits for the whole answer; any status is an answer.
     *
     * @throws OutboundRefused when it may not be called; a retry does not help
     * @throws OutboundFailed when there was no answer within the bounds
     */
    public OutboundResponse send(OutboundRequest request) {
        demand(request.uri());
        request.headers().keySet().forEach(OutboundHttp::demandHeader);
        String server = server(request.uri());
        if (underWay.merge(server, 1, Integer::sum) > MAX_CALLS_PER_SERVER) {
            leave(server);
            throw OutboundFailed.busy(server);
        }
        AtomicReference<@Nullable HttpUriRequestBase> current = new AtomicReference<>();
        Future<OutboundResponse> call;
        try {
            call = calls.submit(() -> {
                try {
                    return follow(request, current);
                } finally {
                    leave(server);
                }
            });
        } catch (RejectedExecutionException full) {
            leave(server);
            throw OutboundFailed.busy(server);
        }
        return await(call, request, current);
    }

    /**
     * Refuses a URL whose form, scheme or literal address can never be called, without using the network; for doors
     * that take a URL for later. Names are looked up only when called.
     *
     * @throws OutboundRefused with the reason
     */
    public void demand(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw OutboundRefused.form(uri.toString(), "only http and https are spoken");
        }
        String host = uri.getHost();
        if (host == null || host.isEmpty() || uri.getPort() == 0 || uri.getPort() > 65_535) {
            throw OutboundRefused.form(uri.toString(), "it names no host and port that can be read");
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw OutboundRefused.form(host, "it carries a user name or a fragment");
        }
        policy.demandLiteral(host, port(uri));
    }

    private static void demandHeader(String name) {
        if (CLIENTS_OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT)) || !name.matches("[A-Za-z0-9-]{1,64}")) {
            throw OutboundRefused.form("Header " + name, "the client sets it itself, or it is no header's name");
        }
    }

    private OutboundResponse await(
            Future<OutboundResponse> call,
            OutboundRequest request,
            AtomicReference<@Nullable HttpUriRequestBase> current) {
        String server = server(request.uri());
        try {
            return call.get(request.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            abort(current);
            throw OutboundFailed.late(server, request.timeout());
        } catch (InterruptedException stopping) {
            abort(current);
            Thread.currentThread().interrupt();
            throw OutboundFailed.unreachable(server, stopping);
        } catch (ExecutionException failed) {
            switch (Objects.requireNonNull(failed.getCause())) {
                case OutboundRefused refused -> throw refused;
                case OutboundFailed told -> throw told;
                case UnknownHostException unknown ->
                    throw OutboundFailed.unreachable(server, new UnknownHostException("its name does not resolve"));
                case IOException broken -> throw OutboundFailed.unreachable(server, broken);
                default -> throw new IllegalStateException("A call to " + server + " broke", failed);
            }
        }
    }

    /** Cuts the connection; a call still waiting for a thread finds itself stopped there. */
    private static void abort(AtomicReference<@Nullable HttpUriRequestBase> current) {
        HttpUriRequestBase running = current.getAndSet(STOPPED);
        if (running != null) {
            running.cancel();
        }
    }

    private OutboundResponse follow(OutboundRequest request, AtomicReference<@Nullable HttpUriRequestBase> current)
            throws IOException {
        OutboundRequest next = request;
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            OutboundResponse response = exchange(next, current);
            boolean moved = response.status() == 301
                    || response.status() == 302
                    || response.status() == 303
                    || response.status() == 307
                    || response.status() == 308;
            if (!moved || !(next.method().equals("GET") || next.method().equals("HEAD"))) {
                return response;
            }
            next = next.to(destination(next.uri(), response));
        }
        throw OutboundFailed.redirects(server(request.uri()));
    }

    private URI destination(URI from, OutboundResponse response) {
        URI to;
        try {
            to = from.resolve(response.header("location").orElse(""));
        } catch (IllegalArgumentException unreadable) {
            throw OutboundFailed.redirects(server(from));
        }
        demand(to);
        if (!server(from).equals(server(to))) {
            throw OutboundRefused.redirect(server(from), server(to));
        }
        return to;
    }

    private OutboundResponse exchange(OutboundRequest request, AtomicReference<@Nullable HttpUriRequestBase> current)
            throws IOException {
        HttpUriRequestBase http = new HttpUriRequestBase(request.method(), request.uri());
        request.headers().forEach(http::setHeader);
        if (request.body().length > 0) {
            http.setEntity(new ByteArrayEntity(request.body(), null));
        }
        Timeout whole = Timeout.of(request.timeout());
        http.setConfig(RequestConfig.custom()
                .setConnectionRequestTimeout(whole)
                .setResponseTimeout(whole)
                .setRedirectsEnabled(false)
                .setAuthenticationEnabled(false)
                .setProtocolUpgradeEnabled(false)
                .build());
        HttpUriRequestBase before = current.getAndUpdate(now -> now == STOPPED ? STOPPED : http);
        if (before == STOPPED) {
            throw new IOException("the call was given up");
        }
        return client.execute(http, response -> read(response, request, http));
    }

    private static OutboundResponse read(ClassicHttpResponse response, OutboundRequest request, HttpUriRequestBase http)
            throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        for (Header header : response.getHeaders()) {
            headers.putIfAbsent(header.getName().toLowerCase(Locale.ROOT), header.getValue());
        }
        byte[] body = new byte[0];
        if (response.getEntity() != null) {
            InputStream stream = response.getEntity().getContent();
            body = stream.readNBytes(request.maxBytes());
            if (stream.read() >= 0) {
                http.cancel(); // else the client would drain an endless answer to use the connection again
                throw OutboundFailed.tooLarge(server(request.uri()), request.maxBytes());
            }
        }
        return new OutboundResponse(response.getCode(), Map.copyOf(headers), body);
    }

    private void leave(String server) {
        underWay.computeIfPresent(server, (key, count) -> count == 1 ? null : count - 1);
    }

    private static String server(URI uri) {
        return (uri.getScheme() + "://" + uri.getHost() + ":" + port(uri)).toLowerCase(Locale.ROOT);
    }

    private static int port(URI uri) {
        return uri.getPort() > 0 ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }

    private static SSLContext systemTrust() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This JDK has no TLS", e);
        }
    }

    @Override
    public void close() {
        calls.shutdownNow();
        client.close(CloseMode.IMMEDIATE);
    }
}

package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The whole program in a process of its own, on its own PostgreSQL, spoken to by HTTP. */
final class TestSite implements AutoCloseable {
    static final Path ROOT = root();

    private static final String READY = "Conurb is ready at ";
    private static @Nullable TestSite shared;

    final Path data;
    final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final List<String> command;
    private final List<String> output = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, String> tokens = new ConcurrentHashMap<>();
    private long tokensSince = System.nanoTime();
    private Process process;
    private URI address;

    private TestSite(Path data, List<String> command) throws IOException {
        this.data = data;
        this.command = command;
        this.process = launch();
        this.address = awaitReady();
    }

    /** A demo city, started once for all tests of this run that leave it whole. */
    static synchronized TestSite shared() {
        if (shared == null) {
            shared = demo(temporaryFolder("conurb site "));
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
        }
        return shared;
    }

    static TestSite demo(Path data, String... more) {
        return start("demo", data, more);
    }

    static TestSite up(Path data, String... more) {
        return start("up", data, more);
    }

    private static TestSite start(String what, Path data, String... more) {
        List<String> arguments = new ArrayList<>(List.of(what, "--data", data.toString(), "--port", "0"));
        if (what.equals("demo")) {
            arguments.add("--still"); // nothing moves but what the test moves
        }
        arguments.addAll(Arrays.asList(more));
        return of(data, commandLine(arguments));
    }

    /** A demo with its cameras, crews and callers. */
    static TestSite living() {
        Path target = ROOT.resolve("demo").resolve("target");
        org.junit.jupiter.api.Assumptions.assumeTrue(
                Files.exists(target.resolve("demo-0.1.0.jar")) && Files.isDirectory(target.resolve("lib")),
                "skipped: the demo's own program is not built here; ./conurb test builds it");
        Path data = temporaryFolder("conurb living ");
        return of(data, commandLine(List.of("demo", "--data", data.toString(), "--port", "0")));
    }

    /** @param command starts it on that folder, and as the same process */
    static TestSite of(Path data, List<String> command) {
        try {
            return new TestSite(data, command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How the program is run. */
    static List<String> commandLine(List<String> arguments) {
        List<String> command = new ArrayList<>(TestProgram.command());
        command.addAll(arguments);
        return command;
    }

    /** What {@code ./conurb admin} says of a data folder; it must end well. */
    static String admin(Path data, String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("admin", "--data", data.toString()));
        line.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(commandLine(line)).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    /** A folder whose name has a space, as people's folders do. */
    static Path temporaryFolder(String prefix) {
        try {
            return Files.createTempDirectory(prefix).resolve("data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process launch() throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private URI awaitReady() throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            output.add(line);
            if (line.startsWith(READY)) {
                // Reading a pipe holds its carrier: on virtual threads, a few sites would leave none for the tests.
                Thread.ofPlatform().daemon().start(() -> keepReading(lines));
                URI told = URI.create(line.substring(READY.length()));
                return URI.create("http://localhost:" + told.getPort());
            }
        }
        throw new IOException("The site did not start:\n" + String.join("\n", output));
    }

    private void keepReading(BufferedReader lines) {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
            }
        } catch (IOException killed) {
            output.add("(the site was killed)");
        }
    }

    /** What it has printed so far. */
    String output() {
        return String.join("\n", output);
    }

    URI address() {
        return address;
    }

    long pid() {
        return process.pid();
    }

    /** As {@code ports.json} tells them. */
    JsonNode ports() throws IOException {
        return Json.mapper().readTree(Files.readAllBytes(data.resolve("ports.json")));
    }

    /** The postmaster, by its own pid file. */
    long postgresPid() throws IOException {
        Path cluster = Path.of(ports().path("cluster").asString());
        return Long.parseLong(
                Files.readAllLines(cluster.resolve("postmaster.pid")).getFirst().strip());
    }

    /** As a power cut would, for the server alone. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Starts it again on the same folder. */
    void restart() throws IOException {
        tokens.clear();
        process = launch();
        address = awaitReady();
    }

    /** Starts it again on the same folder and where browsers know it: as a site of a fixed port comes back. */
    void restartAtItsAddress() throws IOException {
        int at = command.indexOf("--port") + 1;
        command.set(at, Integer.toString(address.getPort()));
        restart();
    }

    /** SIGTERM, and how it ended. */
    int stop() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("stops on SIGTERM").isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- HTTP --------------------------------------------------------------------------------------------------

    record Reply(int status, java.net.http.HttpHeaders headers, byte[] body) {
        JsonNode json() {
            return Json.mapper().readTree(body);
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        Reply expect(int wanted) {
            assertThat(status).as("status; body: %s", text()).isEqualTo(wanted);
            return this;
        }

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }

    /** Who asks: the installation client, for its first organisation. */
    Call asInstaller() {
        return new Call(Optional.of(installerToken()), Map.of());
    }

    Call asNobody() {
        return new Call(Optional.empty(), Map.of());
    }

    Call with(String token) {
        return new Call(Optional.of(token), Map.of());
    }

    /** Of a person of the demo. */
    String password(String username) {
        try {
            return Json.mapper()
                    .readTree(Files.readAllBytes(data.resolve("demo-accounts.json")))
                    .path("accounts")
                    .valueStream()
                    .filter(account -> account.path("username").asString().equals(username))
                    .findFirst()
                    .orElseThrow()
                    .path("password")
                    .asString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String installerToken() {
        forgetOldTokens();
        return tokens.computeIfAbsent("installer", name -> {
            try {
                JsonNode bootstrap = Json.mapper().readTree(Files.readAllBytes(data.resolve("bootstrap.json")));
                return token(
                        bootstrap.path("clientId").asString(),
                        bootstrap.path("clientSecret").asString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** A token outlives no run of all tests. */
    private synchronized void forgetOldTokens() {
        if (System.nanoTime() - tokensSince > TimeUnit.MINUTES.toNanos(3)) {
            tokens.clear();
            tokensSince = System.nanoTime();
        }
    }

    String token(String clientId, String clientSecret) {
        String login =
                Base64.getEncoder().encodeToString((clientId + ":" + clientSecret).getBytes(StandardCharsets.UTF_8));
        return send(HttpRequest.newBuilder(address.resolve("/oauth2/token"))
                        .header("Authorization", "Basic " + login)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"))
                        .build())
                .expect(200)
                .json()
                .path("access_token")
                .asString();
    }

    /** A new client of an organisation with some roles, and its token. */
    Call asClientOf(String organisation, String... roles) {
        forgetOldTokens();
        return tokens.containsKey(organisation + Arrays.toString(roles))
                ? with(tokens.get(organisation + Arrays.toString(roles)))
                : newClientOf(organisation, roles);
    }

    private Call newClientOf(String organisation, String... roles) {
        JsonNode client = asInstaller()
                .post(
                        "/api/identity/clients",
                        Map.of("name", "test of " + organisation, "organisation", organisation, "roles", roles))
                .expect(201)
                .json();
        String token = token(
                client.path("clientId").asString(), client.path("clientSecret").asString());
        tokens.put(organisation + Arrays.toString(roles), token);
        return with(token);
    }

    Reply send(HttpRequest request) {
        try {
            HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return new Reply(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Calls of one caller. */
    final class Call {
        private final Optional<String> token;
        private final Map<String, String> headers;

        private Call(Optional<String> token, Map<String, String> headers) {
            this.token = token;
            this.headers = headers;
        }

        Call header(String name, String value) {
            Map<String, String> more = new java.util.HashMap<>(headers);
            more.put(name, value);
            return new Call(token, more);
        }

        /** For programs that speak for themselves. */
        String token() {
            return token.orElseThrow();
        }

        Reply get(String path) {
            return send("GET", path, null, "application/json");
        }

        Reply post(String path, Object body) {
            return send("POST", path, Json.mapper().writeValueAsBytes(body), "application/json");
        }

        Reply patch(String path, Object body) {
            return send("PATCH", path, Json.mapper().writeValueAsBytes(body), "application/json");
        }

        Reply delete(String path) {
            return send("DELETE", path, null, "application/json");
        }

        Reply send(String method, String path, byte @Nullable [] body, String contentType) {
            HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path))
                    .timeout(Duration.ofSeconds(60))
                    .method(
                            method,
                            body == null
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofByteArray(body));
            if (body != null) {
                request.header("Content-Type", contentType);
            }
            token.ifPresent(t -> request.header("Authorization", "Bearer " + t));
            headers.forEach(request::header);
            return TestSite.this.send(request.build());
        }
    }

    // ---- waiting -----------------------------------------------------------------------------------------------

    /** Waits until it is so; at most 30 s. */
    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited a minute for: %s", what).isLessThan(end);
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("conurb"))) {
            here = Optional.ofNullable(here.getParent()).orElseThrow();
        }
        return here;
    }

    /** Real data for tests, kept outside the repository; a test says that it skips where it is absent. */
    static Path sharedData(String inside) {
        Path shared = Optional.ofNullable(System.getenv("CONURB_SHARED"))
                .map(Path::of)
                .orElse(ROOT.resolveSibling("shared"))
                .resolve("data")
                .resolve(inside);
        org.junit.jupiter.api.Assumptions.assumeTrue(
                Files.exists(shared), () -> "skipped: real data is absent here (" + inside + ")");
        return shared;
    }
}

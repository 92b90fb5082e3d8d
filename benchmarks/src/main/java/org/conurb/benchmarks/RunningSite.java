package org.conurb.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.conurb.kernel.Json;
import tools.jackson.databind.JsonNode;

/** The built program in a process of its own, started as {@code ./conurb up} starts it; closing it stops it. */
final class RunningSite implements AutoCloseable {
    private static final String READY = "Conurb is ready at ";
    private static final long TICKS_PER_SECOND = 100;
    private static final int MOST_ROUNDS = 10;
    private static final double COMPILED = 0.03;

    private final Process process;
    private final Duration startedIn;
    private final URI address;
    private final Path data;

    private RunningSite(Process process, Duration startedIn, URI address, Path data) {
        this.process = process;
        this.startedIn = startedIn;
        this.address = address;
        this.data = data;
    }

    /** @param more options of {@code up} */
    static RunningSite start(Path data, String... more) throws IOException {
        return start(List.of(), "up", data, more);
    }

    /** @param before what the command is given to, as {@code taskset} */
    static RunningSite startUnder(List<String> before, Path data) throws IOException {
        return start(before, "up", data);
    }

    /** The invented city, with everything that lives in it. */
    static RunningSite demo(Path data) throws IOException {
        return start(List.of(), "demo", data);
    }

    private static RunningSite start(List<String> before, String verb, Path data, String... more) throws IOException {
        Path home = Path.of(System.getProperty("conurb.home", "."));
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                Arrays.asList(System.getProperty("conurb.flags", "-Xmx1g").split(" ")));
        String cache = System.getProperty("conurb.cache", "");
        if (!cache.isEmpty()) {
            command.add("-XX:AOTCache=" + cache);
        }
        command.add("-Dconurb.home=" + home);
        command.addAll(List.of(
                "-jar",
                home.resolve("server/target/server-0.1.0.jar").toString(),
                verb,
                "--data",
                data.toString(),
                "--port",
                "0"));
        command.addAll(List.of(more));
        long began = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(READY)) {
                URI told = URI.create(line.substring(READY.length()));
                return new RunningSite(
                        process,
                        Duration.ofNanos(System.nanoTime() - began),
                        URI.create("http://127.0.0.1:" + told.getPort()),
                        data);
            }
        }
        throw new IOException("The site did not start; see " + data.resolve("log"));
    }

    Duration startedIn() {
        return startedIn;
    }

    URI address() {
        return address;
    }

    String token(HttpClient http) throws IOException, InterruptedException {
        JsonNode bootstrap = Json.mapper().readTree(Files.readAllBytes(data.resolve("bootstrap.json")));
        String login = bootstrap.path("clientId").asString() + ":"
                + bootstrap.path("clientSecret").asString();
        HttpResponse<byte[]> answer = http.send(
                HttpRequest.newBuilder(address.resolve("/oauth2/token"))
                        .header(
                                "Authorization",
                                "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        return Json.mapper().readTree(answer.body()).path("access_token").asString();
    }

    /** Read as the installation client, for the city's first organisation. */
    JsonNode get(HttpClient http, String token, String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = http.send(
                HttpRequest.newBuilder(address.resolve(path))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException("%s answered %d".formatted(path, answer.statusCode()));
        }
        return Json.mapper().readTree(answer.body());
    }

    /** Made as the installation client, for the city's first organisation; for one thread or many. */
    JsonNode post(HttpClient http, String token, String path, Object body) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = http.send(
                HttpRequest.newBuilder(address.resolve(path))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(
                                Json.mapper().writeValueAsBytes(body)))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 201) {
            throw new IOException("%s answered %d: %s"
                    .formatted(path, answer.statusCode(), new String(answer.body(), StandardCharsets.UTF_8)));
        }
        return Json.mapper().readTree(answer.body());
    }

    /** @return its id */
    String addCamera(HttpClient http, String token, String name, String source)
            throws IOException, InterruptedException {
        Object place = Map.of("type", "Point", "coordinates", new double[] {7.42, 43.73});
        return post(http, token, "/api/video/cameras", Map.of("name", name, "source", source, "place", place))
                .path("id")
                .asString();
    }

    /** A purpose grant for an incident that is opened for it. */
    String grant(HttpClient http, String token) throws IOException, InterruptedException {
        Object place = Map.of("type", "Point", "coordinates", new double[] {7.42, 43.73});
        String incident = post(
                        http,
                        token,
                        "/api/incidents",
                        Map.of("type", "fire.smoke", "priority", 1, "place", place, "description", "Smoke"))
                .path("id")
                .asString();
        return post(http, token, "/api/grants", Map.of("purpose", "dispatch", "case", incident))
                .path("id")
                .asString();
    }

    /** As when the machine's power goes for this process alone: it says goodbye to nobody. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Memory of the server and its children in MB, pages shared between them counted once (PSS). */
    double residentMegabytes() throws IOException {
        double all = 0;
        for (ProcessHandle one : family()) {
            all += megabytes(one.pid());
        }
        return all;
    }

    /** CPU seconds so far: of the server, and of its PostgreSQL. */
    double[] cpuSeconds() throws IOException {
        double server = ticks(process.pid());
        double children = 0;
        for (ProcessHandle one : family()) {
            children += one.pid() == process.pid() ? 0 : ticks(one.pid());
        }
        return new double[] {server / TICKS_PER_SECOND, children / TICKS_PER_SECOND};
    }

    /**
     * Works until the compiler takes little of the server's CPU: what it takes is the start's and not an operation's.
     *
     * @param round some seconds of what is to be measured
     */
    void warmUp(PrintStream progress, String bench, Round round) throws IOException, InterruptedException {
        double share = 1;
        for (int n = 1; share > COMPILED && n <= MOST_ROUNDS; n++) {
            double compiler = compilerSeconds();
            double server = cpuSeconds()[0];
            round.work();
            share = Math.max(0, compilerSeconds() - compiler) / (cpuSeconds()[0] - server); // threads may have ended
            progress.printf("bench %s: warm-up %d, compiler %.0f %% of the server's CPU%n", bench, n, share * 100);
        }
    }

    /** Some seconds of work. */
    interface Round {
        void work() throws IOException, InterruptedException;
    }

    /** CPU seconds so far of the server's compiler threads. */
    double compilerSeconds() throws IOException {
        double all = 0;
        try (Stream<Path> threads = Files.list(Path.of("/proc", String.valueOf(process.pid()), "task"))) {
            for (Path thread : threads.toList()) {
                if (Files.readString(thread.resolve("comm")).matches("(?s)C[12] Compiler.*")) {
                    all += ticks(thread.resolve("stat"));
                }
            }
        }
        return all / TICKS_PER_SECOND;
    }

    /** CPU seconds so far of any process that is ours to watch. */
    static double cpuSeconds(long pid) throws IOException {
        return ticks(pid) / TICKS_PER_SECOND;
    }

    /** Memory of one process in MB, shared pages counted in part (PSS). */
    static double megabytes(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(pid), "smaps_rollup"))) {
            if (line.startsWith("Pss:")) {
                return Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
            }
        }
        throw new IOException("the kernel tells no memory of " + pid);
    }

    long pid() {
        return process.pid();
    }

    Path data() {
        return data;
    }

    private List<ProcessHandle> family() {
        return Stream.concat(Stream.of(process.toHandle()), process.toHandle().descendants())
                .toList();
    }

    /** With its children that have ended. */
    private static double ticks(long pid) throws IOException {
        Path stat = Path.of("/proc", String.valueOf(pid), "stat");
        return ticks(stat) + sum(stat, 13, 14);
    }

    private static double ticks(Path stat) throws IOException {
        return sum(stat, 11, 12);
    }

    /** @param first number of a field of proc_pid_stat(5), counted from the state */
    private static double sum(Path stat, int first, int second) throws IOException {
        String line;
        try {
            line = Files.readString(stat);
        } catch (NoSuchFileException ended) {
            return 0; // its parent counts it among the children that have ended
        }
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
        return Double.parseDouble(fields[first]) + Double.parseDouble(fields[second]);
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

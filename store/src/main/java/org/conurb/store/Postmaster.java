package org.conurb.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running PostgreSQL of a {@link Cluster}: started, adopted from a server that was killed, or started anew when what
 * runs is not what we want. Confined to one thread at a time by {@link Supervisor}.
 */
final class Postmaster {
    private static final Logger LOG = LoggerFactory.getLogger(Postmaster.class);
    private static final String SETTINGS = "conurb.settings";
    private static final Duration STEP = Duration.ofMillis(20);
    private static final int KEPT_LOGS = 10;

    /** What {@code postmaster.pid} tells (src/include/utils/pidfile.h). */
    private record PidFile(long pid, int port, String status) {}

    private final Cluster cluster;
    private final ProcessHandle process;
    private final int port;

    private Postmaster(Cluster cluster, ProcessHandle process, int port) {
        this.cluster = cluster;
        this.process = process;
        this.port = port;
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return isPostgres(process);
    }

    /** Completes when it ends, for whatever reason. */
    CompletableFuture<ProcessHandle> ended() {
        return process.onExit();
    }

    /**
     * Adopts the one that runs, if it runs as we want; else stops it and starts one. Recovery after a crash happens in
     * here.
     *
     * @param wanted port; 0 for the one it has, or a free one
     * @param patience how long recovery may take
     */
    static Postmaster open(Cluster cluster, int wanted, Duration patience) throws IOException {
        Optional<Postmaster> running = running(cluster);
        if (running.isPresent()) {
            Postmaster found = running.get();
            boolean asWanted = (wanted == 0 || wanted == found.port) && found.settled(patience);
            if (asWanted && cluster.fingerprint().equals(read(cluster.folder().resolve(SETTINGS)))) {
                LOG.atInfo()
                        .addKeyValue("pid", found.pid())
                        .addKeyValue("port", found.port)
                        .log("postgres.adopted");
                return found;
            }
            LOG.atInfo().addKeyValue("pid", found.pid()).log("postgres.replaced");
            found.stop();
        }
        killOrphans(cluster);
        return start(cluster, wanted == 0 ? freePort() : wanted, patience);
    }

    /** Waits while it is on its way up or down; whether it came up. */
    private boolean settled(Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (isPostgres(process) && System.nanoTime() < deadline) {
            if (pidFile(cluster.folder())
                    .filter(f -> f.status().equals("ready"))
                    .isPresent()) {
                return true;
            }
            await(process.onExit(), STEP);
        }
        return false;
    }

    /** The postmaster of this cluster that is alive, if there is one. */
    static Optional<Postmaster> running(Cluster cluster) throws IOException {
        Optional<PidFile> file = pidFile(cluster.folder());
        if (file.isEmpty()) {
            return Optional.empty();
        }
        Optional<ProcessHandle> process = ProcessHandle.of(file.get().pid()).filter(ProcessHandle::isAlive);
        if (process.isEmpty()) {
            return Optional.empty(); // a stale file: PostgreSQL itself knows how to deal with it
        }
        if (!isPostgres(process.get())) {
            Files.delete(cluster.folder().resolve("postmaster.pid")); // the number now belongs to another program
            return Optional.empty();
        }
        return Optional.of(new Postmaster(cluster, process.get(), file.get().port()));
    }

    /** Ours runs as our own user, or as one that root may look at; a process that is dead has no program. */
    private static boolean isPostgres(ProcessHandle process) {
        return process.info().command().orElse("").endsWith("/postgres");
    }

    private static Postmaster start(Cluster cluster, int port, Duration patience) throws IOException {
        cluster.configure();
        pruneLogs(cluster);
        Path output = cluster.log().resolve("postgres-start.log");
        List<String> command = new ArrayList<>();
        if (ServerUser.onPath("setsid").isPresent()) {
            command.add("setsid"); // Ctrl-C is for the server, which stops us when it is done
        }
        command.addAll(cluster.user()
                .command(List.of(
                        cluster.binaries().program("postgres").toString(),
                        "-D",
                        cluster.folder().toString(),
                        "-c",
                        "port=" + port)));
        Process process = Command.builder(command, cluster.folder())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile())
                .start();
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Optional<PidFile> file = pidFile(cluster.folder());
            if (file.isPresent()
                    && file.get().status().equals("ready")
                    && file.get().port() == port) {
                ProcessHandle handle = ProcessHandle.of(file.get().pid()).orElse(process.toHandle());
                Folders.writeSecret(
                        cluster.folder().resolve(SETTINGS),
                        cluster.fingerprint().getBytes(StandardCharsets.UTF_8));
                LOG.atInfo()
                        .addKeyValue("pid", handle.pid())
                        .addKeyValue("port", port)
                        .log("postgres.started");
                return new Postmaster(cluster, handle, port);
            }
            if (await(process.onExit(), STEP)) {
                if (process.isAlive()) {
                    abandon(cluster, process); // we were interrupted
                }
                throw refused(cluster, output, port);
            }
            if (System.nanoTime() > deadline) {
                abandon(cluster, process);
                throw new StoreFault(
                        "postgres-slow",
                        "PostgreSQL was not ready after %s: %s".formatted(patience, tail(output)),
                        "See %s; a long recovery goes on at the next start.".formatted(cluster.log()));
            }
        }
    }

    /** Ends one that is not ready yet; a kill is what it recovers from anyhow. */
    private static void abandon(Cluster cluster, Process process) throws IOException {
        process.destroyForcibly();
        killOrphans(cluster);
    }

    private static StoreFault refused(Cluster cluster, Path output, int port) {
        if (!free(port)) {
            return new StoreFault(
                    "postgres-port",
                    "Port %d on 127.0.0.1, meant for PostgreSQL, is taken.".formatted(port),
                    "Choose another --port (PostgreSQL takes the sixth after it), or stop what uses it.");
        }
        return new StoreFault(
                "postgres-start",
                "PostgreSQL did not start: %s %s".formatted(tail(output), newestLog(cluster)),
                "See the newest file in %s.".formatted(cluster.log().resolve("postgres")));
    }

    /** Ends sessions, writes what is in memory and stops; within eight seconds, then without the tidying. */
    void stop() {
        for (String mode : List.of("fast", "immediate")) {
            Command.Result stopped = cluster.user()
                    .run(
                            cluster.folder(),
                            Duration.ofSeconds(9),
                            "",
                            List.of(
                                    cluster.binaries().program("pg_ctl").toString(),
                                    "stop",
                                    "-D",
                                    cluster.folder().toString(),
                                    "-m",
                                    mode,
                                    "-w",
                                    "-t",
                                    mode.equals("fast") ? "7" : "2"));
            if (stopped.succeeded() || !isPostgres(process)) {
                await(process.onExit(), Duration.ofSeconds(1)); // it is our child, or init's, to be buried
                LOG.atInfo().addKeyValue("pid", pid()).addKeyValue("mode", mode).log("postgres.stopped");
                return;
            }
        }
        process.destroyForcibly();
        LOG.atWarn().addKeyValue("pid", pid()).log("postgres.killed");
    }

    /**
     * Sessions whose postmaster was killed may be busy still; a new one would refuse to start beside them, rightly. They
     * run in the cluster's folder.
     */
    private static void killOrphans(Cluster cluster) throws IOException {
        Path proc = Path.of("/proc");
        if (!Files.isDirectory(proc)) {
            return;
        }
        Path folder = cluster.folder().toRealPath();
        for (ProcessHandle orphan : ProcessHandle.allProcesses().toList()) {
            try {
                if (isPostgres(orphan)
                        && Files.readSymbolicLink(proc.resolve(orphan.pid() + "/cwd"))
                                .equals(folder)) {
                    orphan.destroyForcibly();
                    await(orphan.onExit(), Duration.ofSeconds(5));
                }
            } catch (IOException ended) {
                // it went while we looked
            }
        }
    }

    /** Port of the postmaster in a cluster's folder that says it is ready. */
    static OptionalInt port(Path folder) throws IOException {
        return pidFile(folder)
                .filter(f -> f.status().equals("ready"))
                .filter(f -> ProcessHandle.of(f.pid()).isPresent())
                .map(f -> OptionalInt.of(f.port()))
                .orElse(OptionalInt.empty());
    }

    private static Optional<PidFile> pidFile(Path folder) throws IOException {
        try {
            List<String> lines = Files.readAllLines(folder.resolve("postmaster.pid"));
            return lines.isEmpty() || lines.getFirst().isBlank()
                    ? Optional.empty()
                    : Optional.of(new PidFile(
                            Long.parseLong(lines.get(0).strip()),
                            lines.size() > 3 ? Integer.parseInt(lines.get(3).strip()) : 0,
                            lines.size() > 7 ? lines.get(7).strip() : ""));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (NumberFormatException halfWritten) {
            return Optional.empty();
        }
    }

    /** Waits for the end of a process; whether it came. */
    private static boolean await(CompletableFuture<?> end, Duration limit) {
        try {
            end.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException goesOn) {
            return false;
        } catch (ExecutionException e) {
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static String read(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private static String tail(Path output) {
        try {
            String text = read(output).strip();
            return text.substring(Math.max(0, text.length() - 1000));
        } catch (IOException e) {
            return "(its output is not readable)";
        }
    }

    /** It writes there once its collector of messages runs; the last words may come a moment after its end. */
    private static String newestLog(Cluster cluster) {
        try {
            await(new CompletableFuture<>(), STEP.multipliedBy(10));
            List<Path> logs = logs(cluster.log().resolve("postgres"));
            return logs.isEmpty() ? "" : tail(logs.getLast());
        } catch (IOException e) {
            return "";
        }
    }

    /** Oldest first. */
    private static List<Path> logs(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(f -> f.getFileName().toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }

    /** PostgreSQL begins a file each day, or each 10 MB. */
    static void pruneLogs(Cluster cluster) throws IOException {
        List<Path> logs = logs(cluster.log().resolve("postgres"));
        for (Path old : logs.subList(0, Math.max(0, logs.size() - KEPT_LOGS))) {
            Files.deleteIfExists(old);
        }
    }

    private static boolean free(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}

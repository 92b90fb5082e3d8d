package org.conurb.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real MQTT broker (Debian's mosquitto) on loopback, with its own configuration and a port of its own that it keeps
 * over a restart. Ask {@link #isThere} first: a machine may have none.
 */
public final class Mosquitto implements AutoCloseable {
    private static final Optional<Path> BINARY = Stream.of(
                    "/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/opt/homebrew/sbin/mosquitto")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();

    private final Path config;
    private final int port;
    private @Nullable Process process;

    /** @param lines of its configuration, beside the listener; {@code allow_anonymous true} where there are none */
    public Mosquitto(Path folder, String... lines) {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        config = folder.resolve("mosquitto-" + port + ".conf");
        String more = lines.length == 0 ? "allow_anonymous true" : String.join("\n", lines);
        write(config, "listener %d 127.0.0.1\nuser root\npersistence false\nlog_dest none\n%s\n".formatted(port, more));
    }

    public static boolean isThere() {
        return BINARY.isPresent();
    }

    /** What to say where it is not. */
    public static String missing() {
        return "There is no mosquitto on this machine; apt-get install mosquitto";
    }

    public int port() {
        return port;
    }

    /** Returns once it answers. */
    public Mosquitto start() {
        try {
            process = new ProcessBuilder(List.of(BINARY.orElseThrow().toString(), "-c", config.toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(
                            config.resolveSibling(config.getFileName() + ".log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!answers()) {
            if (System.nanoTime() > end || !process.isAlive()) {
                throw new AssertionError("mosquitto did not start: see " + config + ".log");
            }
            LockSupport.parkNanos(5_000_000);
        }
        return this;
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Ends it at once, as a broken machine would. */
    public void kill() {
        Process running = process;
        process = null;
        if (running != null) {
            running.destroyForcibly();
            try {
                running.waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The lines of a configuration that lets in this one user only. */
    public static String[] onlyFor(Path folder, String user, String password) {
        Path file = folder.resolve("passwords");
        Path tool = BINARY.orElseThrow().resolveSibling("mosquitto_passwd");
        try {
            Process hashing = new ProcessBuilder(
                            Files.isExecutable(tool) ? tool.toString() : "mosquitto_passwd",
                            "-b",
                            "-c",
                            file.toString(),
                            user,
                            password)
                    .start();
            if (!hashing.waitFor(30, TimeUnit.SECONDS) || hashing.exitValue() != 0) {
                throw new AssertionError("mosquitto_passwd failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError("Interrupted", e);
        }
        return new String[] {"allow_anonymous false", "password_file " + file};
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}

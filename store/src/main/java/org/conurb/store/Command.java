package org.conurb.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a program of PostgreSQL to its end. */
final class Command {
    private static final int MAX_OUTPUT = 64 * 1024;

    private Command() {}

    /** @param output both streams, at most 64 KB */
    record Result(int exit, String output) {
        boolean succeeded() {
            return exit == 0;
        }
    }

    /** A builder whose child inherits nothing that would change how PostgreSQL behaves. */
    static ProcessBuilder builder(List<String> words, Path directory) {
        ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("TZ", "UTC");
        return builder;
    }

    static Result run(List<String> words, Path directory, String input, Duration limit) {
        try {
            Process process =
                    builder(words, directory).redirectErrorStream(true).start();
            CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> read(process.getInputStream()));
            try (OutputStream to = process.getOutputStream()) {
                to.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException ended) {
                // it may end without reading what it was given; its exit code tells
            }
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                return new Result(-1, "No end within " + limit + ": " + words);
            }
            return new Result(process.exitValue(), output.join());
        } catch (IOException e) {
            return new Result(-1, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result(-1, "Interrupted");
        }
    }

    private static String read(InputStream from) {
        try (from) {
            String text = new String(from.readNBytes(MAX_OUTPUT), StandardCharsets.UTF_8).strip();
            from.skip(Long.MAX_VALUE);
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

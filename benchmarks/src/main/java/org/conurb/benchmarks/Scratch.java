package org.conurb.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder that is gone afterwards; it lies beside the build, on the disk that a site would use. */
record Scratch(Path folder) implements AutoCloseable {
    static Scratch named(String name) throws IOException {
        Path folder = Path.of(System.getProperty("conurb.home", "."), ".build", "bench-" + name);
        Scratch scratch = new Scratch(folder);
        scratch.close();
        Files.createDirectories(folder);
        return scratch;
    }

    @Override
    public void close() throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}

package org.conurb.basemap;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Recorded extracts of real places, and the program run in this process. */
final class Fixtures {
    private Fixtures() {}

    /** A file under {@code data/osm} of the shared folder; without it the test is skipped and says so. */
    static Path osm(String name) {
        String given = System.getenv("CONURB_SHARED");
        Path shared =
                given != null ? Path.of(given) : Path.of("").toAbsolutePath().resolve("../../shared");
        Path file = shared.resolve("data/osm").resolve(name).normalize();
        assumeTrue(
                Files.isReadable(file),
                () -> "Skipped: the recorded extract %s is absent. Set CONURB_SHARED to the folder with data/osm."
                        .formatted(file));
        return file;
    }

    record Outcome(int code, String out, String err) {}

    static Outcome run(Object... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        String[] texts = new String[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            texts[i] = arguments[i].toString();
        }
        int code = new Basemap(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(texts);
        return new Outcome(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}

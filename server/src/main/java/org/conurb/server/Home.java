package org.conurb.server;

import java.nio.file.Files;
import java.nio.file.Path;

/** The checkout or installation that the launcher started us from. */
final class Home {
    private Home() {}

    /** @param inside relative path, as {@code demo/alder} */
    static Path folder(String inside) {
        Path path = Path.of(System.getProperty("conurb.home", "."))
                .resolve(inside)
                .toAbsolutePath()
                .normalize();
        if (!Files.exists(path)) {
            throw new StartFailure(
                    "%s is missing.".formatted(path), "Start the program with ./conurb, which knows where it lies.");
        }
        return path;
    }
}

package org.conurb.store;

import com.sun.security.auth.module.UnixSystem;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who PostgreSQL runs as: ourselves, or, as it refuses to be root, user 65534 ({@code nobody}) where we are.
 *
 * @param switched whether files must be given to {@code uid}
 * @param prefix command words that make what follows run as {@code uid}
 */
record ServerUser(boolean switched, int uid, List<String> prefix) {
    private static final int NOBODY = 65_534;

    static ServerUser find() {
        long uid = new UnixSystem().getUid();
        if (uid != 0) {
            return new ServerUser(false, (int) uid, List.of());
        }
        String id = Integer.toString(NOBODY);
        if (onPath("setpriv").isPresent()) {
            return new ServerUser(
                    true, NOBODY, List.of("setpriv", "--reuid", id, "--regid", id, "--clear-groups", "--"));
        }
        if (onPath("su").isPresent()) {
            return new ServerUser(
                    true, NOBODY, List.of("su", "nobody", "-s", "/bin/sh", "-c", "exec \"$0\" \"$@\"", "--"));
        }
        throw new StoreFault(
                "postgres-user",
                "PostgreSQL does not run as root, and neither setpriv nor su is there to run it as another user.",
                "Start Conurb as an ordinary user, or install util-linux.");
    }

    List<String> command(List<String> words) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(words);
        return all;
    }

    /** Runs to its end as this user. */
    Command.Result run(Path directory, Duration limit, String input, List<String> words) {
        return Command.run(command(words), directory, input, limit);
    }

    /** Whether this user gets into a folder, through all that is above it. */
    boolean canEnter(Path folder) {
        return !switched
                || run(
                                Path.of("/"),
                                Duration.ofSeconds(10),
                                "",
                                List.of("/bin/sh", "-c", "cd \"$1\"", "sh", folder.toString()))
                        .succeeded();
    }

    void own(Path path) throws IOException {
        if (switched) {
            Files.setAttribute(path, "unix:uid", uid);
            Files.setAttribute(path, "unix:gid", uid);
        }
    }

    /** A program that the shell would find. */
    static Optional<Path> onPath(String program) {
        for (String folder : Optional.ofNullable(System.getenv("PATH"))
                .orElse("/usr/bin:/bin")
                .split(File.pathSeparator)) {
            Path candidate = Path.of(folder, program);
            if (Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }
}

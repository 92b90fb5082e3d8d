package org.conurb.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Who runs on which core: what is measured on the first, what loads it on the second, so that neither takes the other's.
 * Where there is one core or no taskset (Linux), all run where the system lets them.
 */
final class Cores {
    static final int SERVER = 0;
    static final int LOAD = 1;
    private static final Path TASKSET = Path.of("/usr/bin/taskset");
    private static final int PATIENCE_SECONDS = 10;

    /** Found out before anything is pinned, as who is sees one core only. */
    private static final int ALL = Runtime.getRuntime().availableProcessors();

    private static final boolean CAN_PIN = ALL > 1 && Files.isExecutable(TASKSET);

    private Cores() {}

    static boolean canPin() {
        return CAN_PIN;
    }

    /** What a command is given to, to run on that core from its start on, with all it starts. */
    static List<String> on(int core) {
        return CAN_PIN ? List.of(TASKSET.toString(), "-c", String.valueOf(core)) : List.of();
    }

    /** As {@link #on}, but wherever it will, though this process may not. */
    static List<String> onAny() {
        return CAN_PIN ? List.of(TASKSET.toString(), "-c", "0-" + (ALL - 1)) : List.of();
    }

    /** Moves this process with all its threads. */
    static void pinSelf(int core) throws IOException, InterruptedException {
        move(String.valueOf(core));
    }

    /** Lets this process run wherever it will again. */
    static void freeSelf() throws IOException, InterruptedException {
        move("0-" + (ALL - 1));
    }

    private static void move(String cores) throws IOException, InterruptedException {
        if (!CAN_PIN) {
            return;
        }
        String self = String.valueOf(ProcessHandle.current().pid());
        Process taskset = new ProcessBuilder(TASKSET.toString(), "-a", "-p", "-c", cores, self)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectErrorStream(true)
                .start();
        if (!taskset.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || taskset.exitValue() != 0) {
            throw new IOException("taskset does not move this process to " + cores);
        }
    }
}

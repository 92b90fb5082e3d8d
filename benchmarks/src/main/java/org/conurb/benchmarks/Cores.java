package org.conurb.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

    /** Found out before anything is pinned, as one that is sees one core only. */
    private static final boolean CAN_PIN =
            Runtime.getRuntime().availableProcessors() > 1 && Files.isExecutable(TASKSET);

    private Cores() {}

    static boolean canPin() {
        return CAN_PIN;
    }

    /** A command that runs on that core from its start on. */
    static List<String> on(int core, List<String> command) {
        List<String> whole = new ArrayList<>();
        if (CAN_PIN) {
            whole.addAll(List.of(TASKSET.toString(), "-c", String.valueOf(core)));
        }
        whole.addAll(command);
        return whole;
    }

    /** Moves a running process with all its threads; those it starts later follow. */
    static void pin(long pid, int core) throws IOException, InterruptedException {
        if (!CAN_PIN) {
            return;
        }
        Process taskset = new ProcessBuilder(TASKSET.toString(), "-a", "-p", "-c", String.valueOf(core), String.valueOf(pid))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectErrorStream(true)
                .start();
        if (!taskset.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || taskset.exitValue() != 0) {
            throw new IOException("taskset does not move process %d to core %d".formatted(pid, core));
        }
    }

    /** As {@link #pin}, with all children. */
    static void pinFamily(long pid, int core) throws IOException, InterruptedException {
        pin(pid, core);
        List<ProcessHandle> children =
                ProcessHandle.of(pid).map(handle -> handle.descendants().toList()).orElse(List.of());
        for (ProcessHandle child : children) {
            if (child.isAlive()) {
                pin(child.pid(), core);
            }
        }
    }
}

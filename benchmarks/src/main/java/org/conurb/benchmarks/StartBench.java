package org.conurb.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How long until {@code Conurb is ready}, first and later, and what all processes hold when idle. */
final class StartBench {
    private static final int LATER_STARTS = 5;
    private static final int IDLE_SECONDS = 20;

    private StartBench() {}

    static List<Goal> run(PrintStream progress) throws IOException, InterruptedException {
        List<Goal> goals = new ArrayList<>();
        try (Scratch scratch = Scratch.named("start")) {
            progress.println("bench start: first start on an empty data folder");
            try (RunningSite site = RunningSite.start(scratch.folder().resolve("data"))) {
                goals.add(Goal.atMost("first start to ready", seconds(site), "s", 15));
            }
            List<Double> later = new ArrayList<>();
            for (int i = 0; i < LATER_STARTS; i++) {
                progress.printf("bench start: start %d of %d on the same folder%n", i + 1, LATER_STARTS);
                try (RunningSite site = RunningSite.start(scratch.folder().resolve("data"))) {
                    later.add(seconds(site));
                    if (i == LATER_STARTS - 1) {
                        TimeUnit.SECONDS.sleep(IDLE_SECONDS);
                        goals.add(Goal.atMost(
                                "all processes idle (PSS), " + IDLE_SECONDS + " s after start",
                                site.residentMegabytes(),
                                "MB",
                                700));
                    }
                }
            }
            Collections.sort(later);
            goals.add(Goal.atMost(
                    "later start to ready, median of %d (%.1f to %.1f)"
                            .formatted(LATER_STARTS, later.getFirst(), later.getLast()),
                    later.get(LATER_STARTS / 2),
                    "s",
                    5));
            progress.println("bench start: the demo's first start");
            goals.add(VideoFaults.living(progress, scratch.folder().resolve("demo")));
        }
        return goals;
    }

    private static double seconds(RunningSite site) {
        return site.startedIn().toMillis() / 1000.0;
    }
}

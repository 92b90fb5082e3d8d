package org.conurb.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The wall's time of a camera whose clock is wrong, after hours; {@code org.conurb.video.WallErrorFigure} works it out. */
final class WallError {
    private static final int HOURS = 24;

    private WallError() {}

    static void run(PrintStream progress, List<Goal> goals) throws IOException, InterruptedException {
        for (int ppm : new int[] {200, -200}) {
            double millis = millis(ppm);
            progress.printf(Locale.ROOT, "bench video: %d hours at %d ppm: at most %.1f ms off%n", HOURS, ppm, millis);
            goals.add(Goal.atMost(
                    "a camera's clock %d ppm wrong for %d hours: off the wall's time".formatted(ppm, HOURS),
                    millis,
                    "ms",
                    100));
        }
    }

    private static double millis(int ppm) throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("conurb.home", "."));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        home.resolve("benchmarks/target/benchmarks-0.1.0.jar") + java.io.File.pathSeparator
                                + home.resolve("server/target/lib") + "/*",
                        "org.conurb.video.WallErrorFigure",
                        String.valueOf(ppm),
                        String.valueOf(HOURS))
                .redirectErrorStream(true)
                .start();
        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException("The error was not worked out: " + told);
        }
        return Double.parseDouble(told);
    }
}

package org.conurb.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Searches by coverage for bytes that a parser does not bear: Jazzer in a process of its own, from kept seeds, for {@code
 * conurb.fuzz.seconds} (4). What it finds lies in the folder that is named, and belongs among the seeds.
 */
public final class Fuzzing {
    private static final Pattern UNITS = Pattern.compile("number_of_executed_units: (\\d+)");
    private static final int SECONDS = Integer.getInteger("conurb.fuzz.seconds", 4);

    private Fuzzing() {}

    /**
     * @param target public, with {@code public static void fuzzerTestOneInput(byte[])}
     * @param seeds folder of kept inputs, of any names
     * @param work for what is found; made where it is not there
     */
    public static void search(Class<?> target, Path seeds, Path work) {
        try {
            Path corpus = Files.createDirectories(work.resolve("corpus"));
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+EnableDynamicAgentLoading",
                    "--enable-native-access=ALL-UNNAMED",
                    "-Xmx256m",
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                    "com.code_intelligence.jazzer.Jazzer",
                    "--target_class=" + target.getName(),
                    "--instrumentation_includes=org.conurb.**",
                    "--hooks=false",
                    "--reproducer_path=" + work,
                    "-artifact_prefix=" + work + "/",
                    "-max_total_time=" + SECONDS,
                    "-timeout=10",
                    "-max_len=16384",
                    "-print_final_stats=1",
                    corpus.toString(),
                    seeds.toString()));
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor())
                    .as("what it found lies in %s: %s", work, told.substring(Math.max(0, told.length() - 4_000)))
                    .isZero();
            Matcher units = UNITS.matcher(told);
            assertThat(units.find()).as(told).isTrue();
            try (var kept = Files.list(seeds)) {
                assertThat(Long.parseLong(units.group(1))).as(told).isGreaterThan(kept.count());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

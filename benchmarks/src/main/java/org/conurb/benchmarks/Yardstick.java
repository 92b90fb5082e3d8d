package org.conurb.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.conurb.kernel.Json;

/**
 * How fast this machine is just now, so that figures of different days can be compared: the same work each time, by one
 * thread, much like what a server does. The cores of a virtual machine are not the same every day.
 */
final class Yardstick {
    private static final double SECONDS = 2;

    private Yardstick() {}

    static String measure() {
        byte[] document = document();
        pace(document);
        return String.format(
                Locale.ROOT,
                "machine: %d cores; one reads and writes %.0f MB of JSON a second",
                Runtime.getRuntime().availableProcessors(),
                pace(document));
    }

    private static double pace(byte[] document) {
        long began = System.nanoTime();
        long bytes = 0;
        double seconds;
        do {
            for (int i = 0; i < 100; i++) {
                bytes += Json.mapper().writeValueAsBytes(Json.mapper().readTree(document)).length;
            }
            seconds = (System.nanoTime() - began) / 1e9;
        } while (seconds < SECONDS);
        return bytes / seconds / 1e6;
    }

    private static byte[] document() {
        Map<String, Object> all = new LinkedHashMap<>();
        for (int i = 0; i < 20; i++) {
            all.put(
                    "attribute" + i,
                    Map.of(
                            "type",
                            "Property",
                            "value",
                            i * 1.5,
                            "observedAt",
                            "2026-03-01T08:00:00Z",
                            "list",
                            List.of(1, "a", true)));
        }
        return Json.mapper().writeValueAsBytes(all);
    }
}

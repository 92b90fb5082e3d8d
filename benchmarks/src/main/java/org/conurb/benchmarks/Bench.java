package org.conurb.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.conurb.kernel.Json;

/** {@code ./conurb bench [start|incidents|video] [--json]}: prints figures as a table, and last as one line of JSON. */
public final class Bench {
    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        List<String> names = new ArrayList<>(List.of(arguments));
        boolean onlyJson = names.remove("--json");
        if (names.isEmpty()) {
            names.addAll(List.of("start", "incidents", "video"));
        }
        List<Goal> goals = new ArrayList<>();
        for (String name : names) {
            switch (name) {
                case "start" -> goals.addAll(StartBench.run(System.err));
                case "incidents" -> goals.addAll(IncidentsBench.run(System.err));
                case "video" -> goals.addAll(VideoBench.run(System.err));
                default -> {
                    System.err.println("conurb: there is no benchmark " + name + ".");
                    System.err.println("  There are: start, incidents, video.");
                    System.exit(1);
                }
            }
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Goal goal : goals) {
            if (!onlyJson) {
                System.out.printf(
                        "%-62s %10.1f %-12s %s %.0f  %s%n",
                        goal.goal(),
                        goal.figure(),
                        goal.unit(),
                        goal.atLeast() ? ">=" : "<=",
                        goal.target(),
                        goal.met() ? "met" : "MISSED");
            }
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("goal", goal.goal());
            row.put("figure", Math.round(goal.figure() * 10) / 10.0);
            row.put("unit", goal.unit());
            row.put("target", goal.target());
            row.put("met", goal.met());
            rows.add(row);
        }
        System.out.println(Json.mapper().writeValueAsString(rows));
    }
}

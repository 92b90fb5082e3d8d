package org.conurb.benchmarks;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.conurb.kernel.Json;

/** {@code ./conurb bench [NAME…] [--small|--large] [--json]}: prints figures as a table, and last as one line of JSON. */
public final class Bench {
    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        List<String> names = new ArrayList<>(List.of(arguments));
        boolean onlyJson = names.remove("--json");
        HubBench.Size size = names.remove("--large")
                ? HubBench.Size.LARGE
                : names.remove("--small") ? HubBench.Size.SMALL : HubBench.Size.USUAL;
        if (names.isEmpty()) {
            names.addAll(List.of("start", "hub", "incidents", "video", "talk"));
        }
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroy))); // Ctrl C
        System.err.println(Yardstick.measure());
        List<Goal> goals = new ArrayList<>();
        for (String name : names) {
            switch (name) {
                case "start" -> goals.addAll(StartBench.run(System.err));
                case "hub" -> goals.addAll(HubBench.run(System.err, size));
                case "incidents" -> goals.addAll(IncidentsBench.run(System.err));
                case "video" -> goals.addAll(VideoBench.run(System.err, VideoBench.Part.ALL));
                case "video-recorded" -> goals.addAll(VideoBench.run(System.err, VideoBench.Part.RECORDED));
                case "video-played" -> goals.addAll(VideoBench.run(System.err, VideoBench.Part.PLAYED));
                case "video-live" -> goals.addAll(VideoBench.run(System.err, VideoBench.Part.LIVE));
                case "talk" -> goals.addAll(TalkBench.run(System.err, TalkBench.Part.ALL));
                case "talk-listeners" -> goals.addAll(TalkBench.run(System.err, TalkBench.Part.LISTENERS));
                case "talk-calls" -> goals.addAll(TalkBench.run(System.err, TalkBench.Part.CALLS));
                case "talk-floor" -> goals.addAll(TalkBench.run(System.err, TalkBench.Part.FLOOR));
                case "talk-access" -> goals.addAll(TalkBench.run(System.err, TalkBench.Part.ACCESS));
                case "talk-joins" -> goals.addAll(TalkBench.run(System.err, TalkBench.Part.JOINS));
                default -> {
                    System.err.println("conurb: there is no benchmark " + name + ".");
                    System.err.println(
                            "  There are: start, hub, incidents, video (its parts: video-recorded, video-played, video-live),");
                    System.err.println(
                            "  talk (talk-listeners, talk-calls, talk-floor, talk-access, talk-joins), fuzz, hostile, simulation.");
                    System.exit(1);
                }
            }
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Goal goal : goals) {
            if (!onlyJson) {
                System.out.printf(
                        "%-62s %10s %-12s %s %s  %s%n",
                        goal.goal(),
                        figure(goal.figure()),
                        goal.unit(),
                        goal.atLeast() ? ">=" : "<=",
                        figure(goal.target()),
                        goal.met() ? "met" : "MISSED");
            }
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("goal", goal.goal());
            row.put("figure", figure(goal.figure()));
            row.put("unit", goal.unit());
            row.put("target", goal.target());
            row.put("met", goal.met());
            rows.add(row);
        }
        System.out.println(Json.mapper().writeValueAsString(rows));
    }

    /** One place behind the point, three where the figure is small. */
    private static BigDecimal figure(double figure) {
        BigDecimal rounded = BigDecimal.valueOf(Double.isNaN(figure) ? 0 : figure)
                .setScale(Math.abs(figure) < 10 ? 3 : 1, RoundingMode.HALF_UP)
                .stripTrailingZeros();
        return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
    }
}

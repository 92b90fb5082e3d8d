package org.conurb.demo;

import java.time.Duration;
import java.util.List;

/** A drive along a line of longitudes and latitudes, at an even pace. */
final class Drive {
    private static final double METRES_A_DEGREE = 111_200;

    private final List<double[]> line;
    private final double[] before;
    private final double seconds;

    /** @param seconds it takes; where 0, as long as the line takes at 40 km/h */
    Drive(List<double[]> line, double seconds) {
        this.line = List.copyOf(line);
        this.before = new double[line.size()];
        for (int i = 1; i < line.size(); i++) {
            before[i] = before[i - 1] + metres(line.get(i - 1), line.get(i));
        }
        this.seconds = seconds > 0 ? seconds : before[before.length - 1] / 11.1;
    }

    static double metres(double[] a, double[] b) {
        double east = (b[0] - a[0]) * METRES_A_DEGREE * Math.cos(Math.toRadians((a[1] + b[1]) / 2));
        return Math.hypot(east, (b[1] - a[1]) * METRES_A_DEGREE);
    }

    double[] last() {
        return line.getLast();
    }

    boolean done(Duration since) {
        return seconds(since) >= seconds;
    }

    private static double seconds(Duration since) {
        return since.toNanos() / 1e9;
    }

    /** Longitude and latitude after so long. */
    double[] at(Duration since) {
        double total = before[before.length - 1];
        double gone = seconds <= 0 ? total : Math.min(1, seconds(since) / seconds) * total;
        for (int i = 1; i < before.length; i++) {
            if (gone <= before[i]) {
                double part = before[i] == before[i - 1] ? 1 : (gone - before[i - 1]) / (before[i] - before[i - 1]);
                double[] a = line.get(i - 1);
                double[] b = line.get(i);
                return new double[] {a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part};
            }
        }
        return line.getLast();
    }
}

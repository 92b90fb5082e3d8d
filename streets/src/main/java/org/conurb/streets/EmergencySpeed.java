package org.conurb.streets;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How fast an emergency vehicle drives along a way, by OpenStreetMap's tags: the profile that travel times stand on.
 *
 * <ul>
 *   <li>Speed: nine tenths of the legal maximum, or a usual speed of the class of road, whichever is lower; no bonus for
 *       blue lights, so that a promise is rather kept than not.
 *   <li>Open: what a car may drive, streets for pedestrians and busways, private ways and ways for those with an errand.
 *       {@code emergency=yes|designated} opens anything, a foot path too; {@code emergency=no} closes.
 *   <li>Closed: {@code access}, {@code vehicle} or {@code motor_vehicle} = {@code no} (but for pedestrian streets and
 *       where buses may), steps, foot paths, what is being built, ferries.
 *   <li>One-way streets hold, roundabouts and motorways too; {@code oneway:emergency=no} lifts it.
 *   <li>Turn restrictions do not hold: crews may break them, and do.
 * </ul>
 */
final class EmergencySpeed {
    static final double FASTEST_KMH = 125;

    private static final double SLOWEST_KMH = 5;
    private static final double WALKING_KMH = 10;
    private static final double SHARE_OF_LEGAL = 0.9;
    private static final Map<String, Integer> USUAL_KMH = Map.ofEntries(
            Map.entry("motorway", 110),
            Map.entry("motorway_link", 60),
            Map.entry("trunk", 85),
            Map.entry("trunk_link", 55),
            Map.entry("primary", 60),
            Map.entry("primary_link", 45),
            Map.entry("secondary", 55),
            Map.entry("secondary_link", 40),
            Map.entry("tertiary", 45),
            Map.entry("tertiary_link", 35),
            Map.entry("unclassified", 40),
            Map.entry("residential", 35),
            Map.entry("busway", 40),
            Map.entry("road", 30),
            Map.entry("service", 20),
            Map.entry("living_street", 15),
            Map.entry("track", 15),
            Map.entry("pedestrian", 10));
    /** Most specific first: the first that is tagged decides. */
    private static final List<String> ACCESS = List.of("motor_vehicle", "vehicle", "access");

    private static final Set<String> BUILT = Set.of("construction", "proposed");

    private EmergencySpeed() {}

    /** @return 0 where the way is closed */
    static double kmh(Map<String, Object> way) {
        String highway = tag(way, "highway");
        if (highway.isEmpty() || BUILT.contains(highway) || has(way, "emergency", "no")) {
            return 0;
        }
        boolean opened = has(way, "emergency", "yes", "designated");
        Integer usual = USUAL_KMH.get(highway);
        if (usual == null) {
            return opened && !highway.equals("steps") ? WALKING_KMH : 0;
        }
        if (!opened && closed(way, highway)) {
            return 0;
        }
        double legal = legalKmh(tag(way, "maxspeed"));
        return Math.max(SLOWEST_KMH, legal > 0 ? Math.min(usual * 1.3, SHARE_OF_LEGAL * legal) : usual);
    }

    private static boolean closed(Map<String, Object> way, String highway) {
        if (highway.equals("pedestrian") || highway.equals("busway") || has(way, "bus", "yes", "designated")) {
            return has(way, "access", "no") && tag(way, "bus").isEmpty();
        }
        if (has(way, "psv", "yes", "designated")) {
            return false;
        }
        for (String key : ACCESS) {
            String value = tag(way, key);
            if (!value.isEmpty()) {
                return value.equals("no");
            }
        }
        return false;
    }

    /** Kilometres an hour; 0 where the tag names no number. */
    static double legalKmh(String maxSpeed) {
        int end = 0;
        while (end < maxSpeed.length() && end < 4 && Character.isDigit(maxSpeed.charAt(end))) {
            end++;
        }
        if (end == 0) {
            return maxSpeed.equals("walk") ? WALKING_KMH : 0;
        }
        double value = Integer.parseInt(maxSpeed, 0, end, 10);
        return maxSpeed.contains("mph") ? value * 1.609_344 : value;
    }

    /** @return 1 along the way only, -1 against it only, 0 both */
    static int direction(Map<String, Object> way) {
        if (has(way, "oneway:emergency", "no")) {
            return 0;
        }
        switch (tag(way, "oneway")) {
            case "yes", "true", "1":
                return 1;
            case "-1", "reverse":
                return -1;
            case "no", "false", "0":
                return 0;
            default:
                boolean implied = has(way, "junction", "roundabout", "circular")
                        || has(way, "highway", "motorway", "motorway_link");
                return implied ? 1 : 0;
        }
    }

    private static String tag(Map<String, Object> way, String key) {
        return way.getOrDefault(key, "").toString();
    }

    private static boolean has(Map<String, Object> way, String key, String... values) {
        return Arrays.asList(values).contains(tag(way, key));
    }
}

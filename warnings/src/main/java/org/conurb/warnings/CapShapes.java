package org.conurb.warnings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * CAP's polygons and circles as GeoJSON. CAP writes latitude first, GeoJSON longitude first (RFC 7946 §3.1.1). What
 * crosses the antimeridian is cut in two there (§3.1.9); of two ways round the earth an edge takes the shorter. Rings
 * that cross themselves are kept as they are.
 */
final class CapShapes {
    static final int CIRCLE_POINTS = 48;

    private static final double EARTH_RADIUS_KM = 6_371.0088;
    private static final double LEAST_RADIUS_KM =
            0.1; // a circle of radius 0 is a point, and a point cannot be shown as an area
    private static final double MOST_RADIUS_KM = 20_038;
    private static final String NUMBER = "([-+]?(?:[0-9]{1,5}(?:\\.[0-9]{0,20})?|\\.[0-9]{1,20}))";
    private static final Pattern PAIR = Pattern.compile(NUMBER + "," + NUMBER);
    private static final Pattern CIRCLE = Pattern.compile("\\s*" + NUMBER + "," + NUMBER + "\\s+" + NUMBER + "\\s*");

    private CapShapes() {}

    /** Longitude and latitude in degrees. */
    private record Point(double longitude, double latitude) {
        List<Double> coordinates() {
            return List.of(longitude, latitude);
        }
    }

    /** Text that is no shape on earth. */
    static final class Unreadable extends Exception {
        Unreadable(String reason) {
            super(reason);
        }
    }

    /**
     * @param text pairs of latitude,longitude parted by white space; four or more with the first repeated at the end (a
     *     ring left open is closed)
     * @return rings as GeoJSON coordinates; two where it crosses the antimeridian, none for empty text
     */
    static List<List<List<Double>>> polygon(String text) throws Unreadable {
        if (text.isBlank()) {
            return List.of();
        }
        List<Point> ring = new ArrayList<>();
        for (String pair : text.strip().split("\\s+")) {
            Matcher m = PAIR.matcher(pair);
            if (!m.matches()) {
                throw new Unreadable("%s is not a pair latitude,longitude".formatted(CapRefused.quote(pair)));
            }
            ring.add(point(m.group(1), m.group(2)));
        }
        if (!ring.getFirst().equals(ring.getLast())) {
            ring.add(ring.getFirst());
        }
        if (ring.stream().distinct().count() < 3) {
            throw new Unreadable("a polygon has three or more different points, and then the first again");
        }
        return onEarth(ring);
    }

    /** @param text latitude,longitude, white space, radius in km */
    static List<List<List<Double>>> circle(String text) throws Unreadable {
        if (text.isBlank()) {
            return List.of();
        }
        Matcher m = CIRCLE.matcher(text);
        if (!m.matches()) {
            throw new Unreadable("%s is not latitude,longitude and radius".formatted(CapRefused.quote(text)));
        }
        Point centre = point(m.group(1), m.group(2));
        double radius = Double.parseDouble(m.group(3));
        if (radius < 0 || radius > MOST_RADIUS_KM) {
            throw new Unreadable("a radius is 0 to 20038 km, not %s".formatted(m.group(3)));
        }
        double angle = Math.max(LEAST_RADIUS_KM, radius) / EARTH_RADIUS_KM;
        double south = centre.latitude - Math.toDegrees(angle);
        double north = centre.latitude + Math.toDegrees(angle);
        if (south <= -90 || north >= 90) { // with a pole inside it is a cap of the earth
            return List.of(box(Math.max(-90, south), Math.min(90, north)));
        }
        List<Point> ring = new ArrayList<>();
        for (int i = 0; i < CIRCLE_POINTS; i++) {
            ring.add(destination(centre, angle, 2 * Math.PI * i / CIRCLE_POINTS));
        }
        ring.add(ring.getFirst());
        return onEarth(ring);
    }

    /** @return a Polygon for one ring, a MultiPolygon for more; empty for none */
    static Optional<Map<String, Object>> geoJson(List<List<List<Double>>> rings) {
        return switch (rings.size()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(Map.of("type", "Polygon", "coordinates", rings));
            default ->
                Optional.of(Map.of(
                        "type",
                        "MultiPolygon",
                        "coordinates",
                        rings.stream().map(List::of).toList()));
        };
    }

    private static Point point(String latitude, String longitude) throws Unreadable {
        double north = Double.parseDouble(latitude);
        double east = Double.parseDouble(longitude);
        if (Math.abs(north) > 90 || Math.abs(east) > 180) {
            throw new Unreadable(
                    "latitude %s, longitude %s is not on earth (latitude comes first)".formatted(latitude, longitude));
        }
        return new Point(east, north);
    }

    /** The point at a distance along a great circle, both angles in radians. */
    private static Point destination(Point from, double angle, double bearing) {
        double lat = Math.toRadians(from.latitude);
        double lat2 = Math.asin(Math.sin(lat) * Math.cos(angle) + Math.cos(lat) * Math.sin(angle) * Math.cos(bearing));
        double east = Math.atan2(
                Math.sin(bearing) * Math.sin(angle) * Math.cos(lat), Math.cos(angle) - Math.sin(lat) * Math.sin(lat2));
        return new Point(rounded(from.longitude + Math.toDegrees(east)), rounded(Math.toDegrees(lat2)));
    }

    private static double rounded(double degrees) {
        return Math.round(degrees * 1e6) / 1e6; // 0.1 m
    }

    private static List<List<Double>> box(double south, double north) {
        return List.of(
                List.of(-180d, south),
                List.of(180d, south),
                List.of(180d, north),
                List.of(-180d, north),
                List.of(-180d, south));
    }

    private static List<List<List<Double>>> onEarth(List<Point> ring) {
        List<Point> continuous = new ArrayList<>(ring.size());
        double turn = 0;
        continuous.add(ring.getFirst());
        for (int i = 1; i < ring.size(); i++) {
            double step = ring.get(i).longitude - ring.get(i - 1).longitude;
            turn += step > 180 ? -360 : step < -180 ? 360 : 0;
            continuous.add(new Point(ring.get(i).longitude + turn, ring.get(i).latitude));
        }
        double west = continuous.stream().mapToDouble(Point::longitude).min().orElseThrow();
        double east = continuous.stream().mapToDouble(Point::longitude).max().orElseThrow();
        if (turn != 0 || east - west > 360) {
            return List.of(coordinates(ring)); // winds round the earth: nothing better to say in GeoJSON
        }
        if (west >= -180 && east <= 180) {
            return List.of(coordinates(continuous));
        }
        double shift = west < -180 ? 360 : 0;
        List<Point> shifted = continuous.stream()
                .map(p -> new Point(p.longitude + shift, p.latitude))
                .toList();
        List<List<List<Double>>> halves = new ArrayList<>();
        half(shifted, false).ifPresent(halves::add);
        half(shifted, true).ifPresent(halves::add);
        return List.copyOf(halves);
    }

    /** The part of a ring on one side of longitude 180 (Sutherland and Hodgman, CACM 17, 1974), brought to -180..180. */
    private static Optional<List<List<Double>>> half(List<Point> ring, boolean beyond) {
        List<Point> kept = new ArrayList<>();
        for (int i = 1; i < ring.size(); i++) {
            Point from = ring.get(i - 1);
            Point to = ring.get(i);
            boolean fromIn = beyond ? from.longitude >= 180 : from.longitude <= 180;
            boolean toIn = beyond ? to.longitude >= 180 : to.longitude <= 180;
            if (fromIn != toIn) {
                double part = (180 - from.longitude) / (to.longitude - from.longitude);
                kept.add(new Point(180, rounded(from.latitude + part * (to.latitude - from.latitude))));
            }
            if (toIn) {
                kept.add(to);
            }
        }
        if (kept.stream().distinct().count() < 3) {
            return Optional.empty();
        }
        if (!kept.getFirst().equals(kept.getLast())) {
            kept.add(kept.getFirst());
        }
        return Optional.of(coordinates(kept.stream()
                .map(p -> beyond ? new Point(p.longitude - 360, p.latitude) : p)
                .toList()));
    }

    private static List<List<Double>> coordinates(List<Point> ring) {
        return ring.stream().map(Point::coordinates).toList();
    }
}

package org.conurb.kernel;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A point on WGS 84, latitude first as EPSG:4326 orders it. GeoJSON orders longitude first (RFC 7946 §3.1.1).
 *
 * @param latitudeDegrees -90..90
 * @param longitudeDegrees -180..180
 */
public record Epsg4326Point(double latitudeDegrees, double longitudeDegrees) {
    private static final double EARTH_RADIUS_METRES = 6_371_008.8;

    public Epsg4326Point {
        if (!(Math.abs(latitudeDegrees) <= 90 && Math.abs(longitudeDegrees) <= 180)) {
            throw new BadRequest(
                    "place-off-earth",
                    "Not a point on Earth: latitude %s, longitude %s.".formatted(latitudeDegrees, longitudeDegrees),
                    "GeoJSON gives longitude first, then latitude. Are the two swapped?");
        }
    }

    /**
     * Reads a GeoJSON Point (RFC 7946 §3.1.2) from parsed JSON; a third coordinate is dropped.
     *
     * @throws BadRequest for anything that is not a Point on Earth
     */
    public static Epsg4326Point fromGeoJson(Object geoJson) {
        if (geoJson instanceof Map<?, ?> map
                && "Point".equals(map.get("type"))
                && map.get("coordinates") instanceof List<?> list
                && (list.size() == 2 || list.size() == 3)
                && list.get(0) instanceof Number longitude
                && list.get(1) instanceof Number latitude) {
            return new Epsg4326Point(latitude.doubleValue(), longitude.doubleValue());
        }
        throw new BadRequest(
                "place-form",
                "A place is a GeoJSON Point.",
                "Send {\"type\":\"Point\",\"coordinates\":[longitude,latitude]}.");
    }

    public Map<String, Object> toGeoJson() {
        Map<String, Object> point = new LinkedHashMap<>();
        point.put("type", "Point");
        point.put("coordinates", List.of(longitudeDegrees, latitudeDegrees));
        return point;
    }

    /** Great-circle distance on the mean sphere (haversine), in metres; within 0.6 % of the ellipsoid's. */
    public double metresTo(Epsg4326Point other) {
        double dLat = Math.toRadians(other.latitudeDegrees - latitudeDegrees);
        double dLon = Math.toRadians(other.longitudeDegrees - longitudeDegrees);
        double a = Math.pow(Math.sin(dLat / 2), 2)
                + Math.cos(Math.toRadians(latitudeDegrees))
                        * Math.cos(Math.toRadians(other.latitudeDegrees))
                        * Math.pow(Math.sin(dLon / 2), 2);
        return 2 * EARTH_RADIUS_METRES * Math.asin(Math.min(1, Math.sqrt(a)));
    }
}

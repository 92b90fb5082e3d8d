package org.conurb.demo;

import java.util.Map;

/**
 * A call from somebody in the city.
 *
 * @param after seconds since its scene began
 */
record Call(double after, String type, double longitude, double latitude, String words, String caller, String phone) {
    Map<String, Object> incident() {
        return Map.of(
                "type",
                type,
                "place",
                Map.of("type", "Point", "coordinates", java.util.List.of(longitude, latitude)),
                "description",
                words,
                "caller",
                Map.of("name", caller, "phone", phone));
    }
}

package org.conurb.server;

import java.util.Map;
import java.util.Optional;

/** A map with fixed keys, of a city file. */
record CityFields(CityValue place, Map<String, CityValue> found) {
    Optional<CityValue> optional(String key) {
        return Optional.ofNullable(found.get(key));
    }

    /** The value, or an absent one whose absence is told as a fault of the map. */
    CityValue required(String key) {
        CityValue value = found.get(key);
        if (value != null) {
            return value;
        }
        if (place.isMap()) {
            place.fault("%s is missing here.".formatted(key), "Add %s: … to it.".formatted(key));
        }
        return place.without();
    }
}

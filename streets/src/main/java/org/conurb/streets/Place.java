package org.conurb.streets;

import org.conurb.kernel.Epsg4326Point;

/**
 * Something that has a name and a place.
 *
 * @param label as people write it; a street with its house number and quarter where known
 */
public record Place(String label, Kind kind, Epsg4326Point place) {
    /** In the order in which they are offered where all else is alike; files hold the ordinal. */
    public enum Kind {
        CITY,
        QUARTER,
        STREET,
        ADDRESS,
        BUILDING,
        POI
    }
}

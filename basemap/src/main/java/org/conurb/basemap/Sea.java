package org.conurb.basemap;

import org.locationtech.jts.geom.Geometry;

/** What the coastline of an extract says about the sea in its box. */
sealed interface Sea {
    /** Where the sea is; {@code closedEnds} loose ends of the coastline were drawn on to the box. */
    record Known(Geometry area, int closedEnds) implements Sea {}

    /** The box is shown as land. */
    record Unknown(String why) implements Sea {}
}

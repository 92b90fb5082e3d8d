/**
 * The city's streets, as its map extract tells them: how long the way is for an emergency vehicle, and where an address
 * is. Ask {@link Streets}; {@link RoadBuild} and {@link PlaceFile} make the files that it reads, in the process of {@code
 * basemap}. The doors are {@code /api/roads/route} and {@code /api/places}.
 */
@NullMarked
package org.conurb.streets;

import org.jspecify.annotations.NullMarked;

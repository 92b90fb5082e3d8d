package org.conurb.streets;

import java.util.List;
import org.conurb.kernel.Epsg4326Point;

/**
 * A way from place to place.
 *
 * @param line two points or more, from first to last; the straight one where the travel is estimated
 */
public record Route(Travel travel, List<Epsg4326Point> line) {}

package org.conurb.streets;

/**
 * How long and how far it is.
 *
 * @param seconds driven by an emergency vehicle, 0 or more
 * @param metres along the way
 * @param estimated whether it is only the line of flight with a factor: no map, a place far from any road, or no way
 */
public record Travel(double seconds, double metres, boolean estimated) {}

/**
 * OpenStreetMap extract to PMTiles, a program of its own ({@link org.conurb.basemap.Basemap}): the server starts it as a
 * child process, so that its memory and its libraries stay out of the server. Emits the layers and attributes that the
 * style of npm's {@code @protomaps/basemaps} 5.7 reads; see {@code docs/basemap.md}.
 */
@NullMarked
package org.conurb.basemap;

import org.jspecify.annotations.NullMarked;

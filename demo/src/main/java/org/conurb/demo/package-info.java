/**
 * The invented city, as a program of its own: makes its map, films it, serves its cameras, drives its crews and calls in
 * its incidents. It knows the site only by HTTP, RTSP and WebRTC, as any other vendor's program would; {@link org.conurb.demo.Demo}
 * is the one way in.
 */
@NullMarked
package org.conurb.demo;

import org.jspecify.annotations.NullMarked;

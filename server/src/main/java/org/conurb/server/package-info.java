/** Wires all rooms into one program, with its HTTP edge and its command line. Nothing depends on it. */
@NullMarked
package org.conurb.server;

import org.jspecify.annotations.NullMarked;

/**
 * Push-to-talk between everyone who responds, in the words of 3GPP TS 23.379 (calls) and TS 24.380 (the floor). This much
 * is the model: no I/O, no threads, no clock of its own. {@link org.conurb.talk.Call} is a call from its start to its end,
 * {@link org.conurb.talk.FloorArbiter} says who may talk in it, {@link org.conurb.talk.FloorPackets} puts that into RTCP.
 */
@NullMarked
package org.conurb.talk;

import org.jspecify.annotations.NullMarked;

/**
 * Push-to-talk between everyone who responds, in the words of 3GPP TS 23.379 (calls) and TS 24.380 (the floor). The
 * model has no I/O, no threads, no clock of its own: {@link org.conurb.talk.Call} is a call from its start to its end,
 * {@link org.conurb.talk.FloorArbiter} says who may talk in it, {@link org.conurb.talk.FloorPackets} puts that into RTCP.
 * {@link org.conurb.talk.ControllingFunction} decides all calls; {@link org.conurb.talk.GroupDirectory} has the groups, which
 * {@link org.conurb.talk.IncidentGroups} makes of what the hub tells; {@link org.conurb.talk.TalkMessages} keeps what is
 * written. Two configurations are public, nothing else.
 */
@NullMarked
package org.conurb.talk;

import org.jspecify.annotations.NullMarked;

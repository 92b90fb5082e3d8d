package org.conurb.talk;

import java.time.Duration;
import java.util.UUID;

/** What a client is told. */
sealed interface TalkNotice {
    /** Floor control, as in TS 24.380. */
    record FloorTold(String group, FloorMessage message) implements TalkNotice {}

    /** The talk may end soon by its limit. */
    record Warning(String group, Duration left) implements TalkNotice {}

    /**
     * One talks, and this client hears it, or would if it had an ear free.
     *
     * @param ear which of the client's, from 0; {@link Hearing#UNHEARD}
     */
    record Transmission(Talk talk, int ear) implements TalkNotice {}

    record TransmissionEnd(String group, UUID talk, int ear) implements TalkNotice {}

    /** Someone calls: a private call waits for an answer. */
    record Invited(String group, Participant by, boolean withFloor) implements TalkNotice {}

    record Released(String group, CallEnd why) implements TalkNotice {}

    /** The call is this urgent now, by this one's doing. */
    record Progress(String group, Urgency urgency, Participant by) implements TalkNotice {}

    record Alert(String group, Participant who, boolean out) implements TalkNotice {}

    /** @param affiliated whether the one who is told is */
    record GroupShown(GroupFacts facts, CallState state, boolean affiliated) implements TalkNotice {}

    record GroupGone(String group) implements TalkNotice {}
}

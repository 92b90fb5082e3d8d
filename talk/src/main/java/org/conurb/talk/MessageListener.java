package org.conurb.talk;

import java.util.Collection;

/** Told of messages after the commit, on the thread of who sent or read: must not wait long. */
interface MessageListener {
    /** @param receivers who should get it now, where they are there; what they got is told to {@link TalkMessages#delivered} */
    void stored(TalkMessage message, Collection<Participant> receivers);

    /** @param receiver who got or read it: for its sender to know */
    void changed(TalkMessage message, Participant receiver, TalkMessage.State state);
}

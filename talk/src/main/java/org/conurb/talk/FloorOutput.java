package org.conurb.talk;

import java.time.Duration;

/** What an arbiter does to the world. Called on the arbiter's thread, before its method returns; must not call it back. */
interface FloorOutput {
    /** The same message object may go to many: what is encoded once can be sent to all of them. */
    void send(Participant to, FloorMessage message);

    /**
     * The gate of the media: from now on packets of this one are passed on to the others, or are not. Nobody else's are.
     * Opens before Floor Granted is sent, closes before anybody else's opens; a talk lasts from one to the other.
     */
    void permit(Participant talker, boolean mayTalk);

    /** The talk limit (T2) is near. */
    default void warn(Participant talker, Duration left) {}

    /** Nobody has talked for T4. */
    default void inactive() {}
}

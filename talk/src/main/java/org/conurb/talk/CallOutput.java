package org.conurb.talk;

/** What a call does to the world; see {@link FloorOutput} for how it is called. */
interface CallOutput extends FloorOutput {
    /** Calls one who is affiliated: the client joins, or asks its user first. */
    void invite(Participant who);

    /** One is no longer in the call by no doing of its own. */
    void released(Participant who, CallEnd why);

    /** The call is in this state now, by this one's doing; {@link Urgency#ROUTINE} when the last emergency has ended. */
    void inProgress(Urgency urgency, Participant by);

    /** An emergency alert is out, or is not any more (TS 23.379 10.6.2.7). */
    void alert(Participant who, boolean out);
}

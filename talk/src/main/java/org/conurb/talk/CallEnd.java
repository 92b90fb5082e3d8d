package org.conurb.talk;

/** Why a call ended (TS 23.379 10.6.2.3.1.2.2, 10.7.2.2.3). */
enum CallEnd {
    /** Somebody who may has ended it. */
    BY_USER,
    /** Nobody has talked for T4. */
    INACTIVE,
    /** The broadcast is over. */
    BROADCAST_OVER,
    /** The other one of a private call has gone. */
    OTHER_LEFT
}

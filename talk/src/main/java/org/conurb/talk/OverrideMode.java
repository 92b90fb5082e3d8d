package org.conurb.talk;

/**
 * What a request of pre-emptive priority does to who talks (TS 22.179 6.2.3.3, TS 24.380 6.3.4.4.7 and 6.3.6). What is more
 * urgent takes the floor at once in every mode.
 */
enum OverrideMode {
    /** It waits like others, in its place of the queue. */
    NONE,
    /** Who talks is told to stop, and has T3 for it where requests can wait. */
    REVOKE,
    /** Dual floor control: both are heard; one at a time may override. */
    BOTH_HEARD,
    /** Every request takes the floor at once (audio cut-in); nothing is queued but behind something more urgent. */
    AUDIO_CUT_IN
}

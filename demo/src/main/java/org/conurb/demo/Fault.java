package org.conurb.demo;

/** What ails a camera of the simulator. */
enum Fault {
    NONE,
    /** Its plug is pulled: connections end, new ones are closed at once. */
    STOP,
    /** Connections stay, nothing comes any more. */
    STALL,
    /** Pictures are black; the clock runs. */
    BLACK,
    /** The picture and its clock stand still; packets go on. */
    FROZEN,
    /** It shows another scene, as after a push. */
    MOVED
}

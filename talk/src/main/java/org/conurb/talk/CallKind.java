package org.conurb.talk;

/** What kind of call it is (TS 23.379 10.6 and 10.7). */
enum CallKind {
    /** All affiliated members are invited when one begins; ends when nobody has talked for T4. */
    PRE_ARRANGED,
    /** Members come and go by themselves; open while one of them is in it. */
    CHAT,
    /** Only who began it talks; over when that one has ended. */
    BROADCAST,
    /** Made of groups or members for the time being (regroup); begins and ends like a pre-arranged one. */
    TEMPORARY,
    /** Two, taking turns. */
    PRIVATE,
    /** Two, both heard all the time. */
    PRIVATE_WITHOUT_FLOOR;

    boolean isPrivate() {
        return this == PRIVATE || this == PRIVATE_WITHOUT_FLOOR;
    }

    boolean hasFloor() {
        return this != PRIVATE_WITHOUT_FLOOR;
    }
}

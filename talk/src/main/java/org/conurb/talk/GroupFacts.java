package org.conurb.talk;

import java.util.Optional;

/**
 * A group and what people should know of it.
 *
 * @param name for people
 * @param origin where it comes from
 * @param incident URN of the incident it was opened for
 * @param recorded whether what is said is kept
 */
record GroupFacts(TalkGroup group, String name, Origin origin, Optional<String> incident, boolean recorded) {
    enum Origin {
        /** Of the city folder. */
        STANDING,
        INCIDENT,
        /** Made by a dispatcher for the time being. */
        TEMPORARY,
        PRIVATE
    }
}

package org.conurb.talk;

import java.util.Optional;
import org.conurb.kernel.Caller;
import org.conurb.kernel.OrganisationId;

/** Who may take part in calls of this site, and what they are called. */
interface Participants {
    /**
     * As whom somebody who is signed in takes part: as the unit named, else as the seat taken.
     *
     * @param unit URN of a unit of the organisation acted for
     * @throws org.conurb.kernel.ConurbException where there is neither, or the caller may not
     */
    Participant of(Caller caller, Optional<String> unit);

    /** @param mcpttId as {@code sip:dispatch-1@alder} */
    Optional<Participant> find(String mcpttId);

    /** Whether an agreement lets these two organisations call each other; from memory. */
    boolean reach(OrganisationId one, OrganisationId other);

    /** For people to read: a seat's name in the city's first language, a unit's call sign. From memory. */
    String name(Participant who);
}

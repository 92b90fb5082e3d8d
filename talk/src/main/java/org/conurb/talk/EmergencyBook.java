package org.conurb.talk;

import java.util.Map;
import java.util.Optional;

/** Keeps who is in an emergency, and shows it to the site. Told on the floor's thread: must not wait. */
interface EmergencyBook {
    /**
     * Somebody is in an emergency or in peril, has an alert out, or is so more urgently than before.
     *
     * @param place GeoJSON Point, where it is known
     */
    void raised(GroupFacts group, Participant who, Urgency urgency, boolean alert, Optional<Map<String, Object>> place);

    /** Cancelled, or timed out. */
    void ended(GroupFacts group, Participant who);
}

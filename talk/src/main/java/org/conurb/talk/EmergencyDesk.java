package org.conurb.talk;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is written of emergencies while the site decides: which are in the book, and where people said they are. */
final class EmergencyDesk {
    private volatile EmergencyBook book = new Nobody();

    // of the floor's thread
    private final Map<Participant, Map<String, Object>> places = new HashMap<>();
    private final Set<String> booked = new HashSet<>();

    private static final class Nobody implements EmergencyBook {
        @Override
        public void raised(
                GroupFacts group,
                Participant who,
                Urgency urgency,
                boolean alert,
                Optional<Map<String, Object>> place) {}

        @Override
        public void ended(GroupFacts group, Participant who) {}
    }

    void book(EmergencyBook emergencies) {
        book = emergencies;
    }

    /** @param place GeoJSON Point */
    void place(Participant who, Optional<Map<String, Object>> place) {
        place.ifPresent(where -> places.put(who, where));
    }

    /** After a restart: it is in the book since before. */
    void resume(GroupCall group, Participant who) {
        booked.add(key(group, who));
    }

    void raised(GroupCall group, Participant who, Urgency urgency, boolean alert) {
        if (urgency != Urgency.ROUTINE || alert) {
            booked.add(key(group, who));
            book.raised(group.facts(), who, urgency, alert, Optional.ofNullable(places.get(who)));
        }
    }

    boolean isBooked(GroupCall group, Participant who) {
        return booked.contains(key(group, who));
    }

    void ended(GroupCall group, Participant who) {
        booked.remove(key(group, who));
        if (booked.stream().noneMatch(other -> other.endsWith(' ' + who.mcpttId()))) {
            places.remove(who);
        }
        book.ended(group.facts(), who);
    }

    private static String key(GroupCall group, Participant who) {
        return group.id() + ' ' + who.mcpttId();
    }
}

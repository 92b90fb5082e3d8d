package org.conurb.talk;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who of one group is in an emergency or imminent peril, and who has an alert out (TS 23.379 10.6.2.6 and 10.6.2.7). Lasts
 * until an authorised cancel or its time-out, whatever becomes of the line: one who is cut off still needs help. At most one
 * entry a member.
 */
final class Emergencies {
    private record Entry(Urgency urgency, boolean alert, long until) {}

    private final Map<Participant, Entry> entries = new LinkedHashMap<>();
    private final long timeOutNanos;

    Emergencies(long timeOutNanos) {
        this.timeOutNanos = timeOutNanos;
    }

    /** @return whether anything is new by it; its time-out begins anew in any case */
    boolean raise(Participant who, Urgency urgency, long now) {
        Entry was = entries.get(who);
        Urgency to = was == null ? urgency : Urgency.higher(was.urgency, urgency);
        entries.put(who, new Entry(to, was != null && was.alert, now + timeOutNanos));
        return was == null || was.urgency != to;
    }

    boolean alert(Participant who, long now) {
        Entry was = entries.get(who);
        entries.put(who, new Entry(was == null ? Urgency.ROUTINE : was.urgency, true, now + timeOutNanos));
        return was == null || !was.alert;
    }

    boolean cancelAlert(Participant who) {
        Entry was = entries.get(who);
        if (was == null || !was.alert) {
            return false;
        }
        put(who, new Entry(was.urgency, false, was.until));
        return true;
    }

    boolean cancel(Participant who) {
        Entry was = entries.get(who);
        if (was == null || was.urgency == Urgency.ROUTINE) {
            return false;
        }
        put(who, new Entry(Urgency.ROUTINE, was.alert, was.until));
        return true;
    }

    private void put(Participant who, Entry entry) {
        if (entry.urgency == Urgency.ROUTINE && !entry.alert) {
            entries.remove(who);
        } else {
            entries.put(who, entry);
        }
    }

    /** Whose time is over; they are still in it. */
    List<Participant> expired(long now) {
        List<Participant> over = new ArrayList<>();
        entries.forEach((who, entry) -> {
            if (now >= entry.until) {
                over.add(who);
            }
        });
        return over;
    }

    long nextTimer() {
        long next = Floor.NEVER;
        for (Entry entry : entries.values()) {
            next = Math.min(next, entry.until);
        }
        return next;
    }

    Urgency of(Participant who) {
        Entry entry = entries.get(who);
        return entry == null ? Urgency.ROUTINE : entry.urgency;
    }

    boolean hasAlert(Participant who) {
        Entry entry = entries.get(who);
        return entry != null && entry.alert;
    }

    /** The most urgent of all. */
    Urgency inProgress() {
        Urgency highest = Urgency.ROUTINE;
        for (Entry entry : entries.values()) {
            highest = Urgency.higher(highest, entry.urgency);
        }
        return highest;
    }
}

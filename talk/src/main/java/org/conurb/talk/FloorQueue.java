package org.conurb.talk;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Floor requests that wait, in the order in which they will be granted (TS 24.380 4.1.1.2). At most 253. */
final class FloorQueue {
    private final List<FloorMember> waiting = new ArrayList<>();

    /** Behind those of equal right that are in it. */
    void add(FloorMember member) {
        int at = waiting.size();
        while (at > 0 && member.goesBefore(waiting.get(at - 1))) {
            at--;
        }
        waiting.add(at, member);
    }

    boolean remove(FloorMember member) {
        return waiting.remove(member);
    }

    @Nullable
    FloorMember first() {
        return waiting.isEmpty() ? null : waiting.getFirst();
    }

    @Nullable
    FloorMember last() {
        return waiting.isEmpty() ? null : waiting.getLast();
    }

    int size() {
        return waiting.size();
    }

    /** In order; not to be kept. */
    List<FloorMember> all() {
        return waiting;
    }
}

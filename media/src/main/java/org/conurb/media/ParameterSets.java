package org.conurb.media;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** The parameter sets of one kind that are in force, by their identifier; at most eight, the oldest goes first. */
final class ParameterSets {
    private final List<ParameterSet> sets;
    private final ToIntFunction<ParameterSet> identifier;

    ParameterSets(List<ParameterSet> known, ToIntFunction<ParameterSet> identifier) {
        this.sets = new ArrayList<>(known);
        this.identifier = identifier;
    }

    List<ParameterSet> list() {
        return List.copyOf(sets);
    }

    /** @return whether something changed; no allocation when not */
    boolean take(ByteBuffer bytes, int from, int length) {
        for (int i = 0; i < sets.size(); i++) {
            if (sets.get(i).matches(bytes, from, length)) {
                return false;
            }
        }
        ParameterSet fresh = ParameterSet.of(bytes, from, length).orElse(null);
        if (fresh == null) {
            return false;
        }
        int id = identifier.applyAsInt(fresh);
        for (int i = 0; i < sets.size(); i++) {
            if (identifier.applyAsInt(sets.get(i)) == id) {
                sets.set(i, fresh);
                return true;
            }
        }
        if (sets.size() == TrackFormat.H264.MAX_SETS) {
            sets.removeFirst();
        }
        sets.add(fresh);
        return true;
    }
}

package org.conurb.hub;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was read of one entity's evolution: instances by attribute, oldest first. Confined to one thread. */
record History(Evolution evolution, Map<String, List<Instance>> series) {
    /**
     * One attribute instance.
     *
     * @param hid its number here
     * @param moment the temporal property by which was asked
     * @param mark whether it tells that the attribute was taken away
     * @param value the instance as kept
     */
    record Instance(
            long hid,
            Instant moment,
            boolean observed,
            Instant createdAt,
            @Nullable Instant modifiedAt,
            boolean mark,
            String dataset,
            String value) {}

    History(Evolution evolution) {
        this(evolution, new LinkedHashMap<>());
    }

    void add(String name, Instance instance) {
        series.computeIfAbsent(name, fresh -> new ArrayList<>()).add(instance);
    }

    boolean isEmpty() {
        return series.isEmpty();
    }
}

package org.conurb.hub;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.conurb.hub.History.Instance;

/**
 * What of the time asked an answer tells, where it cannot tell all (GS CIM 009 clause 6.3.10). With {@code lastN} answers
 * go backwards from the newest, else forwards from the oldest. All attributes are cut at one moment, so an answer misses
 * nothing within its range, and whoever goes on from the range's end misses nothing at all.
 *
 * @param start where the range starts, in the direction of the answer
 * @param end the last moment in it
 * @param size {@code lastN}, or *
 */
record PartialTime(Instant start, Instant end, String size) {
    /**
     * Cuts histories where one has more than may be told.
     *
     * @param hidden names by history, in the same order, that are not told
     * @return empty where all is told
     * @throws NgsiLdFault where so many instances bear one moment that no cut can be made
     */
    static Optional<PartialTime> cut(Histories.Read read, List<Set<String>> hidden, TemporalQuery query) {
        List<List<Instance>> all = told(read, hidden);
        int cap = read.cap();
        boolean backwards = query.last().isPresent();
        if (backwards && query.last().getAsInt() <= cap) {
            all.forEach(series -> drop(series, series.size() - cap));
            return Optional.empty();
        }
        Optional<Instant> beyond = all.stream()
                .filter(series -> series.size() > cap)
                .map(series ->
                        series.get(backwards ? series.size() - cap - 1 : cap).moment())
                .reduce((a, b) -> a.isAfter(b) == backwards ? a : b);
        if (beyond.isEmpty()) {
            return Optional.empty();
        }
        Instant bound = beyond.get();
        all.forEach(series -> series.removeIf(instance -> backwards
                ? !instance.moment().isAfter(bound)
                : !instance.moment().isBefore(bound)));
        List<Instant> moments = all.stream()
                .flatMap(List::stream)
                .map(Instance::moment)
                .sorted()
                .toList();
        Optional<Instant> asked = backwards ? query.to() : query.from();
        if (moments.isEmpty() || !backwards && asked.equals(Optional.of(moments.getLast()))) {
            throw NgsiLdFault.tooManyResults(
                    "About %d instances of an attribute bear one moment, %s."
                            .formatted(cap, moments.isEmpty() ? bound : moments.getLast()),
                    "Ask for fewer attributes or entities, for the newest with lastN, or by another timeproperty.");
        }
        List<Instant> along = backwards ? moments.reversed() : moments;
        return Optional.of(new PartialTime(
                asked.orElse(along.getFirst()),
                along.getLast(),
                backwards ? String.valueOf(query.last().getAsInt()) : "*"));
    }

    private static void drop(List<Instance> series, int oldest) {
        if (oldest > 0) {
            series.subList(0, oldest).clear();
        }
    }

    private static List<List<Instance>> told(Histories.Read read, List<Set<String>> hidden) {
        List<List<Instance>> all = new ArrayList<>();
        for (int i = 0; i < read.histories().size(); i++) {
            Set<String> names = hidden.get(i);
            read.histories().get(i).series().forEach((name, series) -> {
                if (!names.contains(name)) {
                    all.add(series);
                }
            });
        }
        return Collections.unmodifiableList(all);
    }

    /** As the header {@code Content-Range} has it. */
    String header() {
        return "date-time %s-%s/%s".formatted(start, end, size);
    }
}

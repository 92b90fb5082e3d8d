package org.conurb.hub;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which entities come along that those of an answer name (GS CIM 009 clause 4.5.23).
 *
 * @param level how many may stand one behind the other, from 1
 * @param containedBy ids of entities that the client has and that do not come along
 */
record Join(Mode mode, int level, Set<String> containedBy) {
    static final Join NONE = new Join(Mode.NONE, 0, Set.of());

    private static final int MAX_LEVEL = 10;
    private static final int MOST_CONTAINING = 1_000;

    enum Mode {
        NONE,
        /** Within the relationship that names it. */
        INLINE,
        /** Behind the others in the list. */
        FLAT
    }

    /** Reads {@code join}, {@code joinLevel} and {@code containedBy}. */
    static Join of(Map<String, String> given) {
        Mode mode = switch (given.getOrDefault("join", "@none")) {
            case "@none" -> Mode.NONE;
            case "inline" -> Mode.INLINE;
            case "flat" -> Mode.FLAT;
            default -> throw NgsiLdFault.badData("There is no such join.", "Send join=inline, flat or @none.");
        };
        String level = given.get("joinLevel");
        List<String> containing = EntityQuery.list("containedBy", given.get("containedBy"), MOST_CONTAINING);
        containing.forEach(id -> EntityReader.id("The parameter containedBy", Documents.text(id)));
        if (mode == Mode.NONE) {
            if (level != null || !containing.isEmpty()) {
                throw NgsiLdFault.badData(
                        "%s goes with join, which is not asked.".formatted(level == null ? "containedBy" : "joinLevel"),
                        "Send join=inline or join=flat, too.");
            }
            return NONE;
        }
        int levels = EntityQuery.number("joinLevel", level, 1, MAX_LEVEL);
        if (levels == 0) {
            throw NgsiLdFault.badData("joinLevel is a whole number from 1 to %d.".formatted(MAX_LEVEL), "Send 1.");
        }
        return new Join(mode, levels, Set.copyOf(containing));
    }

    /** Refuses to ask more of linked entities than comes along (GS CIM 009 clause 5.7.2.4). */
    void demandHops(String parameter, int hops) {
        if (hops > level) {
            throw NgsiLdFault.badData(
                    "%s looks %d linked entities deep, and %s."
                            .formatted(
                                    parameter, hops, mode == Mode.NONE ? "join is not asked" : "joinLevel is " + level),
                    "Send join=inline or join=flat, with joinLevel=%d.".formatted(hops));
        }
    }

    /** An entity to look behind, and what of it is told. */
    private record Step(ObjectNode document, Projection projection) {}

    /**
     * Entities that come along, in the order in which they are met; each once.
     *
     * @param roots those of the answer
     * @throws NgsiLdFault where they are too many
     */
    Map<String, Coming> load(List<Found> roots, Projection projection, LinkedEntities linked) {
        Map<String, Coming> coming = new LinkedHashMap<>();
        if (mode == Mode.NONE) {
            return coming;
        }
        Map<String, Found> known = new LinkedHashMap<>();
        roots.forEach(root -> known.put(root.document().path("id").stringValue(), root));
        Set<String> looked = new HashSet<>();
        List<Step> steps = new ArrayList<>();
        roots.forEach(root -> steps.add(new Step(root.document(), projection)));
        for (int hop = 1; hop <= level && !steps.isEmpty(); hop++) {
            Map<String, Set<Projection>> wanted = new LinkedHashMap<>();
            steps.forEach(step -> step.document.properties().forEach(member -> {
                if (Stored.isAttribute(member.getKey()) && step.projection.keeps(member.getKey())) {
                    QueryMatch.objects(member.getValue()).stream()
                            .filter(id -> !containedBy.contains(id))
                            .forEach(id -> wanted.computeIfAbsent(id, key -> new LinkedHashSet<>())
                                    .add(step.projection.within(member.getKey())));
                }
            }));
            steps.clear();
            linked.load(wanted.keySet());
            wanted.forEach((id, projections) -> {
                Found found = known.containsKey(id) ? known.get(id) : linked.shown(id);
                if (found != null) {
                    if (known.putIfAbsent(id, found) == null) {
                        coming.put(id, new Coming(found, projections.iterator().next()));
                    }
                    projections.stream()
                            .filter(one -> looked.add(id + ' ' + one))
                            .forEach(one -> steps.add(new Step(found.document(), one)));
                }
            });
        }
        return coming;
    }

    /**
     * An entity that comes along.
     *
     * @param projection what is told of it where it stands in the list
     */
    record Coming(Found found, Projection projection) {}
}

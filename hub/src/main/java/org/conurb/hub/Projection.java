package org.conurb.hub;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which members of an entity are told, and of the entities that it names (GS CIM 009 clause 4.21).
 *
 * @param pick the only ones told, each with what is picked of the entities that it names; empty for all
 * @param always whether {@code pick} names attributes, beside which what is none is told
 * @param omit those not told; where something stands within, only that is omitted of the entities that it names
 */
record Projection(Members pick, boolean always, Members omit) {
    static final Projection ALL = new Projection(Members.NONE, false, Members.NONE);

    private static final int MOST = 200;
    private static final int MAX_DEPTH = 10;

    /** Members by kept name, each with those within. */
    record Members(Map<String, Members> within) {
        static final Members NONE = new Members(Map.of());

        boolean isEmpty() {
            return within.isEmpty();
        }

        Members of(String member) {
            return within.getOrDefault(member, NONE);
        }

        int depth() {
            return within.values().stream()
                    .mapToInt(members -> members.isEmpty() ? 0 : 1 + members.depth())
                    .max()
                    .orElse(0);
        }
    }

    /** Reads {@code pick}, {@code omit} and {@code attrs}, of which the last goes with none of the others. */
    static Projection of(Map<String, String> given, LdContext context) {
        String pick = given.get("pick");
        String omit = given.get("omit");
        if (given.get("attrs") != null) {
            if (pick != null || omit != null) {
                throw NgsiLdFault.badData(
                        "attrs and %s both tell which members are shown.".formatted(pick == null ? "omit" : "pick"),
                        "Send one of them.");
            }
            return attributes(EntityQuery.names("attrs", given.get("attrs"), context));
        }
        Members picked = pick == null ? Members.NONE : read("pick", pick, context);
        Members omitted = omit == null ? Members.NONE : read("omit", omit, context);
        picked.within.keySet().stream()
                .filter(name -> omitted.within.containsKey(name)
                        && (picked.of(name).isEmpty() || omitted.of(name).isEmpty()))
                .findFirst()
                .ifPresent(name -> {
                    throw NgsiLdFault.badData(
                            "%s stands in pick and in omit.".formatted(context.compact(name)),
                            "Name it in one of them.");
                });
        return new Projection(picked, false, omitted);
    }

    /** Only these attributes, and what is no attribute. */
    static Projection attributes(Iterable<String> names) {
        Map<String, Members> members = new HashMap<>();
        names.forEach(name -> members.put(name, Members.NONE));
        return new Projection(new Members(members), true, Members.NONE);
    }

    private static Members read(String parameter, String text, LdContext context) {
        QueryText reading = new QueryText(parameter, text, "id,name,locatedAt{name}");
        int[] names = new int[1];
        Members members = read(reading, context, 0, names);
        reading.demandEnd(", or a comma");
        return members;
    }

    private static Members read(QueryText text, LdContext context, int depth, int[] names) {
        if (depth > MAX_DEPTH) {
            throw text.fault("at most %d linked entities behind one another".formatted(MAX_DEPTH));
        }
        Map<String, Members> members = new LinkedHashMap<>();
        do {
            String name = text.word(",|{};()[]", "the name of a member").strip();
            if (++names[0] > MOST) {
                throw text.fault("at most %d members".formatted(MOST));
            }
            String kept = Names.demand("a member of " + text.parameter(), context.expand(name));
            Members within = Members.NONE;
            if (text.take("{")) {
                within = read(text, context, depth + 1, names);
                text.demand("}");
            }
            if (members.put(kept, within) != null) {
                throw NgsiLdFault.badData(
                        "%s names %s twice.".formatted(text.parameter(), name), "Name each member once.");
            }
        } while (text.take(",") || text.take("|"));
        return new Members(members);
    }

    /** Whether entities have it whatever their attributes. */
    private static boolean isOfAll(String member) {
        return !Stored.isAttribute(member) || Names.isSystem(member);
    }

    boolean isAll() {
        return pick.isEmpty() && omit.isEmpty();
    }

    boolean keeps(String member) {
        return (pick.isEmpty() || pick.within.containsKey(member) || always && isOfAll(member))
                && !(omit.within.containsKey(member) && omit.of(member).isEmpty());
    }

    /** What is told of the entities that an attribute names. */
    Projection within(String attribute) {
        return isAll() ? ALL : new Projection(pick.of(attribute), false, omit.of(attribute));
    }

    /** How many entities stand one behind the other in it. */
    int hops() {
        return Math.max(pick.depth(), omit.depth());
    }

    /** Attributes one of which an entity must have for anything to be told; empty where anything always is. */
    Set<String> demanded() {
        boolean all = pick.isEmpty() || !always && pick.within.keySet().stream().anyMatch(Projection::isOfAll);
        return all
                ? Set.of()
                : pick.within.keySet().stream().filter(name -> !isOfAll(name)).collect(Collectors.toSet());
    }

    /** Whether something of the document is told. */
    boolean tells(ObjectNode document) {
        return isAll() || document.propertyNames().stream().anyMatch(this::keeps);
    }
}

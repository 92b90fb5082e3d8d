package org.conurb.talk;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Who follows which groups (TS 23.379 10.8, TS 23.280 10.8): who is affiliated is called when the group is, and let into its
 * running call late. Confined to one thread.
 */
final class Affiliations {
    private final Map<Participant, Set<String>> groups = new LinkedHashMap<>();
    private final Map<String, Set<Participant>> participants = new LinkedHashMap<>();
    private final int n2;

    /** @param n2 to how many groups one may be affiliated, 1 to 1,000 */
    Affiliations(int n2) {
        if (n2 < 1 || n2 > 1_000) {
            throw new IllegalArgumentException("N2 is %d: it is 1 to 1,000.".formatted(n2));
        }
        this.n2 = n2;
    }

    /**
     * @param urgency what it affiliates for: one in an emergency is let in beyond N2
     * @return whether it is affiliated now: it is a member, and within N2
     */
    boolean affiliate(Participant who, TalkGroup group, Urgency urgency) {
        if (group.membership(who).isEmpty()) {
            return false;
        }
        Set<String> of = groups.computeIfAbsent(who, one -> new LinkedHashSet<>());
        if (!of.contains(group.id()) && of.size() >= n2 && urgency != Urgency.EMERGENCY) {
            return false;
        }
        of.add(group.id());
        participants.computeIfAbsent(group.id(), id -> new LinkedHashSet<>()).add(who);
        return true;
    }

    void deaffiliate(Participant who, String group) {
        Set<String> of = groups.getOrDefault(who, Set.of());
        if (!of.contains(group)) {
            return;
        }
        of.remove(group);
        if (of.isEmpty()) {
            groups.remove(who);
        }
        Set<Participant> in = participants.getOrDefault(group, Set.of());
        if (in.size() == 1) {
            participants.remove(group);
        } else {
            in.remove(who);
        }
    }

    /** In the order in which they came. */
    Set<Participant> of(TalkGroup group) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(participants.getOrDefault(group.id(), Set.of())));
    }

    /** In the order in which it came to them. */
    Set<String> groups(Participant who) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(groups.getOrDefault(who, Set.of())));
    }
}

package org.conurb.talk;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.conurb.kernel.OrganisationId;

/**
 * A group as it is configured, or the two of a private call.
 *
 * @param id MCPTT group ID, a URI
 * @param capacity how many may be in its call at once, 2 to 10,000
 * @param members in a fixed order, at most 10,000
 */
record TalkGroup(
        String id,
        CallKind kind,
        OrganisationId owner,
        FloorPolicy policy,
        int capacity,
        Map<Participant, Membership> members) {
    static final int MOST = 10_000;

    TalkGroup {
        if (capacity < 2 || capacity > MOST || members.size() > MOST) {
            throw new IllegalArgumentException("Group %s has room for %d and %d members: 2 to %d, and at most %4$d."
                    .formatted(id, capacity, members.size(), MOST));
        }
        if (kind.isPrivate() && (members.size() != 2 || capacity != 2)) {
            throw new IllegalArgumentException(
                    "The private call %s has %d members: it has two.".formatted(id, members.size()));
        }
        if (kind == CallKind.BROADCAST && policy.talkers() != 1) {
            throw new IllegalArgumentException(
                    "The broadcast group %s has %d talkers: it has one.".formatted(id, policy.talkers()));
        }
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    /**
     * @param withFloor whether they take turns
     * @param policy its timers and override mode count
     */
    static TalkGroup ofTwo(
            String id,
            OrganisationId owner,
            FloorPolicy policy,
            Participant caller,
            Participant callee,
            boolean withFloor) {
        Map<Participant, Membership> both = new LinkedHashMap<>();
        both.put(caller, Membership.talking(0));
        both.put(callee, Membership.talking(0));
        return new TalkGroup(id, withFloor ? CallKind.PRIVATE : CallKind.PRIVATE_WITHOUT_FLOOR, owner, policy, 2, both);
    }

    /** A temporary group of the members of others; who is in several may do what one of them allows (TS 23.379 10.6.2.5). */
    static TalkGroup regroup(String id, OrganisationId owner, FloorPolicy policy, List<TalkGroup> groups) {
        Map<Participant, Membership> all = new LinkedHashMap<>();
        groups.forEach(group -> group.members.forEach((who, how) -> all.merge(who, how, Membership::or)));
        return new TalkGroup(id, CallKind.TEMPORARY, owner, policy, Math.clamp(all.size(), 2, MOST), all);
    }

    Optional<Membership> membership(Participant who) {
        return Optional.ofNullable(members.get(who));
    }
}

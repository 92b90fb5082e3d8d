package org.conurb.talk;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a group lets one of its members do (TS 23.379 A.4).
 *
 * @param priority highest floor priority it may ask with, 0 to 255; higher goes first
 */
record Membership(int priority, Set<Right> rights) {
    /** One thing that a member may do. */
    enum Right {
        /** Without it one only listens. */
        TALK,
        ORIGINATE_BROADCAST,
        /** Emergency and imminent peril; what another asks as urgent counts as routine. */
        RAISE_EMERGENCY,
        CANCEL_EMERGENCY,
        /** Takes the floor from another. */
        FORCE_RELEASE,
        /** Takes another's request out of the queue. */
        CANCEL_REQUESTS,
        END_CALL
    }

    Membership {
        if (priority < 0 || priority > 255) {
            throw new IllegalArgumentException("A floor priority of %d: it is 0 to 255.".formatted(priority));
        }
        rights = Set.copyOf(rights);
    }

    static Membership talking(int priority) {
        return new Membership(priority, EnumSet.of(Right.TALK, Right.RAISE_EMERGENCY));
    }

    static Membership dispatching(int priority) {
        return new Membership(priority, EnumSet.allOf(Right.class));
    }

    static Membership listening() {
        return new Membership(0, Set.of());
    }

    boolean may(Right right) {
        return rights.contains(right);
    }

    /** What one may do who is a member in both ways. */
    Membership or(Membership other) {
        EnumSet<Right> both = EnumSet.noneOf(Right.class);
        both.addAll(rights);
        both.addAll(other.rights);
        return new Membership(Math.max(priority, other.priority), both);
    }
}

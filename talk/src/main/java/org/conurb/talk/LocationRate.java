package org.conurb.talk;

import java.time.Duration;
import java.util.List;

/** How often units tell where they are: the more urgent their incident, the more often. */
record LocationRate(List<Duration> byPriority) {
    /** In seconds, for a unit in this group. */
    long of(GroupRow group) {
        return group.priority() == 0 ? usual() : at(group.priority());
    }

    /** In seconds, for one that answers no incident. */
    long usual() {
        return at(byPriority.size());
    }

    private long at(int priority) {
        return byPriority.get(Math.clamp(priority, 1, byPriority.size()) - 1).toSeconds();
    }
}

package org.conurb.talk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which of several groups a listener hears (scan; TS 22.179 6.2.3.7, TS 23.379 annex A.3). What is urgent comes first, then
 * the groups' scan priority. Who is heard is heard to the end, unless something more urgent or of a higher priority comes;
 * after it the group is kept for a moment, so that the answer is heard. Confined to one thread; {@code now} as for {@link
 * FloorArbiter}.
 */
final class Scan {
    /** A bound on the list. */
    static final int MOST_GROUPS = 100;

    private static final class Group {
        final String id;
        int priority;
        Urgency urgency = Urgency.ROUTINE;
        boolean active;
        boolean heard;
        long since;
        /** Kept for an answer until then. */
        long kept = Long.MIN_VALUE;

        Group(String id) {
            this.id = id;
        }

        boolean wants(long now) {
            return active || (heard && now < kept);
        }
    }

    private final Map<String, Group> groups = new LinkedHashMap<>();
    private final int nc5;
    private final long keepNanos;
    private long now = Long.MIN_VALUE;

    /**
     * @param nc5 how many it hears at once, 1 to 16
     * @param keep how long a group is kept after its talk, up to a minute
     */
    Scan(int nc5, Duration keep) {
        if (nc5 < 1 || nc5 > 16 || keep.isNegative() || keep.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException(
                    "Nc5 is %d and groups are kept for %s: 1 to 16, up to a minute.".formatted(nc5, keep));
        }
        this.nc5 = nc5;
        this.keepNanos = keep.toNanos();
    }

    /**
     * Puts a group on the list, or changes its priority.
     *
     * @param priority higher goes first
     * @return whether there was room
     */
    boolean add(String group, int priority, long now) {
        if (!groups.containsKey(group) && groups.size() >= MOST_GROUPS) {
            return false;
        }
        groups.computeIfAbsent(group, Group::new).priority = priority;
        choose(now);
        return true;
    }

    void remove(String group, long now) {
        groups.remove(group);
        choose(now);
    }

    /** Somebody talks in this group, so urgently; of several talkers the most urgent counts. */
    void talk(String group, Urgency urgency, long now) {
        Group one = groups.get(group);
        if (one == null) {
            return;
        }
        if (!one.active) {
            one.active = true;
            one.since = now;
        }
        one.urgency = urgency;
        choose(now);
    }

    /** Nobody talks in this group any more. */
    void silent(String group, long now) {
        Group one = groups.get(group);
        if (one != null && one.active) {
            one.active = false;
            one.kept = now + keepNanos;
            choose(now);
        }
    }

    void tick(long now) {
        choose(now);
    }

    /** When {@link #tick} may change what is heard; {@link FloorArbiter#NEVER} where it does not. */
    long nextTimer() {
        long next = FloorArbiter.NEVER;
        for (Group group : groups.values()) {
            if (group.heard && !group.active) {
                next = Math.min(next, group.kept);
            }
        }
        return next;
    }

    /** Groups that are heard and talk, or are kept for an answer; the most important first. At most Nc5. */
    List<String> heard() {
        return ranked(null).stream()
                .filter(group -> group.heard)
                .map(group -> group.id)
                .toList();
    }

    private void choose(long moment) {
        now = Math.max(now, moment);
        List<Group> ranked = ranked(now);
        for (Group group : groups.values()) {
            group.heard = false;
        }
        ranked.stream().limit(nc5).forEach(group -> group.heard = true);
    }

    private List<Group> ranked(@Nullable Long at) {
        List<Group> ranked = new ArrayList<>();
        for (Group group : groups.values()) {
            if (at == null || group.wants(at)) {
                ranked.add(group);
            }
        }
        ranked.sort(Comparator.<Group, Urgency>comparing(group -> group.active ? group.urgency : Urgency.ROUTINE)
                .reversed()
                .thenComparing(
                        Comparator.<Group>comparingInt(group -> group.priority).reversed())
                .thenComparing(group -> !group.heard)
                .thenComparingLong(group -> group.since));
        return ranked;
    }
}
